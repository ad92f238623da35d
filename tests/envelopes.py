"""Sound envelopes of each format, to be bent by tests."""

from __future__ import annotations

import pytest

from cse_desktop.core.envelope import RESERVED_CONTEXT_NAMES
from cse_desktop.core.errors import (
    CseError,
    Refused,
)
from cse_desktop.core.parsing import from_metadata

CEK_ALG = RESERVED_CONTEXT_NAMES[0]
V3 = {
    "x-amz-c": "115",
    "x-amz-3": "d3JhcHBlZA==",
    "x-amz-w": "12",
    "x-amz-d": "DnQZ5c+3xg1Xp0jYfAMnh0k1DJu0yXP09Agx9A==",
    "x-amz-i": "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaWw==",
    "x-amz-t": '{"a":"b","aws:x-amz-cek-alg":"115"}',
}
V2 = {
    "x-amz-key-v2": "d3JhcHBlZA==",
    "x-amz-iv": "QlYf4SJqPxUb2yjE",
    "x-amz-cek-alg": "AES/GCM/NoPadding",
    "x-amz-wrap-alg": "kms+context",
    "x-amz-matdesc": '{"a":"b","aws:x-amz-cek-alg":"AES/GCM/NoPadding"}',
    "x-amz-tag-len": "128",
}
KMS_GCM = {**V2, "x-amz-wrap-alg": "kms", "x-amz-matdesc": '{"kms_cmk_id":"alias/old"}'}
KMS_CBC = {
    **KMS_GCM,
    "x-amz-cek-alg": "AES/CBC/PKCS5Padding",
    "x-amz-iv": "1imxbPg/8yq38myMBAa+1g==",
}


def without(metadata: dict[str, str], *names: str) -> dict[str, str]:
    """A copy that lacks some names."""
    return {name: value for name, value in metadata.items() if name not in names}


def refusal(metadata: dict[str, str]) -> CseError:
    """Why metadata is refused."""
    with pytest.raises(Refused) as raised:
        from_metadata(metadata)
    return raised.value
