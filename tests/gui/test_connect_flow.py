"""From a profile to a connection: what is saved, and what is said when it does not work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cse_desktop.core.profiles import Profile
from cse_desktop.core.session import Connection, Credentials, Session
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.connections.connect_flow import ConnectFlow
from cse_desktop.gui.preferences import Preferences
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.jobs.snapshot import Failure
from cse_desktop.settings import Settings, State

pytestmark = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)


@pytest.fixture
def flow_of(qtbot: Any, home: Path) -> Iterator[Callable[..., ConnectFlow]]:
    bridge = Bridge()

    def make(sessions: Sessions, sandbox: Callable[[], Connection] | None = None) -> ConnectFlow:
        preferences = Preferences(home / "cse-desktop", Settings(), State(), bridge, bridge)
        flow = ConnectFlow(bridge, sessions, preferences, sandbox or no_sandbox, bridge)
        flow.setProperty("preferences", preferences)
        return flow

    yield make
    assert bridge.close(20)


def no_sandbox() -> Connection:
    raise AssertionError("nobody asked for the sandbox")


def test_a_profile_that_cannot_sign_in_is_not_saved(
    flow_of: Callable[..., ConnectFlow], qtbot: Any, home: Path, s3_url: str
) -> None:
    (home / ".aws").mkdir()
    (home / ".aws" / "config").write_text(
        "[profile vendor]\nregion = eu-west-1\ncredential_process = /no/such/helper\n"
    )
    sessions = Sessions()
    flow = flow_of(sessions)

    with qtbot.waitSignal(flow.failed) as failed:
        flow.use_profile(Profile("vendor", "credential_process", "eu-west-1"))

    failure: Failure = failed.args[0]
    assert "/no/such/helper" in failure.hint
    assert sessions.connections() == ()
    assert flow.property("preferences").settings.connections == ()


def test_an_identity_is_asked_for_once(
    flow_of: Callable[..., ConnectFlow],
    qtbot: Any,
    connection: Connection,
    credentials: Credentials,
) -> None:
    sessions = Sessions()
    sessions.add(connection, credentials)
    flow = flow_of(sessions)

    with qtbot.waitSignal(flow.identified):
        flow.identify(connection.name)
    with qtbot.assertNotEmitted(flow.identified, wait=200):
        flow.identify(connection.name)

    identity = flow.identity(connection.name)
    assert identity is not None
    assert identity.account == "123456789012"


def test_the_sandbox_becomes_a_connection_like_any_other(
    flow_of: Callable[..., ConnectFlow], qtbot: Any, connection: Connection
) -> None:
    flow = flow_of(Sessions(), lambda: replace(connection, name="Sandbox", is_sandbox=True))

    with qtbot.waitSignal(flow.connected) as connected:
        flow.use_sandbox()

    assert connected.args[0].name == "Sandbox"


def test_a_profile_of_another_account_is_refused_later(
    connection: Connection, credentials: Credentials, session: Session
) -> None:
    sessions = Sessions()
    sessions.add(replace(connection, account="999999999999"), credentials)

    with pytest.raises(Exception, match="another account"):
        sessions.get(connection.name).identity()
    assert session.identity().account != "999999999999"
