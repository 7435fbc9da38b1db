"""Which characters a text may have, and how long it may be. Texts with other characters are never stored.

A stored text is written in every format: as XML, which holds no control characters at all, as one line of NDJSON or
RIS, on a terminal. Characters that change the direction of writing would show the words of the print in another order.
"""

import re

from app.model.values import BadValue

FORBIDDEN_CHARACTERS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, except tab and line feed
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks and controls of bidirectional text
    "\u2028\u2029"  # separators of lines and paragraphs
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"  # surrogates and noncharacters
)
REPLACEMENT = "\ufffd"
MAX_LENGTHS = {"prose": 1_000_000, "objects": 1_000_000, "list": 100_000}
"""The most characters of a cell by the kind of its field."""
MAX_STRING_LENGTH = 10_000
"""The most characters of a string, a member of a list, or a printed cell."""


def check_text(text: str, max_length: int = MAX_STRING_LENGTH) -> None:
    """Raise BadValue for a text that is too long or has a forbidden character."""
    if len(text) > max_length:
        raise BadValue(f"has {len(text)} characters; at most {max_length} are allowed")
    if match := FORBIDDEN_CHARACTERS.search(text):
        name = "a NUL character" if match[0] == "\x00" else f"the character U+{ord(match[0]):04X}"
        raise BadValue(f"contains {name}, which no text may have")


def replace_forbidden_characters(text: str) -> str:
    """Return the text with U+FFFD in place of each forbidden character."""
    return FORBIDDEN_CHARACTERS.sub(REPLACEMENT, text)
