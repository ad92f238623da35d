"""All parts in all states, to be looked at."""
