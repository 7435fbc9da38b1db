"""XML as text: elements by their written names, and no character that XML forbids."""

import re
from xml.etree import ElementTree as ET

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML 1.0 document may hold, not even escaped (section 2.2)."""


def printable(text: str) -> str:
    """The text with the replacement character for each one that XML forbids."""
    return FORBIDDEN.sub("\ufffd", text)


def add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str | None) -> ET.Element:
    """A new child; attributes that are None are left out, a trailing `_` frees a name that Python reserves."""
    child = ET.SubElement(parent, tag)
    for name, value in attributes.items():
        if value is not None:
            child.set(name.rstrip("_").replace("__", ":"), printable(value))
    if text is not None:
        child.text = printable(text)
    return child


def serialised(root: ET.Element) -> bytes:
    """The document as UTF-8 with its declaration, indented for readers."""
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode", short_empty_elements=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'.encode()
