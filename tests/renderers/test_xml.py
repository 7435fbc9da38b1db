"""XML in pieces and in trees: every value is escaped, and nothing is written that XML forbids."""

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from app.renderers.xml import (
    FORBIDDEN_CHARS,
    add_element,
    empty_element,
    end_tag,
    quote_attribute,
    serialise,
    start_tag,
    text_element,
)

ANY_TEXT = st.text(st.characters(), max_size=60)
MARKUP = st.sampled_from(["<b>", "]]>", "&amp;", '"', "'", "<!--", "\x02", "\r\n", "\ud800", "\uffff"])
TEXTS = st.lists(st.one_of(ANY_TEXT, MARKUP), max_size=4).map("".join)


@given(TEXTS)
def test_pieces_hold_any_text(text: str) -> None:
    attributes = [("a", text), ("b", "1")]
    inner = f"{empty_element('i', attributes)}{text_element('t', text, attributes)}"
    root = ET.fromstring(f"{start_tag('r', attributes)}{inner}{end_tag('r')}".encode())
    expected = FORBIDDEN_CHARS.sub("\ufffd", text)
    assert {element.get("a") for element in root.iter()} == {expected}
    assert (root.findtext("t") or "") == expected.replace("\r\n", "\n").replace("\r", "\n")


@given(TEXTS)
def test_trees_hold_any_text(text: str) -> None:
    root = ET.Element("r")
    add_element(root, "t", text, a=text)
    child = ET.fromstring(serialise(root))[0]
    expected = FORBIDDEN_CHARS.sub("\ufffd", text)
    assert child.get("a") == expected
    assert (child.text or "") == expected.replace("\r\n", "\n").replace("\r", "\n")


def test_an_ordinary_value_is_only_quoted() -> None:
    assert quote_attribute("工业增加值 (108.30)") == '"工业增加值 (108.30)"'
