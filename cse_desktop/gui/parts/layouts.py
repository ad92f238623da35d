"""Box layouts with their spacing, in one expression."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget


def hbox(spacing: int, parent: QWidget | None = None) -> QHBoxLayout:
    """Side by side; of a widget, or to be added to another layout."""
    made = QHBoxLayout() if parent is None else QHBoxLayout(parent)
    made.setSpacing(spacing)
    return made


def vbox(spacing: int, parent: QWidget | None = None) -> QVBoxLayout:
    """One above the other; of a widget, or to be added to another layout."""
    made = QVBoxLayout() if parent is None else QVBoxLayout(parent)
    made.setSpacing(spacing)
    return made
