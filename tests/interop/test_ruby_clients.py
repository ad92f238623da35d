"""Objects go both ways between this program and the Ruby clients that Debian ships.

They are from before V3: the V1 client writes `kms` wrapping and CBC, the V2 client V2.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.envelope import INSTRUCTION_FILE, METADATA, Format
from cse_desktop.core.errors import NotAllowed, NotEncrypted, OtherFormat
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.policy import ReadPolicy
from cse_desktop.core.session import Connection, Session
from tests.interop.ruby import Ruby

KEY = "folder/a name with spaces & ü.bin"
MIB = 1024 * 1024
SIZES = [0, 1, 15, 16, 17, 31, 32, 1000, MIB, MIB + 1]
LARGE = 8 * MIB + 5  # of ours it takes two parts
CONTEXTS: list[dict[str, str]] = [
    {},
    {"department": "payroll", "Zone": "eu west/1", "a": ""},
    {"naïve": "Zürich", "город": "Москва 🔑"},
]

sizes = pytest.mark.parametrize("size", [*SIZES, LARGE])
contexts = pytest.mark.parametrize("context", CONTEXTS, ids=["none", "ascii", "unicode"])
places = pytest.mark.parametrize("instruction", [False, True], ids=["metadata", "instruction"])


@pytest.fixture
def ref(bucket: str) -> ObjectRef:
    return ObjectRef(bucket, KEY)


@pytest.fixture
def allowing(
    signed_in: Callable[[Connection], Session], connection: Connection
) -> Callable[..., Session]:
    """A session with some switches on."""
    return lambda **switches: signed_in(replace(connection, policy=ReadPolicy(**switches)))


@pytest.fixture
def plain(tmp_path: Path, size: int) -> Path:
    """A file of `size` bytes that do not compress or repeat."""
    file = tmp_path / "plain.bin"
    file.write_bytes(random.Random(size).randbytes(size))
    return file


@pytest.fixture
def back(tmp_path: Path) -> Path:
    """Where the object is brought back to."""
    return tmp_path / "back.bin"


def same(left: Path, right: Path) -> bool:
    return left.read_bytes() == right.read_bytes()


@sizes
@contexts
@places
@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_we_read_what_the_v2_client_writes(
    ruby: Ruby,
    allowing: Callable[..., Session],
    ref: ObjectRef,
    plain: Path,
    back: Path,
    context: dict[str, str],
    instruction: bool,
) -> None:
    ruby.put(plain, "v2", key=KEY, instruction=instruction, context=context)
    demanded = tuple(context.items())
    session = allowing(instruction_files=instruction, required_context=demanded)

    opened = transfer.download(session, ref, back)

    assert same(back, plain)
    assert opened.envelope.format is Format.V2
    assert opened.envelope.place == (INSTRUCTION_FILE if instruction else METADATA)
    assert opened.envelope.user_context == context


@sizes
@places
@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_we_read_what_the_v1_client_writes_once_its_switches_are_on(
    ruby: Ruby,
    allowing: Callable[..., Session],
    ref: ObjectRef,
    plain: Path,
    back: Path,
    kms_key: str,
    instruction: bool,
) -> None:
    ruby.put(plain, "v1", key=KEY, instruction=instruction)
    session = allowing(kms_wrap=True, cbc=True, instruction_files=instruction)

    opened = transfer.download(session, ref, back)

    assert same(back, plain)
    assert opened.size == plain.stat().st_size
    assert opened.envelope.format is Format.V1
    assert opened.envelope.context == {"kms_cmk_id": kms_key}


@pytest.mark.parametrize("size", [100])
@places
@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_we_refuse_what_the_v1_client_writes_by_default(
    ruby: Ruby, session: Session, ref: ObjectRef, plain: Path, instruction: bool
) -> None:
    ruby.put(plain, "v1", key=KEY, instruction=instruction)

    with pytest.raises((NotAllowed, NotEncrypted, OtherFormat), match="Settings > Encryption"):
        transfer.verify(session, ref)


@sizes
@contexts
@pytest.mark.parametrize("generation", ["v1", "v2"])
@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_the_ruby_clients_read_what_we_write_as_v2(
    ruby: Ruby,
    signed_in: Callable[[Connection], Session],
    connection: Connection,
    ref: ObjectRef,
    plain: Path,
    back: Path,
    kms_key: str,
    context: dict[str, str],
    generation: str,
) -> None:
    session = signed_in(replace(connection, write_format=Format.V2))
    transfer.upload(session, plain, ref, kms_key, context)

    ruby.get(back, generation, key=KEY, context=context)

    assert same(back, plain)


@pytest.mark.parametrize("size", [100])
@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_the_v2_client_refuses_our_v2_object_under_another_context(
    ruby: Ruby,
    signed_in: Callable[[Connection], Session],
    connection: Connection,
    ref: ObjectRef,
    plain: Path,
    back: Path,
    kms_key: str,
) -> None:
    session = signed_in(replace(connection, write_format=Format.V2))
    transfer.upload(session, plain, ref, kms_key, {"department": "payroll"})

    with pytest.raises(RuntimeError, match="encryption context"):
        ruby.get(back, key=KEY, context={"department": "sales"})


@pytest.mark.parametrize("size", [100])
@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_the_v2_client_cannot_read_v3_and_says_so(
    ruby: Ruby, session: Session, ref: ObjectRef, plain: Path, back: Path, kms_key: str
) -> None:
    transfer.upload(session, plain, ref, kms_key, {})

    with pytest.raises(RuntimeError, match="unable to locate encryption envelope"):
        ruby.get(back, key=KEY)
