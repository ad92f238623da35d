"""The style sheet, made from the tokens by one template."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from string import Template
from typing import Final

from cse_desktop.gui.look import tokens
from cse_desktop.gui.look.resources import resource
from cse_desktop.gui.look.style_sheet import SHEET

_EDGE_TO_EDGE: Final = """
QFrame[banner][wide="true"] { border-radius: 0; border-left: none; border-right: none; }
QPlainTextEdit[frame="paper"], QPlainTextEdit[frame="paper"]:focus {
  border: none; border-radius: 0; padding: 0;
}"""
"""What lies across a whole window: a banner, a text to be read."""


_TABLE: Final = """
QTabBar[kind="places"]::tab {
  background: $window; color: $text2; border: none; border-right: 1px solid $border;
  border-bottom: 1px solid $border; padding: 0 6px 0 12px; min-height: $h30_0;
  min-width: 80px; max-width: 220px;
}
QTabBar[kind="places"]::tab:hover { color: $text; background: $hover; }
QTabBar[kind="places"]::tab:selected {
  background: $surface; color: $text; border-bottom: 2px solid $accent_text;
}
QTreeView[kind="table"] { background: transparent; }
QTreeView[kind="table"]::item { padding: 0 9px; border: none; color: $text; }
QTreeView[kind="table"]::item:hover { background: $hover; }
QTreeView[kind="table"]::item:selected { background: $selected; color: $text; }
QTreeView[kind="table"]::item:selected:!active { background: $selected_inactive; color: $text; }"""
"""Cells that stand below the words of their headings."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a style sheet depends on.

    Attributes:
        colors: a colour for each token.
        base_px: size of the body font.
        has_strong_borders: outlines of two pixels, for high contrast.
    """

    colors: Mapping[str, str]
    is_dark: bool
    base_px: int
    mono_family: str
    has_strong_borders: bool = False


def qss(look: Look) -> str:
    """The style sheet of the whole program.

    Widgets choose a variant by dynamic properties: `kind` (primary, secondary, quiet, danger, link,
    icon), `sz` (small, mini), `role` (a type role), `tone` (ok, warn, bad, ...), `error` (true).
    """
    values = {**look.colors, **_measures(look), **_images(look)}
    values["error"] = look.colors["progress_bad" if look.is_dark else "bad_solid"]
    values["trough"] = look.colors["hover" if look.is_dark else "sunken"]
    values["raised"] = look.colors["pressed" if look.is_dark else "surface"]
    values["banners"] = _banners(look)
    values["dialog_buttons"] = _dialog_buttons()
    values["mono_family"] = look.mono_family
    values["radio"] = str(round(16 * look.base_px / tokens.BASE_PX) // 2)
    sheet = Template(SHEET + _TABLE).substitute(values)
    return sheet.replace("1px solid", "2px solid") if look.has_strong_borders else sheet


def _banners(look: Look) -> str:
    rules = [
        f'QFrame[banner="{tone}"] {{ background: {look.colors[f"{tone}_bg"]}; '
        f"border: 1px solid {look.colors[f'{tone}_border']}; border-radius: 6px; }}"
        for tone in ("ok", "info", "warn", "bad", "sandbox", "neutral")
    ]
    return "\n".join((*rules, _EDGE_TO_EDGE))


def _dialog_buttons() -> str:
    """The order of dialog buttons on Linux: primary last, but as KDE has it on KDE and LXQt.

    Without a desktop's own platform theme, Qt would take the order of Windows there.
    """
    desktop = os.environ.get("XDG_CURRENT_DESKTOP", "").upper()
    if sys.platform != "linux" or "KDE" in desktop or "LXQT" in desktop:
        return ""
    return "QDialogButtonBox { button-layout: 3; }"


def _measures(look: Look) -> dict[str, str]:
    """Heights inside borders, and font sizes.

    A style sheet's min-height is that of the content: hN_M is N px less a border of M px above and
    below, so that a control keeps its height when its border grows from one pixel to two.
    """
    scale = look.base_px / tokens.BASE_PX
    sizes = {
        f"h{height}_{border}": f"{round(height * scale) - 2 * border}px"
        for height in (14, 16, 24, 26, 28, 30, 32)
        for border in (0, 1, 2)
    }
    fonts = {
        f"font_{name}": f"{round(look.base_px * role.ratio)}px"
        for name, role in tokens.ROLES.items()
    }
    return sizes | fonts


def _images(look: Look) -> dict[str, str]:
    theme = "dark" if look.is_dark else "light"
    names = ("check", "dash", "dot")
    themed = (
        "caret-down",
        "caret-down-off",
        "caret-up",
        "caret-up-off",
        "caret-right",
        "caret-left",
        "close",
    )
    files = {name: name for name in names} | {name: f"{name}-{theme}" for name in themed}
    return {
        f"image_{name.replace('-', '_')}": f'url("{resource(f"icons/{file}.svg").as_posix()}")'
        for name, file in files.items()
    }
