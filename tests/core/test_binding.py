"""Pairs that bind an object to its name: one spelling for each name, never two names alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cse_desktop.core.binding import check_pairs_are_free, names_of
from cse_desktop.core.errors import InvalidInput
from cse_desktop.core.objects import ObjectRef

keys = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)


def key_pair(key: str) -> str:
    return names_of(ObjectRef("bucket", key))["aws-s3-key"]


def test_name_in_ascii_is_used_as_it_is() -> None:
    names = names_of(ObjectRef("acme", "2026/report 1+2.pdf", "version"))

    assert names == {"aws-s3-bucket": "acme", "aws-s3-key": "2026/report 1+2.pdf"}


def test_other_names_are_percent_encoded() -> None:
    assert key_pair("Größe/ü.txt") == "Gr%C3%B6%C3%9Fe/%C3%BC.txt"
    assert key_pair("100% sure") == "100%25%20sure"


@given(one=keys, other=keys)
def test_two_names_are_never_spelled_alike(one: str, other: str) -> None:
    assert key_pair(one).isascii()
    assert (key_pair(one) == key_pair(other)) is (one == other)


@pytest.mark.parametrize("name", ["aws-s3-bucket", "aws-s3-key"])
def test_context_of_the_user_cannot_say_another_name(name: str) -> None:
    check_pairs_are_free({"team": "x"})
    with pytest.raises(InvalidInput, match=name):
        check_pairs_are_free({name: "x"})
