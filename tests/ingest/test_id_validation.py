"""What an id may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ingest.id_validation import MAX_ID_LENGTH, RESERVED_IDS, check_id
from app.model.values import BadValue
from app.renderers.representations import KNOWN_SUFFIXES

REFUSED = [
    *RESERVED_IDS,
    *(f"x{suffix}" for suffix in KNOWN_SUFFIXES),
    "",
    ".",
    "..",
    ".a",
    "a.",
    "a/b",
    "a\r\nb",
    "a\n",
    "a b",
    "a\u202eb",
    "\u200ea",
    "１",
    "温州",
    "a%2fb",
    "a\x00",
    "a" * (MAX_ID_LENGTH + 1),
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_id_is_refused_in_one_printable_line(text: str) -> None:
    with pytest.raises(BadValue) as caught:
        check_id(text)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("text", ["2021-05", "wenzhengban-2021-30.ch2.art6.i1", "a:b_c", "csv", "a" * MAX_ID_LENGTH])
def test_an_id_is_accepted(text: str) -> None:
    check_id(text)


@given(st.text(max_size=220))
def test_an_accepted_id_needs_no_escaping_anywhere(text: str) -> None:
    try:
        check_id(text)
    except BadValue:
        return
    assert text.isascii()
    assert 0 < len(text) <= MAX_ID_LENGTH
    assert not set(text) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:")
    assert text not in RESERVED_IDS
    assert not text.endswith(KNOWN_SUFFIXES)
