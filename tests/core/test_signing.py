"""Our signatures are those of the client library, for any request."""

from __future__ import annotations

import time
from hashlib import sha256

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials
from hypothesis import given
from hypothesis import strategies as st

from cse_desktop.core.signing import UNSIGNED, Signer, path_of, query_of

KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
VALUES = st.text("abc XYZ09-_.~/+=:@\t", max_size=30)
NAMES = st.from_regex(r"x-amz-meta-[a-z0-9-]{1,12}", fullmatch=True)
HOST = "bucket.s3.eu-central-1.amazonaws.com"


def signed_by_library(
    service: str,
    method: str,
    url: str,
    headers: dict[str, str],
    payload: str,
    access: ReadOnlyCredentials,
    moment: str,
) -> str:
    request = AWSRequest(method=method, url=url, headers=headers)
    request.context["timestamp"] = moment
    auth = {"s3": S3SigV4Auth, "kms": SigV4Auth}[service](access, service, "eu-central-1")
    request.headers["X-Amz-Date"] = moment
    request.headers["X-Amz-Content-SHA256"] = payload
    if access.token:
        request.headers["X-Amz-Security-Token"] = access.token
    text = auth.string_to_sign(request, auth.canonical_request(request))
    return str(auth.signature(text, request))


@given(
    key=KEYS,
    query=st.dictionaries(st.sampled_from(["partNumber", "uploadId", "versionId"]), KEYS),
    headers=st.dictionaries(NAMES, VALUES, max_size=5),
    body=st.none() | st.binary(max_size=50),
    token=st.none() | st.just("a/token+of=a session"),
    moment=st.floats(0, 4e9),
)
def test_a_signature_is_the_one_of_the_client_library(
    key: str,
    query: dict[str, str],
    headers: dict[str, str],
    body: bytes | None,
    token: str | None,
    moment: float,
) -> None:
    access = ReadOnlyCredentials("AKIA0", "a secret/of+letters", token)
    payload = UNSIGNED if body is None else sha256(body).hexdigest()
    path, text = f"/{path_of(key)}", query_of(query)
    headers = {"host": HOST, **headers}

    ours = Signer("eu-central-1", "s3").sign("PUT", path, text, headers, payload, access, moment)

    theirs = signed_by_library(
        "s3",
        "PUT",
        f"https://{HOST}{path}" + (f"?{text}" if text else ""),
        headers,
        payload,
        access,
        time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(moment)),
    )
    assert ours["authorization"].endswith(f"Signature={theirs}")


def test_a_signer_follows_the_day_and_the_access_key() -> None:
    signer = Signer("eu-central-1", "kms")
    first, second = (ReadOnlyCredentials(name, f"of {name}", None) for name in ("A", "B"))
    seen = [
        signer.sign("POST", "/", "", {"host": "h"}, UNSIGNED, access, moment)["authorization"]
        for access in (first, second)
        for moment in (0, 86_400, 0)
    ]

    assert len(set(seen)) == 4
    assert seen[0] == seen[2]
    assert "19700102/eu-central-1/kms" in seen[1]


def test_nothing_of_the_secret_is_shown() -> None:
    signer = Signer("eu-central-1", "s3")
    signer.sign("GET", "/", "", {"host": "h"}, UNSIGNED, ReadOnlyCredentials("A", "secret", None))

    assert "secret" not in repr(signer._day)
