"""Several threads on one piece of work; the first failure stops them all."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from cse_desktop.core.progress import Cancelled, CancelToken, Paused


def run_side_by_side(
    work: Callable[[CancelToken], None], workers: int, cancel: CancelToken, name: str
) -> None:
    """Call `work` in `workers` threads at once and wait for all of them.

    Args:
        work: is given a token that is thrown when the caller's is, or when another worker failed.
        name: of the threads, for a debugger.

    Raises:
        Cancelled, or the first error of any worker, after all workers have stopped.
    """
    failures: list[BaseException] = []
    stop = CancelToken(parent=cancel)

    def work_or_stop_all() -> None:
        try:
            work(stop)
        except BaseException as error:
            # The first one tells why; the others only stop because of it.
            failures.append(error)
            if isinstance(error, Paused):
                stop.pause()
            else:
                stop.cancel()

    with ThreadPoolExecutor(workers, name) as pool:
        for _ in range(workers):
            pool.submit(work_or_stop_all)
    if failures:
        cancel.check()
        raise next((error for error in failures if not isinstance(error, Cancelled)), failures[0])
