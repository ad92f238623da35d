"""Ours and the peers: how each is told to send and to fetch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.places import Place

PEERS: Final = Path(os.environ.get("BENCH_ENV", ".venv-bench")) / "bin"
CSE: Final = Path(sys.executable).with_name("cse")
SCRIPT: Final = Path(__file__).with_name("python_clients.py")


@dataclass(frozen=True, slots=True)
class Work:
    """Something to transfer.

    Attributes:
        path: of a file or a folder on this computer.
        key: of the object, or the prefix of a folder with a "/" at its end.
    """

    path: Path
    key: str

    @property
    def is_folder(self) -> bool:
        return self.key.endswith("/")


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that transfers.

    Attributes:
        up, down: give the command.
        env: more variables of the environment.
    """

    name: str
    up: Callable[[Place, Work], list[str]]
    down: Callable[[Place, Work], list[str]]
    env: Callable[[Place], Mapping[str, str]] = field(default=lambda _place: {})


def _url(place: Place, work: Work) -> str:
    return f"s3://{place.bucket}/{work.key}"


def _cse(place: Place) -> list[str]:
    return ["--s3-endpoint", place.s3, "--kms-endpoint", place.kms, "--quiet"]


def _cse_up(place: Place, work: Work) -> list[str]:
    folder = ["-r"] if work.is_folder else []
    key = ["--kms-key", place.kms_key, "--if-exists", "replace"]
    return [str(CSE), "put", *folder, str(work.path), _url(place, work), *key, *_cse(place)]


def _cse_down(place: Place, work: Work) -> list[str]:
    folder = ["-r"] if work.is_folder else []
    more = ["--if-exists", "replace", *_cse(place)]
    return [str(CSE), "get", *folder, _url(place, work), str(work.path), *more]


def _s5cmd(place: Place) -> list[str]:
    return [str(PEERS / "s5cmd"), "--log", "error", "--endpoint-url", place.s3, "cp"]


def _s5cmd_up(place: Place, work: Work) -> list[str]:
    source = f"{work.path}/" if work.is_folder else str(work.path)
    return [*_s5cmd(place), source, _url(place, work)]


def _s5cmd_down(place: Place, work: Work) -> list[str]:
    if work.is_folder:
        return [*_s5cmd(place), f"{_url(place, work)}*", f"{work.path}/"]
    return [*_s5cmd(place), _url(place, work), str(work.path)]


def _aws(place: Place, source: str, target: str, work: Work) -> list[str]:
    folder = ["--recursive"] if work.is_folder else []
    more = ["--only-show-errors", "--endpoint-url", place.s3, "--ca-bundle", str(place.ca)]
    return [str(PEERS / "aws"), "s3", "cp", *folder, *more, source, target]


def _rclone(remote: str, action: str, place: Place, work: Work) -> list[str]:
    name = f"{remote}:{work.key}" if remote == "crypt" else f"{remote}:{place.bucket}/{work.key}"
    ends = [str(work.path), name] if action == "up" else [name, str(work.path)]
    verb = "copy" if work.is_folder else "copyto"
    # Else it would see that everything is there already, and do nothing.
    more = ["--ignore-times", *(["--transfers", "16"] if work.is_folder else [])]
    return [str(PEERS / "rclone"), verb, *more, *ends, "--ca-cert", str(place.ca)]


def _rclone_env(place: Place) -> Mapping[str, str]:
    password = subprocess.run(
        [str(PEERS / "rclone"), "obscure", "of-the-benchmarks"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    return {
        "RCLONE_CONFIG": "/dev/null",
        "RCLONE_CONFIG_PLAIN_TYPE": "s3",
        "RCLONE_CONFIG_PLAIN_PROVIDER": "Other",
        "RCLONE_CONFIG_PLAIN_ENV_AUTH": "true",
        "RCLONE_CONFIG_PLAIN_ENDPOINT": place.s3,
        "RCLONE_CONFIG_PLAIN_NO_CHECK_BUCKET": "true",
        "RCLONE_CONFIG_CRYPT_TYPE": "crypt",
        "RCLONE_CONFIG_CRYPT_REMOTE": f"plain:{place.bucket}/crypt",
        "RCLONE_CONFIG_CRYPT_FILENAME_ENCRYPTION": "off",
        "RCLONE_CONFIG_CRYPT_DIRECTORY_NAME_ENCRYPTION": "false",
        "RCLONE_CONFIG_CRYPT_PASSWORD": password,
    }


def _python(kind: str, action: str, place: Place, work: Work) -> list[str]:
    task = {
        "client": kind,
        "do": action,
        "s3": place.s3,
        "kms": place.kms,
        "kms_key": place.kms_key,
        "bucket": place.bucket,
        "key": work.key,
        "path": str(work.path),
    }
    return [str(PEERS / "python"), str(SCRIPT), json.dumps(task)]


CSE_TOOL: Final = Tool("cse", _cse_up, _cse_down)
TOOLS: Final = {
    tool.name: tool
    for tool in (
        CSE_TOOL,
        Tool("s5cmd", _s5cmd_up, _s5cmd_down),
        Tool(
            "aws",
            lambda place, work: _aws(place, str(work.path), _url(place, work), work),
            lambda place, work: _aws(place, _url(place, work), str(work.path), work),
        ),
        Tool(
            "rclone",
            lambda place, work: _rclone("plain", "up", place, work),
            lambda place, work: _rclone("plain", "down", place, work),
            _rclone_env,
        ),
        Tool(
            "rclone crypt",
            lambda place, work: _rclone("crypt", "up", place, work),
            lambda place, work: _rclone("crypt", "down", place, work),
            _rclone_env,
        ),
        Tool(
            "boto3",
            lambda place, work: _python("boto3", "up", place, work),
            lambda place, work: _python("boto3", "down", place, work),
        ),
        Tool(
            "official",
            lambda place, work: _python("official", "up", place, work),
            lambda place, work: _python("official", "down", place, work),
        ),
    )
}
