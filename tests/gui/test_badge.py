"""The badge says what is true about an object, and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from cse_desktop.core.envelope import Format
from cse_desktop.core.inspection import Inspection, Kind
from cse_desktop.core.objects import Head, ObjectRef
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.badge import Badge, BadgeLook, badge_width, look_of, paint_badge

HEAD = Head(ObjectRef("bucket", "key"), 100, "etag", datetime(2026, 1, 2, tzinfo=UTC), {})


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme("light", qapp)


def found(kind: Kind, which: Format | None = None, problem: str = "") -> Inspection:
    return Inspection(HEAD, kind, 84, True, which, problem=problem)


def painted(look: BadgeLook, theme: Theme, width: int, *, short: bool = False) -> int:
    image = QImage(400, 40, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    used = paint_badge(painter, QRect(0, 0, width, 40), look, theme, short)
    painter.end()
    return used


def test_nothing_is_guessed_before_the_envelope_is_read() -> None:
    look = look_of(None)

    assert (look.text, look.tone, look.icon) == ("Checking…", "unknown", "ph.circle-dashed")


@pytest.mark.parametrize(
    ("which", "text", "short", "tone", "icon"),
    [
        (Format.V3, "CSE-KMS v3", "v3", "ok", "mdi6.lock"),
        (Format.V2, "v2 legacy", "v2", "warn", "ph.clock-counter-clockwise"),
        (Format.V1, "v1 legacy", "v1", "warn", "ph.clock-counter-clockwise"),
    ],
)
def test_each_format_has_its_own_word_and_icon(
    which: Format, text: str, short: str, tone: str, icon: str
) -> None:
    look = look_of(found(Kind.ENCRYPTED, which))

    assert (look.text, look.short, look.tone, look.icon) == (text, short, tone, icon)


def test_key_is_named_only_where_it_is_known() -> None:
    inspection = found(Kind.ENCRYPTED, Format.V3)

    assert look_of(inspection).text == "CSE-KMS v3"
    assert look_of(inspection, "alias/finance-prod").text == "CSE-KMS v3 · alias/finance-prod"


def test_refusal_of_kms_is_red_and_said_in_words() -> None:
    look = look_of(found(Kind.ENCRYPTED, Format.V3), "alias/hr", no_access=True)

    assert (look.text, look.tone, look.icon) == (
        "CSE-KMS v3 · no access to key",
        "bad",
        "ph.prohibit",
    )


@pytest.mark.parametrize(
    ("kind", "text", "tone"),
    [
        (Kind.NOT_ENCRYPTED, "Not encrypted", "neutral"),
        (Kind.OTHER_FORMAT, "Other client format", "neutral"),
        (Kind.DAMAGED, "Damaged envelope", "bad"),
    ],
)
def test_object_that_cannot_be_read_is_not_called_encrypted(
    kind: Kind, text: str, tone: str
) -> None:
    look = look_of(found(kind))

    assert (look.text, look.tone) == (text, tone)
    assert look.icon
    assert look.spoken


@pytest.mark.parametrize(
    ("which", "text", "what"),
    [
        (Format.V3, "v3 · instruction file", "CSE-KMS v3"),
        (None, "Instruction file", "by an S3 encryption client"),
    ],
)
def test_object_whose_envelope_is_elsewhere_names_what_it_is_and_the_switch(
    which: Format | None, text: str, what: str
) -> None:
    look = look_of(replace(found(Kind.ELSEWHERE, which), switches=("instruction files",)))

    assert (look.text, look.tone) == (text, "warn")
    assert what in look.tooltip
    assert "Turn on instruction files in Settings > Encryption policy" in look.tooltip


def test_plain_object_is_not_said_to_be_readable_by_everybody() -> None:
    assert "S3 may still encrypt it at rest" in look_of(found(Kind.NOT_ENCRYPTED)).tooltip


def test_spoken_name_holds_format_and_key() -> None:
    look = look_of(found(Kind.ENCRYPTED, Format.V3), "alias/finance-prod")

    assert look.spoken == "Encrypted, CSE-KMS version 3, key-committing, key alias/finance-prod"


def test_alias_that_would_reorder_the_badge_is_shown_as_escapes() -> None:
    look = look_of(found(Kind.ENCRYPTED, Format.V3), "alias/\u202eabc")

    assert look.text == "CSE-KMS v3 · alias/\\u{202e}abc"


def test_badge_uses_the_width_that_it_asks_for(theme: Theme) -> None:
    look = look_of(found(Kind.ENCRYPTED, Format.V3), "alias/finance-prod")

    assert painted(look, theme, 400) == badge_width(look, theme)


def test_badge_never_leaves_a_narrow_column(theme: Theme) -> None:
    look = look_of(found(Kind.ENCRYPTED, Format.V3), "alias/finance-prod")

    assert painted(look, theme, 90) == 90


def test_short_badge_is_narrower_than_the_long_one(theme: Theme) -> None:
    look = look_of(found(Kind.ENCRYPTED, Format.V3), "alias/finance-prod")

    assert painted(look, theme, 400, short=True) < painted(look, theme, 400) / 2


def test_badge_widget_speaks_and_grows_with_the_font(theme: Theme) -> None:
    look = look_of(found(Kind.ENCRYPTED, Format.V3))
    badge = Badge(theme, look)
    before = badge.sizeHint()

    theme.set_base_px(20)

    assert badge.accessibleName() == "Encrypted, CSE-KMS version 3, key-committing"
    assert badge.sizeHint().width() > before.width()
    assert badge.sizeHint().height() > before.height()
