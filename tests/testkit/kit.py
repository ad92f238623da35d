"""All cases, in the order of the manifest."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

from tests.testkit import (
    bodies,
    cbc,
    contexts,
    fields,
    instruction_files,
    json_traps,
    labels,
    others,
    sizes,
    spellings,
)
from tests.testkit.case import files_of

FOLDER = Path(__file__).parents[1] / "vectors" / "testkit"
_CHAPTERS = (
    sizes,
    spellings,
    contexts,
    fields,
    labels,
    json_traps,
    bodies,
    cbc,
    instruction_files,
    others,
)


def kit() -> dict[str, bytes]:
    """Every file of the kit, by its path below `FOLDER`."""
    return dict(files_of(chain.from_iterable(chapter.cases() for chapter in _CHAPTERS)))
