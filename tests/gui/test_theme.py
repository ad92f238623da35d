"""One theme dresses the program and can be changed while it runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from cse_desktop.gui.look.high_contrast import tokens_of
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.look.tokens import DARK, LIGHT, ROLES, contrast
from cse_desktop.gui.parts.buttons import button, icon_button, label

PAIRS = (
    ("text", "surface"),
    ("text", "selected"),
    ("text2", "window"),
    ("text3", "selected"),
    ("on_accent", "accent"),
    ("ok", "ok_bg"),
    ("bad", "bad_bg"),
    ("sandbox", "sandbox_bg"),
    ("progress", "sunken"),
    ("focus", "window"),
    ("border", "surface"),
    ("tooltip_fg", "tooltip_bg"),
)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    font, sheet, palette = qapp.font(), qapp.styleSheet(), qapp.palette()
    made = Theme("light")
    made.apply(qapp)
    yield made
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
    qapp.setFont(font)


def test_unknown_colour_scheme_of_the_system_means_light(qapp: QApplication) -> None:
    assert qapp.styleHints().colorScheme() == Qt.ColorScheme.Unknown
    assert not Theme("system").is_dark


def test_switch_changes_colours_palette_and_sheet_at_once(
    qtbot: QtBot, qapp: QApplication, theme: Theme
) -> None:
    before = qapp.styleSheet()

    with qtbot.waitSignal(theme.changed):
        theme.set_mode("dark")

    assert theme.color("surface").name().upper() == DARK["surface"]
    assert qapp.palette().color(QPalette.ColorRole.Base).name().upper() == DARK["surface"]
    assert qapp.styleSheet() != before


def test_switch_repaints_a_window_that_is_shown(qtbot: QtBot, theme: Theme) -> None:
    window = QLineEdit()
    qtbot.addWidget(window)
    window.resize(120, 32)
    window.show()

    theme.set_mode("dark")

    middle = window.grab().toImage().pixelColor(100, 16)
    assert middle.name().upper() == DARK["surface"]


def test_unknown_token_raises(theme: Theme) -> None:
    with pytest.raises(KeyError):
        theme.color("mauve")


@pytest.mark.parametrize("role", ROLES)
def test_every_role_grows_with_the_system_font(theme: Theme, role: str) -> None:
    before = theme.font(role).pixelSize()

    theme.set_base_px(26)

    assert theme.font(role).pixelSize() == pytest.approx(2 * before, abs=1)


def test_figures_in_columns_have_one_width(theme: Theme) -> None:
    font = theme.font("body", tabular=True)

    assert font.featureValue(QFont.Tag("tnum")) == 1


def test_addresses_are_shown_letter_by_letter(theme: Theme) -> None:
    assert theme.font("mono").featureValue(QFont.Tag("calt")) == 0
    assert QFontInfo(theme.font("mono")).fixedPitch()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_controls_have_the_designed_heights(qtbot: QtBot, theme: Theme, mode: str) -> None:
    theme.set_mode(mode)  # type: ignore[arg-type]
    theme.set_base_px(13)
    controls: list[QWidget] = [
        *(
            button(theme, "Do it", kind=kind)
            for kind in ("primary", "secondary", "quiet", "danger")
        ),
        QLineEdit(),
        QComboBox(),
        QSpinBox(),
        icon_button(theme, "ph.key", "Key"),
    ]
    heights = set()
    for control in controls:
        qtbot.addWidget(control)
        control.show()
        heights.add(control.height())

    assert heights == {32}


def test_focus_ring_does_not_move_a_control(qtbot: QtBot, theme: Theme) -> None:
    field = QLineEdit("text")
    qtbot.addWidget(field)
    field.show()
    field.activateWindow()
    qtbot.waitUntil(field.isActiveWindow)
    field.clearFocus()
    before, rest = field.grab().toImage(), field.sizeHint()

    field.setFocus()

    assert field.sizeHint() == rest
    assert field.grab().toImage() != before


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_kind_of_control_shows_its_focus(qtbot: QtBot, theme: Theme, mode: str) -> None:
    theme.set_mode(mode)  # type: ignore[arg-type]
    controls: list[QWidget] = [
        *(
            button(theme, "Do it", kind=kind)
            for kind in ("primary", "secondary", "quiet", "danger", "link")
        ),
        icon_button(theme, "ph.key", "Key"),
        QComboBox(),
        QSpinBox(),
        QCheckBox("Check"),
    ]
    for control in controls:
        qtbot.addWidget(control)
        control.show()
        control.activateWindow()
        qtbot.waitUntil(control.isActiveWindow)
        control.clearFocus()
        before = control.grab().toImage()

        control.setFocus(Qt.FocusReason.TabFocusReason)

        assert control.grab().toImage() != before, control


def test_file_name_in_a_label_is_never_markup(theme: Theme) -> None:
    made = label("<b>bold</b>.txt")

    assert made.textFormat() == Qt.TextFormat.PlainText


def test_file_name_on_a_button_has_no_mnemonic(qtbot: QtBot, theme: Theme) -> None:
    made = button(theme, "Delete R&D.xlsx")
    qtbot.addWidget(made)

    assert made.text() == "Delete R&&D.xlsx"
    assert made.shortcut().isEmpty()


def test_icon_button_is_named_without_its_shortcut(qtbot: QtBot, theme: Theme) -> None:
    made = icon_button(theme, "mdi6.dock-right", "Inspector", shortcut="Ctrl+I")
    qtbot.addWidget(made)

    assert made.accessibleName() == "Inspector"
    assert made.toolTip() == "Inspector (Ctrl+I)"


def test_high_contrast_takes_the_colours_of_the_system(theme: Theme, qapp: QApplication) -> None:
    system = QPalette()
    system.setColor(QPalette.ColorRole.Base, QColor("#000000"))
    system.setColor(QPalette.ColorRole.Text, QColor("#FFFF00"))

    theme.set_high_contrast(True, system)

    assert theme.is_dark
    assert theme.color("ok_bg").name() == "#000000"
    assert theme.color("bad").name() == "#ffff00"
    assert "1px solid" not in qapp.styleSheet()


@pytest.mark.parametrize(("front", "back"), PAIRS)
def test_high_contrast_keeps_every_pair_apart(front: str, back: str) -> None:
    system = QPalette()
    system.setColor(QPalette.ColorRole.Base, QColor("#FFFFFF"))
    system.setColor(QPalette.ColorRole.Text, QColor("#000000"))
    colors = tokens_of(system)

    assert contrast(colors[front], colors[back]) >= 7


def test_both_themes_define_what_the_sheet_needs() -> None:
    assert LIGHT.keys() == DARK.keys()
