"""What the program remembers between two starts: Settings and State, never a secret."""

from cse_desktop.settings.files import (
    Loaded,
    home,
    load_settings,
    load_state,
    save_settings,
    save_state,
    settings_text,
)
from cse_desktop.settings.values import KeyChoice, Settings, State

__all__ = [
    "KeyChoice",
    "Loaded",
    "Settings",
    "State",
    "home",
    "load_settings",
    "load_state",
    "save_settings",
    "save_state",
    "settings_text",
]
