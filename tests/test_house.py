"""The lock files say what pyproject.toml asks for, and nothing about where it was fetched."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKS = ["requirements.lock", "requirements-dev.lock", "tests/interop/requirements.lock"]
PYTHONS = ["3.11", "3.12", "3.13"]


def pins(lock: str) -> list[Requirement]:
    text = (ROOT / lock).read_text()
    return [Requirement(line.rstrip(" \\")) for line in text.splitlines() if re.match(r"\w", line)]


def applies(requirement: Requirement, python: str) -> bool:
    here = {"python_version": python, "python_full_version": f"{python}.0", "extra": ""}
    return requirement.marker is None or requirement.marker.evaluate(here)


def pinned(lock: str, python: str) -> dict[str, str]:
    return {
        canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
        for pin in pins(lock)
        if applies(pin, python)
    }


def asked_for(*, dev: bool) -> Iterator[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lists = [project["project"]["dependencies"]]
    if dev:
        lists += project["project"]["optional-dependencies"].values()
        lists += project["dependency-groups"].values()
    return (Requirement(text) for texts in lists for text in texts)


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_host(lock: str) -> None:
    assert not re.search(r"http|file:|//|--index|--find-links", (ROOT / lock).read_text())


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_is_exact_and_has_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text()
    blocks = re.split(r"\n(?=\w)", text.strip())
    for block in blocks:
        assert re.match(r"[\w.-]+==[\w.]+", block), block
        assert "--hash=sha256:" in block, block


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize(
    ("lock", "dev"), [("requirements.lock", False), ("requirements-dev.lock", True)]
)
def test_lock_gives_what_pyproject_asks_for(lock: str, dev: bool, python: str) -> None:
    versions = pinned(lock, python)
    for requirement in asked_for(dev=dev):
        if applies(requirement, python):
            version = versions[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(version), f"{requirement} but {version}"


@pytest.mark.parametrize("python", PYTHONS)
def test_tests_run_with_the_versions_that_are_delivered(python: str) -> None:
    delivered = pinned("requirements.lock", python)
    assert delivered.items() <= pinned("requirements-dev.lock", python).items()
