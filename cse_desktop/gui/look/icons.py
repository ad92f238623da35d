"""Icons of the design as QIcons that follow the theme."""

from __future__ import annotations

from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPixmap

from cse_desktop.gui.look.theme import Theme

FOLDER: Final = "ph.folder-fill"

_BY_SUFFIX: Final = MappingProxyType(
    {
        **dict.fromkeys((".txt", ".md", ".log", ".csv", ".xml", ".json", ".toml"), "ph.file-text"),
        **dict.fromkeys((".yaml", ".yml", ".ini", ".doc", ".docx", ".odt", ".rtf"), "ph.file-text"),
        **dict.fromkeys((".html", ".py", ".sql", ".eml"), "ph.file-text"),
        ".pdf": "ph.file-pdf",
        **dict.fromkeys((".xlsx", ".xls", ".ods", ".parquet"), "ph.table"),
        **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"), "ph.image"),
        **dict.fromkeys((".bmp", ".tif", ".tiff", ".heic"), "ph.image"),
        **dict.fromkeys((".zip", ".gz", ".tar", ".tgz", ".bz2", ".xz", ".zst"), "ph.package"),
        **dict.fromkeys((".7z", ".rar"), "ph.package"),
    }
)


def file_icon(name: str) -> str:
    """The icon name for a file, by the end of its name."""
    return _BY_SUFFIX.get(PurePosixPath(name.lower()).suffix, "ph.file")


def pixmap(
    theme: Theme, name: str, token: str = "text2", size: int = 16, dpr: float = 1.0
) -> QPixmap:
    """An icon as a cached pixmap, for painting; `size` in logical pixels."""
    return theme.glyphs.pixmap(name, theme.color(token), size, dpr)


def paint_icon(
    painter: QPainter,
    theme: Theme,
    name: str,
    token: str,
    rect: QRect,
    size: int = 16,
) -> None:
    """Paint an icon of `size` logical pixels in the middle of a rectangle."""
    dpr = painter.device().devicePixelRatio()
    side = theme.px(size)
    corner = QPoint(
        rect.x() + (rect.width() - side) // 2, rect.y() + (rect.height() - side + 1) // 2
    )
    painter.drawPixmap(corner, pixmap(theme, name, token, side, dpr))


def icon(
    theme: Theme, name: str, token: str = "text2", size: int = 16, *, on: str = "accent_text"
) -> QIcon:
    """An icon that takes its colours from the theme each time it is painted.

    Args:
        token: colour at rest; off, it is `disabled`.
        size: its natural size; the widget's icon size decides.
        on: colour while a checkable button is checked.
    """
    return QIcon(_Engine(theme, name, token, on, size))


class _Engine(QIconEngine):
    """Draws with the theme's present colours, so that nobody resets icons on a switch."""

    def __init__(self, theme: Theme, name: str, token: str, on: str, size: int) -> None:
        super().__init__()
        self._theme = theme
        self._name = name
        self._token = token
        self._on = on
        self._size = size

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        dpr = painter.device().devicePixelRatio()
        side = min(rect.width(), rect.height())
        corner = rect.topLeft() + QPoint((rect.width() - side) // 2, (rect.height() - side) // 2)
        painter.drawPixmap(corner, self._draw(side, mode, state, dpr))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self._spaced(size, mode, state, 1.0)

    def scaledPixmap(  # noqa: N802 - Qt's name
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        return self._spaced(size, mode, state, scale)

    def actualSize(  # noqa: N802 - Qt's name
        self, size: QSize, _mode: QIcon.Mode, _state: QIcon.State
    ) -> QSize:
        return size

    def clone(self) -> QIconEngine:
        return _Engine(self._theme, self._name, self._token, self._on, self._size)

    def _draw(self, side: int, mode: QIcon.Mode, state: QIcon.State, dpr: float) -> QPixmap:
        return self._theme.glyphs.pixmap(self._name, self._color(mode, state), side, dpr)

    def _spaced(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, dpr: float) -> QPixmap:
        """The glyph with free room on the side of the text; styles leave only four pixels."""
        side = min(size.width(), size.height())
        glyph = self._draw(side, mode, state, dpr)
        if size.width() == side:
            return glyph
        pixmap = QPixmap(round(size.width() * dpr), round(size.height() * dpr))
        pixmap.setDevicePixelRatio(dpr)
        pixmap.fill(Qt.GlobalColor.transparent)
        is_mirrored = QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
        painter = QPainter(pixmap)
        painter.drawPixmap(QPoint(size.width() - side if is_mirrored else 0, 0), glyph)
        painter.end()
        return pixmap

    def _color(self, mode: QIcon.Mode, state: QIcon.State) -> QColor:
        if mode == QIcon.Mode.Disabled:
            return self._theme.color("disabled")
        return self._theme.color(self._on if state == QIcon.State.On else self._token)
