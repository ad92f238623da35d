"""Names of connections that are free."""

from __future__ import annotations

from collections.abc import Collection


def free_name(wanted: str, taken: Collection[str]) -> str:
    """The name, with a number where it is taken; case does not tell names apart."""
    folded, name, count = {each.casefold() for each in taken}, wanted, 1
    while name.casefold() in folded:
        count += 1
        name = f"{wanted} ({count})"
    return name
