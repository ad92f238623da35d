"""Where the user is, has been, and wants to go."""

from __future__ import annotations

from dataclasses import dataclass

from cse_desktop.core.objects import ObjectRef


@dataclass(frozen=True, slots=True)
class Place:
    """A folder under a connection.

    Attributes:
        folder: its key is "" or ends with "/".
    """

    connection: str
    folder: ObjectRef

    @property
    def parent(self) -> Place | None:
        """The folder above; None at the root of a bucket."""
        if not self.folder.key:
            return None
        above, slash, _name = self.folder.key.rstrip("/").rpartition("/")
        return Place(self.connection, ObjectRef(self.folder.bucket, above + slash))


def place_ref(place: str) -> ObjectRef:
    """The folder that an entry of the sidebar means: "bucket", or "bucket/folder/"."""
    bucket, _slash, folder = place.partition("/")
    return ObjectRef(bucket, folder)


class History:
    """Back and forward, as in a browser."""

    def __init__(self) -> None:
        self._past: list[Place] = []
        self._future: list[Place] = []
        self._here: Place | None = None

    @property
    def here(self) -> Place | None:
        """The open place."""
        return self._here

    @property
    def can_go_back(self) -> bool:
        """Whether there was a place before."""
        return bool(self._past)

    @property
    def can_go_forward(self) -> bool:
        """Whether `back` was the last step."""
        return bool(self._future)

    def visit(self, place: Place) -> None:
        """Go somewhere new; what was ahead is forgotten."""
        if place == self._here:
            return
        if self._here is not None:
            self._past.append(self._here)
        self._here = place
        self._future.clear()

    def back(self) -> Place | None:
        """One step back; None where there is none."""
        return self._step(self._past, self._future)

    def forward(self) -> Place | None:
        """One step forward; None where there is none."""
        return self._step(self._future, self._past)

    def forget(self, connection: str) -> None:
        """Drop every place of a connection that is gone."""
        self._past = [place for place in self._past if place.connection != connection]
        self._future = [place for place in self._future if place.connection != connection]
        if self._here is not None and self._here.connection == connection:
            self._here = None

    def _step(self, source: list[Place], other: list[Place]) -> Place | None:
        if not source:
            return None
        if self._here is not None:
            other.append(self._here)
        self._here = source.pop()
        return self._here


def folder_of(text: str) -> ObjectRef | None:
    """The folder that a typed address means; None when it is not an s3:// address.

    An address without a slash at its end is taken for a folder all the same: a path bar opens
    folders.
    """
    scheme, mark, rest = text.strip().partition("://")
    if not mark or scheme.lower() != "s3":
        return None
    bucket, _slash, key = rest.partition("/")
    if not bucket:
        return None
    return ObjectRef(bucket, key if not key or key.endswith("/") else key + "/")
