"""Read the names of indicators: which printed names mean the same one, and which are parts of another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.parser.text.normalise import fold_width, match_key
from app.parser.text.slugs import slug

# Names that mean the same indicator. A wider or narrower name (社会消费品零售总额) does not.
_KNOWN_NAMES: tuple[tuple[str, str], ...] = (
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
    """An indicator: its id, its name without numbering, the id of its parent, and whether its name is known."""

    id: str
    name: str
    parent: str | None
    known: bool


def is_numbered(cell: str) -> bool:
    """Return whether a name cell begins with a number such as 一、."""
    return _NUMBERED.match(fold_width(cell)) is not None


def parse_indicator_name(cell: str, parent: IndicatorName | None, numbered: bool) -> IndicatorName | None:
    """Return the indicator that a name cell names; None when it holds no name.

    `parent` is the last main indicator; a name with # before it is a part of it. `numbered` says that the table numbers
    its main indicators: then a name without number and # is a part whose # was lost. Heading marks that a scan put
    before a name (`### 一、`) do not count as #.
    """
    marks = _EXTRA_MARKS.match(fold_width(cell))
    cell = cell[marks.end() :] if marks else cell
    mark = _PREFIX.match(fold_width(cell))
    name = "".join(cell[mark.end() :].split()) if mark else ""
    if not mark or not name:
        return None
    is_part = mark["part"] or (numbered and _UNMARKED.match(fold_width(cell)) is not None)
    parent_id = parent.id if is_part and parent else None
    key = match_key(name)
    known = _KNOWN_PARTS.get((parent_id or "", key))
    known = known or next((code for pattern, code in _KNOWN_NAMES if re.fullmatch(pattern, key)), None)
    return IndicatorName(known or slug(name) or "indicator", name, parent_id, known is not None)
