"""Buckets, folders and objects, and what is inside them."""
