"""Temporary credentials of roles, remembered for as long as they last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cse_desktop.core.later import later

if TYPE_CHECKING:
    from botocore import utils
else:
    utils = later("botocore.utils")


class RoleCache(MutableMapping[str, Any]):
    """Temporary credentials by what was asked for: of this process, and those of the AWS CLI.

    The files of the CLI are read, so that a code typed there is not asked for again; none is
    written.

    Args:
        memory: of the process.
        issuer: "" for AWS itself; else who gave the credentials, and nobody else's are taken.
    """

    def __init__(self, memory: dict[str, Any], issuer: str) -> None:
        self._memory = memory
        self._issuer = issuer
        self._files = utils.JSONFileCache(str(Path.home() / ".aws" / "cli" / "cache"))

    def __getitem__(self, key: str) -> Any:
        own = self._memory.get(self._issuer + key)
        if own is not None:
            return own
        if self._issuer:
            raise KeyError(key)
        found = self._files[key]
        if not isinstance(found, Mapping) or not isinstance(found.get("Credentials"), Mapping):
            raise KeyError(key)
        return found

    def __setitem__(self, key: str, value: Any) -> None:
        self._memory[self._issuer + key] = value

    def __delitem__(self, key: str) -> None:
        del self._memory[self._issuer + key]

    def __contains__(self, key: object) -> bool:
        try:
            self[str(key)]
        except KeyError:
            return False
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(self._memory)

    def __len__(self) -> int:
        return len(self._memory)
