"""What the window works with."""

from __future__ import annotations

from dataclasses import dataclass, field

from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.connections.connect_flow import StartSandbox
from cse_desktop.gui.connections.person import PersonAtWindow
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.preferences import Preferences
from cse_desktop.jobs.queue import JobQueue
from cse_desktop.jobs.sessions import Sessions


@dataclass(frozen=True, slots=True)
class Backstage:
    """Made by `app` before the window, and taken apart after it.

    Attributes:
        start_sandbox: blocks for seconds; for a worker.
        person: asks whoever sits at the window.
        sandbox_problem: why there can be no sandbox, or "".
    """

    theme: Theme
    bridge: Bridge
    sessions: Sessions
    queue: JobQueue
    preferences: Preferences
    start_sandbox: StartSandbox
    sandbox_problem: str = ""
    person: PersonAtWindow = field(default_factory=PersonAtWindow)
