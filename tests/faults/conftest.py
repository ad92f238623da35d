"""What the tests of faults get: a proxy before each server, and a program in a hurry.

Fixtures to ask for, beside those of tests/conftest.py:

    wire        the FaultProxy before S3; `session` goes through it
    kms_wire    the FaultProxy before KMS and STS
    ledger      of all ciphertext that passed; a key and nonce that met two texts fail the test
    patient     a session with another Patience, opened for this test
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from cse_desktop.core.patience import Patience
from cse_desktop.core.session import Connection, Credentials, Session, open_session
from tests import servers
from tests.faults.ledger import Ledger
from tests.faults.proxy import FaultProxy

# The way of transfers: past the client library, as the program goes where it can. `make faults`
# runs all of these tests once more with everything through the library.
IS_DIRECT = os.environ.get("TRANSFERS", "direct") == "direct"

HURRIED = Patience(
    tries=8,
    busy_tries=8,
    screen_tries=4,
    first_pause_s=0.01,
    longest_pause_s=0.05,
    connect_timeout_s=5.0,
    read_timeout_s=5.0,
    worth_keeping_s=0.0,
)


@pytest.fixture(scope="session")
def proxy_before() -> Iterator[Callable[[str, str], FaultProxy]]:
    """One proxy for each server, kept: sessions are made once for each address."""
    with ExitStack() as stack:
        yield cache(lambda url, _role: stack.enter_context(FaultProxy(url)))


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    kept = Ledger()
    yield kept
    kept.close()
    kept.check()


@pytest.fixture
def wire(proxy_before: Callable[[str, str], FaultProxy], s3_url: str, ledger: Ledger) -> FaultProxy:
    proxy = proxy_before(s3_url, "s3")
    proxy.forget(ledger)
    return proxy


@pytest.fixture
def kms_wire(
    proxy_before: Callable[[str, str], FaultProxy], kms_url: str, ledger: Ledger
) -> FaultProxy:
    proxy = proxy_before(kms_url, "kms")
    proxy.forget(ledger)
    return proxy


@pytest.fixture
def connection(wire: FaultProxy, kms_wire: FaultProxy) -> Connection:
    return Connection(
        "faults", region=servers.REGION, s3_endpoint=wire.url, kms_endpoint=kms_wire.url
    )


@pytest.fixture(scope="session")
def signed_in(credentials: Credentials) -> Callable[[Connection], Session]:
    return cache(
        lambda connection: open_session(connection, credentials, HURRIED, is_direct=IS_DIRECT)
    )


@pytest.fixture
def patient(connection: Connection, credentials: Credentials) -> Callable[[Patience], Session]:
    return lambda patience: open_session(connection, credentials, patience, is_direct=IS_DIRECT)
