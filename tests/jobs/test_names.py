"""The planner of names: injective, inside, legal and stable, by the rules of any system."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cse_desktop.jobs.names import (
    LINUX,
    MACOS,
    WINDOWS,
    RefusedName,
    Rules,
    assign,
    fold,
    numbered,
    original,
    safe_parts,
    split_suffix,
)

RULES = st.sampled_from([LINUX, MACOS, WINDOWS])
# Letters that clash by case or composition, all that some system forbids, and anything else.
NASTY = st.text('aAäÄß\u017f\u0308/.. %25FCON:*?<>|"\\\x00\x1f\x7f²1 \u202eé\u0301', max_size=12)
KEYS = NASTY | st.text(max_size=30) | st.sampled_from(["CON", "com¹.txt", "a/b", "a", "nul .x"])


def as_path(parts: tuple[str, ...], rules: Rules) -> PurePosixPath | PureWindowsPath:
    flavour = PureWindowsPath if rules.is_windows else PurePosixPath
    return flavour("root").joinpath(*parts)


@given(KEYS, RULES)
@settings(max_examples=2000)
@example("../../etc/passwd", LINUX)
@example("/etc/passwd", LINUX)
@example("C:\\Windows\\x", WINDOWS)
@example("\\\\server\\share\\x", WINDOWS)
@example("a:stream", WINDOWS)
def test_every_path_is_inside_and_legal(key, rules):
    parts = safe_parts(key, rules)
    if isinstance(parts, RefusedName):
        assert parts.reason
        return
    path = as_path(parts, rules)
    assert path.parts == ("root", *parts)
    for part in parts:
        assert part not in ("", ".", "..")
        assert not rules.banned & set(part)
        assert "/" not in part
        assert rules.length(part) <= rules.max_part
    if rules.is_windows:
        assert not path.is_reserved()
        assert not any(part.endswith((".", " ")) for part in parts)


@given(KEYS, RULES)
@settings(max_examples=2000)
def test_every_name_can_be_told_from_its_path(key, rules):
    parts = safe_parts(key, rules)
    if not isinstance(parts, RefusedName):
        assert "/".join(original(part, rules) for part in parts) == key.removesuffix("/")


@given(st.lists(KEYS, max_size=12, unique=True), RULES)
@settings(max_examples=2000)
def test_no_two_keys_get_one_file_on_any_file_system(keys, rules):
    spelled = [safe_parts(key, rules) for key in keys if not key.endswith("/")]
    files = [parts for parts in spelled if not isinstance(parts, RefusedName)]

    given_parts = assign(files)

    folded = [fold(parts) for parts in given_parts]
    folders = {parts[:n] for parts in folded for n in range(1, len(parts))}
    assert len(set(folded)) == len(files)
    assert not folders & set(folded)
    assert assign(files) == given_parts
    assert all(new[:-1] == old[:-1] for new, old in zip(given_parts, files, strict=True))


@pytest.mark.parametrize(
    "name", ["report.pdf", "Ümlaut ß", "a%20b", "100%", "a:b", "CON", "trailing.", "..x", "%zz"]
)
def test_usual_names_stay_as_they_are_on_linux(name):
    assert safe_parts(name, LINUX) == (name,)


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("a:b", ("a%3Ab",)),
        ("CON.txt", ("%43ON.txt",)),
        ("end. ", ("end.%20",)),
        ("what?/x", ("what%3F", "x")),
        ("a//b", ("a", "%2F", "b")),
        ("%3A", ("%253A",)),
    ],
)
def test_names_that_windows_forbids_are_spelled(key, parts):
    assert safe_parts(key, WINDOWS) == parts


@pytest.mark.parametrize("key", ["", "..", "a/../b", ".", "a/./b", "x" * 256, "\ud800"])
def test_what_cannot_be_a_path_is_refused(key):
    assert isinstance(safe_parts(key, LINUX), RefusedName)


def test_files_that_clash_get_numbers_that_are_free():
    names = [("a.txt",), ("A.TXT",), ("a (2).txt",), ("é",), ("e\u0301",), ("x",), ("x", "y")]

    assert assign(names) == [
        ("a.txt",),
        ("A (3).TXT",),
        ("a (2).txt",),
        ("é",),
        ("e\u0301 (2)",),
        ("x (2)",),
        ("x", "y"),
    ]


@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("report.pdf", "report (2).pdf"),
        ("archive.tar.gz", "archive (2).tar.gz"),
        (".bashrc", ".bashrc (2)"),
        ("README", "README (2)"),
        ("v1. final version", "v1. final version (2)"),
        ("...", "... (2)"),
        ("end.", "end. (2)"),
    ],
)
def test_the_number_goes_before_the_suffix(name, second):
    assert numbered(name, 2) == second


@given(st.text())
def test_a_name_is_its_stem_and_its_suffix(name):
    assert "".join(split_suffix(name)) == name


@given(st.text())
def test_folding_is_stable(text):
    folded = fold((text,))

    assert fold(folded) == folded
    assert folded == fold((unicodedata.normalize("NFD", text),))
