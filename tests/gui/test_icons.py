"""Every icon of the design exists and takes the theme's colours."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication

from cse_desktop.gui.look.icons import file_icon, icon, pixmap
from cse_desktop.gui.look.theme import Theme

DESIGNED = [
    "mdi6.lock",
    "mdi6.lock-open-variant-outline",
    "mdi6.dock-right",
    "mdi6.dock-left",
    "mdi6.dock-bottom",
    "ph.lock-key",
    "ph.clock-counter-clockwise",
    "ph.prohibit",
    "ph.circle-dashed",
    "ph.question",
    "ph.key",
    "ph.swap",
    "ph.shield-check",
    "ph.shield-check-fill",
    "ph.shield-slash",
    "ph.upload-simple",
    "ph.download-simple",
    "ph.arrow-up",
    "ph.arrow-down",
    "ph.hourglass-medium",
    "ph.clock",
    "ph.pause",
    "ph.play",
    "ph.arrow-clockwise",
    "ph.arrow-counter-clockwise",
    "ph.x",
    "ph.check-circle-fill",
    "ph.x-circle-fill",
    "ph.warning-fill",
    "ph.minus-circle",
    "ph.spinner",
    "ph.folder-fill",
    "ph.folder-plus",
    "ph.folder-open",
    "ph.file-text",
    "ph.file-pdf",
    "ph.table",
    "ph.image",
    "ph.package",
    "ph.file",
    "ph.buildings",
    "ph.database",
    "ph.cube",
    "ph.push-pin",
    "ph.arrow-left",
    "ph.arrow-right",
    "ph.pencil-simple",
    "ph.magnifying-glass",
    "ph.eye",
    "ph.copy-simple",
    "ph.dots-three",
    "ph.trash",
    "ph.gear",
    "ph.clipboard-text",
    "ph.sign-in",
    "ph.wifi-slash",
    "ph.star-fill",
    "ph.star",
]

SOURCES = Path(__file__).parents[2] / "cse_desktop" / "gui"


def names_in_sources() -> set[str]:
    """All string constants of the package that look like an icon's name."""
    return {
        node.value
        for path in SOURCES.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"(ph|mdi6)\.[a-z0-9-]+", node.value)
    }


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme("light", qapp)


def colors_of(image: QImage) -> set[str]:
    """The colours of all pixels that are fully opaque."""
    pixels = image.convertToFormat(QImage.Format.Format_ARGB32)
    found = set(memoryview(pixels.constBits()).cast("I"))
    return {QColor.fromRgba(argb).name() for argb in found if argb >> 24 == 255}


@pytest.mark.parametrize("name", DESIGNED)
def test_designed_icon_exists_and_draws_something(theme: Theme, name: str) -> None:
    assert theme.glyphs.has(name)
    assert colors_of(pixmap(theme, name, "text", 32).toImage()) == {theme.color("text").name()}


def test_every_icon_that_the_program_names_exists(theme: Theme) -> None:
    names = names_in_sources()

    assert len(names) > 30
    assert {name for name in names if not theme.glyphs.has(name)} == set()


def test_unknown_icon_does_not_exist(theme: Theme) -> None:
    assert not theme.glyphs.has("ph.circle-notch")


def test_icon_takes_the_colours_of_a_theme_chosen_later(theme: Theme) -> None:
    made = icon(theme, "mdi6.lock", "ok")
    theme.set_mode("dark")

    image = made.pixmap(QSize(32, 32)).toImage()

    assert colors_of(image) == {theme.color("ok").name()}


def test_icon_says_by_its_colour_that_it_is_off_or_on(theme: Theme) -> None:
    made = icon(theme, "mdi6.lock")

    off = made.pixmap(QSize(32, 32), QIcon.Mode.Disabled)
    on = made.pixmap(QSize(32, 32), QIcon.Mode.Normal, QIcon.State.On)

    assert colors_of(off.toImage()) == {theme.color("disabled").name()}
    assert colors_of(on.toImage()) == {theme.color("accent_text").name()}


def test_icon_has_one_pixel_for_each_pixel_of_a_sharp_screen(theme: Theme) -> None:
    drawn = icon(theme, "ph.key").pixmap(QSize(16, 16), 2.0)

    assert (drawn.width(), drawn.devicePixelRatio()) == (32, 2.0)


def test_pixmap_is_drawn_once(theme: Theme) -> None:
    first = theme.glyphs.pixmap("ph.key", QColor("red"), 16)

    assert theme.glyphs.pixmap("ph.key", QColor("red"), 16).cacheKey() == first.cacheKey()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("report.PDF", "ph.file-pdf"),
        ("ledger.csv.gz", "ph.package"),
        ("sums.xlsx", "ph.table"),
        ("notes", "ph.file"),
        (".bashrc", "ph.file"),
    ],
)
def test_file_icon_follows_the_end_of_the_name(name: str, expected: str) -> None:
    assert file_icon(name) == expected
