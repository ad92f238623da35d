"""Takes values of the right type out of a document that anybody may have edited."""

from __future__ import annotations

from typing import Any, TypeVar

Document = dict[str, Any]
T = TypeVar("T")


class Reader:
    """Takes values of the right type out of a document; anything else becomes a problem."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.problems: list[str] = []

    def table(self, value: Any) -> Document:
        """A table; an empty one in the place of anything else."""
        return value if self._is(value, dict, "a table") else {}

    def take(self, table: Document, name: str, default: T) -> T:
        """A value of the default's type."""
        value = table.get(name, default)
        return value if self._is(value, type(default), name) else default

    def choice(self, table: Document, name: str, choices: tuple[T, ...]) -> T:
        """One of `choices`; the first in the place of anything else."""
        value = self.take(table, name, choices[0])
        return value if self._holds(value in choices, name) else choices[0]

    def tables(self, table: Document, name: str) -> list[Document]:
        """A list of tables."""
        found: list[Any] = self.take(table, name, [])
        return [each for each in found if self._is(each, dict, name)]

    def strings(self, table: Document, name: str) -> tuple[str, ...]:
        """A list of strings."""
        found: list[Any] = self.take(table, name, [])
        return tuple(each for each in found if self._is(each, str, name))

    def pairs(self, table: Document, name: str) -> tuple[tuple[str, str], ...]:
        """A list of pairs of strings."""
        pairs: list[Any] = self.take(table, name, [])
        found = []
        for pair in pairs:
            is_pair = isinstance(pair, list) and [type(each) for each in pair] == [str, str]
            if self._holds(is_pair, name):
                found.append((pair[0], pair[1]))
        return tuple(found)

    def named(self, table: Document, name: str) -> bool:
        """Whether a text that must be there is there."""
        return self._holds(isinstance(table.get(name), str) and table[name] != "", name)

    def _is(self, value: Any, kind: type, name: str) -> bool:
        # bool is a subclass of int, but True is no number of transfers.
        return self._holds(
            isinstance(value, kind) and (kind is bool) == (type(value) is bool), name
        )

    def _holds(self, is_right: bool, name: str) -> bool:
        if not is_right:
            self.problems.append(f"{self._name}: {name} is not understood and was left out.")
        return is_right
