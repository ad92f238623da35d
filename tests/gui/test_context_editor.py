"""Context pairs: refused where the format or S3 would refuse them, and never reordered."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from cse_desktop.core.binding import KEY_PAIR, names_of
from cse_desktop.core.budget import envelope_bytes
from cse_desktop.core.envelope import (
    MAX_METADATA_BYTES,
    WRITTEN_SUITES,
    Envelope,
    Format,
    Suite,
    Wrapping,
    check_metadata_size,
    metadata_bytes,
    new_context,
)
from cse_desktop.core.errors import InvalidInput
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Connection
from cse_desktop.gui.keys import context_pairs
from cse_desktop.gui.keys.context_dialog import ContextDialog
from cse_desktop.gui.keys.context_editor import NAMES_COME_ON_TOP, ContextEditor
from cse_desktop.gui.look.theme import Theme
from cse_desktop.settings import KeyChoice

WORDS = st.text(st.characters(codec="utf-8"), max_size=40)


@pytest.fixture
def editor(qtbot):
    editor = ContextEditor(Theme("light"))
    qtbot.addWidget(editor)
    editor.show()
    return editor


def test_pairs_are_given_back_in_the_order_they_were_entered(editor, qtbot):
    editor.set_pairs((("zeta", "1"), ("alpha", "2")))
    qtbot.mouseClick(editor.add, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(QGuiApplication.focusObject(), "mid")
    qtbot.keyClick(QGuiApplication.focusObject(), Qt.Key.Key_Tab)
    qtbot.keyClicks(QGuiApplication.focusObject(), "3")
    assert editor.pairs() == (("zeta", "1"), ("alpha", "2"), ("mid", "3"))
    assert editor.problem() == ""


@pytest.mark.parametrize("name", ["kms_cmk_id", "aws:x-amz-cek-alg"])
def test_reserved_name_is_refused_beside_its_row(editor, qtbot, name):
    editor.set_pairs((("department", "finance"), ("", "x")))
    qtbot.keyClicks(editor.rows()[1].name, name)
    assert editor.problem() == context_pairs.RESERVED
    assert editor.rows()[1].problem() == context_pairs.RESERVED
    assert editor.rows()[0].problem() == ""


def test_second_use_of_a_name_is_refused(editor):
    editor.set_pairs((("a", "1"), ("a", "2")))
    assert [row.problem() for row in editor.rows()] == ["", context_pairs.DUPLICATE]


def test_value_without_a_name_is_refused(editor):
    editor.set_pairs((("", "1"),))
    assert editor.problem() == context_pairs.NAMELESS


def test_row_left_empty_is_no_pair(editor, qtbot):
    qtbot.mouseClick(editor.add, Qt.MouseButton.LeftButton)
    assert editor.pairs() == ()
    assert editor.problem() == ""


def test_removing_a_row_tells_and_keeps_the_keyboard_in_the_editor(editor, qtbot):
    editor.set_pairs((("a", "1"), ("b", "2")))
    with qtbot.waitSignal(editor.changed):
        qtbot.mouseClick(editor.rows()[0].remove, Qt.MouseButton.LeftButton)
    assert editor.pairs() == (("b", "2"),)
    assert editor.rows()[0].remove.hasFocus()


def test_budget_counts_what_will_be_stored_while_typing(editor):
    editor.set_pairs((("département", ""),))
    before = editor.budget()
    key = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, "é")
    QApplication.sendEvent(editor.rows()[0].value, key)
    assert editor.pairs() == (("département", "é"),)
    assert editor.budget() != before
    # One letter of two bytes in UTF-8 is stored as an escape of six.
    grown = context_pairs.stored_bytes((("a", "é"),)) - context_pairs.stored_bytes((("a", ""),))
    assert grown == 6


def test_context_above_two_kilobytes_is_refused(editor, qtbot):
    room = MAX_METADATA_BYTES - context_pairs.stored_bytes((("a", ""),))
    editor.set_pairs((("a", "x" * room),))
    assert editor.problem() == ""
    qtbot.keyClicks(editor.rows()[0].value, "y")
    assert editor.problem() == context_pairs.TOO_LONG
    assert context_pairs.TOO_LONG in editor.budget()


@given(st.dictionaries(WORDS.filter(bool), WORDS, max_size=6))
def test_pairs_without_a_problem_are_taken_by_the_format(user):
    if any(context_pairs.problems(tuple(user.items()))):
        with pytest.raises(InvalidInput):
            new_context(user, Suite.GCM_COMMITTING)
        return
    metadata = Envelope(
        Suite.GCM_COMMITTING,
        Wrapping.KMS_CONTEXT,
        bytes(184),
        new_context(user, Suite.GCM_COMMITTING),
        bytes(28),
        bytes(28),
    ).to_metadata()
    assert metadata_bytes(metadata) == context_pairs.stored_bytes(tuple(user.items()))
    if not context_pairs.is_too_long(tuple(user.items())):
        check_metadata_size(metadata)
    assert metadata_bytes({}) < MAX_METADATA_BYTES


def test_dialog_gives_the_same_key_with_the_edited_pairs(qtbot):
    choice = KeyChoice("arn:aws:kms:eu-west-1:111122223333:key/x", "alias/a", (("a", "1"),))
    dialog = ContextDialog(Theme("light"), choice)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClicks(dialog.editor.rows()[0].value, "2")
    qtbot.keyClick(dialog.editor.rows()[0].value, Qt.Key.Key_Return)
    assert dialog.result() == 1
    assert dialog.choice() == KeyChoice(choice.key_id, "alias/a", (("a", "12"),))


def test_dialog_does_not_close_on_wrong_pairs(qtbot):
    dialog = ContextDialog(Theme("light"), KeyChoice("x", "alias/a", (("", "1"),)))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClick(dialog.editor.rows()[0].value, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert not dialog.save.isEnabled()
    assert dialog.save.toolTip() == context_pairs.NAMELESS
    assert dialog.buttons.buttonRole(dialog.save) is QDialogButtonBox.ButtonRole.AcceptRole


def test_v2_and_bound_names_leave_the_room_that_is_really_left(qtbot):
    plain = Connection("a")
    older = replace(plain, write_format=Format.V2)
    bound = replace(plain, bind_names=True)
    folder = ObjectRef("bucket", "reports/2026/")
    pairs = (("a", "1"),)
    sizes = {}
    for connection in (plain, older, bound):
        suite = WRITTEN_SUITES[connection.write_format]
        names = names_of(folder) if connection.bind_names else {}
        room = context_pairs.room_for(connection, folder)
        sizes[connection] = context_pairs.stored_bytes(pairs, room)
        assert sizes[connection] == envelope_bytes({"a": "1", **names}, suite)
    assert len(set(sizes.values())) == 3
    editor = ContextEditor(Theme("light"), context_pairs.room_for(bound, folder))
    qtbot.addWidget(editor)
    editor.set_pairs(pairs)
    assert editor.budget().startswith(f"{sizes[bound]} of")
    assert editor.budget().endswith(NAMES_COME_ON_TOP)


def test_names_that_bind_files_are_refused_where_files_are_bound(qtbot):
    room = context_pairs.room_for(Connection("a", bind_names=True), ObjectRef("bucket", ""))
    editor = ContextEditor(Theme("light"), room)
    qtbot.addWidget(editor)
    editor.set_pairs(((KEY_PAIR, "x"),))
    assert editor.problem() == context_pairs.TAKEN
    editor.set_room(context_pairs.PLAIN_ROOM)
    assert editor.problem() == ""
