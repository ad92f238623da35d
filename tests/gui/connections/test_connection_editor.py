"""The connection editor: what it refuses, what it tries, and what it saves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit

from cse_desktop.core.connection import AssumedRole, Connection, Credentials, SingleSignOn, Source
from cse_desktop.core.trial import Mark
from cse_desktop.gui.connections.connection_editor import ConnectionEditor, Edited
from cse_desktop.settings import load_settings
from tests import servers
from tests.gui.connections.conftest import Room
from tests.secret_service import SecretService

LEFT = Qt.MouseButton.LeftButton
moto_only = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
leaks_a_bus = pytest.mark.filterwarnings(
    "ignore:unclosed <socket:ResourceWarning",
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning",
)
PROFILES = """
[profile payroll]
region = eu-central-1
aws_access_key_id = AKIAPROFILE000000000
aws_secret_access_key = s
"""


def opened(room: Room, edited: Edited | None = None, **options: Any) -> ConnectionEditor:
    editor = ConnectionEditor(
        room.theme,
        room.bridge,
        room.sessions,
        edited or Edited(Connection("")),
        taken=options.pop("taken", ()),
        parent=room.window,
        **options,
    )
    editor.open()
    return editor


def problem(editor: ConnectionEditor, field: str) -> str:
    rows = {**editor.form.rows, **editor.form.sources.rows}
    return str(rows[field].problem)


def wait_for_regions(editor: ConnectionEditor, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: editor.form.region.count() > 5)


def test_what_is_missing_is_said_at_its_field_and_nothing_is_saved(room: Room, qtbot: Any) -> None:
    editor = opened(room, taken=["Legal"])
    editor.form.name.setText("legal")
    editor.form.source.part(3).click()  # Role
    editor.form.s3_endpoint.setText("http://s3.example.com")
    with qtbot.assertNotEmitted(editor.saved):
        qtbot.mouseClick(editor.save, LEFT)

    assert "Another connection has this name" in problem(editor, "name")
    assert "arn:aws:iam" in problem(editor, "role.arn")
    assert "Use https" in problem(editor, "s3_endpoint")
    assert problem(editor, "region") == "Choose a Region."
    assert editor.isVisible()

    editor.form.name.setText("Legal EU")
    assert problem(editor, "name") == ""
    assert "Use https" in problem(editor, "s3_endpoint")


def test_each_source_has_named_fields_and_comes_back_as_it_was(room: Room, qtbot: Any) -> None:
    every = (
        Connection("a", profile="payroll", region="eu-central-1"),
        Connection(
            "b",
            region="eu-west-1",
            source=Source.SSO,
            sso=SingleSignOn("https://a.awsapps.com/start", "eu-west-1", "corp", "1" * 12, "r"),
        ),
        Connection("c", region="eu-west-1", source=Source.KEYS, access_key="AKIA" + "0" * 16),
        Connection(
            "d",
            "payroll",
            "eu-west-1",
            source=Source.ROLE,
            role=AssumedRole("arn:aws:iam::111122223333:role/r", "me", "x", "mfa"),
        ),
        Connection("e", region="eu-west-1", source=Source.ENVIRONMENT),
        Connection(
            "f",
            region="eu-west-1",
            source=Source.WEB_IDENTITY,
            role=AssumedRole("arn:aws:iam::111122223333:role/r", token_file="/t"),
        ),
        Connection("g", region="eu-west-1", source=Source.PROCESS, process="/opt/tool"),
    )
    for connection in every:
        editor = opened(room, Edited(connection, ("acme", "acme/july/")))
        assert editor.edited() == Edited(connection, ("acme", "acme/july/")), connection.source
        assert unnamed(editor) == []
        editor.reject()


def unnamed(editor: ConnectionEditor) -> list[Any]:
    controls: list[Any] = [
        widget
        for kind in (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit)
        for widget in editor.findChildren(kind)
        if widget.isVisible() and not isinstance(widget.parent(), QComboBox)
    ]
    return [w for w in controls if not (w.accessibleName() or getattr(w, "text", str)())]


def test_profiles_and_regions_are_offered_by_name(room: Room, qtbot: Any, home: Path) -> None:
    (home / ".aws").mkdir()
    (home / ".aws" / "config").write_text(PROFILES)
    editor = opened(room)
    wait_for_regions(editor, qtbot)
    form = editor.form
    qtbot.waitUntil(lambda: form.sources.profile.findData("payroll") > 0)
    form.sources.profile.setCurrentIndex(form.sources.profile.findData("payroll"))
    form.region.setCurrentIndex(form.region.findData("eu-central-1"))
    assert form.region.currentText() == "Europe (Frankfurt)  eu-central-1"
    found = form.connection()
    assert (found.profile, found.region) == ("payroll", "eu-central-1")


@moto_only
def test_the_test_goes_step_by_step_and_fills_in_the_account(
    room: Room, qtbot: Any, connection: Connection, bucket: str, kms_key: str
) -> None:
    connection = replace(
        connection, source=Source.KEYS, access_key=servers.ACCESS_KEY, allowed_keys=(kms_key,)
    )
    editor = opened(room, Edited(connection, (bucket, "no-such-bucket-anywhere")))
    editor.form.sources.secret.setText(servers.SECRET_KEY)
    with qtbot.waitSignal(editor.trial.ended):
        qtbot.mouseClick(editor.trial.start, LEFT)

    marks = {step.title: step.mark for step in editor.trial.steps()}
    assert marks == {
        "Credentials found": Mark.GOOD,
        "Signed in": Mark.GOOD,
        "Buckets listed": Mark.GOOD,
        f"Bucket {bucket}": Mark.GOOD,
        "Bucket no-such-bucket-anywhere": Mark.BAD,
        "KMS keys listed": Mark.GOOD,
        "A test value was encrypted and decrypted": Mark.GOOD,
    }
    cure = next(each.words for each in editor.trial.steps() if each.mark is Mark.BAD)
    assert "bucket" in cure.lower()
    assert editor.form.account.text() == servers.ACCOUNT
    assert editor.trial.start.text() == "Test again"
    assert editor.trial.bar.value() == 1000


@moto_only
def test_a_failed_step_leaves_out_those_that_need_it(
    room: Room, qtbot: Any, connection: Connection
) -> None:
    editor = opened(room, Edited(replace(connection, profile="no-such-profile")))
    with qtbot.waitSignal(editor.trial.ended):
        editor.trial.run()
    first, *others = editor.trial.steps()
    assert first.mark is Mark.BAD
    assert "does not exist" in first.words
    assert {step.mark for step in others} == {Mark.LEFT_OUT}


@moto_only
def test_a_test_that_hangs_is_stopped(
    room: Room, qtbot: Any, connection: Connection, home: Path
) -> None:
    gate = home / "gate"
    editor = opened(
        room,
        Edited(
            replace(
                connection,
                source=Source.PROCESS,
                process=f"/bin/sh -c 'while [ ! -e {gate} ]; do sleep 0.05; done; exit 1'",
            )
        ),
    )
    editor.trial.run()
    qtbot.waitUntil(lambda: editor.trial.steps()[0].mark is Mark.RUNNING)
    qtbot.mouseClick(editor.trial.start, LEFT)
    assert not editor.trial.is_running
    assert editor.trial.start.text() == "Test again"
    gate.touch()  # lets the program end, so that no thread is left


@leaks_a_bus
@moto_only
def test_access_keys_go_to_the_keyring_and_to_no_file(
    room: Room,
    qtbot: Any,
    connection: Connection,
    home: Path,
    secret_service: SecretService,
) -> None:
    room.connections.add_with_keys()
    editor = room.connections.editor
    assert editor is not None
    editor.form.show_connection(replace(connection, name="Store", source=Source.KEYS))
    sources = editor.form.sources
    qtbot.waitUntil(lambda: "Secret Service" in sources.rows["token"]._below.text())
    sources.access_key.setText(servers.ACCESS_KEY)
    sources.secret.setText("the-secret-of-this-test")
    sources.token.setText("a-session-token")
    with qtbot.waitSignal(room.connections.told) as told:
        qtbot.mouseClick(editor.save, LEFT)
    assert "in the system keyring" in told.args[0]

    kept = Credentials(servers.ACCESS_KEY, "the-secret-of-this-test", "a-session-token")
    assert room.sessions.keyring.find(servers.ACCESS_KEY) == kept
    room.preferences.flush()
    saved = load_settings(home / "cse-desktop").value.connection("Store")
    assert saved is not None
    assert saved.access_key == servers.ACCESS_KEY
    for path in (home / "cse-desktop").iterdir():
        assert "the-secret-of-this-test" not in path.read_text()
        assert "a-session-token" not in path.read_text()

    with qtbot.waitSignal(room.connections.gone):
        room.connections.remove("Store")
        accept_dialog(room, "Delete connection")
    assert room.bridge.close(30)  # what was under way is done then
    assert room.sessions.keyring.find(servers.ACCESS_KEY) is None


@moto_only
def test_without_a_keyring_keys_last_until_the_program_ends_and_it_says_so(
    room: Room, qtbot: Any, connection: Connection
) -> None:
    room.connections.add_with_keys()
    editor = room.connections.editor
    assert editor is not None
    editor.form.show_connection(replace(connection, name="Store", source=Source.KEYS))
    sources = editor.form.sources
    qtbot.waitUntil(lambda: "No system keyring found" in sources.rows["token"]._below.text())
    sources.access_key.setText(servers.ACCESS_KEY)
    sources.secret.setText(servers.SECRET_KEY)
    with qtbot.waitSignal(room.connections.told) as told:
        qtbot.mouseClick(editor.save, LEFT)
    assert "kept until you quit" in told.args[0]
    assert room.sessions.get("Store").identity().account == servers.ACCOUNT


def accept_dialog(room: Room, word: str) -> None:
    buttons = [
        each
        for each in room.window.findChildren(QAbstractButton)
        if each.text() == word and each.isVisible()
    ]
    buttons[-1].click()


def test_a_connection_is_renamed_with_all_that_belongs_to_it(room: Room, qtbot: Any) -> None:
    connection = Connection("Old", region="eu-west-1", source=Source.ENVIRONMENT)
    room.sessions.add(connection)
    settings = room.settings.with_connection(connection).with_named_buckets("Old", ("acme",))
    room.preferences.change(settings)
    room.connections.edit("Old")
    editor = room.connections.editor
    assert editor is not None
    editor.form.name.setText("New")
    with qtbot.waitSignals([room.connections.gone, room.connections.saved]):
        qtbot.keyClick(editor.form.name, Qt.Key.Key_Return)
    assert [each.name for each in room.sessions.connections()] == ["New"]
    assert room.settings.named_buckets == {"New": ("acme",)}


def test_a_copy_gets_a_name_of_its_own(room: Room, qtbot: Any) -> None:
    connection = Connection("Legal", region="eu-west-1", source=Source.ENVIRONMENT)
    room.sessions.add(connection)
    room.preferences.change(room.settings.with_connection(connection))
    room.connections.duplicate("Legal")
    editor = room.connections.editor
    assert editor is not None
    with qtbot.waitSignal(room.connections.saved):
        editor.accept()
    assert {each.name for each in room.settings.connections} == {"Legal", "Legal copy"}


def test_buckets_and_folders_are_added_by_name_and_enter_does_not_save(
    room: Room, qtbot: Any
) -> None:
    editor = opened(room)
    names = editor.trial.buckets
    qtbot.mouseClick(names.add, LEFT)
    qtbot.keyClicks(names.field, "s3://acme-finance/july")
    qtbot.keyClick(names.field, Qt.Key.Key_Return)
    assert names.names() == ("acme-finance/july/",)
    assert editor.isVisible()
    qtbot.keyClicks(names.field, "Bad Name")
    qtbot.keyClick(names.field, Qt.Key.Key_Return)
    assert names.names() == ("acme-finance/july/",)
