"""The journal around one command: what earlier runs left is taken back or gone on with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

from cse_desktop.cli.output import Output
from cse_desktop.core.session import Session
from cse_desktop.jobs.journal import open_journal
from cse_desktop.jobs.recovery import Recovered, recover
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.settings import home


@contextmanager
def recorded(sessions: Sessions, output: Output) -> Iterator[Callable[[str], Session]]:
    """Give what opens the sessions of the queue; their transfers are written down."""
    opened = open_journal(home())
    for note in opened.notes:
        output.note(note)
        output.event("note", title=note)
    journal = opened.journal
    if journal is None:
        yield sessions.get
        return
    try:
        found = [recover(sessions.get(each.name), journal) for each in sessions.connections()]
        for each in found:
            if each != Recovered():
                output.event("recovered", **asdict(each))
        yield lambda name: sessions.get(name).recording(journal.records)
    finally:
        journal.close()
