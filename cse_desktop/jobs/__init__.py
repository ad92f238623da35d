"""When a verb runs and in which thread; no Qt."""
