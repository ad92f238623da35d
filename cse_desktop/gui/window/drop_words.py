"""What the drop overlay says: what a drop would do here, or why it can't."""

from __future__ import annotations

from cse_desktop.gui.browser.drop_card import DropCard, Fact
from cse_desktop.gui.browser.drop_target import Dragged
from cse_desktop.gui.keys.key_chip import ChipState
from cse_desktop.gui.look.text import visible
from cse_desktop.gui.places import Place
from cse_desktop.settings import KeyChoice


def card_for(
    dragged: Dragged, place: Place | None, choice: KeyChoice | None, chip: ChipState
) -> DropCard:
    """The card for what hangs at the pointer."""
    if place is None:
        return DropCard(
            "You can't upload here", "No bucket is open.", hint="Open one first", is_refused=True
        )
    target = visible(f"s3://{place.folder.bucket}/{dragged.folder_key}")
    if choice is None:
        return DropCard(
            "Drop to choose a key",
            f"and upload to {target}",
            (Fact("ph.files", dragged.summary),),
            "Files are never uploaded without encryption.",
        )
    if chip.refuses_uploads:
        return DropCard(
            f"Can't encrypt with {chip.alias}",
            f"{_why(chip)}, so nothing will be uploaded.",
            hint="Choose another key in the toolbar, then drop again",
            is_refused=True,
            glyph="ph.prohibit",
        )
    facts = [Fact("ph.files", dragged.summary), Fact("ph.lock-key", "CSE-KMS v3")]
    if choice.context:
        pairs = len(choice.context)
        facts.append(Fact("ph.tag", "1 context pair" if pairs == 1 else f"{pairs} context pairs"))
    return DropCard(
        f"Drop to encrypt with {chip.alias}",
        f"and upload to {target}",
        tuple(facts),
        "Encrypted on this computer first. Hold Shift while dropping to choose another key.",
    )


def _why(chip: ChipState) -> str:
    reasons = {
        "Disabled": "This key is disabled",
        "Pending deletion": "This key will be deleted",
        "No permission": "Your role may not create data keys with it",
    }
    return reasons.get(chip.word, "This key can't be used now")
