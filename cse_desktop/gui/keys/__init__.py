"""Choosing a key and its encryption context."""
