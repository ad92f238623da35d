"""The sandbox's own process: moto behind the layers of this package, on a loopback port.

It says where it listens in one line of JSON on standard output, and ends when standard input
ends: when its parent stops it, crashes or is killed. (A death signal from Linux would not do: it
comes when the thread that started the process ends, and that may be any worker.)
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import threading
from typing import Final

from moto.kms.models import kms_backends
from moto.kms.utils import RESERVED_ALIASE_TARGET_KEY_IDS, RESERVED_ALIASES
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.s3.models import s3_backends
from moto.sts.models import sts_backends

from cse_desktop.core.session import Connection, Credentials, open_session
from cse_desktop.sandbox import ACCOUNT, CONNECTION_NAME, REGION
from cse_desktop.sandbox.bodies import Bodies, keep_bodies_on_disk
from cse_desktop.sandbox.guard import Guard
from cse_desktop.sandbox.kms_rules import KmsRules
from cse_desktop.sandbox.seed import seed
from cse_desktop.sandbox.wire import listen

ROLE: Final = "sandbox"
PERSON: Final = "you"
_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def main() -> None:
    """Serve until standard input ends."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.umask(0o077)
    keep_bodies_on_disk()
    _forget_reserved_aliases()
    credentials = _draw_credentials()
    caller = _sign_in(credentials)
    app = DomainDispatcherApplication(create_backend_app)
    s3 = s3_backends[ACCOUNT]["aws"]
    kms = kms_backends[ACCOUNT][REGION]
    rules = KmsRules(Bodies(app, s3), kms, caller)
    server = listen(Guard(rules, credentials))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.port}"
    connection = Connection(
        CONNECTION_NAME, region=REGION, s3_endpoint=endpoint, kms_endpoint=endpoint
    )
    seed(open_session(connection, credentials), s3, kms, rules)
    ready = {
        "pid": os.getpid(),
        "port": server.port,
        "access_key": credentials.access_key,
        "secret_key": credentials.secret_key,
    }
    print(json.dumps(ready), flush=True)
    threading.Event().wait()


def _end_with_parent() -> None:
    """Wait until standard input ends, then end at once: there is nothing to put in order."""
    # Unbuffered, because the lock of a buffered reader would stop the interpreter's shutdown.
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os._exit(0)


def _draw_credentials() -> Credentials:
    name = "".join(secrets.choice(_ALPHABET) for _ in range(16))
    return Credentials(f"ASIA{name}", secrets.token_urlsafe(30))


def _sign_in(credentials: Credentials) -> str:
    """Give the access key a role with a readable name; its ARN."""
    role = sts_backends[ACCOUNT]["aws"].assume_role(
        region_name=REGION,
        role_session_name=PERSON,
        role_arn=f"arn:aws:iam::{ACCOUNT}:role/{ROLE}",
        policy="",
        duration=3600,
        external_id="",
    )
    role.access_key_id = credentials.access_key
    return role.arn


def _forget_reserved_aliases() -> None:
    """Leave out the aliases of AWS's own keys: moto lists them all, with keys that do not exist."""
    RESERVED_ALIASE_TARGET_KEY_IDS.clear()
    RESERVED_ALIASES.clear()


if __name__ == "__main__":
    main()
