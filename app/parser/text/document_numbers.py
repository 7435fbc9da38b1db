"""Read document numbers: agency word, year, serial (`甲政办〔2021〕28号`).

A number is the same in any bracket and width. `usual_form` is for a text that is a number as a whole,
`usual_characters` for a part of one, `find_typed_numbers` for those among the words of a search.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from app.parser.text.normalise import fold_width, parse_numeral
from app.parser.text.slugs import slug

_WORD = r"[\u4e00-\u9fff]{2,8}"
_YEAR = r"\s?[\[(]\s?(?:19|20)\d{2}\s?[\])]?\s?"
_NUMBER = rf"{_WORD}{_YEAR}第?\s?\d{{1,4}}\s?号"

_FIGURE = r"(?:\d{1,4}|[一二三四五六七八九十百零]{1,6})"
_SERIAL_ALONE = rf"第\s?{_FIGURE}\s?号"

# These patterns expect text from fold_width, whose spans are those of the printed text.
NUMBER = re.compile(_NUMBER)
# 甲市人民政府令第16号, 甲市人民代表大会常务委员会公告第三号, and in brackets 甲市人民政府第16号令
_ORDER = rf"[\u4e00-\u9fff]{{2,24}}(?:令|公告)\s?{_SERIAL_ALONE}"
ORDER = re.compile(_ORDER)
ORDER_WORD_LAST = re.compile(rf"([\u4e00-\u9fff]{{2,16}}?)({_SERIAL_ALONE})令")
SERIAL_ALONE = re.compile(_SERIAL_ALONE)
# 〔1996〕武字第82号, (86)财字12号: the year stands before the word.
YEAR_FIRST = re.compile(r"[\[(]\s?(?:19|20)?\d{2}\s?[\])]\s?[\u4e00-\u9fff]{1,8}\s?第?\s?\d{1,4}\s?号")
NUMBER_LINE = re.compile(rf"[\[(]?(?:{_NUMBER}|{_ORDER}|{_SERIAL_ALONE})[\])]?")
NUMBER_AT_END = re.compile(rf"[\[(]({_NUMBER}|{_ORDER}|{_SERIAL_ALONE})[\])]$")
_PARTS = re.compile(r"([\u4e00-\u9fff]+?)\s?[\[(]?\s?((?:19|20)\d{2})\s?[\])]?\s?第?\s?(\d{1,4})\s?号")
_SERIAL = re.compile(rf"(?:([\u4e00-\u9fff]{{2,24}}?)(令|公告)?\s?)?第\s?({_FIGURE})\s?号")
_ORDER_PARTS = re.compile(rf"(?:^|(?<=令)|(?<=公告))第({_FIGURE})号$")
REGISTRATION_LINE = re.compile(r"([A-Z]{2,6}\d{0,3})\s*-\s*(\d{4})\s*-\s*(\d{2,6})")
# Words that may stand before the agency word in running text and do not belong to it.
_BEFORE_WORD = re.compile(
    r".*(?:具备|按照|根据|依据|执行|参照|依照|遵照|落实|贯彻|废止|印发|关于|和|与|及|以|由|对|见|按|的|等|原|在)"
)

OPENING_BRACKETS = "〔[［(（﹙【〖﹝{｛<＜〈《⟨❲⦗〘「『︵︷︹︻︽︿﹁﹃"
CLOSING_BRACKETS = "〕]］)）﹚】〗﹞}｝>＞〉》⟩❳⦘〙」』︶︸︺︼︾﹀﹂﹄"
# One character becomes one character, so that spans stay. The brackets of the usual form are the last ones left.
_TYPED = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys("—–−‒―─﹣‐‑", "-")
    | {"號": "号"}
    | dict.fromkeys(OPENING_BRACKETS, "〔")
    | dict.fromkeys(CLOSING_BRACKETS, "〕")
)
_TYPED_NUMBER = re.compile(r"([\u4e00-\u9fff]{1,20})(〔?)((?:19|20)\d{2})(〕?)第?(\d{1,4})(号?)")
_TYPED_ORDER = re.compile(r"(?:[\u4e00-\u9fff]{2,16}令)?第\d{1,4}号")
_GAP = r"\s{0,4}"
# A word and a number that stand apart are one number only where the word ends as agency words do.
_WORD_BEFORE_GAP = r"[\u4e00-\u9fff]{1,20}[发办函字规令告批复任议纪电文政府委]\s{1,4}"
_NUMBER_AMONG_WORDS = re.compile(
    rf"(?<![^\s，。、；,;])(-?)({_WORD_BEFORE_GAP}|[\u4e00-\u9fff]{{0,20}})"
    rf"〔{_GAP}((?:19|20)\d{{2}}){_GAP}〕{_GAP}第?{_GAP}(\d{{1,4}})(?:{_GAP}号)?(?![^\s，。、；,;])"
)
_BLANKS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")


class DocumentNumber(NamedTuple):
    """The parts of a document number."""

    word: str
    year: int
    serial: int


def parse_number(text: str) -> DocumentNumber | None:
    """Return the parts of a document number, whatever its brackets and spaces; None when it is none."""
    match = _PARTS.search(fold_width(text))
    return DocumentNumber(match[1], int(match[2]), int(match[3])) if match else None


def normalise_number(text: str) -> str:
    """Return a document number in its usual form, `甲政办〔2021〕28号`, and other text without spaces.

    An order has the word before its serial: `甲市政府第16号令` becomes `甲市政府令第16号`, `第三号` becomes `第3号`.
    """
    if number := parse_number(text):
        return f"{number.word}〔{number.year}〕{number.serial}号"
    printed = "".join(text.split())
    folded = fold_width(printed)
    if match := ORDER_WORD_LAST.fullmatch(folded):
        folded = f"{match[1]}令{match[2]}"
    elif not ORDER.fullmatch(folded) and not SERIAL_ALONE.fullmatch(folded):
        return printed
    issuer, _, serial = folded.rpartition("第")
    value = parse_numeral(serial[:-1])
    return f"{issuer}第{value}号" if value else folded


def usual_characters(text: str) -> str:
    """Return a part of a number with the brackets, digits and dashes of the usual form, and without blanks."""
    return _BLANKS.sub("", text.translate(_TYPED))


def usual_form(text: str) -> str:
    """Return a text that is a number as a whole in its usual form, and any other text as it is.

    Brackets, width and blanks make no difference, and 第 and 号 may be missing where brackets are given.
    """
    typed = usual_characters(text)
    match = _TYPED_NUMBER.fullmatch(typed)
    if match and (match[4] or match[6]):  # otherwise, where the year ends is not known
        return f"{match[1]}〔{match[3]}〕{int(match[5])}号"
    if _TYPED_ORDER.fullmatch(typed):
        return typed
    registration = REGISTRATION_LINE.fullmatch(typed.upper())
    return "-".join(registration.groups()) if registration else text


def find_typed_numbers(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the numbers among the words of a search: start, end, and the usual form, behind a `-` if one is there.

    A number stands between blanks. It has brackets, and may have blanks inside; its agency word may be missing.
    """
    for match in _NUMBER_AMONG_WORDS.finditer(text.translate(_TYPED)):
        minus, word, year, serial = match.groups()
        yield match.start(), match.end(), f"{minus}{word.strip()}〔{year}〕{int(serial)}号"


def order_serial(text: str) -> str | None:
    """Return the serial of an order or announcement (`第160号`) without its issuer's name; None for another number."""
    match = _ORDER_PARTS.search("".join(fold_width(text).split()).strip("[]()"))
    value = parse_numeral(match[1]) if match else None
    return f"第{value}号" if value else None


def order_issuer(text: str) -> str | None:
    """Return the issuer of an order (`甲市人民政府` for `甲市人民政府令第160号`); None for another number."""
    printed = "".join(fold_width(text).split())
    return re.split(r"(?:令|公告)第", printed, maxsplit=1)[0] if ORDER.fullmatch(printed) else None


def build_document_id(text: str | None, title: str, issuer: str | None) -> str:
    """Return a document's id: the slug of its agency word, its year and its serial.

    An order that has only a serial (`第147号`) gets the slug of its issuer, a document without a number the slug of
    its title.
    """
    if text and (number := parse_number(text)):
        return f"{slug(number.word)}-{number.year}-{number.serial}"
    if text and (match := _SERIAL.search(fold_width(text))):
        word = "gonggao" if match[2] == "公告" else "ling"
        return f"{slug(match[1] or issuer or title)}{word}-{parse_numeral(match[3])}"
    return slug(title) or "document"


def mentioned_number(printed: str) -> str:
    """Return a number that was found in running text without the words before its agency word."""
    lead = re.match(r"[\u4e00-\u9fff]+", printed)
    if lead and (match := _BEFORE_WORD.match(lead[0])) and len(lead[0]) - match.end() >= 2:
        return printed[match.end() :]
    return printed


def registration_number(text: str) -> str | None:
    """Return a registration number without spaces (`ABCD01-2021-0002`); None when the line holds something else."""
    match = REGISTRATION_LINE.fullmatch(fold_width(text).strip())
    return "-".join(match.groups()) if match else None
