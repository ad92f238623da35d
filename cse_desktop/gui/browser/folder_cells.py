"""What the cells of the folder table say, for eyes and for screen readers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from PySide6.QtCore import Qt

from cse_desktop.core.objects import Entry
from cse_desktop.gui.browser.envelope_reader import EnvelopeState
from cse_desktop.gui.browser.folder_rows import Column, entry_name
from cse_desktop.gui.look import text
from cse_desktop.gui.parts.badge import BadgeLook, look_of

TITLES: Final[Mapping[Column, str]] = MappingProxyType(
    {
        Column.NAME: "Name",
        Column.SIZE: "Size",
        Column.MODIFIED: "Modified",
        Column.ENCRYPTION: "Encryption",
        Column.STORAGE_CLASS: "Storage class",
    }
)
SORTABLE: Final = (Column.NAME, Column.SIZE, Column.MODIFIED, Column.STORAGE_CLASS)

LOADING_MORE: Final = "Loading more…"
SEARCHING: Final = "Searching… {looked_at} names so far"
LOADING_ALL: Final = "Loading all names… {loaded} so far"
NOT_LOADED: Final = "Could not load. Try again"

# Made once: combining flags costs more than painting a word.
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

_STORAGE_CLASSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "": "",
        "STANDARD": "Standard",
        "STANDARD_IA": "Standard-IA",
        "ONEZONE_IA": "One Zone-IA",
        "INTELLIGENT_TIERING": "Intelligent",
        "GLACIER_IR": "Glacier IR",
        "GLACIER": "Glacier",
        "DEEP_ARCHIVE": "Deep Archive",
        "REDUCED_REDUNDANCY": "Reduced",
        "EXPRESS_ONEZONE": "Express",
        "OUTPOSTS": "Outposts",
        "SNOW": "Snow",
    }
)


def name_of(entry: Entry, folder_key: str) -> str:
    """The name as shown: nothing in it hides or reorders."""
    return text.visible(entry_name(entry, folder_key))


def size_of(entry: Entry, state: EnvelopeState) -> str:
    """Bytes of plaintext, or "≈" and the stored size while they are not known."""
    if entry.is_folder:
        return ""
    found = state.inspection
    if found is None:
        return text.about(entry.size)
    return text.size(found.size) if found.size_is_exact else text.about(found.size)


def storage_class(name: str) -> str:
    """A storage class as the S3 console spells it."""
    return _STORAGE_CLASSES.get(name, text.visible(name))


def look(entry: Entry, state: EnvelopeState) -> BadgeLook | None:
    """The encryption badge; None for a folder."""
    if entry.is_folder:
        return None
    if state.inspection is None and state.failure is not None:
        why = " ".join(part for part in (state.failure.title + ".", state.failure.hint) if part)
        return BadgeLook("Unknown", "?", "neutral", "ph.question", why, "Encryption unknown")
    key = state.key
    return look_of(
        state.inspection, key.label if key else "", no_access=bool(key and key.is_refused)
    )


def alignment(column: Column) -> Qt.AlignmentFlag:
    """Numbers stand at the right of their column."""
    return _RIGHT if column is Column.SIZE else _LEFT


def header_hint(column: Column, is_complete: bool) -> str:
    """What a click on a column title does."""
    if column not in SORTABLE:
        return "Envelopes are read only for the rows in view, so this column can't be sorted"
    if is_complete:
        return f"Sort by {TITLES[column].lower()}"
    return "Sorting needs all names of this folder. A click loads the rest first"


def sort_value(column: Column, entry: Entry, state: EnvelopeState) -> Any:
    """The value behind a cell."""
    found = state.inspection
    return {
        Column.NAME: entry.key,
        Column.SIZE: found.size if found else entry.size,
        Column.MODIFIED: entry.modified,
        Column.ENCRYPTION: found.kind.value if found else "",
        Column.STORAGE_CLASS: entry.storage_class,
    }[column]


def shown_text(column: Column, entry: Entry, state: EnvelopeState, folder_key: str) -> str:
    """The text of a cell."""
    if column is Column.NAME:
        return name_of(entry, folder_key)
    if column is Column.SIZE:
        return size_of(entry, state)
    if column is Column.MODIFIED:
        return text.date(entry.modified) if entry.modified else ""
    if column is Column.ENCRYPTION:
        badge = look(entry, state)
        return badge.text if badge else ""
    return storage_class(entry.storage_class)


def spoken_text(column: Column, entry: Entry, state: EnvelopeState, folder_key: str) -> str:
    """The text of a cell for a screen reader; never empty."""
    if column is Column.NAME:
        kind = "folder" if entry.is_folder else "file"
        return f"{name_of(entry, folder_key)}, {kind}"
    if entry.is_folder:
        return f"No {TITLES[column].lower()}"
    if column is Column.ENCRYPTION:
        badge = look(entry, state)
        return badge.spoken if badge else ""
    shown = shown_text(column, entry, state, folder_key)
    return shown.replace("≈ ", "about ") or f"No {TITLES[column].lower()}"


def hint_text(column: Column, entry: Entry, state: EnvelopeState, folder_key: str) -> str:
    """The tooltip of a cell."""
    if column is Column.NAME:
        return name_of(entry, folder_key)
    if column is Column.ENCRYPTION:
        badge = look(entry, state)
        return badge.tooltip if badge else ""
    if column is Column.SIZE and not entry.is_folder:
        found = state.inspection
        if found and found.size_is_exact:
            return text.exact_size(found.size)
        return f"{text.exact_size(entry.size)} as stored in S3"
    return ""


TEXTS: Final[Mapping[int, Callable[[Column, Entry, EnvelopeState, str], str]]] = MappingProxyType(
    {
        Qt.ItemDataRole.DisplayRole: shown_text,
        Qt.ItemDataRole.AccessibleTextRole: spoken_text,
        Qt.ItemDataRole.ToolTipRole: hint_text,
    }
)
