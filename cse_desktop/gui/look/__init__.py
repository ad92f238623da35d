"""Colours, type, icons and words: what everything on the screen is drawn with."""
