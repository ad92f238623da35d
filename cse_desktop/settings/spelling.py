"""Settings and State <-> the documents that are written to disk."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from cse_desktop.core.clients import Network
from cse_desktop.core.connection import AssumedRole, Connection, SingleSignOn, Source
from cse_desktop.core.envelope import Format
from cse_desktop.core.policy import SUFFIX, ReadPolicy
from cse_desktop.settings.reader import Document, Reader
from cse_desktop.settings.values import (
    DENSITIES,
    MAX_PARALLEL,
    MAX_RATE,
    MAX_RECENT_KEYS,
    THEMES,
    KeyChoice,
    Settings,
    State,
)

T = TypeVar("T", SingleSignOn, AssumedRole, Network)

_OPTIONAL: Final = {
    "source": Source.PROFILE,
    "access_key": "",
    "sso": SingleSignOn(),
    "role": AssumedRole(),
    "process": "",
    "network": Network(),
}
"""Left out of the file while they say nothing."""
_WIDEST: Final = 100_000  # pixels
_KNOWN: Final = frozenset(
    (
        "theme",
        "density",
        "parallel_transfers",
        "download_folder",
        "upload_limit",
        "download_limit",
        *("notifications", "keep_awake", "reduce_motion"),
        "connections",
        "default_keys",
        "named_buckets",
        "pinned_places",
    )
)


def settings_of(table: Document, reader: Reader) -> Settings:
    """Give the settings that a document spells; defaults where it is silent."""
    folder = reader.take(table, "download_folder", "")
    keys = [
        each
        for each in reader.tables(table, "default_keys")
        if reader.named(each, "connection") and reader.named(each, "bucket")
    ]
    parallel = reader.take(table, "parallel_transfers", 4)
    return Settings(
        theme=reader.choice(table, "theme", THEMES),
        density=reader.choice(table, "density", DENSITIES),
        parallel_transfers=max(1, min(parallel, MAX_PARALLEL)),
        download_folder=Path(folder) if folder else None,
        upload_limit=_rate_of(table, "upload_limit", reader),
        download_limit=_rate_of(table, "download_limit", reader),
        notifications=reader.take(table, "notifications", True),
        keep_awake=reader.take(table, "keep_awake", True),
        reduce_motion=reader.take(table, "reduce_motion", False),
        connections=connections_of(table, reader),
        default_keys={
            (each["connection"], each["bucket"]): choice
            for each in keys
            for choice in _choices_of([each], reader)
        },
        named_buckets={
            each["connection"]: reader.strings(each, "buckets")
            for each in reader.tables(table, "named_buckets")
            if reader.named(each, "connection")
        },
        pinned_places=reader.pairs(table, "pinned_places"),
        unknown={name: value for name, value in table.items() if name not in _KNOWN},
    )


def state_of(table: Document, reader: Reader) -> State:
    """Give the state that a document spells."""
    windows: Document = reader.take(table, "windows", {})
    columns: Document = reader.take(table, "columns", {})
    place = reader.strings(table, "place")
    return State(
        windows={name: text for name, text in windows.items() if isinstance(text, str)},
        columns={
            name: tuple(widths)
            for name, widths in columns.items()
            if isinstance(widths, list) and all(map(_is_width, widths))
        },
        recent_keys=_choices_of(reader.tables(table, "recent_keys"), reader)[:MAX_RECENT_KEYS],
        favourite_keys=reader.strings(table, "favourite_keys"),
        place=(place[0], place[1]) if len(place) == 2 else ("", ""),
        recent_places=reader.pairs(table, "recent_places"),
    )


def document_of(settings: Settings) -> Document:
    """Spell settings as a document; the sandbox is opened anew each time, never saved."""
    return {
        **settings.unknown,
        "theme": settings.theme,
        "density": settings.density,
        "parallel_transfers": settings.parallel_transfers,
        "download_folder": str(settings.download_folder or ""),
        "upload_limit": settings.upload_limit,
        "download_limit": settings.download_limit,
        "notifications": settings.notifications,
        "keep_awake": settings.keep_awake,
        "reduce_motion": settings.reduce_motion,
        "connections": [table_of(each) for each in settings.connections if not each.is_sandbox],
        "default_keys": [
            {"connection": connection, "bucket": bucket, **_lists(asdict(choice))}
            for (connection, bucket), choice in settings.default_keys.items()
        ],
        "named_buckets": [
            {"connection": connection, "buckets": list(buckets)}
            for connection, buckets in settings.named_buckets.items()
        ],
        "pinned_places": _lists(settings.pinned_places),
    }


def _rate_of(table: Document, name: str, reader: Reader) -> int:
    return max(0, min(reader.take(table, name, 0), MAX_RATE))


def _is_width(value: object) -> bool:
    """Whether this is the width or the number of a column; Qt takes 32 bits and no more."""
    return type(value) is int and 0 <= value <= _WIDEST


def connections_of(table: Document, reader: Reader) -> tuple[Connection, ...]:
    """Give the connections of a document; of two with one name the later."""
    found: dict[str, Connection] = {}
    for each in reader.tables(table, "connections"):
        if reader.named(each, "name"):
            found[each["name"]] = _connection_of(each, reader)
    return tuple(found.values())


def _connection_of(each: Document, reader: Reader) -> Connection:
    return Connection(
        name=each["name"],
        profile=reader.take(each, "profile", ""),
        region=reader.take(each, "region", ""),
        s3_endpoint=reader.take(each, "s3_endpoint", ""),
        kms_endpoint=reader.take(each, "kms_endpoint", ""),
        account=reader.take(each, "account", ""),
        allowed_keys=reader.strings(each, "allowed_keys"),
        policy=_policy_of(reader.take(each, "policy", {}), reader),
        write_format=Format(reader.choice(each, "write_format", ("v3", "v2"))),
        bind_names=reader.take(each, "bind_names", False),
        source=Source(reader.choice(each, "source", tuple(kind.value for kind in Source))),
        access_key=reader.take(each, "access_key", ""),
        sso=_values_of(SingleSignOn(), each, "sso", reader),
        role=_values_of(AssumedRole(), each, "role", reader),
        process=reader.take(each, "process", ""),
        network=_values_of(Network(), each, "network", reader),
    )


def _values_of(default: T, table: Document, name: str, reader: Reader) -> T:
    """A table of texts and switches, with what it leaves out from `default`."""
    given: Document = reader.take(table, name, {})
    taken = {key: reader.take(given, key, value) for key, value in asdict(default).items()}
    return replace(default, **taken)


def _policy_of(table: Document, reader: Reader) -> ReadPolicy:
    default = ReadPolicy()
    switches = ("v2", "kms_wrap", "cbc", "instruction_files")
    has_context = "required_context" in table
    return ReadPolicy(
        **{name: reader.take(table, name, getattr(default, name)) for name in switches},
        required_context=reader.pairs(table, "required_context") if has_context else None,
        instruction_suffix=reader.take(table, "instruction_suffix", SUFFIX) or SUFFIX,
    )


def _choices_of(tables: list[Document], reader: Reader) -> tuple[KeyChoice, ...]:
    return tuple(
        KeyChoice(each["key_id"], reader.take(each, "label", ""), reader.pairs(each, "context"))
        for each in tables
        if reader.named(each, "key_id")
    )


def table_of(connection: Connection) -> Document:
    """Spell a connection; what does not belong to its source of credentials is left out."""
    table: Document = _lists(asdict(connection)) | {
        "write_format": connection.write_format.value,
        "source": connection.source.value,
    }
    del table["is_sandbox"]
    for name, default in _OPTIONAL.items():
        if getattr(connection, name) == default:
            del table[name]
    if table["policy"]["required_context"] is None:
        del table["policy"]["required_context"]
    return table


def _lists(value: Any) -> Any:
    """The same with lists for tuples, as TOML writes them."""
    if isinstance(value, dict):
        return {name: _lists(each) for name, each in value.items()}
    return [_lists(each) for each in value] if isinstance(value, tuple | list) else value
