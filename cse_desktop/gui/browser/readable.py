"""Whether the selected files can be opened at all, before anybody tries."""

from __future__ import annotations

from collections.abc import Iterable

from cse_desktop.core.inspection import Inspection
from cse_desktop.core.objects import Entry
from cse_desktop.core.policy import listed
from cse_desktop.gui.browser.envelope_reader import EnvelopeReader


def why_none_opens(entries: Iterable[Entry], reader: EnvelopeReader) -> str:
    """Why not one of these can be opened under the connection's policy, without full stop.

    "" when one of them can, or when it is not known yet: a folder may hold anything.
    """
    refused: list[Inspection] = []
    for entry in entries:
        found = None if entry.is_folder else reader.state(entry).inspection
        if found is None or not found.problem:
            return ""
        refused.append(found)
    if not refused:
        return ""
    if len(refused) > 1:
        return "This connection can open none of these files"
    only = refused[0]
    if not only.switches:
        return only.problem
    return f"{only.problem}. Turn on {listed(only.switches)} in Settings > Encryption policy"
