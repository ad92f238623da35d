"""Colours, sizes and type roles: the one table that palette, style sheet and painting come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

LIGHT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "window": "#F3F5F8",
        "surface": "#FFFFFF",
        "subtle": "#F8F9FB",
        "sunken": "#E4E8EE",
        "hover": "#EEF2F7",
        "pressed": "#E1E7EF",
        "selected": "#DCE8FD",
        "selected_inactive": "#E6EAF0",
        "border": "#DBE0E8",
        "border_button": "#C2CAD6",
        "border_strong": "#818C9B",
        "text": "#17202C",
        "text2": "#475467",
        "text3": "#5A6677",
        "disabled": "#98A2B0",
        "accent": "#1D5BD0",
        "accent_hover": "#184DB3",
        "accent_pressed": "#133F94",
        "on_accent": "#FFFFFF",
        "accent_text": "#1A52BC",
        "accent_soft": "#E8F0FE",
        "focus": "#1D5BD0",
        "ok": "#0A6847",
        "ok_bg": "#E1F4EA",
        "ok_border": "#A6D9C0",
        "ok_solid": "#16875D",
        "warn": "#7A4700",
        "warn_bg": "#FFF1D1",
        "warn_border": "#E8C06A",
        "warn_solid": "#B26B00",
        "bad": "#AB1F17",
        "bad_bg": "#FDE9E7",
        "bad_border": "#EFB3AD",
        "bad_solid": "#C0281F",
        "bad_hover": "#A31F17",
        "bad_pressed": "#861812",
        "progress": "#1D5BD0",
        "progress_bad": "#C0281F",
        "neutral": "#4B5768",
        "neutral_bg": "#EDF0F4",
        "neutral_border": "#CFD6DF",
        "info": "#1A4FB4",
        "info_bg": "#E8F0FE",
        "info_border": "#B4CCF7",
        "sandbox": "#6A2DA8",
        "sandbox_bg": "#F3EAFD",
        "sandbox_border": "#D5BBF1",
        "folder": "#5B7FB8",
        "star": "#B26B00",
        "tooltip_bg": "#17202C",
        "tooltip_fg": "#FFFFFF",
    }
)

DARK: Final[Mapping[str, str]] = MappingProxyType(
    {
        "window": "#151A20",
        "surface": "#1B2128",
        "subtle": "#20262E",
        "sunken": "#303945",
        "hover": "#262E38",
        "pressed": "#2E3743",
        "selected": "#1F3B68",
        "selected_inactive": "#2C343F",
        "border": "#2F3842",
        "border_button": "#46515F",
        "border_strong": "#7C8796",
        "text": "#E9EDF3",
        "text2": "#B6C0CD",
        "text3": "#9AA6B5",
        "disabled": "#667282",
        "accent": "#2F68D8",
        "accent_hover": "#386FDC",
        "accent_pressed": "#2859BC",
        "on_accent": "#FFFFFF",
        "accent_text": "#8DB4FF",
        "accent_soft": "#1D2D4B",
        "focus": "#8DB4FF",
        "ok": "#66D6A7",
        "ok_bg": "#16352B",
        "ok_border": "#27604A",
        "ok_solid": "#2FA577",
        "warn": "#F3C365",
        "warn_bg": "#3A2E12",
        "warn_border": "#6C561D",
        "warn_solid": "#D89A2B",
        "bad": "#FF9A90",
        "bad_bg": "#452220",
        "bad_border": "#7C3B36",
        "bad_solid": "#C7352B",
        "bad_hover": "#CF3E34",
        "bad_pressed": "#A92A21",
        "progress": "#6B9BFF",
        "progress_bad": "#F0746A",
        "neutral": "#B6C0CD",
        "neutral_bg": "#2A323C",
        "neutral_border": "#424D5A",
        "info": "#9ABDFF",
        "info_bg": "#1D2D4B",
        "info_border": "#35538C",
        "sandbox": "#D5AEFF",
        "sandbox_bg": "#33224A",
        "sandbox_border": "#614489",
        "folder": "#7EA6E6",
        "star": "#F3C365",
        "tooltip_bg": "#E9EDF3",
        "tooltip_fg": "#17202C",
    }
)

SPACE: Final = (0, 4, 8, 12, 16, 20, 24, 32, 40)
"""Distances by step: SPACE[2] is 8 px. Everything sits on a grid of 4 px."""

GAP: Final = 8
GROUP_GAP: Final = 16
DIALOG_MARGIN: Final = 24
PANE_MARGIN: Final = 16

CONTROL_HEIGHT: Final = 32
SMALL_HEIGHT: Final = 28
MINI_HEIGHT: Final = 24
BADGE_HEIGHT: Final = 22

RADIUS_PROGRESS: Final = 3
RADIUS_CHECK: Final = 4
RADIUS_BADGE: Final = 5
RADIUS_CONTROL: Final = 6
RADIUS_CARD: Final = 8
RADIUS_TILE: Final = 14

BASE_PX: Final = 13
"""The font size that all measures are given for; a larger system font enlarges them."""


@dataclass(frozen=True, slots=True)
class Role:
    """A kind of text: its size as a ratio of the system font, and its weight."""

    ratio: float
    weight: int
    is_mono: bool = False


ROLES: Final[Mapping[str, Role]] = MappingProxyType(
    {
        "display": Role(2.0, 600),
        "h1": Role(1.54, 600),
        "h2": Role(1.23, 600),
        "h3": Role(1.0, 600),
        "strong": Role(1.0, 500),
        "body": Role(1.0, 400),
        "small": Role(0.92, 400),
        "badge": Role(0.92, 500),
        "caption": Role(0.85, 500),
        "mono": Role(0.92, 400, is_mono=True),
        "mono_small": Role(0.85, 400, is_mono=True),
    }
)


def contrast(foreground: str, background: str) -> float:
    """The WCAG 2.2 contrast ratio of two colours given as "#RRGGBB"; 1 to 21."""
    lighter, darker = sorted((_luminance(foreground), _luminance(background)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    channels = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
