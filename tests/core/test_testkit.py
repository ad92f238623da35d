"""Our own objects with one fault each: `tests/vectors/testkit`, read by the verbs of the program.

All of them are read from a shelf in memory, since no server takes line breaks, NULs or 66,000
characters as metadata; `test_testkit_on_servers` reads a part of them from real ones.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.errors import (
    CseError,
    NotAllowed,
    NotEncrypted,
    NotFound,
    OtherFormat,
)
from cse_desktop.core.objects import Head, ObjectRef
from cse_desktop.core.progress import CancelToken
from cse_desktop.core.session import Connection, Session
from tests import servers
from tests.kit_cases import (
    BUCKET,
    KEY,
    KINDS,
    MEBIBYTE,
    Line,
    blob,
    lines,
    manifest,
    named,
    policy_of,
    suffix_of,
)
from tests.offline_kms import OfflineKms, offline_kms
from tests.testkit.kit import FOLDER, kit

NEXT_STEP = re.compile(r"\b(Ask|Turn on|turn on|Open|Download|Use|Compare|Tell|Add) \w")


@dataclass(frozen=True)
class Shelf:
    """S3 with one object and perhaps its instruction file, in the shape of `ObjectStore`."""

    case: Line

    def head(self, ref: ObjectRef) -> Head:
        body = self._body(ref)
        metadata = dict(self.case["metadata"]) if ref.key == KEY else {}
        return Head(ref, len(body), '"etag"', datetime.now(UTC), metadata)

    def get_into(
        self, ref: ObjectRef, etag: str, first: int, out: memoryview, cancel: CancelToken
    ) -> int:
        piece = self._body(ref)[first : first + len(out)]
        out[: len(piece)] = piece
        return len(piece)

    def during(self, *_of_one_transfer: object) -> Shelf:
        return self

    @property
    def hasty(self) -> Shelf:
        return self

    def _body(self, ref: ObjectRef) -> bytes:
        if ref.key == KEY:
            return blob(self.case["body"])
        if ref.key == KEY + suffix_of(self.case) and "instruction" in self.case:
            return blob(self.case["instruction"])
        raise NotFound("There is no such object")


@dataclass(frozen=True)
class Reader:
    """The program, with a shelf in the place of S3 and the kit's table in the place of KMS."""

    kms: OfflineKms
    signed_in: Callable[[Connection], Session]

    def read(self, case: Line) -> bytes:
        connection = Connection(
            "testkit",
            region=servers.REGION,
            s3_endpoint=self.kms.url,
            kms_endpoint=self.kms.url,
            allowed_keys=tuple(case["keys"]),
            policy=policy_of(case),
        )
        session: Any = copy(self.signed_in(connection))
        session.store = Shelf(case)
        return bytes(transfer.read(session, ObjectRef(BUCKET, KEY), limit=MEBIBYTE))

    def refusal_of(self, case: Line) -> CseError:
        with pytest.raises(CseError) as raised:
            self.read(case)
        return raised.value


@pytest.fixture(scope="module")
def table() -> Iterator[OfflineKms]:
    with offline_kms() as server:
        server.keys = {
            (known["wrapped_key"], frozenset(known["context"].items())): (
                known["key_id"],
                bytes.fromhex(known["data_key"]),
            )
            for known in manifest()["kms"]
        }
        yield server


@pytest.fixture
def reader(table: OfflineKms, signed_in: Callable[[Connection], Session]) -> Reader:
    return Reader(table, signed_in)


def test_the_kit_on_disk_is_what_its_program_makes() -> None:
    files = [path for path in FOLDER.rglob("*") if path.is_file() and path.name != "README.md"]

    assert {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in files} == kit()


def test_the_kit_is_small_and_every_case_has_a_name_of_its_own() -> None:
    ids = Counter(case["id"] for case in lines())
    names = [[name for name, _value in case["metadata"]] for case in lines()]

    assert max(ids.values()) == 1
    assert all(len(set(found)) == len(found) for found in names)
    assert len(ids) == manifest()["count"] >= 300
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < MEBIBYTE
    assert {case.get("reason") for case in lines()} == {None, *KINDS}


@pytest.mark.parametrize("case", named(lines("")))
def test_sound_object_is_read(reader: Reader, case: Line) -> None:
    found = reader.read(case)

    assert hashlib.sha256(found).hexdigest() == case["sha256"]
    assert len(found) == case["length"]


@pytest.mark.parametrize("case", named(c for c in lines("") if not c["id"].endswith("-all-on")))
def test_sound_object_is_refused_while_one_switch_it_needs_is_off(
    reader: Reader, case: Line
) -> None:
    for switch in case["allow"]:
        allow = [other for other in case["allow"] if other != switch]
        refusal = reader.refusal_of({**case, "allow": allow})
        is_blind = switch == "instruction-file" and isinstance(refusal, NotEncrypted | OtherFormat)
        assert isinstance(refusal, NotAllowed) or is_blind, refusal


@pytest.mark.parametrize("case", named(c for c in lines() if c["expect"] == "refuse"))
def test_object_with_a_fault_is_refused_for_its_reason(reader: Reader, case: Line) -> None:
    refusal = reader.refusal_of(case)

    assert type(refusal) is KINDS[case["reason"]], refusal
    assert refusal.title
    assert NEXT_STEP.search(refusal.hint), refusal.hint


def test_all_failures_of_cbc_are_told_alike(reader: Reader) -> None:
    told = {(str(refusal), refusal.details) for refusal in map(reader.refusal_of, lines("cbc"))}

    assert len(told) == 1


def test_kms_is_not_asked_about_an_object_that_is_refused_without_it(reader: Reader) -> None:
    before = reader.kms.decrypts

    for case in lines("no-envelope", "raw-key", "policy", "context", "no-instruction-file"):
        reader.refusal_of(case)

    assert reader.kms.decrypts == before
