"""Places that a command names: objects, folders, and the settings that say how to reach them."""

from __future__ import annotations

from cse_desktop.cli.output import Output
from cse_desktop.core.errors import InvalidInput, NotFound
from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.core.session import Session
from cse_desktop.settings import Settings, home, load_settings


def settings_told(output: Output) -> Settings:
    """The settings; what was wrong with them is told."""
    loaded = load_settings(home())
    for note in loaded.notes:
        output.note(note)
        output.event("note", title=note)
    return loaded.value


def names_folder(ref: ObjectRef) -> bool:
    """Whether a place was written as a folder or as a bucket."""
    return ref.key == "" or ref.key.endswith("/")


def entry_at(session: Session, ref: ObjectRef, *, is_recursive: bool) -> Entry:
    """The object of that name; or the folder, where folders are asked for and it has content."""
    if not names_folder(ref):
        try:
            head = session.store.head(ref)
        except NotFound:
            if not is_recursive:
                raise
        else:
            return Entry(ref.key, head.size, head.etag, head.modified, head.storage_class)
    if not is_recursive:
        raise InvalidInput(f"{ref} is a folder", "Ask for all that is in it with -r.")
    folder = ref if names_folder(ref) else ObjectRef(ref.bucket, ref.key + "/")
    if folder.key and not next(session.store.walk(folder)).entries:
        raise NotFound(f"There is nothing in {folder}", "Check the spelling of its name.")
    return Entry(folder.key)


def objects_at(session: Session, ref: ObjectRef, *, is_recursive: bool) -> list[Entry]:
    """The object of that name, or all objects in the folder."""
    entry = entry_at(session, ref, is_recursive=is_recursive)
    if entry.key and not entry.is_folder:
        return [entry]
    pages = session.store.walk(ObjectRef(ref.bucket, entry.key))
    return [each for page in pages for each in page.entries if not each.is_marker]
