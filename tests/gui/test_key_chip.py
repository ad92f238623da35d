"""The chip always names the key, and says when uploads are refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from cse_desktop.core.kms_key import KmsKey, Permission, Permissions
from cse_desktop.gui.keys.key_chip import NO_KEY, ChipState, KeyChip, chip_state
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.state_dot import Dot

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ARN = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def key(**changes: Any) -> KmsKey:
    values = {"aliases": ("alias/finance-prod",), "state": "Enabled", **changes}
    return KmsKey(ARN, **values)


def may(encrypt: Permission) -> Permissions:
    return Permissions(encrypt, Permission.ALLOWED, Permission.UNKNOWN)


@pytest.fixture
def chip(qtbot: QtBot) -> KeyChip:
    made = KeyChip(Theme("light"))
    qtbot.addWidget(made)
    return made


def test_enabled_key_is_ready_without_a_word() -> None:
    state = chip_state(key(), may(Permission.ALLOWED), now=NOW)

    assert state == ChipState("alias/finance-prod", "ready", "", Dot.CIRCLE)
    assert not state.refuses_uploads


@pytest.mark.parametrize(
    ("changes", "word", "dot"),
    [
        ({"state": "Disabled"}, "Disabled", Dot.RING),
        ({"state": "PendingDeletion"}, "Pending deletion", Dot.SQUARE),
        ({"state": "PendingReplicaDeletion"}, "Pending deletion", Dot.SQUARE),
        ({"state": "PendingImport"}, "Waiting for key material", Dot.RING),
        ({"state": "Unavailable"}, "Key store not reachable", Dot.RING),
        ({"state": "Creating"}, "Getting ready", Dot.DOTTED),
        ({"spec": "RSA_2048", "usage": "SIGN_VERIFY"}, "Not usable", Dot.RING),
    ],
)
def test_key_that_cannot_encrypt_turns_the_chip_red(
    changes: dict[str, str], word: str, dot: Dot
) -> None:
    state = chip_state(key(**changes), now=NOW)

    assert (state.tone, state.word, state.dot) == ("bad", word, dot)
    assert state.refuses_uploads
    assert "Choose another key" in state.reason


def test_role_without_data_keys_turns_the_chip_red() -> None:
    state = chip_state(key(), may(Permission.DENIED), now=NOW)

    assert (state.tone, state.word) == ("bad", "No permission")


def test_permission_that_is_unknown_does_not_refuse() -> None:
    assert not chip_state(key(), may(Permission.UNKNOWN), now=NOW).refuses_uploads


def test_material_that_expires_soon_is_amber_and_still_usable() -> None:
    state = chip_state(key(expires=NOW + timedelta(days=61, hours=1)), now=NOW)

    assert (state.tone, state.word, state.dot) == ("warn", "61 days left", Dot.TRIANGLE)
    assert not state.refuses_uploads


def test_material_that_lasts_is_no_matter() -> None:
    assert chip_state(key(expires=NOW + timedelta(days=400)), now=NOW).tone == "ready"


def test_offline_chip_claims_nothing_about_the_key() -> None:
    state = chip_state(key(state="Disabled"), is_offline=True, now=NOW)

    assert (state.tone, state.word, state.dot) == ("offline", "Not checked", Dot.DOTTED)
    assert not state.refuses_uploads


def test_sandbox_key_is_violet_unless_it_is_refused() -> None:
    assert chip_state(key(), is_sandbox=True, now=NOW).tone == "sandbox"
    assert chip_state(key(state="Disabled"), is_sandbox=True, now=NOW).tone == "bad"


def test_screen_reader_hears_key_and_state(chip: KeyChip) -> None:
    chip.set_key(chip_state(key(), now=NOW))

    assert chip.accessibleName() == "Encrypt with alias/finance-prod, enabled"
    interface = QAccessible.queryAccessibleInterface(chip)
    assert interface.text(QAccessible.Text.Name) == chip.accessibleName()


def test_chip_without_a_key_asks_for_one(chip: KeyChip) -> None:
    assert chip.state is NO_KEY
    assert chip.accessibleName() == "Encrypt with: no key chosen"
    assert not NO_KEY.has_key


def test_chip_grows_with_its_words(chip: KeyChip) -> None:
    chip.set_key(ChipState("alias/finance-2019"))
    ready = chip.sizeHint().width()

    chip.set_key(ChipState("alias/finance-2019", "bad", "Pending deletion", Dot.SQUARE))

    assert chip.sizeHint().width() > ready


def test_long_alias_does_not_widen_the_chip_without_end(chip: KeyChip) -> None:
    chip.set_key(ChipState("alias/" + "x" * 60))
    long = chip.sizeHint().width()

    chip.set_key(ChipState("alias/" + "x" * 250))

    assert abs(chip.sizeHint().width() - long) <= 10
    assert "x" * 250 in chip.toolTip()


def test_click_opens_the_menu_and_the_chip_stays_pressed(qtbot: QtBot, chip: KeyChip) -> None:
    menu = QMenu(chip)
    menu.addAction("alias/finance-prod")
    chip.set_menu(menu)
    chip.show()

    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)

    assert menu.isVisible()
    assert chip.isDown()
    menu.close()
    assert not chip.isDown()


@pytest.mark.parametrize("pressed", [Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Down])
def test_keyboard_opens_the_menu(qtbot: QtBot, chip: KeyChip, pressed: Qt.Key) -> None:
    menu = QMenu(chip)
    menu.addAction("alias/finance-prod")
    chip.set_menu(menu)
    chip.show()

    qtbot.keyClick(chip, pressed)

    assert menu.isVisible()
    menu.close()


def test_focus_changes_the_picture_and_not_the_size(qtbot: QtBot, chip: KeyChip) -> None:
    chip.show()
    chip.activateWindow()
    qtbot.waitUntil(chip.isActiveWindow)
    chip.clearFocus()
    before = chip.grab().toImage()

    chip.setFocus()

    assert chip.grab().toImage() != before
    assert chip.grab().size() == before.size()
