"""Access keys in a real Secret Service, and nowhere else."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from cse_desktop.core.connection import Connection, Credentials, Source
from cse_desktop.core.errors import LocalDisk, SignInNeeded
from cse_desktop.core.system_keyring import SystemKeyring
from cse_desktop.jobs.sessions import Sessions
from tests.secret_service import SecretService

pytestmark = pytest.mark.filterwarnings(
    "ignore:unclosed <socket:ResourceWarning",  # of the library's connections to the bus
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning",
)

KEY = Credentials("AKIAKEYRINGTEST00000", "sécret/+=", "tokén" * 200)


def test_a_key_with_its_token_comes_back_until_it_is_forgotten(
    secret_service: SecretService,
) -> None:
    SystemKeyring().keep(KEY)
    assert SystemKeyring().find(KEY.access_key) == KEY
    assert SystemKeyring().find("AKIANOBODY") is None
    SystemKeyring().forget(KEY.access_key)
    SystemKeyring().forget(KEY.access_key)
    assert SystemKeyring().find(KEY.access_key) is None


def test_a_key_kept_again_takes_the_place_of_the_first(secret_service: SecretService) -> None:
    SystemKeyring().keep(KEY)
    changed = Credentials(KEY.access_key, "another")
    SystemKeyring().keep(changed)
    assert SystemKeyring().find(KEY.access_key) == changed


def test_the_secret_is_in_no_file_as_it_is(secret_service: SecretService) -> None:
    SystemKeyring().keep(KEY)
    for path in [each for each in secret_service.home.rglob("*") if each.is_file()]:
        assert KEY.secret_key.encode() not in path.read_bytes(), path


def test_a_connection_finds_its_key_in_the_keyring(secret_service: SecretService) -> None:
    SystemKeyring().keep(KEY)
    sessions = Sessions()
    sessions.add(
        Connection("kept", region="us-east-1", source=Source.KEYS, access_key=KEY.access_key)
    )
    sessions.get("kept")
    with pytest.raises(SignInNeeded, match="not here"):
        sessions.open(Connection("x", region="us-east-1", source=Source.KEYS, access_key="AKIAX"))


def test_a_locked_keyring_is_said_to_be_locked(secret_service: SecretService) -> None:
    SystemKeyring().keep(KEY)
    secret_service.lock()
    with pytest.raises(SignInNeeded, match="keyring could not be read"):
        SystemKeyring().find(KEY.access_key)
    with pytest.raises(LocalDisk, match="did not take"):
        SystemKeyring().keep(KEY)


def test_a_keyring_that_does_not_answer_is_given_up(secret_service: SecretService) -> None:
    with secret_service.frozen():
        begun = time.monotonic()
        with pytest.raises(SignInNeeded, match="keyring could not be read"):
            SystemKeyring(answers_within_s=0.2).find(KEY.access_key)
    assert time.monotonic() - begun < 20


def test_without_a_store_of_the_system_nothing_is_written(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home))
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
    assert SystemKeyring().name() == ""
    assert SystemKeyring().find(KEY.access_key) is None
    with pytest.raises(LocalDisk, match="No system keyring found"):
        SystemKeyring().keep(KEY)
    assert list(home.rglob("*")) == []


def test_a_switched_off_keyring_is_not_used(
    secret_service: SecretService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    assert SystemKeyring().name() == ""
