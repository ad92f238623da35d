"""The order of many rows, and how they are held."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cse_desktop.core.entries import Entries
from cse_desktop.core.objects import Entry
from cse_desktop.gui.browser.entry_list import EntryList
from cse_desktop.gui.browser.folder_order import (
    HEAP,
    Column,
    Sorting,
    natural_key,
    natural_texts,
    order_of_many,
    sort_in_heaps,
)
from cse_desktop.gui.browser.folder_rows import FolderRows, matches_in

WHEN = datetime(2025, 7, 31, 15, 42, 9, tzinfo=UTC)
NAMES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters="/"))


def page(*keys):
    return Entries.of(Entry(key, len(key), "e", WHEN, "STANDARD") for key in keys)


def listed(*pages):
    entries = EntryList()
    for keys in pages:
        entries.append(entries.fresh(page(*keys)))
    return entries


@given(st.lists(NAMES.filter(bool), min_size=1, max_size=8))
def test_names_of_ascii_stand_as_the_collator_puts_them(names):
    by_collator = natural_key("")
    texts = dict(zip(names, natural_texts(names), strict=True))

    ours = sorted(names, key=lambda name: (texts[name], name))

    assert ours == sorted(names, key=lambda name: by_collator(Entry(name)))


@pytest.mark.parametrize("names", [["i", "I"], ["I", "i"]])
def test_names_that_collate_alike_stand_by_their_keys(names):
    by_collator = natural_key("")

    assert sorted(names, key=lambda name: by_collator(Entry(name))) == ["I", "i"]


def test_other_letters_stand_beside_those_they_come_from():
    names = ["Zoë", "zoe2", "Éa10", "ea9", "ea11", "二", "a\nb"]

    order = sorted(range(len(names)), key=natural_texts(names).__getitem__)

    assert [names[at] for at in order] == ["a\nb", "ea9", "Éa10", "ea11", "Zoë", "zoe2", "二"]


@given(st.integers(0, 3 * HEAP), st.integers(1, 10**6), st.integers(1, 10**5))
@settings(max_examples=20)
def test_heaps_are_sorted_as_one_list_is(count, factor, modulus):
    values = [number * factor % modulus for number in range(count)]

    found = sort_in_heaps(range(count), values)

    assert list(found) == sorted(range(count), key=values.__getitem__)


@pytest.mark.parametrize("column", [Column.NAME, Column.SIZE, Column.MODIFIED])
def test_folders_stay_first_among_many(column):
    entries = listed(["b/", "d/"], ["f2", "f10"], ["g/"])
    entries.remove(["d/"])

    for is_descending in (False, True):
        found = order_of_many(entries, Sorting(column, is_descending), "")
        assert {entries[place].key for place in found[:2]} == {"b/", "g/"}
        assert {entries[place].key for place in found[2:]} == {"f2", "f10"}


@given(st.lists(st.lists(st.text("abü/", min_size=1, max_size=3), max_size=5), max_size=5))
def test_every_key_is_found_whatever_the_order_of_the_server(pages):
    entries, known = EntryList(), {}
    for keys in pages:
        news = entries.fresh(page(*dict.fromkeys(keys)))
        assert not known.keys() & set(news.all_keys())
        entries.append(news)
        known = {entry.key: at for at, entry in enumerate(entries)}

    assert {key: entries.find(key) for key in known} == known
    assert entries.find("none") == -1
    assert entries.live_count == len(known)


def test_a_row_that_came_before_its_page_takes_over_its_facts():
    entries = listed(["a", "b"])
    entries.add(Entry("d", 1))

    news = entries.fresh(page("c", "d", "e"))

    assert news.all_keys() == ["c", "e"]
    assert entries[entries.find("d")].etag == "e"


def test_what_was_removed_can_come_again():
    rows = FolderRows()
    rows.append(page("a", "b"), range(2))
    rows.remove(["a"])
    assert not rows.knows("a")

    rows.insert(rows.place_for(Entry("a", 9)), Entry("a", 9))

    assert rows.entries[rows.shown[rows.row_of("a")]].size == 9
    assert rows.entries.live_count == len(rows.shown) == 2


def test_names_of_two_lines_are_looked_through():
    assert matches_in(page("a\nb", "c", "dÉ"), "b", "") == [0]
    assert matches_in(page("a\nb", "c", "dÉ"), "é", "") == [2]


def test_a_row_takes_less_than_140_bytes():
    keys = [f"logs/2025/07/31/report-{number:07}.csv" for number in range(1000)]
    one = Entries.of(Entry(key, 1, "0" * 32, WHEN, "STANDARD") for key in keys)

    columns = (one._keys, one._key_ends, one.sizes, one._dates, one._etags, one._etag_ends)
    held = sum(column.__sizeof__() for column in columns)

    assert held / len(one) < 140 - 8  # two numbers more for where it is shown
