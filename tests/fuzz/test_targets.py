"""The fuzz targets hold for all they begin with, and for all that was ever found."""

from __future__ import annotations

import pytest

from tests.fuzz.seeds import FOUND, seeds
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("target", TARGETS)
def test_target_holds_for_its_seeds(target: str) -> None:
    for seed in seeds(target):
        TARGETS[target](seed)


def test_what_was_found_belongs_to_a_target() -> None:
    assert {path.name for path in FOUND.iterdir() if path.is_dir()} <= set(TARGETS)
