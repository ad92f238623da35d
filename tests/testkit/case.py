"""A case: a sample, what is wrong with it, and what a reader must do."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.testkit.sample import ALL_SWITCHES, KEY, Grant, Sample


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the manifest.

    Attributes:
        about: what is special about it, as a sentence without a full stop.
        reason: "" for an object that must be read, else the class of its refusal.
        allow: switches that are on.
        required: the user's pairs that the reader demands, or None.
        keys: KMS keys that may decrypt.
        suffix: what the reader is told that names of instruction files end in; "" for the usual.
    """

    id: str
    about: str
    sample: Sample
    reason: str = ""
    allow: tuple[str, ...] = ()
    required: Mapping[str, str] | None = field(default=None, hash=False)
    keys: tuple[str, ...] = (KEY,)
    suffix: str = ""


def accept(id: str, about: str, sample: Sample, **more: Any) -> Case:  # noqa: A002
    """An object that must be read when just the switches it needs are on."""
    return Case(id, about, sample, allow=sample.switches, **more)


def refuse(id: str, about: str, reason: str, sample: Sample, **more: Any) -> Case:  # noqa: A002
    """An object that must be refused although every switch is on."""
    return Case(id, about, sample, reason, **{"allow": ALL_SWITCHES, **more})


def files_of(cases: Iterable[Case]) -> Iterator[tuple[str, bytes]]:
    """Every file of the kit: its path below the folder, and its bytes."""
    lines, grants, blobs = [], {}, {}
    for case in cases:
        lines.append(_line(case))
        for made in case.sample.grants:
            bound = (made.wrapped_key, _text(dict(made.context)))
            if grants.setdefault(bound, made) != made:
                raise ValueError(f"{case.id}: KMS would open this wrapped key in two ways")
        for content in (case.sample.body, case.sample.instruction):
            if content is not None:
                blobs[_blob(content)] = content
    about = {
        "format": "cse-desktop testkit 1",
        "bodies": "files below this folder",
        "count": len(lines),
    }
    text = [json.dumps(about)[:-1] + ', "kms": [']
    text.append(",\n".join(_text(_grant(made)) for made in grants.values()))
    text.append('], "cases": [')
    text.append(",\n".join(map(_text, lines)))
    yield "manifest.json", ("\n".join(text) + "\n]}\n").encode("ascii")
    yield from blobs.items()


def _line(case: Case) -> dict[str, Any]:
    line: dict[str, Any] = {
        "id": case.id,
        "about": case.about,
        "metadata": [list(pair) for pair in case.sample.metadata],
        "body": _blob(case.sample.body),
    }
    if case.sample.instruction is not None:
        line["instruction"] = _blob(case.sample.instruction)
    if case.suffix:
        line["suffix"] = case.suffix
    line |= {"allow": list(case.allow), "keys": list(case.keys)}
    if case.required is not None:
        line["require_context"] = dict(case.required)
    if case.reason:
        return line | {"expect": "refuse", "reason": case.reason}
    plaintext = case.sample.plaintext
    return line | {
        "expect": "accept",
        "length": len(plaintext),
        "sha256": hashlib.sha256(plaintext).hexdigest(),
    }


def _text(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _grant(made: Grant) -> dict[str, Any]:
    return {
        "wrapped_key": base64.b64encode(made.wrapped_key).decode(),
        "context": dict(made.context),
        "key_id": made.key_id,
        "data_key": made.data_key.hex(),
    }


def _blob(content: bytes) -> str:
    return f"bodies/{hashlib.sha256(content).hexdigest()[:16]}.bin"
