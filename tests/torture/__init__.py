"""Hundreds of chats ask while the bot is killed, frozen or cut off: what was lost, what came twice, in which order.

`python -m tests.torture` runs it in full and prints its figures; tests/process/test_torture.py a short one.
"""
