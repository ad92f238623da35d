"""The main window, put together from the rest."""
