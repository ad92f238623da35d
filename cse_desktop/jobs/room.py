"""Whether a disk has room for what is to be saved, asked before the first byte."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path


def missing_bytes(folder: Path, sizes: Sequence[int]) -> int:
    """How much more room `folder` would need; 0 for enough, and where nobody can tell.

    Args:
        folder: it need not exist yet.
        sizes: bytes of each file. The largest is there twice for a while, since its ciphertext goes
            only when it is verified and decrypted.
    """
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    try:
        free = shutil.disk_usage(there).free
    except OSError:
        return 0
    return max(0, sum(sizes) + max(sizes, default=0) - free)
