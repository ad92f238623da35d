"""What bytes are, and how they are shown: nothing here asks a server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cse_desktop.core.envelope import Suite
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.preview.preview_banner import PreviewBanner
from cse_desktop.gui.preview.preview_content import (
    MAX_HEX_BYTES,
    MAX_LINE,
    MAX_TEXT_BYTES,
    Hex,
    Picture,
    Text,
    content_of,
)
from cse_desktop.gui.preview.preview_header import PreviewHeader
from cse_desktop.gui.preview.preview_image import ImageView
from cse_desktop.gui.preview.preview_text import TextView


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme("light")
    made.apply(qapp)
    yield made
    qapp.setStyleSheet("")


def content(data: bytes) -> Any:
    return content_of(memoryview(bytearray(data)))


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, kind)
    buffer.close()
    return bytes(held.data())


def turned_jpeg() -> bytes:
    """40 x 20 pixels whose only EXIF field, orientation (0x0112), asks for a quarter turn."""
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    jpeg = picture(40, 20, "JPG")
    return jpeg[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + jpeg[2:]


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (b"plain\r\nlines\r", "ASCII", "plain\nlines\n"),
        ("äöü €\n".encode(), "UTF-8", "äöü €\n"),
        ("\ufeffwith a mark".encode(), "UTF-8", "with a mark"),
        ("zwei".encode("utf-16"), "UTF-16", "zwei"),
        ("Zürich".encode("latin-1"), "Latin-1", "Zürich"),
        (b"", "UTF-8", ""),
        (b"colour \x1b[31m", "ASCII", "colour \u241b[31m"),
    ],
)
def test_text_is_read_in_its_encoding(data: bytes, encoding: str, text: str) -> None:
    found = content(data)

    assert isinstance(found, Text)
    assert (found.encoding, found.text) == (encoding, text)


def test_long_text_is_cut_between_characters() -> None:
    found = content("€\n".encode() * MAX_TEXT_BYTES)

    assert isinstance(found, Text)
    assert found.is_cut
    assert set(found.text) == {"€", "\n"}


def test_lines_too_long_for_the_screen_are_broken() -> None:
    found = content(b"x" * (3 * MAX_LINE))

    assert isinstance(found, Text)
    assert found.has_broken_lines
    assert max(map(len, found.text.split("\n"))) == MAX_LINE


@pytest.mark.parametrize("kind", ["PNG", "JPG", "BMP", "WEBP"])
def test_pictures_are_recognised_by_their_bytes(qapp: QApplication, kind: str) -> None:
    found = content(picture(40, 20, kind))

    assert isinstance(found, Picture)
    assert found.image.size() == QSize(40, 20)


def test_a_picture_stands_upright_as_exif_asks(qapp: QApplication) -> None:
    found = content(turned_jpeg())

    assert isinstance(found, Picture)
    assert found.image.size() == QSize(20, 40)


def test_svg_is_shown_as_text() -> None:
    assert isinstance(content(b'<svg xmlns="http://www.w3.org/2000/svg"><image/></svg>'), Text)


@pytest.mark.parametrize("data", [b"\x00\x01\x02" * 9, b"PK\x03\x04\x00\xff", b"\x89PNG\r\n\x1a\n"])
def test_all_else_is_shown_as_bytes(qapp: QApplication, data: bytes) -> None:
    found = content(data)

    assert isinstance(found, Hex)
    assert found.text.startswith(f"00000000  {data[0]:02x} {data[1]:02x}")


def test_many_bytes_are_cut() -> None:
    found = content(bytes(MAX_HEX_BYTES + 1))

    assert found.is_cut
    assert len(found.text.split("\n")) == MAX_HEX_BYTES // 16


def test_content_never_shows_in_a_repr() -> None:
    assert "canary" not in repr(content(b"canary")) + repr(content(b"canary\x00"))


def test_words_are_found_round_and_round(theme: Theme, qtbot: Any) -> None:
    view, header = TextView(theme), PreviewHeader(theme)
    qtbot.addWidget(view)
    qtbot.addWidget(header)
    found: list[tuple[int, int]] = []
    view.found.connect(lambda *hit: found.append(hit))
    view.show_text("one Two one\ntwo (one)", has_numbers=True)

    view.search("ONE")
    view.next_hit()
    view.next_hit()
    view.next_hit()
    view.previous_hit()
    view.search("(one")
    view.search("nothing")

    assert found == [(1, 3), (2, 3), (3, 3), (1, 3), (3, 3), (1, 1), (0, 0)]


def test_a_preview_cannot_be_changed(theme: Theme, qtbot: Any) -> None:
    view = TextView(theme)
    qtbot.addWidget(view)
    view.show_text("as it is", has_numbers=True)

    QTest.keyClicks(view, "typed")
    QTest.keyClick(view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert view.toPlainText() == "as it is"
    assert not view.document().isUndoAvailable()


def test_copied_text_leaves_the_clipboard(
    theme: Theme, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cse_desktop.gui.preview.preview_text.FORGETS_AFTER_MS", 50)
    view, clipboard = TextView(theme), QGuiApplication.clipboard()
    qtbot.addWidget(view)
    view.show_text("one\ntwo", has_numbers=True)
    view.selectAll()

    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert clipboard.text() == "one\ntwo"
    assert clipboard.mimeData().data("x-kde-passwordManagerHint").data() == b"secret"
    qtbot.waitUntil(lambda: clipboard.text() == "")


def test_a_picture_is_fitted_zoomed_and_turned(theme: Theme, qtbot: Any) -> None:
    view = ImageView(theme)
    qtbot.addWidget(view)
    view.resize(448, 448)
    view.show()
    view.show_image(QImage(800, 400, QImage.Format.Format_RGB32))
    fitted = view.scale

    view.zoom_in()
    zoomed = view.scale
    view.fit()
    view.turn()

    assert 0.4 < fitted < 0.6
    assert zoomed == pytest.approx(fitted * 1.25)
    assert view.scale == pytest.approx(fitted, rel=0.1)
    view.forget()
    assert view.scale > 0


def test_a_small_picture_is_not_blown_up(theme: Theme, qtbot: Any) -> None:
    view = ImageView(theme)
    qtbot.addWidget(view)
    view.resize(600, 600)
    view.show_image(QImage(10, 10, QImage.Format.Format_RGB32))

    assert view.scale == 1.0


def test_every_tool_has_a_name_and_fits_a_small_window(theme: Theme, qtbot: Any) -> None:
    header, banner = PreviewHeader(theme), PreviewBanner(theme)
    for each in (header, banner):
        qtbot.addWidget(each)
    banner.show_check(Suite.GCM_COMMITTING)

    assert all(tool.accessibleName() for tool in header.tools())
    for kind in ("text", "picture", ""):
        header.set_kind(kind)
        assert header.minimumSizeHint().width() <= 640
    assert banner.minimumSizeHint().width() <= 640


def test_weak_formats_are_not_called_verified(theme: Theme, qtbot: Any) -> None:
    banner = PreviewBanner(theme)
    qtbot.addWidget(banner)

    banner.show_check(Suite.CBC)

    assert "changes can go unnoticed" in banner.checked.text()
    assert banner.property("banner") == "warn"
