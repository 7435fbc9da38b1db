"""Parse figures as statistical tables print them."""

from __future__ import annotations

import re
from decimal import Decimal

from app.parser.text.normalise import fold_width

_MISSING = re.compile(r"[-/…*.\s]*")
_PLAIN = re.compile(r"([+-]?)\s?(\d{1,18})(?:\s?\.\s?(\d{1,12}))?\s?%?")
_GROUPED = re.compile(r"([+-]?)\s?(\d{1,3}(?:(?:,\s?|\s)\d{3}){1,5})(?:\s?\.\s?(\d{1,12}))?\s?%?")
_UNCHANGED = re.compile(r"(?:与?(?:上年)?同期)?(?:持平|相同)")
_INCREASE = re.compile(r"(?:增长|上升|提高|增|升|↑)\s?(?=\d)")
_DECREASE = re.compile(r"(?:下降|降低|减少|负增长|降|减|↓)\s?(?=\d)")


def parse_figure(cell: str) -> tuple[Decimal | None, bool]:
    """Return a printed number, exact to its last decimal, and whether the cell was understood.

    A dash or an empty cell means that there is no figure and gives (None, True). Any other cell that is no number
    gives (None, False). Signs, digits and thousands separators may be full-width.
    """
    text = fold_width(cell).strip()
    if _MISSING.fullmatch(text):
        return None, True
    match = _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)
    if match is None or not text.isascii():
        return None, False
    digits = re.sub(r"\D", "", match[2])
    return Decimal(f"{match[1]}{digits}" + (f".{match[3]}" if match[3] else "")), True


def parse_growth(cell: str) -> tuple[Decimal | None, bool]:
    """Return a printed growth rate and whether it was understood, like `parse_figure`.

    持平 is 0, 增长3.2 is 3.2, 下降3.2 is -3.2.
    """
    text = fold_width(cell).strip()
    if _UNCHANGED.fullmatch(text):
        return Decimal(0), True
    if word := _INCREASE.match(text):
        return parse_figure(text[word.end() :])
    if word := _DECREASE.match(text):
        return parse_figure(f"-{text[word.end() :]}")
    return parse_figure(text)
