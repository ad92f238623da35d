"""Signing in inside the window: the browser, the code, and the transfer that waited."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.credentials import SSOProvider
from botocore.tokens import SSOTokenProvider
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from cse_desktop.core.clients import Network
from cse_desktop.core.connection import AssumedRole, Connection, Credentials, SingleSignOn, Source
from cse_desktop.core.means import Means
from cse_desktop.core.progress import CancelToken
from cse_desktop.gui.connections.code_dialog import CodeDialog
from cse_desktop.gui.connections.connection_editor import ConnectionEditor, Edited
from cse_desktop.gui.connections.sign_in_dialog import SignInDialog
from tests import servers, sso_portal
from tests.gui.connections.conftest import Browser, Room
from tests.sso_portal import SsoPortal

pytestmark = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
LEFT = Qt.MouseButton.LeftButton
DEVICE = f"arn:aws:iam::{servers.ACCOUNT}:mfa/m.keller"


@pytest.fixture
def portal(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SsoPortal]:
    # The client library works out where ~ is when it is imported.
    cache = str(home / ".aws" / "sso" / "cache")
    monkeypatch.setattr(SSOProvider, "_SSO_TOKEN_CACHE_DIR", cache)
    monkeypatch.setattr(SSOTokenProvider, "_SSO_TOKEN_CACHE_DIR", cache)
    with sso_portal.running() as found:
        yield found


@pytest.fixture
def legal(connection: Connection, portal: SsoPortal, room: Room) -> Connection:
    made = replace(
        connection,
        name="Legal",
        source=Source.SSO,
        sso=SingleSignOn(portal.start_url, "eu-west-1", "", servers.ACCOUNT, "clerk"),
        network=Network(sso_endpoint=portal.url),
    )
    room.sessions.add(made)
    return made


def shown(room: Room, qtbot: Any, kind: type) -> Any:
    def find() -> list[Any]:
        return [each for each in room.window.findChildren(kind) if each.isVisible()]

    qtbot.waitUntil(lambda: bool(find()))
    return find()[0]


def test_the_code_is_shown_the_browser_opened_and_the_window_signed_in(
    room: Room, qtbot: Any, legal: Connection, portal: SsoPortal, browser: Browser
) -> None:
    room.sign_in.begin("Legal")
    dialog: SignInDialog = shown(room, qtbot, SignInDialog)
    qtbot.waitUntil(lambda: dialog.code.text() == "WDJB-MJHT")
    assert browser.opened == [f"{portal.url}/device?user_code=WDJB-MJHT"]
    qtbot.mouseClick(dialog.copy, LEFT)
    assert QGuiApplication.clipboard().text() == "WDJB-MJHT"
    with qtbot.waitSignal(room.sign_in.signed_in) as signed_in:
        portal.confirmed = True
    assert signed_in.args == ["Legal"]
    assert room.sessions.get("Legal").identity().account == servers.ACCOUNT


@pytest.mark.logs_warnings  # of the client library, about the token it did not find
def test_a_transfer_that_waits_opens_the_sign_in_once_and_goes_on(
    room: Room, qtbot: Any, legal: Connection, portal: SsoPortal, browser: Browser
) -> None:
    found: list[object] = []
    session = room.sessions.get("Legal").during(CancelToken(), str)
    transfers = [
        threading.Thread(target=lambda: found.append(session.store.buckets())) for _ in range(3)
    ]
    for each in transfers:
        each.start()
    dialog: SignInDialog = shown(room, qtbot, SignInDialog)
    assert "Transfers are paused, not lost" in dialog.text.text()
    portal.confirmed = True
    qtbot.waitUntil(lambda: len(found) == 3)
    for each in transfers:
        each.join(30)
    assert len(browser.opened) == 1


def test_a_refused_sign_in_is_said_and_can_be_begun_again(
    room: Room, qtbot: Any, legal: Connection, portal: SsoPortal, browser: Browser
) -> None:
    portal.refused = True
    room.sign_in.begin("Legal")
    dialog: SignInDialog = shown(room, qtbot, SignInDialog)
    qtbot.waitUntil(dialog.again.isVisible)
    assert "refused in the browser" in dialog._state.text()
    portal.refused, portal.confirmed = False, True
    with qtbot.waitSignal(room.sign_in.signed_in):
        qtbot.mouseClick(dialog.again, LEFT)


def test_the_editor_offers_what_the_portal_gives(
    room: Room, qtbot: Any, legal: Connection, portal: SsoPortal, browser: Browser
) -> None:
    portal.confirmed = True
    sso = replace(legal.sso, account="", role="")
    editor = ConnectionEditor(
        room.theme, room.bridge, room.sessions, Edited(replace(legal, sso=sso)), taken=(),
        parent=room.window,
    )  # fmt: skip
    editor.sign_in_asked.connect(lambda wanted: room.sign_in.sign_in_for(editor, wanted))
    editor.open()
    qtbot.mouseClick(editor.form.sources.sign_in, LEFT)
    roles = editor.form.sources.role_name
    qtbot.waitUntil(lambda: roles.count() == 2)
    assert editor.form.connection().sso.account == servers.ACCOUNT
    assert {roles.itemText(at) for at in range(2)} == {"auditor", "clerk"}
    editor.reject()


@pytest.fixture
def role(connection: Connection, room: Room, home: Path) -> Connection:
    (home / ".aws").mkdir(exist_ok=True)
    (home / ".aws" / "credentials").write_text(
        f"[base]\naws_access_key_id = {servers.ACCESS_KEY}\n"
        f"aws_secret_access_key = {servers.SECRET_KEY}\n"
    )
    made = replace(
        connection,
        name="Payroll",
        source=Source.ROLE,
        profile="base",
        role=AssumedRole(f"arn:aws:iam::{servers.ACCOUNT}:role/payroll-ops", "me", "", DEVICE),
    )
    room.sessions.add(made)
    return made


def test_the_code_of_a_device_is_asked_for_in_a_dialog(
    room: Room, qtbot: Any, role: Connection
) -> None:
    who: list[Any] = []
    room.bridge.ask(
        lambda: room.sessions.get("Payroll").identity(), who.append, who.append, room.window
    )
    dialog: CodeDialog = shown(room, qtbot, CodeDialog)
    assert not dialog.go_on.isEnabled()
    qtbot.keyClicks(dialog.field, "12ab3456")
    assert dialog.field.text() == "123456"
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(who))
    assert who[0].name == "payroll-ops"


@pytest.mark.logs_warnings  # of the client library, about the refresh that did not happen
def test_a_code_that_is_not_given_is_not_asked_for_again_at_once(
    room: Room, qtbot: Any, role: Connection
) -> None:
    failures: list[Any] = []
    for _ in range(2):
        room.bridge.ask(
            lambda: room.sessions.get("Payroll").identity(),
            failures.append, failures.append, room.window,
        )  # fmt: skip
    dialog: CodeDialog = shown(room, qtbot, CodeDialog)
    dialog.reject()
    qtbot.waitUntil(lambda: len(failures) == 2)
    assert {failure.title for failure in failures} == {"Sign in to continue"}
    assert not [each for each in room.window.findChildren(CodeDialog) if each.isVisible()]


@pytest.mark.logs_warnings  # of the client library, about the refresh that did not happen
def test_a_worker_that_waits_for_a_code_ends_with_the_program(
    room: Room, qtbot: Any, role: Connection
) -> None:
    failures: list[Any] = []
    room.bridge.ask(
        lambda: room.sessions.get("Payroll").identity(),
        failures.append, failures.append, room.window,
    )  # fmt: skip
    shown(room, qtbot, CodeDialog)
    room.person.close()
    qtbot.waitUntil(lambda: bool(failures))


def test_means_show_nothing_of_what_they_remember(s3_url: str) -> None:
    assert "secret" not in repr(Means(memory={"a": Credentials("A", "secret", "secret")}))
