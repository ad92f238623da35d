"""What outlasts a sign-in or the program: transfers and settings. GUI thread."""

from __future__ import annotations

from cse_desktop.gui.backstage import Backstage
from cse_desktop.gui.look import text
from cse_desktop.gui.notices.notices import Notices
from cse_desktop.gui.window.status_line import StatusLine
from cse_desktop.jobs.snapshot import Failure, FailureKind, Phase
from cse_desktop.settings import Settings


def may_quit(backstage: Backstage, notices: Notices) -> bool:
    """Ask, unless nothing runs: what is held waits as well while the program is gone."""
    moving = (Phase.WAITING, Phase.RUNNING)
    running = [one for one in backstage.queue.snapshots() if one.phase in moving]
    found = [backstage.sessions.connection(one.request.connection) for one in running]
    in_sandbox = sum(one is not None and one.is_sandbox for one in found)
    return not running or notices.may_quit(
        len(running), in_sandbox=in_sandbox, goes_on=backstage.queue.is_kept
    )


def follow(backstage: Backstage, settings: Settings) -> None:
    """Put in force what settings say of transfers and of the look."""
    backstage.queue.limit = settings.parallel_transfers
    bandwidth, theme = backstage.sessions.bandwidth, backstage.theme
    bandwidth.up.limit, bandwidth.down.limit = settings.upload_limit, settings.download_limit
    if settings.reduce_motion != theme.reduced_motion:
        theme.set_reduced_motion(settings.reduce_motion)
    if settings.theme != theme.mode:
        theme.set_mode(settings.theme)


def sign_in_again(backstage: Backstage, connection: str) -> None:
    """Open the session anew, also for the transfers that wait for it."""
    backstage.sessions.renew(connection)
    backstage.queue.release_if(
        lambda one: (
            one.request.connection == connection
            and one.failure is not None
            and one.failure.kind is FailureKind.SIGN_IN
        )
    )


def restore(backstage: Backstage, status: StatusLine, connections: tuple[str, ...]) -> None:
    """Let the transfers of the last time go on, and say that they are here again."""

    def tell(count: int) -> None:
        if count:
            are = "is" if count == 1 else "are"
            status.tell(f"{text.count(count, 'transfer')} of last time {are} here again")

    def failed(failure: Failure) -> None:
        status.tell(f"The transfers of last time can't be read: {failure.title}")

    backstage.bridge.ask(lambda: backstage.queue.restore(connections), tell, failed, status)
