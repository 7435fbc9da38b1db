"""XML trees: elements by their written names, without the characters that XML forbids."""

import re
from xml.etree import ElementTree as ET

FORBIDDEN_CHARS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML 1.0 document may hold, not even escaped (section 2.2)."""


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


def serialise(root: ET.Element) -> bytes:
    """Return the document as UTF-8 with its XML declaration, indented."""
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode", short_empty_elements=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'.encode()
