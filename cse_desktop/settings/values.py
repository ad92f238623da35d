"""Settings (chosen by the user) and State (noticed on the way). Neither ever holds a secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

from cse_desktop.core.session import Connection

ThemeMode = Literal["system", "light", "dark"]
THEMES: Final[tuple[ThemeMode, ...]] = ("system", "light", "dark")
DENSITIES: Final = ("comfortable", "compact")
MAX_PARALLEL: Final = 32
MAX_RECENT_KEYS: Final = 8
MAX_RATE: Final = 10**12


@dataclass(frozen=True, slots=True)
class KeyChoice:
    """A KMS key as it was chosen, with the encryption context that goes with it.

    Attributes:
        key_id: ARN, id or alias.
        label: the key as the user knows it.
        context: the user's pairs, order kept.
    """

    key_id: str
    label: str = ""
    context: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user chose.

    Attributes:
        download_folder: None asks each time.
        upload_limit, download_limit: bytes a second of all together; 0 for no limit.
        notifications: whether the desktop is told when transfers end while the window is away.
        keep_awake: whether the computer may not fall asleep while something is transferred.
        reduce_motion: no fades, no turning.
        default_keys: (connection, bucket) to the key that uploads there use.
        named_buckets: by connection, buckets that the user added by name.
        pinned_places: connection and s3:// address of what the user pinned, in that order.
        unknown: entries of a newer version, kept as they are.
    """

    theme: ThemeMode = "system"
    density: str = "comfortable"
    parallel_transfers: int = 4
    download_folder: Path | None = None
    upload_limit: int = 0
    download_limit: int = 0
    notifications: bool = True
    keep_awake: bool = True
    reduce_motion: bool = False
    connections: tuple[Connection, ...] = ()
    default_keys: Mapping[tuple[str, str], KeyChoice] = field(default_factory=dict, hash=False)
    named_buckets: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    pinned_places: tuple[tuple[str, str], ...] = ()
    unknown: Mapping[str, Any] = field(default_factory=dict, hash=False, repr=False)

    def connection(self, name: str) -> Connection | None:
        """Give a saved connection by name."""
        return next((each for each in self.connections if each.name == name), None)

    def with_connection(self, connection: Connection) -> Settings:
        """Give settings in which `connection` is saved, in the place of one of its name."""
        if self.connection(connection.name) is None:
            return replace(self, connections=(*self.connections, connection))
        return replace(
            self,
            connections=tuple(
                connection if each.name == connection.name else each for each in self.connections
            ),
        )

    def without_connection(self, name: str) -> Settings:
        """Give settings that know nothing of a connection."""
        return replace(
            self,
            connections=tuple(each for each in self.connections if each.name != name),
            default_keys={at: key for at, key in self.default_keys.items() if at[0] != name},
            named_buckets={at: names for at, names in self.named_buckets.items() if at != name},
        )

    def with_renamed_connection(self, old: str, new: str) -> Settings:
        """Give settings in which all that is known of a connection is known of it by `new`."""
        return replace(
            self,
            connections=tuple(
                replace(each, name=new) if each.name == old else each for each in self.connections
            ),
            default_keys={
                (new if name == old else name, bucket): key
                for (name, bucket), key in self.default_keys.items()
            },
            named_buckets={
                new if name == old else name: names for name, names in self.named_buckets.items()
            },
        )

    def with_named_buckets(self, connection: str, buckets: tuple[str, ...]) -> Settings:
        """Give settings in which exactly these buckets are shown although they may not be listed.

        Args:
            buckets: names; "bucket/folder/" for a folder alone.
        """
        others = {at: names for at, names in self.named_buckets.items() if at != connection}
        return replace(self, named_buckets=others | ({connection: buckets} if buckets else {}))

    def with_named_bucket(self, connection: str, bucket: str) -> Settings:
        """Give settings in which a bucket is shown although it cannot be listed."""
        known = self.named_buckets.get(connection, ())
        if bucket in known:
            return self
        return replace(self, named_buckets={**self.named_buckets, connection: (*known, bucket)})

    def with_default_key(self, connection: str, bucket: str, choice: KeyChoice) -> Settings:
        """Give settings in which uploads to a bucket use `choice`."""
        return replace(self, default_keys={**self.default_keys, (connection, bucket): choice})


@dataclass(frozen=True, slots=True)
class State:
    """What the program noticed; losing it costs comfort only.

    Attributes:
        windows: geometry and layout by window or splitter, as base64 of Qt's bytes.
        columns: widths by table.
        recent_keys: newest first.
        favourite_keys: ARNs.
        place: last connection and s3:// place.
        recent_places: connections and s3:// addresses, newest first.
    """

    windows: Mapping[str, str] = field(default_factory=dict, hash=False)
    columns: Mapping[str, tuple[int, ...]] = field(default_factory=dict, hash=False)
    recent_keys: tuple[KeyChoice, ...] = ()
    favourite_keys: tuple[str, ...] = ()
    place: tuple[str, str] = ("", "")
    recent_places: tuple[tuple[str, str], ...] = ()

    def with_recent_key(self, choice: KeyChoice) -> State:
        """Give a state in which `choice` is the newest of the recent keys."""
        others = [each for each in self.recent_keys if each.key_id != choice.key_id]
        return replace(self, recent_keys=(choice, *others)[:MAX_RECENT_KEYS])
