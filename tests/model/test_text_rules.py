"""Which texts are stored."""

import unicodedata
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.text_rules import MAX_STRING_LENGTH, REPLACEMENT, check_text, replace_forbidden_characters
from app.model.values import BadValue

BIDIRECTIONAL = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
FORBIDDEN = ["\x00", "\x02", "\x1b", "\r", "\x7f", "\x85", "\x9b", "\u2028", "\u2029", "\ud800", "\ufffe", "\uffff"]


@pytest.mark.parametrize("char", [*FORBIDDEN, *BIDIRECTIONAL])
def test_a_forbidden_character_is_refused_by_its_number(char: str) -> None:
    with pytest.raises(BadValue, match=r"NUL|U\+[0-9A-F]{4}") as caught:
        check_text(f"工业{char}增加值")
    assert str(caught.value).isprintable()
    assert replace_forbidden_characters(f"工业{char}") == f"工业{REPLACEMENT}"


@pytest.mark.parametrize("text", ["", "a\tb\nc", "<&\"'>", "\u3000", "\U0001f600", "文" * MAX_STRING_LENGTH])
def test_an_ordinary_text_is_accepted(text: str) -> None:
    check_text(text)
    assert replace_forbidden_characters(text) == text


def test_a_text_is_bounded() -> None:
    with pytest.raises(BadValue, match="10001 characters; at most 10000"):
        check_text("文" * (MAX_STRING_LENGTH + 1))


@given(st.text(st.characters()))
def test_an_accepted_text_is_xml_and_has_one_direction(text: str) -> None:
    text = replace_forbidden_characters(text)
    check_text(text)
    element = ET.Element("p")
    element.text = text
    assert (ET.fromstring(ET.tostring(element)).text or "") == text
    assert not any(unicodedata.category(char) == "Cc" and char not in "\t\n" for char in text)
