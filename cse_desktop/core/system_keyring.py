"""Access keys in the store that the operating system has for such things, and nowhere else."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from cse_desktop.core.connection import Credentials
from cse_desktop.core.errors import LocalDisk, SignInNeeded
from cse_desktop.core.later import later
from cse_desktop.core.leaving import leave_when_cancelled
from cse_desktop.core.progress import Cancelled, Deadline

if TYPE_CHECKING:
    import keyring.backend as backends
    from keyring import errors
else:
    backends = later("keyring.backend")
    errors = later("keyring.errors")

T = TypeVar("T")

SERVICE: Final = "CSE Desktop"
ANSWERS_WITHIN_S: Final = 60.0
"""A locked store asks for its password in a window of its own, and waits for it."""

_STORES: Final = {
    "keyring.backends.SecretService": "the Secret Service of this desktop",
    "keyring.backends.libsecret": "the Secret Service of this desktop",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.macOS": "the macOS Keychain",
    "keyring.backends.Windows": "the Windows Credential Manager",
}
"""The library knows others, which write secrets into files, or ask for them on the terminal."""

MISSING: Final = "No system keyring found. Keys can be kept until you quit, or use an AWS profile."


class SystemKeyring:
    """Keys by their id. Any thread; may wait for a person to unlock the store.

    Args:
        answers_within_s: then the store is given up.
    """

    def __init__(self, answers_within_s: float = ANSWERS_WITHIN_S) -> None:
        self._answers_within_s = answers_within_s

    def name(self) -> str:
        """What the store is called; "" where the system has none that may be used."""
        found = self._backend()
        return _STORES[type(found).__module__] if found is not None else ""

    def keep(self, credentials: Credentials) -> None:
        """Store a key, in the place of one with the same id.

        Raises:
            LocalDisk: it was not stored.
        """
        secret = json.dumps({"secret": credentials.secret_key, "token": credentials.token})
        backend = self._backend()
        if backend is None:
            raise LocalDisk("No system keyring found", MISSING.partition(". ")[2])
        try:
            self._ask(lambda: backend.set_password(SERVICE, credentials.access_key, secret))
        except (errors.KeyringError, OSError) as error:
            raise _not_stored(error) from None

    def find(self, access_key: str) -> Credentials | None:
        """The key with that id, if it is in the store.

        Raises:
            SignInNeeded: the store is locked, or does not answer.
        """
        backend = self._backend()
        if backend is None:
            return None
        try:
            secret = self._ask(lambda: backend.get_password(SERVICE, access_key))
        except (errors.KeyringError, OSError) as error:
            raise SignInNeeded(
                "The system keyring could not be read",
                "Unlock it, then try again. The access keys of this connection are in it.",
                f"Cause: {type(error).__name__}",
            ) from None
        return _credentials(access_key, secret) if secret else None

    def forget(self, access_key: str) -> None:
        """Remove a key, if it is in the store.

        Raises:
            LocalDisk: it could not be removed.
        """
        backend = self._backend()
        if backend is None:
            return
        try:
            self._ask(lambda: backend.delete_password(SERVICE, access_key))
        except errors.PasswordDeleteError:
            return  # there was none
        except (errors.KeyringError, OSError) as error:
            raise LocalDisk(
                "The access key could not be removed from the system keyring",
                "Unlock the keyring, then try again; or remove the entry with the keyring's own "
                "program.",
                f"Entry: {SERVICE}, {access_key}\nCause: {type(error).__name__}",
            ) from None

    def _ask(self, question: Callable[[], T]) -> T:
        try:
            return leave_when_cancelled(question, Deadline(self._answers_within_s))
        except Cancelled:
            raise TimeoutError from None
        except (errors.KeyringError, OSError):
            raise
        except Exception as error:
            # Each store's own library has errors of its own, which are not there elsewhere.
            raise errors.KeyringError(type(error).__name__) from None

    def _backend(self) -> Any:
        """The best store that is on the list; None where there is none."""
        chosen = os.environ.get("PYTHON_KEYRING_BACKEND", "")
        backends.get_all_keyring()  # loads the classes; what it gives, it gives for ever
        found = [
            each
            for each in backends.KeyringBackend.get_viable_backends()
            if each.__module__ in _STORES
            # An administrator may have switched all stores off.
            and chosen in ("", f"{each.__module__}.{each.__qualname__}")
        ]
        best = max(found, key=lambda each: each.priority, default=None)
        return None if best is None else best()


def _credentials(access_key: str, secret: str) -> Credentials | None:
    try:
        parts = json.loads(secret)
        return Credentials(access_key, str(parts["secret"]), str(parts["token"]))
    except (ValueError, KeyError, TypeError):
        return None  # an entry of somebody else's making


def _not_stored(error: Exception) -> LocalDisk:
    return LocalDisk(
        "The system keyring did not take the access key",
        "It is kept until you quit. Unlock the keyring, then save the connection again.",
        f"Cause: {type(error).__name__}",
    )
