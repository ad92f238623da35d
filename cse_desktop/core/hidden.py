"""The hidden files beside a file that is being saved."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from cse_desktop.core.errors import Changed

_AGAIN: Final = (
    os.O_RDWR
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_BINARY", 0)
)


def hidden_files(target: Path, token: str) -> tuple[Path, Path]:
    """Names beside `target`: of ciphertext on its way down, and of a file not yet named."""
    name = f".{_short(target.name)}.{token}"
    return target.with_name(f"{name}.cse-part"), target.with_name(f"{name}.cse-new")


def reopened(path: Path, size: int) -> int:
    """Open a spool of an earlier run, cut to what is on the disk for sure."""
    gone = Changed("What was downloaded earlier is not there any more", "", f"File: {path}")
    try:
        descriptor = os.open(path, _AGAIN)
    except OSError:
        raise gone from None
    seen = os.fstat(descriptor)
    if not stat.S_ISREG(seen.st_mode) or seen.st_nlink != 1 or seen.st_size < size:
        os.close(descriptor)
        raise gone
    os.ftruncate(descriptor, size)
    return descriptor


def _short(name: str) -> str:
    """So much of `name` that a prefix and a suffix still fit into 255 bytes."""
    return name.encode("utf-8", "surrogateescape")[:200].decode("utf-8", "ignore")
