"""Shortcuts into moto, which runs in this process: what it cannot be asked, or not quickly."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from itertools import chain

from moto.core.model_instances import reset_model_data
from moto.kms.models import kms_backends
from moto.s3.models import FakeBucket, FakeKey, s3_backends

REGION = "us-east-1"
ACCOUNT = "123456789012"  # the account moto gives to an access key it has not issued


@contextlib.contextmanager
def keys_of_one_test() -> Iterator[None]:
    """Take away the KMS keys that were made meanwhile: thousands make each list of keys slow."""
    keys = kms_backends[ACCOUNT][REGION].keys
    before = set(keys)
    yield
    for made in set(keys) - before:
        del keys[made]


def stock(bucket: str, keys: Iterable[str]) -> None:
    """Put many objects of one byte into a bucket, without a request for each."""
    for key in keys:
        s3_backends[ACCOUNT]["aws"].put_object(bucket, key, b"x")


def drop_bucket(name: str) -> bool:
    """Remove a bucket with all that is in it, if it is one of moto's; gives whether it was.

    moto also keeps a list of every object there ever was, bodies included: gigabytes after
    thousands of tests. Here it forgets those that are in no bucket.
    """
    buckets = s3_backends[ACCOUNT]["aws"].buckets
    if buckets.pop(name, None) is None:
        return False
    s3_backends.bucket_accounts.pop(name, None)
    left = list(chain.from_iterable(map(_bodies, buckets.values())))
    kept = {id(key) for key in left}
    for key in FakeKey.instances_tracked:
        if id(key) not in kept:
            key.dispose()
    reset_model_data()
    FakeKey.instances_tracked = left
    return True


def _bodies(bucket: FakeBucket) -> Iterator[FakeKey]:
    """Every version of every object, and every part of an upload."""
    versions = [key for _name, found in bucket.keys.lists() for key in found]
    uploads = [*bucket.multiparts.values(), *(getattr(key, "multipart", None) for key in versions)]
    yield from (key for key in versions if isinstance(key, FakeKey))
    for upload in filter(None, uploads):
        yield from upload.parts.values()
