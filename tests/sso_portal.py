"""IAM Identity Center as far as signing in goes: sso-oidc and sso over real HTTP.

The simulator of the other tests does not know these two services. Paths, names and errors are
those of the service models that come with the client library, which checks each answer.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests import servers

Answer = tuple[int, str, dict[str, Any]]


@dataclass(slots=True)
class SsoPortal:
    """One portal; a test plays the person in the browser.

    Attributes:
        confirmed: whether that person has confirmed the code.
        refused: or refused it.
        tokens: those that are good.
        requests: the path of each request.
    """

    url: str = ""
    confirmed: bool = False
    refused: bool = False
    slow_downs: int = 0
    tokens: set[str] = field(default_factory=set)
    requests: list[str] = field(default_factory=list)
    scopes: list[str] = field(default_factory=list)
    _count: int = 0

    @property
    def start_url(self) -> str:
        """What a profile or a connection names."""
        return f"{self.url}/start"

    def end_all_sessions(self) -> None:
        """From now on nobody is signed in."""
        self.tokens.clear()
        self.confirmed = False

    def answer(self, path: str, query: dict[str, list[str]], token: str, body: Any) -> Answer:
        """What the services say."""
        self.requests.append(path)
        if body is not None:
            return self._sign_in(path, body)
        if token not in self.tokens:
            return 401, "UnauthorizedException", {"message": "Session token not found or invalid"}
        return self._give(path, query)

    def _sign_in(self, path: str, body: Any) -> Answer:
        """The service sso-oidc."""
        match path:
            case "/client/register":
                self.scopes = body.get("scopes", [])
                ends = int(time.time()) + 90 * 86_400
                return _ok(clientId="a-client", clientSecret="c-secret", clientSecretExpiresAt=ends)
            case "/device_authorization":
                assert body["startUrl"] == self.start_url
                return _ok(
                    deviceCode="a-device",
                    userCode="WDJB-MJHT",
                    verificationUri=f"{self.url}/device",
                    verificationUriComplete=f"{self.url}/device?user_code=WDJB-MJHT",
                    expiresIn=600,
                    interval=1,
                )
            case "/token":
                return self._token(body)
        return 404, "ResourceNotFoundException", {"message": path}

    def _give(self, path: str, query: dict[str, list[str]]) -> Answer:
        """The service sso, to somebody who is signed in."""
        match path:
            case "/federation/credentials":
                keys = {
                    "accessKeyId": servers.ACCESS_KEY,
                    "secretAccessKey": servers.SECRET_KEY,
                    "sessionToken": f"for {query['role_name'][0]}",
                    "expiration": int((time.time() + 3600) * 1000),
                }
                return _ok(roleCredentials=keys)
            case "/assignment/accounts":
                accounts = [{"accountId": servers.ACCOUNT, "accountName": "Payroll"}]
                return _ok(accountList=accounts)
            case "/assignment/roles":
                account = query["account_id"][0]
                roles = [{"roleName": name, "accountId": account} for name in ("auditor", "clerk")]
                return _ok(roleList=roles)
        return 404, "ResourceNotFoundException", {"message": path}

    def _token(self, body: Any) -> Answer:
        if body["grantType"] == "refresh_token":
            return 400, "InvalidGrantException", {"error": "invalid_grant"}
        assert (body["deviceCode"], body["clientSecret"]) == ("a-device", "c-secret")
        if self.slow_downs:
            self.slow_downs -= 1
            return 400, "SlowDownException", {"error": "slow_down"}
        if self.refused or not self.confirmed:
            refusal = ("AccessDeniedException", {"error": "access_denied"})
            pending = ("AuthorizationPendingException", {"error": "authorization_pending"})
            return 400, *(refusal if self.refused else pending)
        self._count += 1
        token = f"token-{self._count}"
        self.tokens.add(token)
        return _ok(accessToken=token, tokenType="Bearer", expiresIn=28_800)


def _ok(**values: Any) -> Answer:
    return 200, "", values


@contextlib.contextmanager
def running() -> Iterator[SsoPortal]:
    """A portal on loopback."""
    portal = SsoPortal()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self._reply(json.loads(self.rfile.read(length) or b"{}"))

        def do_GET(self) -> None:
            self._reply(None)

        def _reply(self, body: Any) -> None:
            parts = urlsplit(self.path)
            token = self.headers.get("x-amz-sso_bearer_token", "")
            status, error, values = portal.answer(parts.path, parse_qs(parts.query), token, body)
            data = json.dumps(values).encode()
            self.send_response(status)
            if error:
                self.send_header("x-amzn-ErrorType", error)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    portal.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield portal
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
