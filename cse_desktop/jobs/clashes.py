"""Which names are taken in S3, asked with as few requests as can be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from cse_desktop.core.errors import NotFound, NotPermitted
from cse_desktop.core.objects import Entry, ObjectRef, Page
from cse_desktop.core.progress import CancelToken

if TYPE_CHECKING:
    from cse_desktop.core.session import Session

FEW: Final = 2
"""Up to so many names in one folder are asked for one by one."""


def taken(
    session: Session, folder: ObjectRef, keys: Sequence[str], cancel: CancelToken
) -> dict[str, Entry]:
    """Give the objects that exist already among `keys`, all below `folder`.

    A folder of the upload is listed with all below it, since a new one is one empty page; files
    directly in `folder` are looked for in its listing. A listing that takes more requests than
    there are files to look for is left for one request per file.

    Who may neither list nor look is told of no clash here; the upload itself settles it.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        top, slash, _ = key.removeprefix(folder.key).partition("/")
        groups[folder.key + top + slash if slash else folder.key].append(key)
    found: dict[str, Entry] = {}
    for prefix, wanted in groups.items():
        missing = set(wanted)
        if len(wanted) > FEW:
            place = ObjectRef(folder.bucket, prefix)
            pages = _level(session, place) if prefix == folder.key else session.store.walk(place)
            missing = _look_through(pages, missing, found, cancel)
        for key in sorted(missing):
            cancel.check()
            if entry := _head(session, ObjectRef(folder.bucket, key)):
                found[key] = entry
    return found


def _look_through(
    pages: Iterable[Page], wanted: set[str], found: dict[str, Entry], cancel: CancelToken
) -> set[str]:
    """Move what a listing shows into `found`; gives what is still in doubt."""
    doubtful = set(wanted)
    try:
        for number, page in enumerate(pages, start=1):
            cancel.check()
            found.update((each.key, each) for each in page.entries if each.key in wanted)
            doubtful.difference_update(each.key for each in page.entries)
            if not page.token:
                return set()
            if number >= len(doubtful):
                break
    except NotPermitted:
        pass
    return doubtful


def _level(session: Session, folder: ObjectRef) -> Iterator[Page]:
    token = ""
    while True:
        page = session.store.page(folder, token)
        yield page
        token = page.token
        if not token:
            return


def _head(session: Session, ref: ObjectRef) -> Entry | None:
    try:
        head = session.store.head(ref)
    except (NotFound, NotPermitted):
        return None
    return Entry(ref.key, head.size, head.etag, head.modified, head.storage_class)
