"""Pages of ListObjectsV2: asked for through AWS's library, read by us."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from xml.parsers.expat import ExpatError

from cse_desktop.core.entries import Entries
from cse_desktop.core.objects import Page
from cse_desktop.core.page_scan import scan
from cse_desktop.core.strict_xml import Listed, NotAListing, parse

if TYPE_CHECKING:
    from botocore.hooks import BaseEventHooks

_LISTED: Final = "CseListed"
_NOTHING_LEFT: Final = b"<ListBucketResult/>"


def read_listings_here(events: BaseEventHooks) -> None:
    """From now on a client with these `events` leaves the pages of listings to this module.

    Its own parser, which reads each page twice, takes fifty times as long.
    """
    # The library's own handlers stand under "s3", and parse the page to look for an error in it.
    # Those under a service not named come before them.
    events.register_first("before-parse.*.ListObjectsV2", _read)


def page_of(answer: Any, without: str) -> Page | None:
    """The page in the answer of such a client; None if it was none.

    Args:
        without: a key that is no row: the marker of the folder that is listed.
    """
    listed = answer.get(_LISTED)
    return None if listed is None else Page(_entries(listed, without), listed.token)


def _read(response_dict: Any, customized_response_dict: Any, **_others: Any) -> None:
    if response_dict["status_code"] != 200:
        return
    body = response_dict["body"]
    try:
        customized_response_dict[_LISTED] = scan(body) or parse(body)
    except ExpatError:
        return  # broken off, perhaps: the library knows, and asks again
    except NotAListing:
        if b"<Error" in body:
            return  # a refusal under a 200, which the library knows as well
    response_dict["body"] = _NOTHING_LEFT


def _entries(listed: Listed, without: str) -> Entries:
    found, skipped = listed.objects, without.encode()
    columns = (found.keys, found.sizes, found.dates, found.etags, found.storage_classes)
    if without and skipped in found.keys:
        for at in reversed([i for i, key in enumerate(found.keys) if key == skipped]):
            for column in columns:
                del column[at]
    return Entries(listed.folders, *columns)
