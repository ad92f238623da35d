"""Tries a connection out, step by step, and says what would cure each step that fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from cse_desktop.core.connection import Source
from cse_desktop.core.errors import CseError, NotPermitted
from cse_desktop.core.leaving import leave_when_cancelled
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.progress import CancelToken
from cse_desktop.core.session import Identity, Session

_MOST_BUCKETS: Final = 5


class Mark(Enum):
    """How a step went."""

    WAITING = "waiting"
    RUNNING = "running"
    GOOD = "good"
    WARNING = "works with a limit"
    BAD = "failed"
    LEFT_OUT = "not tried"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a trial.

    Attributes:
        words: what came of it, and what to do where it failed.
        seconds: it took.
        error: why it failed, for its details.
    """

    title: str
    words: str = ""
    mark: Mark = Mark.WAITING
    seconds: float = 0.0
    error: CseError | None = None


Tell = Callable[[tuple[Step, ...]], None]
"""Gets all steps whenever one of them changes; called in the thread of the trial."""


class Trial:
    """A trial of one connection; `run` blocks, for a worker. Nothing is written anywhere.

    Args:
        open_session: gives the session to be tried.
        buckets: those that the user named.
        key: under which a value is encrypted and decrypted in memory; "" for none.
        tell: hears of every change.

    Attributes:
        steps: in their order.
        identity: who is signed in, once that is known.
    """

    def __init__(
        self, open_session: Callable[[], Session], buckets: Sequence[str], key: str, tell: Tell
    ) -> None:
        self._open_session = open_session
        self._buckets = tuple(buckets[:_MOST_BUCKETS])
        self._key = key
        self._tell = tell
        self.identity: Identity | None = None
        named = tuple(Step(f"Bucket {name}") for name in self._buckets)
        value = Step("Encrypt and decrypt a test value")
        if not key:
            value = replace(
                value, mark=Mark.LEFT_OUT, words="No key is chosen yet. Nothing has to be done."
            )
        self.steps: tuple[Step, ...] = (
            Step("Find credentials"),
            Step("Sign in"),
            Step("List buckets"),
            *named,
            Step("List KMS keys"),
            value,
        )

    def run(self, cancel: CancelToken) -> None:
        """Do all steps; one that fails ends those that need it.

        Raises:
            Cancelled: between two steps, or during one.
        """
        sessions: list[Session] = []
        if self._do(0, lambda: self._credentials(sessions, cancel), cancel) is Mark.BAD:
            self._leave_out(1)
            return
        session = sessions[0].looked_at(cancel)
        if self._do(1, lambda: self._sign_in(session), cancel) is Mark.BAD:
            self._leave_out(2)
            return
        self._do(2, lambda: self._list_buckets(session), cancel)
        for number, name in enumerate(self._buckets, 3):
            self._do(number, lambda name=name: self._bucket(session, name), cancel)  # type: ignore[misc]
        keys = 3 + len(self._buckets)
        self._do(keys, lambda: self._list_keys(session), cancel)
        if self._key:
            self._do(keys + 1, lambda: self._value(session), cancel)

    def _do(self, number: int, work: Callable[[], Step], cancel: CancelToken) -> Mark:
        cancel.check()
        step = self.steps[number]
        self._change(number, replace(step, mark=Mark.RUNNING))
        begun = time.monotonic()
        try:
            done = work()
        except CseError as error:
            words = f"{error.title.rstrip('.')}. {error.hint}".strip()
            done = Step(step.title, words, Mark.BAD, error=error)
        self._change(number, replace(done, seconds=time.monotonic() - begun))
        return done.mark

    def _change(self, number: int, step: Step) -> None:
        self.steps = (*self.steps[:number], step, *self.steps[number + 1 :])
        self._tell(self.steps)

    def _leave_out(self, first: int) -> None:
        left = [
            replace(step, mark=Mark.LEFT_OUT, words=step.words or "Not tried.")
            for step in self.steps[first:]
        ]
        self.steps = (*self.steps[:first], *left)
        self._tell(self.steps)

    def _credentials(self, opened: list[Session], cancel: CancelToken) -> Step:
        session = leave_when_cancelled(self._open_session, cancel)
        opened.append(session)
        ends = session.looked_at(cancel).credentials_end()
        until = f", valid until {ends.astimezone():%H:%M}" if ends else ""
        return Step("Credentials found", _source_of(session) + until, Mark.GOOD)

    def _sign_in(self, session: Session) -> Step:
        who = self.identity = session.identity()
        title = "Role assumed" if ":assumed-role/" in who.arn else "Signed in"
        return Step(title, f"{who.name} in account {who.account}", Mark.GOOD)

    def _list_buckets(self, session: Session) -> Step:
        try:
            found = len(session.store.buckets())
        except NotPermitted as error:
            words = "s3:ListAllMyBuckets is not allowed. Add the buckets you use by name below."
            return Step("Buckets can't all be listed", words, Mark.WARNING, error=error)
        words = f"{found:,} buckets" if found != 1 else "1 bucket"
        return Step("Buckets listed", words, Mark.GOOD)

    def _bucket(self, session: Session, place: str) -> Step:
        bucket, _, prefix = place.partition("/")
        title = f"Bucket {place}"
        try:
            session.store.page(ObjectRef(bucket, prefix), limit=1)
        except NotPermitted as error:
            words = (
                "You can't list it. You may still open or upload files if you know their path. "
                "For the list, ask for s3:ListBucket."
            )
            return Step(title, words, Mark.WARNING, error=error)
        try:
            kept = " Versioning on." if session.store.arranger.is_versioned(bucket) else ""
        except CseError:
            kept = ""
        return Step(title, f"Listing allowed.{kept}", Mark.GOOD)

    def _list_keys(self, session: Session) -> Step:
        try:
            keys = session.keys.list()
        except NotPermitted as error:
            words = (
                "kms:ListKeys and kms:ListAliases are not allowed. Paste the ARN of your key where "
                "one is chosen."
            )
            return Step("KMS keys can't be listed", words, Mark.WARNING, error=error)
        ready = sum(key.state == "Enabled" and key.spec == "SYMMETRIC_DEFAULT" for key in keys)
        words = f"{len(keys):,} {'key' if len(keys) == 1 else 'keys'}, {ready:,} ready for use"
        return Step("KMS keys listed", words, Mark.GOOD)

    def _value(self, session: Session) -> Step:
        drawn = session.keys.new(self._key, {})
        session.keys.open(drawn.envelope)
        words = f"With {self._key}, in memory only"
        return Step("A test value was encrypted and decrypted", words, Mark.GOOD)


def _source_of(session: Session) -> str:
    """Where the credentials came from, in the user's words."""
    connection = session.connection
    return {
        Source.PROFILE: f"Profile {connection.profile or 'as AWS chooses it'}",
        Source.SSO: f"IAM Identity Center, role {connection.sso.role}",
        Source.KEYS: f"Access key {connection.access_key}",
        Source.ROLE: f"With {connection.profile or 'the environment'}",
        Source.WEB_IDENTITY: "Web identity token",
        Source.PROCESS: "From the program",
        Source.ENVIRONMENT: "Environment of this computer",
    }[connection.source]
