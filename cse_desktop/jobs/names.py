"""Names: object keys become relative paths, and taken names become free ones. Pure."""

from __future__ import annotations

from typing import Final

_DOUBLE_SUFFIXES: Final = (".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst")


def numbered(name: str, number: int) -> str:
    """Give the name of the `number`-th file of one name: "report (2).pdf" for 2."""
    stem, suffix = split_suffix(name)
    return f"{stem} ({number}){suffix}"


def split_suffix(name: str) -> tuple[str, str]:
    """Split "report.pdf" into "report" and ".pdf"; a name of dots and suffix alone has none."""
    for double in _DOUBLE_SUFFIXES:
        if name.lower().endswith(double) and len(name) > len(double):
            return name[: -len(double)], name[-len(double) :]
    stem, dot, suffix = name.rpartition(".")
    if not stem.strip(".") or not suffix or " " in suffix:
        return name, ""
    return stem, dot + suffix
