"""Requests as they are written down, and read again by a later run.

Any request will do: its fields and their types say how it is spelled.
"""

from __future__ import annotations

import dataclasses
import os
import types
import typing
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any, Final

from cse_desktop.jobs.editing import FetchCopy, SaveBack
from cse_desktop.jobs.journal_rows import Body
from cse_desktop.jobs.requests import Request

_VERBS: Final[Mapping[str, Any]] = {
    verb.__name__: verb
    for verb in typing.get_args(Request)
    # A readable copy that is being edited ends with the program that watches it.
    if verb not in (FetchCopy, SaveBack)
}


def is_kept(request: Request) -> bool:
    """Whether a later run may go on with a request."""
    return type(request).__name__ in _VERBS


def body_of(request: Request) -> Body:
    """All of a request, as JSON can hold it."""
    return {"verb": type(request).__name__, "of": _spelled(request)}


def request_of(body: Body) -> Request:
    """Read a request again.

    Raises:
        ValueError: it is not one.
    """
    try:
        request: Request = _read(_VERBS[body["verb"]], body["of"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("no request") from error
    return request


def _spelled(value: Any) -> Any:
    if isinstance(value, Path):
        return os.path.abspath(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_spelled(each) for each in value]
    if dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        return {field.name: _spelled(getattr(value, field.name)) for field in fields}
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"a {type(value).__name__} can't be written down")


def _read(kind: Any, value: Any) -> Any:
    """What `value` spells, of exactly this type."""
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        kinds = typing.get_type_hints(kind)
        names = [field.name for field in dataclasses.fields(kind)]
        if not isinstance(value, dict) or value.keys() != set(names):
            raise TypeError(kind)
        return kind(**{name: _read(kinds[name], value[name]) for name in names})
    if typing.get_origin(kind) is tuple:
        return _read_tuple(typing.get_args(kind), value)
    if typing.get_origin(kind) in (types.UnionType, typing.Union):
        present = [each for each in typing.get_args(kind) if each is not types.NoneType]
        return None if value is None else _read(present[0], value)
    if kind is Path:
        if os.path.abspath(_read(str, value)) != value:
            raise ValueError("a path that depends on where the program was started")
        return Path(value)
    if issubclass(kind, Enum):
        return kind(value)
    if type(value) is not kind:
        raise TypeError(kind)
    return value


def _read_tuple(kinds: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise TypeError(kinds)
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_read(kinds[0], each) for each in value)
    return tuple(_read(kind, each) for kind, each in zip(kinds, value, strict=True))
