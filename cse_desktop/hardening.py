"""What keeps data keys from being written to disk by the system."""

from __future__ import annotations

import sys

if sys.platform != "win32":
    import resource


def forbid_core_dumps() -> None:
    """Let no crash write a core file: it would hold data keys.

    The stronger PR_SET_DUMPABLE is left alone: it also takes /proc/self/fd away from its owner,
    and with it the only way to name a file that was written without a name.
    """
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
