"""Who and what signing in may ask, apart from the connection itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from cse_desktop.core.errors import Declined


class Person(Protocol):
    """Somebody who can be asked. Called in worker threads."""

    def code(self, connection: str, device: str) -> str:
        """The code that an MFA device shows now; blocks until it is typed.

        Args:
            device: serial number or ARN.

        Raises:
            Declined: nobody is there, or they would not.
        """

    def wants_sign_in(self, connection: str, /) -> bool:
        """Say that a transfer waits for a sign-in; does not block.

        Returns:
            Whether somebody is there who could do it.
        """


class Nobody:
    """A person who is not there."""

    def code(self, connection: str, device: str) -> str:
        """Decline."""
        raise Declined(
            "An MFA code is needed to sign in",
            "Nobody could be asked for it here.",
            f"Connection: {connection}\nDevice: {device}",
        )

    def wants_sign_in(self, _connection: str) -> bool:
        """Nobody will."""
        return False


@dataclass(frozen=True, slots=True)
class Means:
    """What signing in needs besides the connection; one for all sessions of a process.

    Attributes:
        person: asked for codes.
        memory: temporary credentials of roles, so that a code is asked for once. Never on disk.
        declined: when a code was declined, by connection.
    """

    person: Person = field(default_factory=Nobody)
    memory: dict[str, Any] = field(default_factory=dict, repr=False)
    declined: dict[str, float] = field(default_factory=dict)
