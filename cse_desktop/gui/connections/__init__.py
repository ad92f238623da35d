"""The welcome screen and signing in."""
