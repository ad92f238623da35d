"""Deleting, renaming, copying and moving."""
