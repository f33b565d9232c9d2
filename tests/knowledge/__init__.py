"""What needs no Telegram at all: words, matching, replies, the proof, the commands of a curator."""
