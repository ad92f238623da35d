"""Reads of the key picker: the list of keys, one key by its name, permissions of those in sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from cse_desktop.core.errors import CseError, NotPermitted
from cse_desktop.core.key_catalogue import KeyCatalogue
from cse_desktop.core.kms_key import KmsKey, Permission, Permissions
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.keys import key_words
from cse_desktop.gui.keys.context_pairs import Pair
from cse_desktop.gui.questions import Lane
from cse_desktop.jobs.failures import failure_of
from cse_desktop.jobs.snapshot import Failure

AT_ONCE: Final = 2
MAX_EXTRAS: Final = 12


@dataclass(frozen=True, slots=True)
class LoadedKeys:
    """What could be read.

    Attributes:
        refusal: why the list could not be read though KMS answered; None when it could.
    """

    keys: tuple[KmsKey, ...]
    refusal: Failure | None = None


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key found by its name, with what the user may do with it."""

    key: KmsKey
    permissions: Permissions


def load_keys(keys: KeyCatalogue, extras: Sequence[str]) -> LoadedKeys:
    """List all keys, and describe `extras` that are not among them. Any thread; blocks.

    Args:
        extras: ARNs of favourite and recent keys; those that can't be described are left out.

    Raises:
        CseError: neither the list nor one of the extras can be read.
    """
    refusal: Failure | None = None
    try:
        found = list(keys.list())
    except NotPermitted as error:
        found, refusal = [], failure_of(error)
    known = {key.arn for key in found}
    for arn in [arn for arn in dict.fromkeys(extras) if arn not in known][:MAX_EXTRAS]:
        try:
            found.append(keys.describe(arn))
        except CseError:
            continue  # a key of another account or Region, or one that is gone
    return LoadedKeys(tuple(found), refusal)


def find_key(keys: KeyCatalogue, name: str, context: tuple[Pair, ...] = ()) -> FoundKey:
    """Describe a key by ARN, alias or id, and check it. Any thread; blocks.

    Without kms:DescribeKey, which another account often does not give, the check alone decides.
    """
    try:
        key = keys.describe(name)
    except NotPermitted:
        permissions = keys.probe(name, dict(context))
        if permissions.encrypt is not Permission.ALLOWED:
            raise
        return FoundKey(_named(KmsKey(name), name), permissions)
    return FoundKey(_named(key, name), keys.probe(key.arn, dict(context)))


class KeyProber(QObject):
    """Checks permissions of wanted keys, few at a time, first wanted first. GUI thread.

    A key's policy may demand an encryption context, so each check is made with one.

    Signals:
        checked: the ARN of a key, its Permissions, and the context pairs they hold for.
    """

    checked = Signal(object, object, object)

    def __init__(self, bridge: Bridge, keys: KeyCatalogue, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._keys = keys
        self._context: tuple[Pair, ...] = ()
        self._wanted: list[str] = []
        self._running: set[str] = set()

    @property
    def context(self) -> tuple[Pair, ...]:
        """The pairs that checks are made with."""
        return self._context

    def set_context(self, pairs: tuple[Pair, ...]) -> None:
        """Make checks that begin from now on with these pairs."""
        self._context = pairs

    def want(self, arns: Sequence[str]) -> None:
        """Check these keys and no others; checks under way go on."""
        self._wanted = [arn for arn in dict.fromkeys(arns) if arn not in self._running]
        self._pump()

    def check_again(self, arn: str) -> None:
        """Check this key before all others."""
        self.want((arn, *self._wanted))

    def is_checking(self, arn: str) -> bool:
        """Whether KMS is being asked about the key."""
        return arn in self._running

    def _pump(self) -> None:
        while self._wanted and len(self._running) < AT_ONCE:
            arn = self._wanted.pop(0)
            self._running.add(arn)
            self._bridge.ask(
                partial(self._keys.probe, arn, dict(self._context)),
                partial(self._end, arn, self._context),
                partial(self._fail, arn, self._context),
                owner=self,
                lane=Lane.INSPECT,
            )

    def _end(self, arn: str, context: tuple[Pair, ...], permissions: Permissions) -> None:
        self._running.discard(arn)
        self.checked.emit(arn, permissions, context)
        self._pump()

    def _fail(self, arn: str, context: tuple[Pair, ...], failure: Failure) -> None:
        unknown = Permission.UNKNOWN
        self._end(arn, context, Permissions(unknown, unknown, unknown, failure.title))


def _named(key: KmsKey, name: str) -> KmsKey:
    """The key, with the alias it was found by where no alias may be listed."""
    alias = key_words.alias_in(name)
    return replace(key, aliases=(alias,)) if alias and not key.aliases else key
