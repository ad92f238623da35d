"""The encryption badge: icon, format, and the key when it is known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cse_desktop.core.envelope import Format
from cse_desktop.core.inspection import Inspection, Kind
from cse_desktop.core.policy import listed
from cse_desktop.gui.look.icons import paint_icon
from cse_desktop.gui.look.text import elide_middle, tip, visible
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.look.tokens import BADGE_HEIGHT, RADIUS_BADGE

PADDING: Final = 8
ICON: Final = 14
ICON_GAP: Final = 5


@dataclass(frozen=True, slots=True)
class BadgeLook:
    """What a badge shows.

    Attributes:
        short: its text where room is scarce; "" keeps the long one.
        tone: ok, warn, bad, neutral, info, sandbox, or unknown (dashed outline).
        icon: name of the icon, "" for none.
        spoken: for screen readers.
    """

    text: str
    short: str = ""
    tone: str = "neutral"
    icon: str = ""
    tooltip: str = ""
    spoken: str = ""


CHECKING: Final = BadgeLook(
    "Checking…",
    "…",
    "unknown",
    "ph.circle-dashed",
    "The encryption envelope has not been read yet.",
    "Checking encryption",
)
NOT_ENCRYPTED: Final = BadgeLook(
    "Not encrypted",
    "None",
    "neutral",
    "mdi6.lock-open-variant-outline",
    "No client-side envelope. S3 may still encrypt it at rest, but AWS can read it.",
    "Not encrypted",
)
OTHER_FORMAT: Final = BadgeLook(
    "Other client format",
    "Other",
    "neutral",
    "ph.question",
    "Client-side encrypted by something this app does not read.",
    "Other client format",
)
ELSEWHERE: Final = BadgeLook(
    "Instruction file",
    "File",
    "warn",
    "ph.files",
    "Encrypted by an S3 encryption client, with its envelope in an instruction file.",
    "Encrypted, envelope in an instruction file",
)
DAMAGED: Final = BadgeLook(
    "Damaged envelope",
    "Damaged",
    "bad",
    "ph.shield-slash",
    "The encryption envelope is incomplete or contradicts itself.",
    "Damaged encryption envelope",
)
SANDBOX: Final = BadgeLook("SANDBOX", tone="sandbox", spoken="Sandbox")

_FORMATS: Final = {
    Format.V3: BadgeLook(
        "CSE-KMS v3",
        "v3",
        "ok",
        "mdi6.lock",
        "CSE-KMS v3, AES-256-GCM, key-committing",
        "Encrypted, CSE-KMS version 3, key-committing",
    ),
    Format.V2: BadgeLook(
        "v2 legacy",
        "v2",
        "warn",
        "ph.clock-counter-clockwise",
        "v2 legacy, AES-256-GCM without key commitment",
        "Encrypted, version 2 legacy, without key commitment",
    ),
    Format.V1: BadgeLook(
        "v1 legacy",
        "v1",
        "warn",
        "ph.clock-counter-clockwise",
        "v1 legacy, AES-CBC or older. Changes can go unnoticed.",
        "Encrypted, version 1 legacy, changes can go unnoticed",
    ),
}

_PLAIN: Final = {Kind.NOT_ENCRYPTED: NOT_ENCRYPTED, Kind.OTHER_FORMAT: OTHER_FORMAT}
_SPLIT: Final = replace(
    ELSEWHERE,
    text="v3 · instruction file",
    short="v3",
    tooltip="CSE-KMS v3, AES-256-GCM, key-committing. Its wrapped data key is in an instruction "
    "file.",
    spoken="Encrypted, CSE-KMS version 3, wrapped data key in an instruction file",
)


def look_of(
    inspection: Inspection | None, key_label: str = "", *, no_access: bool = False
) -> BadgeLook:
    """How an object's encryption is shown; `None` means that nobody has looked yet.

    Args:
        key_label: alias or short id of the key, where known.
        no_access: KMS has refused this user.
    """
    if inspection is None:
        return CHECKING
    if inspection.kind is Kind.ELSEWHERE:
        return _off(_SPLIT if inspection.format is Format.V3 else ELSEWHERE, inspection)
    if inspection.format is None:
        plain = _PLAIN.get(inspection.kind, DAMAGED)
        return replace(plain, tooltip=visible(inspection.problem) or plain.tooltip)
    look = _off(_FORMATS[inspection.format], inspection)
    if no_access:
        return replace(
            look,
            text=f"{look.text} · no access to key",
            tone="bad",
            icon="ph.prohibit",
            tooltip=f"{look.tooltip}\nKMS refused you the use of its key.",
            spoken=f"{look.spoken}, no access to key",
        )
    if not key_label:
        return look
    shown = visible(key_label)
    return replace(
        look,
        text=f"{look.text} · {shown}",
        tooltip=f"{look.tooltip}\nKey: {shown}",
        spoken=f"{look.spoken}, key {shown}",
    )


def _off(look: BadgeLook, inspection: Inspection) -> BadgeLook:
    """Say which switches are in the way of reading it."""
    if not inspection.switches:
        return look
    return replace(
        look,
        tooltip=f"{look.tooltip}\nThis connection does not read it. Turn on "
        f"{listed(inspection.switches)} in Settings > Encryption policy.",
        spoken=f"{look.spoken}, not read by this connection",
    )


def badge_width(look: BadgeLook, theme: Theme, *, short: bool = False) -> int:
    """The width that a badge wants, in pixels."""
    text = look.short if short and look.short else look.text
    icon_room = theme.px(ICON) + ICON_GAP if look.icon else 0
    advance = QFontMetrics(theme.font("badge")).horizontalAdvance(text)
    return 2 * theme.px(PADDING) + icon_room + advance


def paint_badge(
    painter: QPainter, rect: QRect, look: BadgeLook, theme: Theme, short: bool = False
) -> int:
    """Paint a badge at the left of a rectangle, centred in its height; give the width used.

    The text elides in its middle where the rectangle is too narrow.
    """
    width = min(badge_width(look, theme, short=short), rect.width())
    height = min(theme.px(BADGE_HEIGHT), rect.height())
    box = QRect(rect.x(), rect.y() + (rect.height() - height) // 2, width, height)
    painter.save()
    _paint_box(painter, box, look.tone, theme)
    left = box.x() + theme.px(PADDING)
    if look.icon:
        token = "text3" if look.tone == "unknown" else look.tone
        side = theme.px(ICON)
        paint_icon(painter, theme, look.icon, token, QRect(left, box.y(), side, box.height()), ICON)
        left += side + ICON_GAP
    room = QRect(left, box.y(), box.right() + 1 - theme.px(PADDING) - left, box.height())
    painter.setFont(theme.font("badge"))
    painter.setPen(theme.color("text2" if look.tone == "unknown" else look.tone))
    text = look.short if short and look.short else look.text
    painter.drawText(
        room,
        Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
        # One pixel to spare: the elided width is measured with rounding.
        elide_middle(painter.fontMetrics(), text, room.width() + 1),
    )
    painter.restore()
    return width


class Badge(QWidget):
    """A badge that stands alone."""

    def __init__(self, theme: Theme, look: BadgeLook = CHECKING, parent: QWidget | None = None):
        super().__init__(parent)
        self._theme = theme
        self._look = look
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._relayout)
        self.set_look(look)

    def set_look(self, look: BadgeLook) -> None:
        """Show something else."""
        self._look = look
        self.setToolTip(tip(look.tooltip))
        self.setAccessibleName(look.spoken or look.text)
        self._relayout()

    def sizeHint(self) -> QSize:
        return QSize(badge_width(self._look, self._theme), self._theme.px(BADGE_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(40), self._theme.px(BADGE_HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_badge(painter, self.rect(), self._look, self._theme)
        painter.end()

    def _relayout(self) -> None:
        self.updateGeometry()
        self.update()


def _paint_box(painter: QPainter, box: QRect, tone: str, theme: Theme) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if tone == "unknown":
        pen = QPen(theme.color("border_button"), 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([3, 2])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    else:
        painter.setPen(QPen(theme.color(f"{tone}_border"), 1))
        painter.setBrush(theme.color(f"{tone}_bg"))
    inner = QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(inner, RADIUS_BADGE, RADIUS_BADGE)
