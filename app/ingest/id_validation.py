"""What an id may be. It stands in addresses, in file names and at the start of other ids."""

import re

from app.model.values import BadValue, clip
from app.renderers.representations import KNOWN_SUFFIXES

MAX_ID_LENGTH = 200
RESERVED_IDS = ("schema", "facets", "aggregate", "queryables", "series")
"""Addresses below a dataset that are no rows."""
ID = re.compile(r"[A-Za-z0-9_:.-]+\Z")


def check_id(text: str) -> None:
    """Raise BadValue for a text that is no id."""
    if len(text) > MAX_ID_LENGTH:
        raise BadValue(f"'{clip(text)}' has {len(text)} characters; an id has at most {MAX_ID_LENGTH}")
    if not ID.match(text):
        raise BadValue(f"'{clip(text)}' is not an id; an id has the letters a-z and A-Z, digits and - _ . : only")
    if text.startswith(".") or text.endswith("."):
        raise BadValue(f"'{text}' begins or ends with a dot, which no id does")
    if text in RESERVED_IDS:
        raise BadValue(f"'{text}' is never an id; it is an address of every dataset")
    if text.endswith(KNOWN_SUFFIXES):
        suffix = next(each for each in KNOWN_SUFFIXES if text.endswith(each))
        raise BadValue(f"'{text}' ends in {suffix}, which is the suffix of a format")
