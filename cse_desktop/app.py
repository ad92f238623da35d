"""`cse-desktop`: puts the pieces together, and takes them apart in the right order."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Final

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from cse_desktop import __version__, sandbox
from cse_desktop.core.errors import CseError
from cse_desktop.core.later import load_early
from cse_desktop.core.leaving import wait_for_clearing_up
from cse_desktop.core.means import Means
from cse_desktop.core.session import Connection
from cse_desktop.gui.backstage import Backstage
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.collector import Collector
from cse_desktop.gui.connections.person import PersonAtWindow
from cse_desktop.gui.instance import Errand, Instance, first_or_hand_over
from cse_desktop.gui.look.resources import resource
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.notices.unexpected import Unexpected
from cse_desktop.gui.places import folder_of
from cse_desktop.gui.preferences import Preferences
from cse_desktop.gui.transfers.desktop_notices import DesktopNotices
from cse_desktop.gui.window.errands import Errands
from cse_desktop.gui.window.first_painting import FirstPainting
from cse_desktop.gui.window.lasting import restore
from cse_desktop.gui.window.main_window import MainWindow
from cse_desktop.hardening import forbid_core_dumps
from cse_desktop.jobs.journal import open_journal
from cse_desktop.jobs.memory import Memory
from cse_desktop.jobs.queue import JobQueue
from cse_desktop.jobs.recording import Recording
from cse_desktop.jobs.reviving import Reviver
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.logs import logging_to, logging_to_folder
from cse_desktop.settings import KeyChoice, Settings, home, load_settings, load_state
from cse_desktop.support import LOGS

log = logging.getLogger(__name__)

SMALL_FOR_ONE: Final = 4
"""Small transfers in the place of a large one; more would keep the interpreter from the window."""
STOPS_WITHIN_S: Final = 8.0
"""Without a journal uploads are aborted, which may take six; a pause takes four at most."""
CLEARS_UP_WITHIN_S: Final = 5.0
"""For an upload whose begin was answered too late: it is aborted by the thread that was left."""

BUSY: Final = 75
"""Exit code of a start that could neither open a window nor reach the one there is (sysexits.h)."""

SWITCHES_AFTER_S: Final = 0.001
"""Python lets a thread keep the interpreter for five times as long while the window waits."""
NEEDED_SOON: Final = (
    "cse_desktop.core.clients",
    "cse_desktop.core.renewal",
    "cryptography.hazmat.primitives.ciphers.modes",
)

SANDBOX_BUCKET: Final = "sandbox-inbox"
SANDBOX_KEY: Final = KeyChoice("alias/sandbox", "alias/sandbox")


class SandboxKeeper:
    """The sandbox of this run, if any. Any thread."""

    def __init__(self, folder: Path, sessions: Sessions) -> None:
        self._folder = folder
        self._sessions = sessions
        self._lock = threading.Lock()
        self._running: sandbox.Sandbox | None = None

    def start_early(self) -> None:
        """Start it while the window is still being built; `start` waits for it, or tries again."""

        def begin() -> None:
            with contextlib.suppress(CseError):
                self.start()

        threading.Thread(target=begin, name="sandbox", daemon=True).start()

    def start(self) -> Connection:
        """Start it unless it runs; from then on its connection is known."""
        with self._lock:
            if self._running is None or not self._running.is_running:
                self._running = sandbox.start(self._folder)
                self._sessions.add(self._running.connection, self._running.credentials)
            return self._running.connection

    def stop(self) -> None:
        """End it, and with it all that was in it."""
        with self._lock:
            if self._running is not None:
                self._running.stop()
                self._running = None


class Signals(QObject):
    """SIGINT and SIGTERM close the window as its close button does, without polling.

    Python runs a handler only when its interpreter runs; a byte on a socket wakes Qt for it.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._reading, self._writing = socket.socketpair()
        for end in (self._reading, self._writing):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._wake)
        signal.set_wakeup_fd(self._writing.fileno())
        names = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has no SIGHUP
        for number in (getattr(signal, name) for name in names if hasattr(signal, name)):
            signal.signal(number, self._close)

    @Slot()
    def _wake(self) -> None:
        self._reading.recv(64)

    def _close(self, _number: int, _frame: FrameType | None) -> None:
        # Whoever sends a signal cannot answer a question.
        self._window.leave()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the window; gives the exit code."""
    options = _parser().parse_args(arguments)
    forbid_core_dumps()
    errand = _errand(options)
    try:
        instance = first_or_hand_over(home(), errand)
    except TimeoutError:
        print("cse-desktop: it is running already, and does not answer", file=sys.stderr)
        return BUSY
    if instance is None:
        return 0
    level = logging.DEBUG if options.debug else logging.INFO
    with logging_to(sys.stderr, logging.WARNING), logging_to_folder(home() / LOGS, level):
        log.info("CSE Desktop %s begins, process %d", __version__, os.getpid())
        code = _run(options, instance, errand)
        log.info("CSE Desktop ends")
    instance.release()
    return code


def _run(options: argparse.Namespace, instance: Instance, errand: Errand) -> int:
    sys.setswitchinterval(SWITCHES_AFTER_S)
    app = _application()
    folder = home()
    loaded, state = load_settings(folder), load_state(folder)
    settings = _with_options(loaded.value, options)
    theme = Theme(settings.theme)
    theme.prepare(app)
    bridge = Bridge(app)
    sessions = Sessions(Means(person := PersonAtWindow(app)))
    for connection in settings.connections:
        sessions.add(connection)
    keeper = SandboxKeeper(folder, sessions)
    if options.sandbox:
        keeper.start_early()
    opened = open_journal(folder)
    recording = Recording(sessions, opened.journal)
    limit, memory = settings.parallel_transfers, Memory(folder)
    queue = JobQueue(
        recording.get, bridge.report, limit, recording.backlog, memory, small_for_one=SMALL_FOR_ONE
    )
    preferences = Preferences(folder, settings, state.value, bridge, app)
    backstage = Backstage(
        theme, bridge, sessions, queue, preferences, keeper.start, sandbox.problem(), person=person
    )
    window = MainWindow(backstage)
    theme.apply(app)
    unexpected = Unexpected(theme, lambda: window, app)
    unexpected.install()
    collector = Collector(app)
    collector.start()
    signals = Signals(window)
    bridge.hold_questions()
    window.start(tell=(*loaded.notes, *state.notes, *opened.notes))
    painting = FirstPainting(window)
    painting.over.connect(partial(_load_the_rest, collector))
    painting.over.connect(bridge.ask_what_was_held)
    painting.over.connect(recording.recover)
    names = tuple(connection.name for connection in settings.connections)
    painting.over.connect(partial(restore, backstage, window.inside.parts.status, names))
    reviver = Reviver(queue, sessions, folder)
    painting.over.connect(reviver.start)
    window.show()
    noticing = DesktopNotices(window.inside.transfers, preferences, window)
    painting.over.connect(partial(_make_ready(instance, window).run, errand))
    if options.smoke:
        QTimer.singleShot(0, window, window.leave)
    code = app.exec()
    instance.stop_listening()
    noticing.close()
    del signals
    reviver.stop()
    person.close()
    _shut_down(queue, recording, bridge, preferences, keeper)
    collector.stop()
    unexpected.uninstall()
    return code


def _load_the_rest(collector: Collector) -> None:
    """Load what the first connection will need: the window is there, and nobody waits for it."""
    collector.spare_what_loads(load_early(NEEDED_SOON))


def _make_ready(instance: Instance, window: MainWindow) -> Errands:
    """Fit the window on its screen, and let other starts of the program reach it."""
    window.resize(window.size().boundedTo(window.screen().availableSize()))
    errands = Errands(window)
    instance.asked.connect(errands.run)
    instance.listen()
    return errands


def _shut_down(
    queue: JobQueue,
    recording: Recording,
    bridge: Bridge,
    preferences: Preferences,
    keeper: SandboxKeeper,
) -> None:
    """Jobs first, while S3 still answers them; what they said is heard by nobody any more."""
    is_idle = queue.close(STOPS_WITHIN_S)
    wait_for_clearing_up(CLEARS_UP_WITHIN_S)
    is_quiet = bridge.close()
    try:
        preferences.flush()
    except CseError as error:
        log.error("%s %s", error, error.details)
    finally:
        keeper.stop()
    if is_idle:
        recording.close()
    if not (is_idle and is_quiet):
        # A thread that hangs in the network would keep a program without a window alive.
        os._exit(0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cse-desktop", description="Encrypted file transfer to Amazon S3."
    )
    parser.add_argument(
        "places", nargs="*", help="s3:// address to open, or files and folders to upload"
    )
    parser.add_argument("--version", action="version", version=f"CSE Desktop {__version__}")
    parser.add_argument(
        "--sandbox", action="store_true", help="start with S3 and KMS on this computer"
    )
    parser.add_argument(
        "--theme", choices=("system", "light", "dark"), help="look of this run and the next ones"
    )
    parser.add_argument(
        "--debug", action="store_true", help="keep a longer log; no secret is ever in it"
    )
    parser.add_argument(
        "--smoke", action="store_true", help="show the window, then quit: to test a package"
    )
    return parser


def _errand(options: argparse.Namespace) -> Errand:
    places = [
        place if folder_of(place) is not None else os.path.abspath(place)
        for place in options.places
    ]
    token = os.environ.pop("XDG_ACTIVATION_TOKEN", "")
    return Errand(tuple(places), options.sandbox, token)


def _with_options(settings: Settings, options: argparse.Namespace) -> Settings:
    if options.theme:
        settings = replace(settings, theme=options.theme)
    inbox = (sandbox.CONNECTION_NAME, SANDBOX_BUCKET)
    if inbox not in settings.default_keys:
        settings = settings.with_default_key(*inbox, SANDBOX_KEY)
    return settings


def _application() -> QApplication:
    app = QApplication([sys.argv[0]])
    app.setApplicationName("CSE Desktop")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("cse-desktop")
    app.setWindowIcon(QIcon(str(resource("icons/cse-desktop.svg"))))
    return app
