"""Document numbers: agency word, year, running number (`甲政办〔2021〕28号`)."""

from __future__ import annotations

import re
from typing import NamedTuple

from app.parser.text.normalise import fold
from app.parser.text.slugs import slug

_WORD = r"[\u4e00-\u9fff]{2,8}"
_YEAR = r"\s?[\[(]\s?(?:19|20)\d{2}\s?[\])]?\s?"
_NUMBER = rf"{_WORD}{_YEAR}第?\s?\d{{1,4}}\s?号"

# All of them work on folded text, whose spans are those of the printed text.
NUMBER = re.compile(_NUMBER)
_ORDER = r"[\u4e00-\u9fff]{2,16}令\s?第\s?\d{1,4}\s?号"
ORDER = re.compile(_ORDER)
NUMBER_LINE = re.compile(rf"[\[(]?(?:{_NUMBER}|{_ORDER}|第\s?\d{{1,4}}\s?号)[\])]?")
NUMBER_AT_END = re.compile(rf"[\[(]({_NUMBER}|{_ORDER}|第\s?\d{{1,4}}\s?号)[\])]$")
_PARTS = re.compile(r"([\u4e00-\u9fff]+?)\s?[\[(]?\s?((?:19|20)\d{2})\s?[\])]?\s?第?\s?(\d{1,4})\s?号")
_SERIAL = re.compile(r"(?:([\u4e00-\u9fff]{2,16}?)令?\s?)?第\s?(\d{1,4})\s?号")
REGISTRATION_LINE = re.compile(r"([A-Z]{2,6}\d{0,3})\s*-\s*(\d{4})\s*-\s*(\d{2,6})")
# What may stand before the agency word in running text and is no part of it.
_BEFORE_WORD = re.compile(
    r".*(?:具备|按照|根据|依据|执行|参照|依照|遵照|落实|贯彻|废止|印发|关于|和|与|及|以|由|对|见|按|的|等|原|在)"
)


class Number(NamedTuple):
    """A document number taken apart."""

    word: str
    year: int
    serial: int


def parse_number(text: str) -> Number | None:
    """Take a document number apart whatever its brackets and spaces; None when it is none."""
    match = _PARTS.search(fold(text))
    return Number(match[1], int(match[2]), int(match[3])) if match else None


def normal_number(text: str) -> str:
    """Return a number in its usual print, `甲政办〔2021〕28号`, other text without spaces."""
    if number := parse_number(text):
        return f"{number.word}〔{number.year}〕{number.serial}号"
    printed = "".join(text.split())
    return fold(printed) if ORDER.fullmatch(fold(printed)) else printed


def order_serial(text: str) -> str | None:
    """Return the serial of an order (`第160号`) without the name of who gave it; None when it is no order's number."""
    match = re.search(r"(?:^|令)第(\d{1,4})号$", "".join(fold(text).split()))
    return f"第{match[1]}号" if match else None


def order_giver(text: str) -> str | None:
    """Return who gave an order (`甲市人民政府` of `甲市人民政府令第160号`), None for another number."""
    printed = "".join(fold(text).split())
    return printed.partition("令第")[0] if ORDER.fullmatch(printed) else None


def document_id(text: str | None, title: str, issuer: str | None) -> str:
    """Return a document's id: pinyin of the agency word, year, number.

    An order that is only numbered (`第147号`) takes its issuer's name; a document without
    any number takes its title.
    """
    if text and (number := parse_number(text)):
        return f"{slug(number.word)}-{number.year}-{number.serial}"
    if text and (match := _SERIAL.search(fold(text))):
        return f"{slug(match[1] or issuer or title)}ling-{int(match[2])}"
    return slug(title) or "document"


def mentioned_number(printed: str) -> str:
    """Return the number of a mention in running text without the words before the agency word."""
    lead = re.match(r"[\u4e00-\u9fff]+", printed)
    if lead and (match := _BEFORE_WORD.match(lead[0])) and len(lead[0]) - match.end() >= 2:
        return printed[match.end() :]
    return printed


def registration_number(text: str) -> str | None:
    """Return a registration number without spaces (`ABCD01-2021-0002`), None when it is none."""
    match = REGISTRATION_LINE.fullmatch(fold(text).strip())
    return "-".join(match.groups()) if match else None
