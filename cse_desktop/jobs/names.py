"""Names: object keys become relative paths, and taken names become free ones. Pure.

A part of a key that no file may be called is spelled with percent signs ("a:b" is "a%3Ab" on
Windows) and `original` gives it back. Nothing else is changed and nothing is ever decoded on the
way down, so "..%2F" is a file name like any other. What cannot be spelled is refused.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_CONTROLS: Final = frozenset(map(chr, (*range(0x20), 0x7F)))
_DEVICES: Final = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?", re.IGNORECASE | re.DOTALL
)
_ESCAPE: Final = re.compile("%([0-9A-F]{2})")
_DOUBLE_SUFFIXES: Final = (".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst")
_EMPTY: Final = "%2F"
"""Spells a part without a character, as in "a//b": no part can hold the slash that this spells."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a file may be called.

    Attributes:
        banned: characters that no part may hold.
        is_windows: devices, trailing dots and spaces; lengths count UTF-16 units, not bytes.
        max_part: longest part.
        max_path: longest whole path.
    """

    banned: frozenset[str]
    is_windows: bool
    max_part: int
    max_path: int

    def length(self, text: str) -> int:
        """Length as the file system counts it."""
        return len(text.encode("utf-16-le" if self.is_windows else "utf-8")) // (
            1 + self.is_windows
        )


LINUX: Final = Rules(_CONTROLS, is_windows=False, max_part=255, max_path=4095)
MACOS: Final = Rules(_CONTROLS, is_windows=False, max_part=255, max_path=1023)
WINDOWS: Final = Rules(_CONTROLS | frozenset('<>:"|?*\\'), True, 255, 259)
"""Source: "Naming Files, Paths, and Namespaces" of the Windows documentation."""


def rules_here() -> Rules:
    """The rules of the system this runs on."""
    return {"win32": WINDOWS, "darwin": MACOS}.get(sys.platform, LINUX)


@dataclass(frozen=True, slots=True)
class RefusedName:
    """A key that becomes no path.

    Attributes:
        reason: half a sentence, to follow "because".
    """

    reason: str


def safe_parts(key: str, rules: Rules) -> tuple[str, ...] | RefusedName:
    """Give the parts of the relative path for a key; a trailing slash is left out.

    Different keys give different parts; where a file system takes different parts for one,
    `assign` tells them apart.
    """
    if not key:
        return RefusedName("it has no name")
    try:
        key.encode()
    except UnicodeEncodeError:
        return RefusedName("its name is not valid text")
    parts = key.removesuffix("/").split("/")
    if not {".", ".."}.isdisjoint(parts):
        return RefusedName("its name holds “.” or “..” in place of a folder")
    spelled = tuple(_spell(part, rules) for part in parts)
    if any(rules.length(part) > rules.max_part for part in spelled):
        return RefusedName("a part of its name is too long for this computer")
    return spelled


def original(part: str, rules: Rules) -> str:
    """Give the part of a key that `safe_parts` spelled as `part`."""
    if part == _EMPTY:
        return ""

    def unescape(match: re.Match[str]) -> str:
        character = chr(int(match[1], 16))
        return character if _may_be_escaped(character, rules) else match[0]

    return _ESCAPE.sub(unescape, part)


def assign(
    files: Iterable[tuple[str, ...]], folders: Iterable[tuple[str, ...]] = ()
) -> list[tuple[str, ...]]:
    """Give each file parts of its own, in order, also where case and accents do not count.

    Folders keep their names, then the first file of each name does; the others become
    "name (2)" and so on.

    Args:
        files: parts of each file, all different.
        folders: parts of folders that are made besides those the files are in.
    """
    wanted = list(files)
    taken = {fold(parts[:n]) for parts in (*folders,) for n in range(1, len(parts) + 1)}
    taken |= {fold(parts[:n]) for parts in wanted for n in range(1, len(parts))}
    given: list[tuple[str, ...] | None] = []
    for parts in wanted:
        is_free = fold(parts) not in taken
        taken.add(fold(parts))
        given.append(parts if is_free else None)
    return [
        _next_free(parts, taken) if free is None else free
        for parts, free in zip(wanted, given, strict=True)
    ]


def fold(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Parts as a file system compares them that ignores case and composition of accents."""
    return tuple(unicodedata.normalize("NFC", _caseless(part)) for part in parts)


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


def _caseless(part: str) -> str:
    # Unicode, 3.13 D145: normalise before folding too, or folding may miss what composition hides.
    return unicodedata.normalize("NFC", part).casefold()


def _next_free(parts: tuple[str, ...], taken: set[tuple[str, ...]]) -> tuple[str, ...]:
    number = 2
    while fold(candidate := (*parts[:-1], numbered(parts[-1], number))) in taken:
        number += 1
    taken.add(fold(candidate))
    return candidate


def _spell(part: str, rules: Rules) -> str:
    if not part:
        return _EMPTY
    spelled = _ESCAPE.sub(
        lambda match: (
            "%25" + match[1] if _may_be_escaped(chr(int(match[1], 16)), rules) else match[0]
        ),
        part,
    )
    spelled = "".join(_escaped(each) if each in rules.banned else each for each in spelled)
    if rules.is_windows and _DEVICES.fullmatch(spelled):
        spelled = _escaped(spelled[0]) + spelled[1:]
    if rules.is_windows and spelled[-1] in ". ":
        spelled = spelled[:-1] + _escaped(spelled[-1])
    return spelled


def _escaped(character: str) -> str:
    return f"%{ord(character):02X}"


def _may_be_escaped(character: str, rules: Rules) -> bool:
    """Whether an escape of this character may come from `_spell`."""
    return rules.is_windows or character in rules.banned or character in "%/"
