"""Requests through the queue: progress while they run, a line for each failure, a summary."""

from __future__ import annotations

import queue
import shutil
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Final

from cse_desktop.cli import exit_codes, text
from cse_desktop.cli.interruption import Interruption
from cse_desktop.cli.output import Output, failure_values
from cse_desktop.cli.recording import recorded
from cse_desktop.core.copying import Copied
from cse_desktop.core.leaving import wait_for_clearing_up
from cse_desktop.core.receiving import Opened
from cse_desktop.core.transfer import Uploaded
from cse_desktop.jobs.memory import Memory
from cse_desktop.jobs.plan import Skipped
from cse_desktop.jobs.queue import JobQueue
from cse_desktop.jobs.requests import Copy, Delete, Download, Move, Request, Upload
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.jobs.snapshot import Failure, FailureKind, Phase, Snapshot
from cse_desktop.settings import home

POLL_S: Final = 0.1
STATUS_EVERY_S: Final = 0.2
JSON_EVERY_S: Final = 1.0
SETTLED_S: Final = 1.0
"""How long a rate has to be watched before it says anything about the end."""
CLEARING_UP_S: Final = 5.0
"""How long requests that a cancel did not wait for may take to undo what they did."""
SMALL_FOR_ONE: Final = 16
"""Small transfers in the place of a large one: 64 at a time, where 4 are set."""
_RECORDED: Final = ("put", "get")
_DONE_WORDS: Final = {
    "put": "Uploaded",
    "get": "Downloaded",
    "verify": "Verified",
    "cp": "Copied",
    "mv": "Moved",
    "rm": "Deleted",
    "restore": "Restored",
    "properties": "Changed",
}


@dataclass(frozen=True, slots=True)
class Work:
    """What a command is going to do.

    Attributes:
        verb: the command.
        clashes: how many names are taken already.
    """

    verb: str
    requests: Sequence[Request]
    left_out: Sequence[Skipped] = ()
    clashes: int = 0


def do(
    work: Work, sessions: Sessions, limit: int, output: Output, interruption: Interruption
) -> int:
    """Run requests to their end; gives the exit code.

    An interruption cancels all and then waits for the verbs, because each of them takes back what
    it has begun: after that, no upload is open and no temporary file is left. So does output that
    nobody takes any more.
    """
    tally = _Tally(work, output)
    heard: queue.SimpleQueue[Snapshot] = queue.SimpleQueue()
    recording = recorded(sessions, output) if work.verb in _RECORDED else nullcontext(sessions.get)
    with interruption.noted(), recording as session_for:
        memory = Memory(home())
        jobs = JobQueue(session_for, heard.put, limit, memory=memory, small_for_one=SMALL_FOR_ONE)
        try:
            jobs.submit(work.requests)
            _follow(jobs, heard, tally, output, interruption)
        finally:
            jobs.cancel_all()
            jobs.wait_idle()
            jobs.close(0)
            wait_for_clearing_up(CLEARING_UP_S)
    is_interrupted = interruption.count > 0 and bool(tally.ends[Phase.CANCELLED])
    return tally.finish(is_interrupted=is_interrupted)


def _follow(
    jobs: JobQueue,
    heard: queue.SimpleQueue[Snapshot],
    tally: _Tally,
    output: Output,
    interruption: Interruption,
) -> None:
    """Print what happens until all is over."""
    seen = interruption.count
    is_idle = False
    while not is_idle:
        is_idle = jobs.wait_idle(POLL_S)
        if interruption.count > seen:
            seen = interruption.count
            jobs.cancel_all()
            output.note("Stopping. Open uploads are taken back; this takes a moment.")
            is_idle = False
        while not heard.empty():
            tally.hear(heard.get())
        tally.show_progress()


class _Tally:
    """Counts what became of the requests, and prints it. Main thread."""

    def __init__(self, work: Work, output: Output) -> None:
        self._work = work
        self._output = output
        self._started = time.monotonic()
        self._shown = 0.0
        self._total = sum(request.size for request in work.requests)
        self._done_of: dict[int, int] = {}
        self._done = 0
        self._bytes = 0
        self._held: dict[int, Snapshot] = {}
        self._kinds: list[FailureKind] = []
        self._rate = _Rate(self._started)
        self.ends: Counter[Phase] = Counter()
        self._begin()

    def hear(self, snapshot: Snapshot) -> None:
        """Note the newest state of a job."""
        # Objects are listed with tag and padding; a job that is over counts as all it was.
        done = snapshot.progress.done
        if snapshot.phase.is_final:
            done = snapshot.request.size if snapshot.phase is Phase.DONE else 0
        self._done += done - self._done_of.get(snapshot.id, 0)
        self._done_of[snapshot.id] = done
        self._held.pop(snapshot.id, None)
        if snapshot.phase is Phase.HELD:
            self._held[snapshot.id] = snapshot
        if snapshot.phase.is_final:
            self.ends[snapshot.phase] += _files(snapshot.request)
            self._bytes += snapshot.result.size if snapshot.result else 0
            self._tell_end(snapshot)

    def show_progress(self) -> None:
        """Show where the whole is, not too often."""
        now = time.monotonic()
        if now - self._shown < (JSON_EVERY_S if self._output.is_json else STATUS_EVERY_S):
            return
        self._shown = now
        rate = self._rate.of(self._done, now)
        files = sum(map(_files, self._work.requests))
        ended = self.ends.total()
        self._output.event(
            "progress",
            done=self._done,
            total=self._total,
            files_done=ended,
            files=files,
            rate=round(rate),
        )
        parts = [
            f"{ended:,} of {text.count(files, 'file')}",
            f"{text.size(self._done)} of {text.size(self._total)}",
        ]
        if self._done >= self._total:
            parts.append("finishing")
        elif rate and now - self._started > SETTLED_S:
            left = (self._total - self._done) / rate
            parts += [f"{text.size(round(rate))}/s", f"{text.duration(left)} left"]
        self._output.status("  ".join(parts), shutil.get_terminal_size().columns)

    def finish(self, *, is_interrupted: bool) -> int:
        """Print the summary; gives the exit code."""
        self._output.clear_status()
        for snapshot in self._held.values():
            self._output.event("held", **_values(self._work.verb, snapshot))
        for note in sorted({snapshot.note for snapshot in self._held.values()}):
            self._output.failure(Failure(FailureKind.SERVICE, note))
        seconds = time.monotonic() - self._started
        code = exit_codes.INTERRUPTED if is_interrupted else exit_codes.exit_code(self._kinds)
        counts = {
            "done": self.ends[Phase.DONE],
            "skipped": self.ends[Phase.SKIPPED],
            "failed": self.ends[Phase.FAILED],
            "cancelled": self.ends[Phase.CANCELLED],
            "held": sum(_files(each.request) for each in self._held.values()),
        }
        self._output.event(
            "summary",
            verb=self._work.verb,
            **counts,
            left_out=len(self._work.left_out),
            bytes=self._bytes,
            seconds=round(seconds, 3),
            exit_code=code,
        )
        self._output.note(self._sentence(counts, seconds))
        return code

    def _begin(self) -> None:
        work = self._work
        self._output.event(
            "planned",
            verb=work.verb,
            files=sum(map(_files, work.requests)),
            bytes=self._total,
            clashes=work.clashes,
        )
        for each in work.left_out:
            self._output.event("left-out", name=each.name, reason=each.reason)
            if each.kind is None:
                self._output.note(f"cse: {each.name} is left out, because {each.reason}")
            else:
                self._kinds.append(each.kind)
                title = f"{each.name} is left out, because {each.reason}"
                self._output.failure(Failure(each.kind, title))

    def _tell_end(self, snapshot: Snapshot) -> None:
        verb = self._work.verb
        self._output.event(snapshot.phase.value, **_values(verb, snapshot))
        if snapshot.failure is not None:
            self._kinds.append(snapshot.failure.kind)
            self._output.failure(snapshot.failure, _subject(snapshot.request))
        elif snapshot.note:
            self._output.note(f"{_subject(snapshot.request)}: {snapshot.note}")
        elif snapshot.phase is Phase.DONE and verb == "verify":
            self._output.line(f"verified  {text.visible(str(snapshot.request.ref))}")

    def _sentence(self, counts: dict[str, int], seconds: float) -> str:
        done = counts.pop("done")
        rest = [f"{number:,} {word}" for word, number in counts.items() if number]
        if self._work.left_out:
            rest.append(f"{len(self._work.left_out):,} left out")
        amount = f"{text.count(done, 'file')}, {text.size(self._bytes)}"
        sentence = f"{_DONE_WORDS[self._work.verb]} {amount} in {text.duration(seconds)}"
        return sentence + (f"; {', '.join(rest)}" if rest else "")


class _Rate:
    """Bytes a second over the last few seconds."""

    SPAN_S: Final = 5.0

    def __init__(self, now: float) -> None:
        self._points = [(now, 0)]

    def of(self, done: int, now: float) -> float:
        """Note a point; gives the rate up to it."""
        self._points.append((now, done))
        while len(self._points) > 2 and now - self._points[1][0] > self.SPAN_S:
            self._points.pop(0)
        (before, less), (after, more) = self._points[0], self._points[-1]
        return max(0.0, (more - less) / (after - before)) if after > before else 0.0


def _files(request: Request) -> int:
    """How many objects a request is about."""
    return len(request.doomed) if isinstance(request, Delete) else 1


def _subject(request: Request) -> str:
    return str(request.source) if isinstance(request, Upload) else str(request.ref)


def _values(verb: str, snapshot: Snapshot) -> dict[str, Any]:
    request, result = snapshot.request, snapshot.result
    values: dict[str, Any] = {"verb": verb, "place": str(request.ref)}
    if isinstance(request, Upload):
        values["source"] = str(request.source)
    if isinstance(request, Download):
        values["target"] = str(request.target)
    values |= {"size": request.size, "note": snapshot.note}
    if isinstance(request, Copy | Move):
        values["target"] = str(request.to)
    if isinstance(request, Delete):
        values["files"] = len(request.doomed)
    if isinstance(result, Copied):
        values |= {"target": str(result.ref), "etag": result.stored.etag}
        values |= {"version": result.stored.version}
    elif isinstance(result, Uploaded):
        values |= {"place": str(result.ref), "etag": result.stored.etag}
        values |= {"version": result.stored.version}
        values |= {"format": result.format.value}
    elif isinstance(result, Opened):
        values |= {"etag": result.head.etag, "version": result.head.version}
        values |= {"format": result.envelope.format.value}
    if isinstance(result, Uploaded | Opened):
        values |= {"size": result.size, "key": result.key_arn}
    return values | (failure_values(snapshot.failure) if snapshot.failure else {})
