"""The hidden files beside a file that is being saved."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cse_desktop.core.errors import Changed
from cse_desktop.core.open_folder import OpenFolder


def hidden_files(target: Path, token: str) -> tuple[Path, Path]:
    """Paths beside `target`: of ciphertext on its way down, and of a file not yet named."""
    spool, file = hidden_names(target.name, token)
    return target.with_name(spool), target.with_name(file)


def hidden_names(name: str, token: str) -> tuple[str, str]:
    """Names of the same two."""
    stem = f".{_short(name)}.{token}"
    return f"{stem}.cse-part", f"{stem}.cse-new"


def reopened(folder: OpenFolder, name: str, size: int) -> int:
    """Open a spool of an earlier run, cut to what is on the disk for sure."""
    gone = Changed(
        "What was downloaded earlier is not there any more", "", f"File: {folder.path / name}"
    )
    try:
        descriptor = folder.open_again(name)
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
