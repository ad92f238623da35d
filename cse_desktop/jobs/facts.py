"""What an inspection found, as values for JSON: the same in the window and on the command line."""

from __future__ import annotations

import base64

from cse_desktop.core.envelope import Envelope
from cse_desktop.core.inspection import Inspection, Kind


def facts_of(found: Inspection) -> dict[str, object]:
    """The facts of an inspection by name; no key material but the wrapped key."""
    head, envelope = found.head, found.envelope
    values: dict[str, object] = {
        "place": str(head.ref),
        "summary": found.summary,
        "kind": found.kind.value,
        "is_readable": found.kind is Kind.ENCRYPTED and not found.problem,
        "problem": found.problem,
        "hint": found.hint,
        "switches": list(found.switches),
        "size": found.size,
        "size_is_exact": found.size_is_exact,
        "stored_size": head.size,
        "etag": head.etag,
        "version": head.version,
        "modified": head.modified.isoformat() if head.modified else "",
        "storage_class": head.storage_class,
        "content_type": head.content_type,
        "server_side_encryption": head.server_side_encryption,
        "metadata": dict(head.metadata),
    }
    if envelope is not None:
        values["envelope"] = _envelope_facts(envelope)
    return values


def _envelope_facts(envelope: Envelope) -> dict[str, object]:
    return {
        "format": envelope.format.value,
        "suite": envelope.suite.value,
        "wrapping": envelope.wrapping.value,
        "wrapped_key": _base64(envelope.wrapped_key),
        "context": dict(envelope.context),
        "nonce": _base64(envelope.nonce),
        "commitment": _base64(envelope.commitment),
        "place": envelope.place,
    }


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()
