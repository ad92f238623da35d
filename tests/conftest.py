"""What every test gets: real servers, an own home, and a look at what was left behind.

Fixtures to ask for:

    session     a Session on S3 (moto, then SeaweedFS) and KMS (moto); the test runs once with each
    connection, credentials   what `session` was opened with
    bucket      a fresh bucket on that server
    kms_key     the ARN of a fresh symmetric key
    s3, kms     plain boto3 clients on the same servers, to look behind the program's back
    s3_url, kms_url           the addresses alone
    secret_service            a real keyring daemon, for access keys
    home        HOME of this test; CSE_DESKTOP_HOME is `home / "cse-desktop"`

A test that is content with one S3 server says so:
`@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)` (or "seaweedfs").
"""

from __future__ import annotations

import gc
import logging
import os
import threading
import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import botocore.loaders
import botocore.session
import hypothesis
import pytest

from cse_desktop.core.session import Connection, Credentials, Session, open_session
from cse_desktop.core.system_keyring import SystemKeyring
from tests import moto_state, servers
from tests import secret_service as secret_services
from tests.secret_service import SecretService

# Nothing of the person who runs the tests may reach them: no credentials, no proxy, no keyring.
_FOREIGN = ("AWS_", "XDG_", "CSE_")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
for _name in [n for n in os.environ if n.startswith(_FOREIGN) or n in _PROXIES]:
    if _name != "XDG_RUNTIME_DIR":
        del os.environ[_name]
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

# A test is right or wrong, never slow; examples that failed are printed, not remembered.
hypothesis.settings.register_profile("house", deadline=None, database=None, print_blob=True)
hypothesis.settings.load_profile("house")

_THREADS_END_WITHIN_S = 5.0
_STUMBLES = ("read of closed file", "multipart = bucket.multiparts[multipart_id]")
FULL_COLLECTION_EVERY = 10  # tests


def pytest_collection_finish() -> None:
    """Take what was imported and collected, and stays, out of the sight of Python's collector.

    A full collection took 0.2 s (of what may be a hundred times that on a busy machine), in
    whatever thread it came over; without these 240,000 objects it takes next to nothing.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def cycles_end_in_the_main_thread() -> Iterator[None]:
    """As the program's Collector: no cycle with a widget in it is broken up by another thread.

    A test of the window may leave one, and the threads of a server in a later test, of whatever
    kind, would then collect it: Qt does not survive that.
    """
    gc.disable()
    yield
    gc.collect(2 if gc.get_count()[2] > FULL_COLLECTION_EVERY else 1)


@pytest.fixture(scope="session", autouse=True)
def services_are_read_once() -> Iterator[None]:
    """Keep boto3's descriptions of the services, which it reads from disk for each session.

    Half a megabyte of JSON, 0.15 s of work; most tests open a session, many open several.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", cache(botocore.loaders.create_loader))
        yield


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    """S3, KMS and STS of moto."""
    with servers.moto() as url:
        yield url


@pytest.fixture(scope="session")
def weed_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """S3 of SeaweedFS, an own process for each xdist worker."""
    with servers.seaweed(tmp_path_factory.mktemp("seaweed")) as url:
        yield url


@pytest.fixture(scope="session", params=["moto", "seaweedfs"])
def s3_url(request: pytest.FixtureRequest) -> str:
    """One S3 server after the other."""
    fixture = {"moto": "moto_url", "seaweedfs": "weed_url"}[request.param]
    return str(request.getfixturevalue(fixture))


@pytest.fixture(scope="session")
def kms_url(moto_url: str) -> str:
    """KMS is always moto's."""
    return moto_url


@pytest.fixture(scope="session")
def client() -> Iterator[Callable[[str, str], Any]]:
    """A boto3 client for a service at an address, made once: making one costs more than a test."""
    clients = []

    def make(service: str, url: str) -> Any:
        clients.append(servers.client(service, url))
        return clients[-1]

    yield cache(make)
    for found in clients:
        found.close()


@pytest.fixture
def s3(client: Callable[[str, str], Any], s3_url: str) -> Any:
    """A boto3 client on the S3 server of this test."""
    return client("s3", s3_url)


@pytest.fixture
def kms(client: Callable[[str, str], Any], kms_url: str) -> Iterator[Any]:
    """A boto3 client on KMS; what keys the test makes are gone afterwards."""
    with moto_state.keys_of_one_test():
        yield client("kms", kms_url)


@pytest.fixture
def bucket(s3: Any) -> Iterator[str]:
    """A fresh bucket, gone afterwards with all that is in it."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    s3.create_bucket(Bucket=name)
    yield name
    servers.empty_bucket(s3, name)


@pytest.fixture
def kms_key(kms: Any) -> str:
    """The ARN of a fresh symmetric key."""
    return str(kms.create_key(Description="of one test")["KeyMetadata"]["Arn"])


@pytest.fixture
def connection(s3_url: str, kms_url: str) -> Connection:
    """A connection to the servers of this test."""
    return Connection("test", region=servers.REGION, s3_endpoint=s3_url, kms_endpoint=kms_url)


@pytest.fixture(scope="session")
def credentials() -> Credentials:
    """An access key that both servers take."""
    return Credentials(servers.ACCESS_KEY, servers.SECRET_KEY)


@pytest.fixture(scope="session")
def signed_in(credentials: Credentials) -> Callable[[Connection], Session]:
    """A session for a connection, made once: it keeps nothing that a test could spoil."""
    return cache(lambda connection: open_session(connection, credentials))


@pytest.fixture
def session(signed_in: Callable[[Connection], Session], connection: Connection) -> Session:
    """Signed in to the servers of this test."""
    return signed_in(connection)


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own HOME and an own place for settings, so that a test finds nothing of another."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    monkeypatch.setenv("CSE_DESKTOP_HOME", str(folder / "cse-desktop"))
    return folder


@pytest.fixture
def secret_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    """A real keyring daemon, unlocked; the program finds it on the session bus of this test."""
    with secret_services.running(tmp_path) as service:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", service.address)
        monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
        deadline = time.monotonic() + 30
        while not SystemKeyring().name():
            assert time.monotonic() < deadline, "the keyring daemon did not come up"
            time.sleep(0.05)
        yield service
    with warnings.catch_warnings():  # the library never closes its connections to the bus
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """Fail a test that leaves a thread running."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + _THREADS_END_WITHIN_S
    while left := [thread for thread in threading.enumerate() if _is_ours(thread, before)]:
        if time.monotonic() > deadline:
            pytest.fail(f"threads left running: {left}")
        time.sleep(0.01)


@pytest.fixture(autouse=True)
def no_unexpected_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that logs a warning or worse, unless it is marked `logs_warnings`."""
    collector = _Collector(logging.WARNING)
    root = logging.getLogger()
    root.addHandler(collector)
    yield
    root.removeHandler(collector)
    if collector.lines and not request.node.get_closest_marker("logs_warnings"):
        pytest.fail("unexpected log records:\n" + "\n".join(collector.lines))


class _Collector(logging.Handler):
    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        # WORKAROUND moto 5: a part or an end that comes while its upload is aborted, as after a
        # kill, makes the server stumble over what it has dropped; whichever test runs then.
        if record.name == "werkzeug" and any(each in record.getMessage() for each in _STUMBLES):
            return
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


def _is_ours(thread: threading.Thread, before: set[threading.Thread]) -> bool:
    # "Dummy" threads are those of Qt that called into Python once; Python never forgets them.
    return (
        thread not in before
        and not thread.name.startswith("Dummy-")
        and not any(name in thread.name for name in servers.SERVER_THREADS)
    )
