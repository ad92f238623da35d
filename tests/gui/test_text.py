"""Numbers, sizes, times and foreign text read as designed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from cse_desktop.gui.look import text


@pytest.fixture(autouse=True)
def british() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 KB"),
        (2_100, "2.1 KB"),
        (642_000, "642.0 KB"),
        (918_349, "918.3 KB"),
        (999_949, "999.9 KB"),
        (999_950, "1.00 MB"),
        (1_840_112, "1.84 MB"),
        (9_994_999, "9.99 MB"),
        (9_995_000, "10.0 MB"),
        (48_100_000, "48.1 MB"),
        (286_400_000, "286.4 MB"),
        (1_240_000_000, "1.24 GB"),
        (68_719_476_704, "68.7 GB"),
        (5 * 10**18, "5,000.0 PB"),
    ],
)
def test_size_is_shown_in_decimal_units(value: int, shown: str) -> None:
    assert text.size(value) == shown


@given(st.integers(min_value=0, max_value=10**17))
def test_size_never_shows_a_thousand_of_a_unit(value: int) -> None:
    figure = text.size(value).split()[0]

    assert float(figure) < 1000


def test_size_that_is_not_exact_says_so() -> None:
    assert text.about(48_100_000) == "≈ 48.1 MB"


@pytest.mark.parametrize(
    ("done", "total", "shown"),
    [
        (178_200_000, 286_400_000, "178.2 of 286.4 MB"),
        (0, 640_000_000, "0 of 640.0 MB"),
        (812_000, 1_200_000, "812.0 KB of 1.20 MB"),
        (0, 0, "0 of 0 B"),
    ],
)
def test_part_of_a_whole_says_a_common_unit_once(done: int, total: int, shown: str) -> None:
    assert text.part_of(done, total) == shown


def test_percent_reaches_a_hundred_only_at_the_end() -> None:
    assert text.percent(999, 1000) == "99%"
    assert text.percent(1000, 1000) == "100%"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.2, "1 s left"),
        (3, "3 s left"),
        (70, "about 1 min left"),
        (3600, "about 1 h left"),
        (7500, "about 2 h 5 min left"),
        (5 * 86400, "about 5 days left"),
    ],
)
def test_time_left_gets_coarser_the_longer_it_is(seconds: float, shown: str) -> None:
    assert text.left(seconds) == shown


def test_counts_have_separators_and_a_noun_that_fits() -> None:
    assert text.count(1, "file") == "1 file"
    assert text.count(2184, "file") == "2,184 files"
    assert text.count(2, "copy", "copies") == "2 copies"


def test_date_is_shown_as_designed() -> None:
    assert text.date(datetime(2025, 7, 31, 17, 42)) == "31 Jul 2025, 17:42"


def test_date_follows_the_locale() -> None:
    QLocale.setDefault(QLocale("de_DE"))

    assert text.date(datetime(2025, 12, 1, 9, 5)) == "1 Dez. 2025, 09:05"
    assert text.size(1_840_000) == "1,84 MB"


def test_locale_without_a_country_gets_separators_all_the_same() -> None:
    QLocale.setDefault(QLocale.c())

    assert text.number(2184) == "2,184"


def test_moment_for_details_is_in_utc() -> None:
    moment = datetime(2025, 7, 31, 17, 46, 9, tzinfo=timezone(timedelta(hours=2)))

    assert text.utc(moment) == "2025-07-31T15:46:09Z"
    assert text.utc(moment.astimezone(UTC)) == "2025-07-31T15:46:09Z"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("report.pdf", "report.pdf"),
        ("Übersicht 2025.xlsx", "Übersicht 2025.xlsx"),
        ("invoice\u202efdp.exe", "invoice\\u{202e}fdp.exe"),
        ("a\nb\tc\x00", "a\\u{a}b\\u{9}c\\u{0}"),
        ("zero\u200bwidth", "zero\\u{200b}width"),
        ("a\u200db", "a\\u{200d}b"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
        ("👩\u200d💻.txt", "👩\u200d💻.txt"),
        ("line\u2028end", "line\\u{2028}end"),
        ("lone\udc80", "lone\\u{dc80}"),
        ("\u200d", "\\u{200d}"),
    ],
)
def test_characters_that_hide_or_reorder_are_shown(name: str, shown: str) -> None:
    assert text.visible(name) == shown


@given(st.text(alphabet=st.characters(categories=["Cc", "Cf", "Zl", "Zp", "Lu", "Nd"])))
def test_shown_text_has_no_line_break_and_no_override(name: str) -> None:
    assert not set(text.visible(name)) & set("\n\r\u2028\u2029\u202a\u202b\u202d\u202e\u2066\u2067")


def test_ampersand_of_a_file_name_is_no_mnemonic() -> None:
    assert text.escape_mnemonic("R&D.xlsx") == "R&&D.xlsx"


def test_long_name_keeps_beginning_and_end(qapp: QApplication) -> None:
    metrics = QFontMetrics(qapp.font())

    shown = text.elide_middle(metrics, "beginning-" + "x" * 200 + "-end.pdf", 160)

    assert shown.startswith("begin")
    assert shown.endswith("end.pdf")
    assert metrics.horizontalAdvance(shown) <= 160
