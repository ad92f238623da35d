"""Who answers a sign-in chooses the account: the environment has no say in that."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from cse_desktop.core.errors import CseError
from cse_desktop.core.session import Connection, open_session

CONFIG = """
[profile payroll]
region = eu-west-1
role_arn = arn:aws:iam::111122223333:role/payroll-ops
source_profile = keys

[profile keys]
aws_access_key_id = AKIAEXAMPLE
aws_secret_access_key = secret
"""


class Listener(HTTPServer):
    """Counts who comes by, and answers nobody well."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                listener.requests.append(self.path)
                self.send_error(400)

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        super().__init__(("127.0.0.1", 0), Handler)


@pytest.mark.logs_warnings  # of botocore, about the credentials it did not get
def test_an_address_in_the_environment_never_answers_a_sign_in(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / ".aws").mkdir()
    (home / ".aws" / "config").write_text(CONFIG)
    listener = Listener()
    thread = threading.Thread(target=listener.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{listener.server_port}"
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS"):
        monkeypatch.setenv(name, address)
    # Every other way out leads to a closed door at once, so the test needs no network.
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    try:
        with pytest.raises(CseError):
            open_session(Connection("payroll", "payroll")).identity()
    finally:
        listener.shutdown()
        thread.join()
        listener.server_close()

    assert listener.requests == []
