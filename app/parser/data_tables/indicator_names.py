"""Indicators by name: which printed names mean the same one, and which are parts of another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.parser.text.normalise import fold, key
from app.parser.text.slugs import slug

# Names that mean the same indicator; a wider or narrower one (社会消费品零售总额) does not.
_KNOWN: tuple[tuple[str, str], ...] = (
    (r"(规模以上|规上)工业增加值", "industrial_value_added"),
    (r"(限额以上|限上)消费品零售(总)?额", "retail_sales"),
    (r"财政总收入", "fiscal_revenue"),
    (r"(地方)?一般公共预算收入", "general_public_budget_revenue"),
    (r"(金融机构)?人民币(各项)?存款(期末|月末)?余额", "rmb_deposits"),
    (r"(金融机构)?人民币(各项)?贷款(期末|月末)?余额", "rmb_loans"),
    (r"(居民消费价格(总)?指数|CPI)(\((CPI|(以?上年同[期月](价格)?[为=]100))\))*", "cpi"),
)
_KNOWN_PARTS: Mapping[tuple[str, str], str] = {
    ("rmb_deposits", "住户存款"): "household_deposits",
    ("rmb_deposits", "住户存款余额"): "household_deposits",
    ("cpi", "食品烟酒类"): "cpi_food_tobacco_alcohol",
    ("cpi", "食品烟酒"): "cpi_food_tobacco_alcohol",
    ("fiscal_revenue", "一般公共预算收入"): "general_public_budget_revenue",
}
_NUMBERING = r"(?:(?:[一二三四五六七八九十]{1,3}|\d{1,2})[、.,]|\([一二三四五六七八九十\d]{1,3}\))?"
_EXTRA_MARKS = re.compile(r"\s*(?:#{2,6}|#\s*(?=[一二三四五六七八九十]{1,3}[、.]))")
_UNMARKED = re.compile(r"\s*[一-龥](?<![一二三四五六七八九十])|\s*[一二三四五六七八九十](?![、.])")
_NUMBERED = re.compile(r"[\s#]*[一二三四五六七八九十]{1,3}\s*[、.]")
_PREFIX = re.compile(rf"\s*{_NUMBERING}\s*(?P<part>[#△*]|其中:?)?\s*{_NUMBERING}\s*")


@dataclass(frozen=True, slots=True)
class IndicatorName:
    """An indicator's name: its id, its name without numbering, its parent, and whether it is known."""

    id: str
    name: str
    parent: str | None
    known: bool


def is_numbered(cell: str) -> bool:
    """Tell whether a name cell begins with a number such as 一、."""
    return _NUMBERED.match(fold(cell)) is not None


def read_name(cell: str, parent: IndicatorName | None, numbered: bool) -> IndicatorName | None:
    """Return what a name cell means; a # puts the indicator under the last one without it.

    `numbered` says that the table numbers its main rows: then a name without number and # is a part,
    whose # was lost. Heading marks that a scan put before a name (`### 一、`) are no such #.
    """
    marks = _EXTRA_MARKS.match(fold(cell))
    cell = cell[marks.end() :] if marks else cell
    mark = _PREFIX.match(fold(cell))
    name = "".join(cell[mark.end() :].split()) if mark else ""
    if not mark or not name:
        return None
    is_part = mark["part"] or (numbered and _UNMARKED.match(fold(cell)) is not None)
    above = parent.id if is_part and parent else None
    folded = key(name)
    known = _KNOWN_PARTS.get((above or "", folded))
    known = known or next((code for pattern, code in _KNOWN if re.fullmatch(pattern, folded)), None)
    return IndicatorName(known or slug(name) or "indicator", name, above, known is not None)
