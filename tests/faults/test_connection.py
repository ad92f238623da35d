"""Who may answer, and where requests may go (design: matrix W, adversaries A12 and A13)."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.errors import CseError, InvalidInput, NotTrusted, Unreachable
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Connection, Credentials, Session, open_session
from tests import servers
from tests.faults import faults
from tests.faults.acts import comes_back, make_file, put
from tests.faults.certificates import Authority
from tests.faults.conftest import HURRIED
from tests.faults.forward_proxy import ForwardProxy
from tests.faults.http_messages import Answer, Head
from tests.faults.ledger import Ledger
from tests.faults.proxy import FaultProxy

REF = ObjectRef("some-bucket", "x")


@pytest.fixture(scope="session")
def s3_url(moto_url: str) -> str:
    """One server is enough: it is not asked much here."""
    return moto_url


@pytest.fixture
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def front(s3_url: str, ledger: Ledger) -> Iterator[Callable[[ssl.SSLContext], FaultProxy]]:
    """A TLS front before moto."""
    fronts: list[FaultProxy] = []

    def make(context: ssl.SSLContext) -> FaultProxy:
        fronts.append(FaultProxy(s3_url, ledger, context).__enter__())
        return fronts[-1]

    yield make
    for proxy in fronts:
        proxy.__exit__(None, None, None)


def session_at(url: str, credentials: Credentials) -> Session:
    connection = Connection("tls", region=servers.REGION, s3_endpoint=url, kms_endpoint=url)
    return open_session(connection, credentials, HURRIED)


def error_of(look: Callable[[], object]) -> CseError:
    with pytest.raises(CseError) as raised:
        look()
    return raised.value


# --- TLS


def test_a_server_whose_certificate_is_trusted_is_used(
    monkeypatch: pytest.MonkeyPatch,
    credentials: Credentials,
    authority: Authority,
    front: Callable[[ssl.SSLContext], FaultProxy],
    bucket: str,
    kms_key: str,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(authority.file))
    proxy = front(authority.server("127.0.0.1"))
    source = make_file(tmp_path, 1000)

    session = session_at(proxy.url, credentials)
    comes_back(session, put(session, source, bucket, kms_key), source)

    assert proxy.count("PutObject") == 1


@pytest.mark.parametrize(
    ("hosts", "ends_days", "is_trusted", "words"),
    [
        (("127.0.0.1",), 1, False, "unable to get local issuer certificate"),
        (("127.0.0.1",), -1, True, "certificate has expired"),
        (("other.example",), 1, True, "doesn't match"),
        (("127.0.0.2",), 1, True, "doesn't match"),
    ],
    ids=["unknown authority", "expired", "other name", "other address"],
)
@pytest.mark.parametrize("service", ["s3", "kms"])
@pytest.mark.logs_warnings  # of urllib3, about names
def test_a_server_that_cannot_prove_who_it_is_gets_no_request(
    monkeypatch: pytest.MonkeyPatch,
    credentials: Credentials,
    authority: Authority,
    front: Callable[[ssl.SSLContext], FaultProxy],
    hosts: tuple[str, ...],
    ends_days: int,
    is_trusted: bool,
    words: str,
    service: str,
) -> None:
    if is_trusted:
        monkeypatch.setenv("AWS_CA_BUNDLE", str(authority.file))
    proxy = front(authority.server(*hosts, ends=timedelta(days=ends_days)))
    session = session_at(proxy.url, credentials)

    error = error_of(session.store.buckets if service == "s3" else session.keys.list)

    assert type(error) is NotTrusted
    assert error.title.startswith("The secure connection to")
    assert "nothing was sent" in error.hint
    assert words in error.details
    assert proxy.requests == []


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_an_old_tls_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    credentials: Credentials,
    authority: Authority,
    front: Callable[[ssl.SSLContext], FaultProxy],
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(authority.file))
    context = authority.server("127.0.0.1")
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    proxy = front(context)

    assert isinstance(error_of(session_at(proxy.url, credentials).store.buckets), Unreachable)
    assert proxy.requests == []


@pytest.mark.parametrize(
    "endpoint", ["http://192.0.2.1:9000", "http://s3.example.com", "http://127.0.0.1.example.com"]
)
@pytest.mark.parametrize("field", ["s3_endpoint", "kms_endpoint"])
def test_plain_http_to_another_computer_is_refused(
    credentials: Credentials, endpoint: str, field: str
) -> None:
    connection = Connection("plain", region=servers.REGION, **{field: endpoint})

    error = error_of(lambda: open_session(connection, credentials))

    assert type(error) is InvalidInput
    assert "https" in error.title


# --- where requests go


@pytest.fixture
def trap(moto_url: str) -> Iterator[FaultProxy]:
    """Where nothing may arrive."""
    with FaultProxy(moto_url) as proxy:
        yield proxy
        assert proxy.requests == []


def test_endpoints_in_the_environment_and_in_profiles_are_ignored(
    monkeypatch: pytest.MonkeyPatch,
    connection: Connection,
    credentials: Credentials,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    home: Path,
    trap: FaultProxy,
) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_KMS", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.setenv(name, trap.url)
    (home / ".aws").mkdir()
    (home / ".aws" / "config").write_text(f"[default]\nendpoint_url = {trap.url}\n")
    session = open_session(connection, credentials, HURRIED)
    source = make_file(tmp_path, 1000)

    comes_back(session, put(session, source, bucket, kms_key), source)
    session.identity()


def test_without_an_endpoint_requests_go_to_amazon_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, credentials: Credentials, trap: FaultProxy
) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_KMS", "AWS_ENDPOINT_URL_STS"):
        monkeypatch.setenv(name, trap.url)
    with ForwardProxy(502).listening() as network:
        monkeypatch.setenv("HTTPS_PROXY", network.url)
        session = open_session(Connection("a", region="eu-central-1"), credentials, HURRIED)
        error_of(lambda: session.keys.describe("alias/x"))
        error_of(session.identity)
        error_of(session.store.buckets)

    assert set(network.targets) == {
        f"{service}.eu-central-1.amazonaws.com" for service in ("kms", "sts", "s3")
    }


HOSTILE_REGIONS = ("evil.example/", "evil.example#", "x@evil.example:443/?", "us-east-1.evil", "")


@pytest.mark.parametrize("region", HOSTILE_REGIONS)
def test_a_redirect_to_a_hostile_region_is_not_followed(
    monkeypatch: pytest.MonkeyPatch,
    credentials: Credentials,
    authority: Authority,
    region: str,
) -> None:
    def redirect(_head: Head) -> Answer:
        found = faults.s3_error(301, "PermanentRedirect")
        found = found.with_header("Location", "https://evil.example/")
        return found.with_header("x-amz-bucket-region", region)

    monkeypatch.setenv("AWS_CA_BUNDLE", str(authority.file))
    tls = authority.server("s3.eu-central-1.amazonaws.com", "*.s3.eu-central-1.amazonaws.com")
    with ForwardProxy(200, tls, redirect).listening() as network:
        monkeypatch.setenv("HTTPS_PROXY", network.url)
        session = open_session(Connection("a", region="eu-central-1"), credentials, HURRIED)
        error = error_of(lambda: session.store.head(REF))

    assert set(network.targets) == {"some-bucket.s3.eu-central-1.amazonaws.com"}
    assert type(error) is InvalidInput


@pytest.mark.parametrize("region", [*HOSTILE_REGIONS, "eu-west-1"])
def test_a_redirect_of_an_own_endpoint_is_never_followed(
    session: Session, wire: FaultProxy, trap: FaultProxy, region: str
) -> None:
    found = faults.s3_error(301, "PermanentRedirect").with_header("Location", trap.url)
    found = found.with_header("x-amz-bucket-region", region)
    wire.rule("*", faults.answered(found), times=None)

    assert type(error_of(lambda: session.store.head(REF))) is InvalidInput
    assert wire.count("HeadObject") >= 1


def test_what_goes_to_this_computer_takes_no_way_over_a_proxy(
    monkeypatch: pytest.MonkeyPatch,
    connection: Connection,
    credentials: Credentials,
    bucket: str,
    trap: FaultProxy,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", trap.url)
    monkeypatch.setenv("http_proxy", trap.url)

    session = open_session(connection, credentials, HURRIED)

    assert bucket in {found.name for found in session.store.buckets()}


# --- the network in between


@pytest.mark.parametrize("status", [407, 502])
def test_a_proxy_that_refuses_is_named(
    monkeypatch: pytest.MonkeyPatch, credentials: Credentials, status: int
) -> None:
    with ForwardProxy(status).listening() as network:
        monkeypatch.setenv("HTTPS_PROXY", network.url.replace("//", "//user:secret-word@"))
        session = open_session(Connection("a", region="eu-central-1"), credentials, HURRIED)
        error = error_of(session.store.buckets)

    assert isinstance(error, Unreachable)
    assert error.title == "Can't reach the proxy of your network"
    assert "secret-word" not in f"{error} {error.details}"


def test_a_proxy_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, credentials: Credentials
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    session = open_session(Connection("a", region="eu-central-1"), credentials, HURRIED)

    assert error_of(session.store.buckets).title == "Can't reach the proxy of your network"


def test_a_name_that_cannot_be_looked_up_is_named(
    credentials: Credentials, kms_url: str, tmp_path: Path
) -> None:
    connection = Connection(
        "a",
        region="eu-central-1",
        s3_endpoint="https://s3.no-such-host.invalid",
        kms_endpoint=kms_url,
    )
    session = open_session(connection, credentials, HURRIED)

    error = error_of(lambda: transfer.download(session, REF, tmp_path / "back"))

    assert isinstance(error, Unreachable)
    assert error.title == "Can't reach Amazon S3"
    assert "name could not be looked up" in error.hint
    assert "s3.no-such-host.invalid" in error.details
