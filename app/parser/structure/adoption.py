"""Read how a regulation came about: who adopted, approved and promulgated it, and when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.parser.records import Line
from app.parser.text.dates import DATE, is_date_line, to_date
from app.parser.text.normalise import fold_width, strip_markup

# 甲市第十三届人民代表大会常务委员会第四十次会议, 国务院第54次常务会议, 甲市人民政府第3次常务会议
_COUNT = r"第[0-9一二三四五六七八九十百零]{1,5}"
_CONGRESS = re.compile(rf"([一-鿿]{{1,12}}?){_COUNT}届(人民代表大会(?:常务委员会)?)")
_COUNCIL = re.compile(rf"([一-鿿]{{2,14}}?){_COUNT}次(?:常务|全体)?会议")
_STEP = re.compile(
    rf"{DATE.pattern}(?P<who>[^0-9年]{{0,60}}?(?:第\d{{1,4}}[次号][^0-9年]{{0,20}}?)?)(?P<step>(?:修订)?通过|批准|公布|发布|颁布|(?:施行|实施)(?!条例|细则|办法)|修正|修订)"
)
_LINE = re.compile(
    rf"[(]?\s?{DATE.pattern}[^。]{{0,200}}(?:通过|批准|公布|发布|颁布|施行|实施|第?.{{0,3}}次?修[正订])\s?[)]?$"
)
_BRACKETS = re.compile(rf"[(]\s?{DATE.pattern}.{{4,600}}[)]$", re.DOTALL)
_OPEN_BRACKET = re.compile(rf"[(]\s?{DATE.pattern}[^()]*$")
_DELIVERED = re.compile(rf"{DATE.pattern}在[^。]{{4,60}}会议?上")
_MAX_LINES = 12
_MAX_LENGTH = 700


@dataclass(slots=True)
class Adoption:
    """The days on which a regulation was adopted, approved and promulgated, and by whom the first two were done.

    `delivered_on` is the day on which a report was delivered to an assembly.
    """

    adopted_on: date | None = None
    adopted_by: str | None = None
    approved_on: date | None = None
    approved_by: str | None = None
    promulgated_on: date | None = None
    in_force_on: date | None = None
    delivered_on: date | None = None

    def describe(self) -> list[str]:
        """Return the notes that say what no field holds."""
        notes: list[str] = []
        if self.adopted_on:
            notes.append(f"adopted on {self.adopted_on}" + (f" by {self.adopted_by}" if self.adopted_by else ""))
        if self.approved_on:
            notes.append(f"approved on {self.approved_on}" + (f" by {self.approved_by}" if self.approved_by else ""))
        if self.promulgated_on:
            notes.append(f"promulgated on {self.promulgated_on}")
        if self.delivered_on:
            notes.append(f"delivered on {self.delivered_on}")
        return notes


def is_adoption_line(text: str) -> bool:
    """Return whether a line says only when a regulation was adopted, approved, promulgated or changed.

    Examples: `2021年8月26日 甲市第十三届人民代表大会常务委员会第四十次会议通过`, the same in brackets, or the first
    half of that.
    """
    folded = fold_width(text).strip()
    if len(folded) > _MAX_LENGTH or is_date_line(text):
        return False
    if _LINE.match(folded) or _BRACKETS.fullmatch(folded):
        return True
    return _OPEN_BRACKET.match(folded) is not None and len(folded) < 60


def find_adoption_lines(lines: Sequence[Line]) -> list[Line]:
    """Return the lines about adoption that stand directly below a title; `lines` begin below it."""
    found: list[Line] = []
    is_open = False
    for line in lines[: 2 * _MAX_LINES]:
        text = strip_markup(line.text)
        if not text:
            continue
        folded = fold_width(text)
        if not is_open and not is_adoption_line(text):
            break
        found.append(line)
        is_open = (is_open or folded.startswith("(")) and not folded.endswith(")")
        if len(found) == _MAX_LINES:
            break
    return [] if is_open else found


def parse_adoption(text: str) -> Adoption:
    """Return what a text says of the adoption of a regulation: the first day of each kind."""
    adoption = Adoption()
    folded = fold_width(text).replace(" ", "").replace("\n", "")
    for match in _STEP.finditer(folded[:_MAX_LENGTH]):
        day, step, body = to_date(*match.groups()[:3]), match["step"], _find_body(match["who"])
        if step.endswith("通过") and adoption.adopted_on is None:
            adoption.adopted_on, adoption.adopted_by = day, body
        elif step == "批准" and adoption.approved_on is None:
            adoption.approved_on, adoption.approved_by = day, body
        elif step in ("公布", "发布", "颁布") and adoption.promulgated_on is None:
            adoption.promulgated_on = day
        elif step in ("施行", "实施") and adoption.in_force_on is None:
            adoption.in_force_on = day
    if delivered := _DELIVERED.search(folded[:_MAX_LENGTH]):
        adoption.delivered_on = to_date(*delivered.groups())
    return adoption


def _find_body(text: str) -> str | None:
    """Return the body whose meeting a text names, without the number of its term."""
    text = re.sub(r"^[经由已于业,]+", "", text)
    if match := _CONGRESS.search(text):
        return match[1] + match[2]
    match = _COUNCIL.search(text)
    return match[1] if match else None
