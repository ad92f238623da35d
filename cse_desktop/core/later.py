"""Libraries that are loaded when they are first used, and not before.

Boto3 alone takes longer to load than a window takes to appear. Where it is needed,

    if TYPE_CHECKING:
        import boto3
    else:
        boto3 = later("boto3")

reads like an import to tools and people. It works for modules, not for names in them, and not
for a base class: a module that has one is itself imported later.
"""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Sequence
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """Stands for a module; any thread may be the first to use it."""

    def __getattr__(self, name: str) -> Any:
        # Python's own lock makes a second thread wait for the first.
        module = importlib.import_module(self.__name__)
        return getattr(module, name)


def later(name: str) -> ModuleType:
    """The module of that name, loaded with the first look at anything in it."""
    return _Later(name)


def load_early(names: Sequence[str]) -> threading.Thread:
    """Load modules in a thread of their own, one after the other; gives the thread."""

    def load() -> None:
        for name in names:
            if name not in sys.modules:
                importlib.import_module(name)

    thread = threading.Thread(target=load, name="load-early", daemon=True)
    thread.start()
    return thread
