"""A ListObjectsV2 page, read by a real XML parser that allows nothing a listing has no use for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import unquote_plus
from xml.parsers import expat

from cse_desktop.core.entries import date_text

ROOT: Final = "ListBucketResult"
CONTENTS: Final = "Contents"
_PREFIXES: Final = "CommonPrefixes"
_OF_OBJECT: Final = frozenset(("Key", "LastModified", "ETag", "Size", "StorageClass"))
_OF_PAGE: Final = frozenset(("IsTruncated", "NextContinuationToken", "EncodingType"))
_SIZE: Final = re.compile(r"[0-9]{1,18}")
_DEPTH: Final = 8
"""Of elements in one another: a listing has four."""
_TRUTHS: Final = {"": False, "false": False, "true": True}


class NotAListing(ValueError):
    """XML, but not the page of a listing."""


@dataclass(slots=True)
class Objects:
    """Objects of a page as columns, one item each; see Entries."""

    keys: list[bytes] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    dates: list[bytes] = field(default_factory=list)
    etags: list[bytes] = field(default_factory=list)
    storage_classes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Listed:
    """A page as it was sent.

    Attributes:
        folders: common prefixes.
        token: of the next page; "" after the last.
        is_encoded: names are URL-encoded in XML; here they are not any more.
    """

    objects: Objects
    folders: tuple[str, ...] = ()
    token: str = ""
    is_encoded: bool = False


class PageParser:
    """Reads one page, in one piece or in several.

    No document type, no entity but the five of XML, no element twice where one belongs: of what
    could be read in two ways, neither is.
    """

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._collect
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._way: list[str] = []
        self._text: list[str] | None = None
        self._facts: dict[str, str] = {}  # of the object or prefix that is open
        self._page: dict[str, str] = {}
        self._objects: list[dict[str, str]] = []
        self._folders: list[str] = []

    @property
    def is_between_objects(self) -> bool:
        """Whether an object could begin here."""
        return self._way == [ROOT]

    def feed(self, data: bytes, *, is_last: bool = False) -> None:
        """Read on.

        Raises:
            ExpatError: not XML.
            NotAListing: XML, but not of this kind.
        """
        self._parser.Parse(data, is_last)

    def listed(self) -> Listed:
        """All that was read, once the last piece is in.

        Raises:
            NotAListing: something is missing, or not of its kind.
        """
        encoding = self._page.get("EncodingType", "")
        if encoding not in ("", "url"):
            raise NotAListing(f"encoding {encoding}")
        is_truncated = _TRUTHS.get(self._page.get("IsTruncated", "").strip())
        token = self._page.get("NextContinuationToken", "")
        if is_truncated is None or (is_truncated and not token):
            # Taken for the last page it would hide all that comes after.
            raise NotAListing("more to come, but not where")
        is_encoded = encoding == "url"
        objects = Objects()
        for facts in self._objects:
            _add(objects, facts, is_encoded=is_encoded)
        folders = tuple(unquote_plus(each) if is_encoded else each for each in self._folders)
        return Listed(objects, folders, token, is_encoded)

    def _start(self, name: str, _attributes: Mapping[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if not self._way and local != ROOT:
            raise NotAListing(local)
        if self._text is not None or len(self._way) == _DEPTH:
            raise NotAListing(f"{local} in {self._way[-1]}")
        self._way.append(local)
        if self._is_wanted():
            if self._way[-1] in self._place():
                raise NotAListing(f"{local} twice")
            self._text = []
        elif len(self._way) == 2:
            self._facts = {}

    def _end(self, _name: str) -> None:
        if self._text is not None:
            self._place()[self._way[-1]] = "".join(self._text)
            self._text = None
        elif self._way[1:] == [CONTENTS]:
            self._objects.append(self._facts)
        elif self._way[1:] == [_PREFIXES]:
            if "Prefix" not in self._facts:
                raise NotAListing("a folder without name")
            self._folders.append(self._facts["Prefix"])
        self._way.pop()

    def _is_wanted(self) -> bool:
        match self._way[1:]:
            case [name]:
                return name in _OF_PAGE
            case ["Contents", name]:
                return name in _OF_OBJECT
            case ["CommonPrefixes", name]:
                return name == "Prefix"
        return False

    def _place(self) -> dict[str, str]:
        return self._page if len(self._way) == 2 else self._facts

    def _collect(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _refuse_doctype(self, *_declaration: object) -> None:
        raise NotAListing("a document type")


def parse(body: bytes) -> Listed:
    """Read a whole page.

    Raises:
        ExpatError: not XML.
        NotAListing: XML, but not of this kind.
    """
    parser = PageParser()
    parser.feed(body, is_last=True)
    return parser.listed()


def _add(objects: Objects, facts: Mapping[str, str], *, is_encoded: bool) -> None:
    if not _OF_OBJECT - {"ETag", "StorageClass"} <= facts.keys():
        raise NotAListing("an object without key, size or date")
    size = facts["Size"].strip()
    if not _SIZE.fullmatch(size):
        raise NotAListing("a size that is no number")
    key = facts["Key"]
    objects.keys.append((unquote_plus(key) if is_encoded else key).encode())
    objects.sizes.append(int(size))
    objects.dates.append(_date(facts["LastModified"].strip()))
    objects.etags.append(facts.get("ETag", "").strip('"').encode())
    objects.storage_classes.append(facts.get("StorageClass", "STANDARD"))


def _date(text: str) -> bytes:
    """In the spelling of S3, in UTC, to the millisecond."""
    try:
        when = datetime.fromisoformat(text)
        if when.tzinfo is None:
            raise NotAListing("a date without time zone")
        return date_text(when).encode()
    except (ValueError, OverflowError):
        raise NotAListing("a date that is none") from None
