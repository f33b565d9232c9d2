"""Measurements that the docs quote, each printed by a command."""
