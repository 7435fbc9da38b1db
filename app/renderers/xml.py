"""XML: trees, and tags for messages that are written in pieces. Every writer of XML escapes with this module.

Both forms use Python's own `xml` package. What XML forbids becomes U+FFFD: a load accepts no such character, but an
older one may have. Trees have a byte of their own in every empty element (`<p />`), pieces have not (`<Obs/>`).
`sdmx.completion` changes messages of pysdmx with lxml, which escapes what is set, and takes its texts from here.
"""

import re
from collections.abc import Iterable
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
FORBIDDEN_CHARS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML 1.0 document may hold, not even escaped (section 2.2)."""


SPECIAL_CHARS = re.compile('[&<>"\x00-\x1f\ud800-\udfff\ufffe\uffff]')
"""What an attribute cannot hold as it is. Most values have none of these, and looking is faster than escaping."""
Attributes = Iterable[tuple[str, str]]


def replace_forbidden(text: str) -> str:
    """Return the text with U+FFFD in place of characters that XML forbids."""
    return FORBIDDEN_CHARS.sub("\ufffd", text)


def add_element(parent: ET.Element, tag: str, text: str | None = None, **attributes: str | None) -> ET.Element:
    """Add a child element and return it.

    Attributes that are None are left out. The keyword `as_` gives `as`, `xml__lang` gives `xml:lang`.
    """
    child = ET.SubElement(parent, tag)
    for name, value in attributes.items():
        if value is not None:
            child.set(name.rstrip("_").replace("__", ":"), replace_forbidden(value))
    if text is not None:
        child.text = replace_forbidden(text)
    return child


def serialise(root: ET.Element, style: str = "") -> bytes:
    """Return the document as UTF-8 with its XML declaration, indented; `style` is the address of a CSS style sheet."""
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode", short_empty_elements=True)
    link = f'<?xml-stylesheet type="text/css" href={quote_attribute(style)}?>\n' if style else ""
    return f"{DECLARATION}{link}{body}\n".encode()


def escape_text(text: str) -> str:
    """Return the content of an element."""
    return escape(replace_forbidden(text)) if SPECIAL_CHARS.search(text) else text


def quote_attribute(value: str) -> str:
    """Return the value of an attribute in quotes."""
    return quoteattr(replace_forbidden(value)) if SPECIAL_CHARS.search(value) else f'"{value}"'


def start_tag(name: str, attributes: Attributes = ()) -> str:
    """Return the start tag of an element."""
    return f"<{name}{_join_attributes(attributes)}>"


def empty_element(name: str, attributes: Attributes = ()) -> str:
    """Return an element without content."""
    return f"<{name}{_join_attributes(attributes)}/>"


def end_tag(name: str) -> str:
    """Return the end tag of an element."""
    return f"</{name}>"


def text_element(name: str, text: str, attributes: Attributes = ()) -> str:
    """Return an element that holds text."""
    return f"{start_tag(name, attributes)}{escape_text(text)}</{name}>"


def _join_attributes(attributes: Attributes) -> str:
    return "".join([f" {name}={quote_attribute(value)}" for name, value in attributes])
