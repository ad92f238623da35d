"""Fills a fresh sandbox: buckets, keys, and an object of every kind, good and bad.

The keys:

    alias/sandbox       may do everything
    alias/finance       may do everything; a multi-Region key
    alias/auditors      may only decrypt
    alias/archive-2019  disabled
    alias/old-vendor    will be deleted
    (no alias)          of another company's account, so KMS here knows nothing about it

All of them make their samples first and lose their powers afterwards.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from awscrt.checksums import crc64nvme
from moto.core.utils import utcnow
from moto.kms.models import Key, KmsBackend
from moto.s3.models import S3Backend

from cse_desktop.core.cipher import seal
from cse_desktop.core.envelope import Suite
from cse_desktop.core.objects import NewObject, ObjectRef
from cse_desktop.core.progress import CancelToken
from cse_desktop.core.session import Session
from cse_desktop.core.transfer import upload
from cse_desktop.sandbox import samples
from cse_desktop.sandbox.kms_rules import ENCRYPT_ACTIONS, KmsRules
from cse_desktop.sandbox.samples import Sample

INBOX: Final = "sandbox-inbox"
SAMPLES: Final = "sandbox-samples"

_NO_CONTEXT: Final[Mapping[str, str]] = {}
_PAYROLL_CONTEXT: Final = {"department": "finance", "purpose": "payroll"}


@dataclass(frozen=True, slots=True)
class _Keys:
    """The KMS keys, by what they are for."""

    sandbox: Key
    finance: Key
    auditors: Key
    archive: Key
    vendor: Key
    foreign: Key


def seed(session: Session, s3: S3Backend, kms: KmsBackend, rules: KmsRules) -> None:
    """Make everything; a second or less.

    Args:
        session: signed in to the sandbox, for all that a user could do as well.
        s3: moto's own objects, to tamper with one.
        kms: moto's own keys, to make them.
        rules: learns what the user may not do.
    """
    for bucket in (INBOX, SAMPLES):
        s3.create_bucket(bucket, session.connection.region)
    keys = _make_keys(kms)
    with tempfile.TemporaryDirectory() as folder:
        shelf = _Shelf(session, Path(folder))
        _fill(shelf, keys)
        s3.put_bucket_versioning(SAMPLES, "Enabled")
        shelf.put_versions("versions/", samples.payroll(7), keys.finance, _PAYROLL_CONTEXT)
    _tamper(s3, "tampered/Framework agreement 2026-118.pdf")
    _take_powers_away(kms, keys, rules)


class _Shelf:
    """Puts samples into the bucket the way a user would."""

    def __init__(self, session: Session, folder: Path) -> None:
        self._session = session
        self._folder = folder

    def put_v3(
        self,
        prefix: str,
        sample: Sample,
        key: Key,
        context: Mapping[str, str] = _NO_CONTEXT,
        *,
        replace: bool = False,
    ) -> None:
        """With the verb of this program."""
        source = self._folder / sample.name
        source.write_bytes(sample.content)
        ref = _ref(prefix, sample)
        upload(self._session, source, ref, key.arn, context, replace=replace)
        source.unlink()

    def put_versions(
        self, prefix: str, sample: Sample, key: Key, context: Mapping[str, str]
    ) -> None:
        """Three of one file, and another that was deleted."""
        draft = Sample(f"draft of {sample.name}", sample.content)
        for each in (draft, sample):
            for lines in (3, 5, 8):
                beginning = b"".join(each.content.splitlines(keepends=True)[:lines])
                self.put_v3(prefix, Sample(each.name, beginning), key, context, replace=True)
        ref = _ref(prefix, draft)
        self._session.store.arranger.delete_one(ref)

    def put_v2(
        self, prefix: str, sample: Sample, key: Key, context: Mapping[str, str] = _NO_CONTEXT
    ) -> None:
        """As the clients of the generation before would."""
        drawn = self._session.keys.new(key.arn, context, Suite.GCM)
        body = b"".join(seal([sample.content], drawn.content))
        self._put(prefix, sample, body, drawn.envelope.to_metadata())

    def put_plain(self, prefix: str, sample: Sample) -> None:
        """Not encrypted, as any program would."""
        self._put(prefix, sample, sample.content, {})

    def _put(self, prefix: str, sample: Sample, body: bytes, metadata: Mapping[str, str]) -> None:
        view = memoryview(body)
        self._session.store.put(
            _ref(prefix, sample), view, crc64nvme(view), NewObject(metadata), CancelToken()
        )


def _ref(prefix: str, sample: Sample) -> ObjectRef:
    return ObjectRef(SAMPLES, prefix + sample.name)


def _make_keys(kms: KmsBackend) -> _Keys:
    return _Keys(
        sandbox=_key(kms, "sandbox", "For everything you try here"),
        finance=_key(kms, "finance", "Payroll and invoices", multi_region=True),
        auditors=_key(kms, "auditors", "Reports of the auditors; others may only read them"),
        archive=_key(kms, "archive-2019", "Closed accounts; disabled since 2020"),
        vendor=_key(kms, "old-vendor", "Of a contract that ended"),
        foreign=_key(kms, "", "Of another company"),
    )


def _key(kms: KmsBackend, alias: str, description: str, *, multi_region: bool = False) -> Key:
    key = kms.create_key(
        policy=None,
        key_usage="ENCRYPT_DECRYPT",
        # moto makes an RSA pair even for a symmetric key, which takes most of a start. This pair
        # is quick, and used for nothing either.
        key_spec="ECC_NIST_P256",
        description=description,
        tags=[],
        multi_region=multi_region,
    )
    key.key_spec = "SYMMETRIC_DEFAULT"
    if multi_region:
        _shorten_id(kms, key)
    if alias:
        kms.create_alias(key.id, f"alias/{alias}")
    return key


def _shorten_id(kms: KmsBackend, key: Key) -> None:
    """Give a multi-Region key an id as long as any other.

    moto's has four characters more, which do not fit into its ciphertexts: it could never decrypt.
    AWS leaves out the dashes.
    """
    del kms.keys[key.id]
    long, key.id = key.id, "mrk-" + key.id.removeprefix("mrk-").replace("-", "")
    key.arn = key.arn.replace(long, key.id)
    key.multi_region_configuration["PrimaryKey"]["Arn"] = key.arn
    kms.keys[key.id] = key


def _fill(shelf: _Shelf, keys: _Keys) -> None:
    shelf.put_v3("", samples.welcome(), keys.sandbox)
    shelf.put_v3("", samples.picture(), keys.finance)
    shelf.put_v2("", samples.payroll(1), keys.finance, _PAYROLL_CONTEXT)
    shelf.put_plain("", samples.readme())
    for month in (8, 9, 10):
        shelf.put_v3("payroll/2026/", samples.payroll(month), keys.finance, _PAYROLL_CONTEXT)
    shelf.put_v3("contracts/", samples.contract(), keys.sandbox, {"purpose": "contracts"})
    shelf.put_v3("audit/", samples.minutes(), keys.auditors)
    shelf.put_v2("older programs/", samples.server_log(), keys.sandbox)
    shelf.put_plain("not encrypted/", samples.minutes())
    shelf.put_v3("tampered/", samples.contract(), keys.sandbox)
    shelf.put_v3("no access/archive 2019/", samples.payroll(3), keys.archive)
    shelf.put_v3("no access/old vendor/", samples.contract(), keys.vendor)
    shelf.put_v3("no access/another company/", samples.minutes(), keys.foreign)


def _tamper(s3: S3Backend, name: str) -> None:
    """Flip one bit of the body and leave all else as it was, as someone with the disks could."""
    stored = s3.get_object(SAMPLES, name)
    if stored is None:
        raise KeyError(name)
    body = bytearray(stored.value)
    body[len(body) // 2] ^= 0x10
    stored.value = bytes(body)  # type: ignore[misc]  # the setter is there, mypy misses it


def _take_powers_away(kms: KmsBackend, keys: _Keys, rules: KmsRules) -> None:
    rules.deny(keys.auditors.id, ENCRYPT_ACTIONS)
    kms.disable_key(keys.archive.id)
    kms.schedule_key_deletion(keys.vendor.id, 12)
    # A key of another account: KMS here finds nothing that could open what is under it, and says
    # so in the words it has for a key that one may not use.
    del kms.keys[keys.foreign.id]
    _look_old(keys)


def _look_old(keys: _Keys) -> None:
    """A key that was disabled years ago was not created a second ago."""
    for key, years in ((keys.archive, 7), (keys.vendor, 4), (keys.auditors, 2)):
        key.creation_date = (utcnow() - timedelta(days=365 * years)).timestamp()
