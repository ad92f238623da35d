"""Where the files that come with the program are."""

from __future__ import annotations

from pathlib import Path


def resource(name: str) -> Path:
    """A file under `resources`, in an installed program as well as in a checkout."""
    here = Path(__file__).resolve()
    installed = here.parents[2] / "_resources"
    folder = installed if installed.is_dir() else here.parents[3] / "resources"
    return folder / name
