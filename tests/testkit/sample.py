"""A sound object and all that reading it takes; faults are put into copies of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tests.testkit import material
from tests.testkit.material import b64, fixed

ACCOUNT = "111122223333"
KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/0a1b2c3d-0000-4000-8000-000000000001"
SECOND_KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/0a1b2c3d-0000-4000-8000-000000000002"
FOREIGN_KEY = "arn:aws:kms:eu-central-1:444455556666:key/0a1b2c3d-0000-4000-8000-00000000000f"

CEK_ALG = "aws:x-amz-cek-alg"
GCM_NAME = "AES/GCM/NoPadding"
CBC_NAME = "AES/CBC/PKCS5Padding"
USER_CONTEXT = {"department": "payroll", "tenant": "42"}
OLD_CONTEXT = {"kms_cmk_id": "alias/old-key"}

ALL_SWITCHES = ("v2", "kms-wrap", "cbc", "instruction-file")


@dataclass(frozen=True, slots=True)
class Grant:
    """One data key that KMS once wrapped: what it takes to unwrap it, and what comes out."""

    wrapped_key: bytes
    context: Mapping[str, str] = field(hash=False)
    data_key: bytes
    key_id: str = KEY


@dataclass(frozen=True, slots=True)
class Sample:
    """An object in S3, and what its reader needs.

    Attributes:
        metadata: pairs, since a fault may be that a name stands there twice.
        instruction: bytes of the instruction file, or None.
        grants: what KMS knows; the first is the one of this object.
        switches: the least that must be allowed to read it.
    """

    metadata: tuple[tuple[str, str], ...]
    body: bytes
    plaintext: bytes
    grants: tuple[Grant, ...]
    switches: tuple[str, ...] = ()
    instruction: bytes | None = None

    @property
    def fields(self) -> dict[str, str]:
        """The metadata as a mapping."""
        return dict(self.metadata)

    def having(self, values: Mapping[str, str]) -> Sample:
        """With other values, or further names at the end."""
        return replace(self, metadata=tuple({**self.fields, **values}.items()))

    def lacking(self, *names: str) -> Sample:
        """Without some names."""
        return replace(self, metadata=tuple(p for p in self.metadata if p[0] not in names))

    def with_body(self, body: bytes) -> Sample:
        """With another body."""
        return replace(self, body=body)

    def with_grants(self, *grants: Grant) -> Sample:
        """With other knowledge of KMS."""
        return replace(self, grants=grants)

    def moved(self, *names: str, text: str | None = None) -> Sample:
        """With an instruction file that holds `names` (else all), or that is `text`."""
        chosen = names or tuple(self.fields)
        content = {name: self.fields[name] for name in chosen}
        rest = self.lacking(*chosen)
        switches = (*self.switches, "instruction-file")
        instruction = (json_text(content) if text is None else text).encode()
        return replace(rest, instruction=instruction, switches=switches)


def json_text(value: object) -> str:
    """JSON as most writers spell it: no blanks, ASCII."""
    return json.dumps(value, separators=(",", ":"))


def grant(
    label: str, context: Mapping[str, str], size: int = 32, wrapped: int = 96, key_id: str = KEY
) -> Grant:
    """A data key of `size` bytes, wrapped for this context into `wrapped` opaque bytes."""
    bound = json_text([label, dict(context), size, key_id])
    return Grant(fixed(f"wrapped {bound}", wrapped), context, fixed(f"key {label}", size), key_id)


def v3(
    plaintext: bytes, user: Mapping[str, str] = USER_CONTEXT, label: str = "v3", **of: int
) -> Sample:
    """A committing object."""
    context = {**user, CEK_ALG: "115"}
    made = grant(label, context, **of)
    message_id = fixed(f"message id {label} {len(plaintext)}", 28)
    metadata = {
        "x-amz-c": "115",
        "x-amz-3": b64(made.wrapped_key),
        "x-amz-w": "12",
        "x-amz-d": b64(material.commitment(made.data_key, message_id)),
        "x-amz-i": b64(message_id),
        "x-amz-t": json_text(context),
    }
    body = material.v3_body(made.data_key, message_id, plaintext)
    return Sample(tuple(metadata.items()), body, plaintext, (made,))


def v2(
    plaintext: bytes, user: Mapping[str, str] = USER_CONTEXT, label: str = "v2", **of: int
) -> Sample:
    """kms+context and GCM."""
    made = grant(label, {**user, CEK_ALG: GCM_NAME}, **of)
    iv = fixed(f"iv {label} {len(plaintext)}", 12)
    body = material.gcm_body(made.data_key, iv, plaintext)
    metadata = _v2_metadata(made, iv, "kms+context", GCM_NAME)
    return Sample(metadata, body, plaintext, (made,), ("v2",))


def kms_gcm(
    plaintext: bytes, context: Mapping[str, str] = OLD_CONTEXT, label: str = "kms gcm", **of: int
) -> Sample:
    """Wrapped as kms, content in GCM."""
    made = grant(label, context, **of)
    iv = fixed(f"iv {label} {len(plaintext)}", 12)
    body = material.gcm_body(made.data_key, iv, plaintext)
    return Sample(
        _v2_metadata(made, iv, "kms", GCM_NAME), body, plaintext, (made,), ("v2", "kms-wrap")
    )


def kms_cbc(
    plaintext: bytes, context: Mapping[str, str] = OLD_CONTEXT, label: str = "kms cbc", **of: int
) -> Sample:
    """Wrapped as kms, content in CBC."""
    made = grant(label, context, **of)
    iv = fixed(f"iv {label} {len(plaintext)}", 16)
    body = material.cbc_body(made.data_key, iv, plaintext)
    metadata = _v2_metadata(made, iv, "kms", CBC_NAME)
    return Sample(metadata, body, plaintext, (made,), ("v2", "kms-wrap", "cbc"))


def _v2_metadata(
    made: Grant, iv: bytes, wrapping: str, content: str
) -> tuple[tuple[str, str], ...]:
    metadata = {
        "x-amz-key-v2": b64(made.wrapped_key),
        "x-amz-iv": b64(iv),
        "x-amz-cek-alg": content,
        "x-amz-wrap-alg": wrapping,
        "x-amz-matdesc": json_text(dict(made.context)),
    }
    if content == GCM_NAME:
        metadata["x-amz-tag-len"] = "128"
    return tuple(metadata.items())


BASES = {"v3": v3, "v2": v2, "kms-gcm": kms_gcm, "kms-cbc": kms_cbc}
PLAINTEXT = fixed("plaintext", 40)
