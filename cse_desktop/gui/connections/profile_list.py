"""The profiles of ~/.aws as rows with a radio button."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from cse_desktop.core.profiles import Profile
from cse_desktop.gui.look.text import elide_middle, elide_right, tip, visible
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.look.tokens import RADIUS_CONTROL
from cse_desktop.gui.parts.badge import BadgeLook, badge_width, paint_badge

Index = QModelIndex | QPersistentModelIndex

ProfileRole: Final = Qt.ItemDataRole.UserRole
ROW: Final = 52
MARGIN: Final = 5

READY: Final = BadgeLook("Ready", tone="ok", icon="ph.check-circle-fill")
SIGN_IN: Final = BadgeLook("Sign in needed", tone="info", icon="ph.sign-in")
NOT_USABLE: Final = BadgeLook("Not usable", tone="bad", icon="ph.warning-circle")


def badge_of(profile: Profile) -> BadgeLook:
    """Whether a profile can be used now, as far as its files tell."""
    if profile.problem:
        return NOT_USABLE
    return SIGN_IN if profile.needs_sign_in else READY


def words_of(profile: Profile) -> str:
    """Kind, account and Region: "Role payroll-ops · 111122223333 · eu-central-1"."""
    if profile.problem:
        return f"{profile.kind} · {profile.problem}"
    is_role = profile.kind == "Role" and profile.note
    parts = (profile.note if is_role else profile.kind, profile.account, profile.region)
    return " · ".join(visible(part) for part in parts if part)


class ProfileModel(QAbstractListModel):
    """Profiles in the order given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._profiles: tuple[Profile, ...] = ()

    def set_profiles(self, profiles: Sequence[Profile]) -> None:
        """Show these."""
        self.beginResetModel()
        self._profiles = tuple(profiles)
        self.endResetModel()

    def profile(self, row: int) -> Profile | None:
        """The profile of a row, or None outside of the list."""
        return self._profiles[row] if 0 <= row < len(self._profiles) else None

    def row_of(self, name: str) -> int:
        """The row of a profile, or -1."""
        names = [profile.name for profile in self._profiles]
        return names.index(name) if name in names else -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Profiles shown."""
        return 0 if parent.isValid() else len(self._profiles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The profile for the delegate, its words for everybody else."""
        profile = self.profile(index.row())
        if profile is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return profile.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{profile.name}, {words_of(profile)}, {badge_of(profile).text}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(f"{visible(profile.name)}\n{words_of(profile)}")
        return profile if role == ProfileRole else None


class ProfileDelegate(QStyledItemDelegate):
    """Radio button, name, words, badge."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """52 px at the usual font size."""
        lines = QFontMetrics(self._theme.font("body")).height()
        lines += QFontMetrics(self._theme.font("small")).height()
        return QSize(self._theme.px(200), max(self._theme.px(ROW), lines + 14))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        theme, profile = self._theme, index.data(ProfileRole)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        row = option.rect.adjusted(MARGIN, 2, -MARGIN, -2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, row, option, is_selected)
        side = theme.px(16)
        radio = QRect(row.left() + 12, row.center().y() - side // 2 + 1, side, side)
        self._paint_radio(painter, radio, is_selected)
        look = badge_of(profile)
        width = badge_width(look, theme)
        badge = QRect(row.right() - 12 - width, row.top(), width, row.height())
        paint_badge(painter, badge, look, theme)
        left = radio.right() + theme.px(13)
        words = QRect(left, row.top(), badge.left() - theme.px(12) - left, row.height())
        self._paint_words(painter, words, profile)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, row: QRect, option: QStyleOptionViewItem, is_selected: bool
    ) -> None:
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if not is_selected and not is_hovered:
            return
        has_focus = is_selected and option.widget is not None and option.widget.hasFocus()
        painter.setPen(QPen(self._theme.color("focus"), 2) if has_focus else Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("selected" if is_selected else "hover"))
        box = QRectF(row).adjusted(1, 1, -1, -1) if has_focus else QRectF(row)
        painter.drawRoundedRect(box, RADIUS_CONTROL, RADIUS_CONTROL)

    def _paint_radio(self, painter: QPainter, box: QRect, is_on: bool) -> None:
        theme = self._theme
        # On a selected row in dark the accent is too weak; its text colour is not.
        fill = "accent_text" if theme.is_dark else "accent"
        painter.setPen(QPen(theme.color(fill if is_on else "border_strong"), 1))
        painter.setBrush(theme.color(fill if is_on else "surface"))
        painter.drawEllipse(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5))
        if is_on:
            inset = box.width() * 0.31
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selected" if theme.is_dark else "on_accent"))
            painter.drawEllipse(QRectF(box).adjusted(inset, inset, -inset, -inset))

    def _paint_words(self, painter: QPainter, rect: QRect, profile: Profile) -> None:
        theme = self._theme
        strong, small = theme.font("strong"), theme.font("small")
        upper, lower = QFontMetrics(strong), QFontMetrics(small)
        top = rect.top() + (rect.height() - upper.height() - lower.height() - 1) // 2
        name = elide_middle(upper, visible(profile.name), rect.width())
        painter.setFont(strong)
        painter.setPen(theme.color("text"))
        painter.drawText(rect.left(), top + upper.ascent(), name)
        painter.setFont(small)
        painter.setPen(theme.color("text2"))
        words = elide_right(lower, words_of(profile), rect.width())
        painter.drawText(rect.left(), top + upper.height() + 1 + lower.ascent(), words)


class ProfileList(QListView):
    """Choose one profile; as tall as its rows, until the window ends.

    Signals:
        chosen: another profile is selected, or none.
        opened: Enter or a double click: this profile, and go on.
    """

    chosen = Signal()
    opened = Signal()

    def __init__(self, theme: Theme, model: ProfileModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._profiles = model
        self.setModel(model)
        self.setItemDelegate(ProfileDelegate(theme, self))
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Profiles of ~/.aws")
        self.setStyleSheet("ProfileList { background: transparent; }")
        model.modelReset.connect(self._fit)
        theme.changed.connect(self._fit)
        self._fit()

    def profile(self) -> Profile | None:
        """The selected profile."""
        return self._profiles.profile(self.currentIndex().row())

    def select(self, row: int) -> None:
        """Select a row."""
        self.setCurrentIndex(self._profiles.index(row))

    def sizeHint(self) -> QSize:
        height = self.sizeHintForRow(0) if self._profiles.rowCount() else self._theme.px(ROW)
        return QSize(self._theme.px(400), height * max(1, self._profiles.rowCount()) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(240), min(self.sizeHint().height(), self._theme.px(2 * ROW)))

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802
        super().currentChanged(current, previous)
        self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.profile() is not None:
            self.opened.emit()
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if self.indexAt(event.position().toPoint()).isValid():
            self.opened.emit()

    def _fit(self) -> None:
        self.setMaximumHeight(self.sizeHint().height())
        self.updateGeometry()
