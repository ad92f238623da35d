"""Random input for every reader of what others wrote. `docs/fuzzing.md` says how to run it."""
