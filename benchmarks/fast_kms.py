"""A KMS that answers GenerateDataKey and Decrypt in a tenth of a millisecond, and knows STS.

    python -m benchmarks.fast_kms PORT [--latency-ms N]

moto needs four milliseconds of processor time for each call, which would hide all clients behind
it. Real envelopes: AES-GCM with the encryption context as associated data, under one key that is
the same each time, so that objects outlive the server. Signatures are not looked at.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import socket
import time
from hashlib import sha256
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.null_s3 import BLOCK, Gone, Wire, serve

ACCOUNT: Final = "123456789012"
KEY_ID: Final = "11111111-2222-3333-4444-555555555555"
KEY_ARN: Final = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{KEY_ID}"
_MASTER: Final = AESGCM(sha256(b"the key of the benchmarks").digest())
_IDENTITY: Final = (
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
    f"<GetCallerIdentityResult><Arn>arn:aws:iam::{ACCOUNT}:user/bench</Arn><UserId>B</UserId>"
    f"<Account>{ACCOUNT}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>1"
    "</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
)


def perform(operation: str, asked: dict[str, Any]) -> dict[str, Any]:
    """The answer of KMS."""
    context = json.dumps(asked.get("EncryptionContext", {}), sort_keys=True).encode()
    if operation == "GenerateDataKey":
        nonce, plain = os.urandom(12), os.urandom(32)
        wrapped = nonce + _MASTER.encrypt(nonce, plain, context)
        return {"CiphertextBlob": _text(wrapped), "Plaintext": _text(plain), "KeyId": KEY_ARN}
    if operation == "Decrypt":
        blob = base64.b64decode(asked["CiphertextBlob"])
        plain = _MASTER.decrypt(blob[:12], blob[12:], context)
        return {"Plaintext": _text(plain), "KeyId": KEY_ARN, "EncryptionAlgorithm": "SYMMETRIC"}
    raise KeyError(operation)


def handler(latency_s: float) -> Any:
    """Serves one connection."""

    def handle(sock: socket.socket) -> None:
        wire, block = Wire(sock), memoryview(bytearray(BLOCK))
        try:
            while True:
                asked = wire.request()
                body = b"".join(bytes(piece) for piece in wire.body(asked.length, block))
                if latency_s:
                    time.sleep(latency_s)
                operation = asked.head.get("x-amz-target", "").rpartition(".")[2]
                if not operation:
                    wire.answer(200, _IDENTITY.encode(), Content_Type="text/xml")
                    continue
                try:
                    answer, status = perform(operation, json.loads(body)), 200
                except (InvalidTag, KeyError):
                    answer, status = {"__type": "InvalidCiphertextException"}, 400
                wire.answer(
                    status, json.dumps(answer).encode(), Content_Type="application/x-amz-json-1.1"
                )
        except (Gone, OSError):
            sock.close()

    return handle


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--latency-ms", type=float, default=0)
    options = parser.parse_args()
    serve(options.port, handler(options.latency_ms / 1000), None)


if __name__ == "__main__":
    main()
