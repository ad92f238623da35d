"""Runs one command and prints what it took, as JSON; a small process, so that its own size is
not counted as the command's.

    python -I -S clock.py LOG COMMAND...
"""

import json
import os
import sys
import time


def main():
    log, *command = sys.argv[1:]
    begun = time.monotonic()
    child = os.fork()
    if child == 0:
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(out, 1)
        os.dup2(out, 2)
        os.execv(command[0], command)
    _, status, usage = os.wait4(child, 0)
    took = {
        "wall_s": time.monotonic() - begun,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "peak_mib": usage.ru_maxrss / 1024,
        "code": os.waitstatus_to_exitcode(status),
    }
    print(json.dumps(took))


main()
