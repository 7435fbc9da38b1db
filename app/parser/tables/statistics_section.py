"""Cut the section of statistics into its tables, which follow each other under headings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.parser.records import Line
from app.parser.tables.grid import is_table_line
from app.parser.text.normalise import has_heading_mark, match_key

MAKERS: tuple[tuple[str, str], ...] = (
    (r"\(?(?:数据|资料)?由(?P<c>[^:;,。()]{2,24}?)(?:提供|编制|整理)\)?", "数据由云州市统计局提供"),
    (
        r"\(?(?:制表单位|制表|编制单位|编制|填报单位|数据提供|数据来源|资料来源|来源|提供单位):(?P<a>[^:;,。]{1,24}(?:局|队|办|处|中心|委|科|部|院|行|厅|海关|公司))\)?",
        "制表：云州市统计局",
    ),
    (
        r"\(?(?P<b>[^:;,。()]{0,16}(?:统计局|调查队|统计处|统计中心|统计科))(?:制表?|提供|编制?|供稿|发布)?\)?",
        "云州市统计局制",
    ),
)
"""How a table says who made it: a pattern and an example."""
_MAKER = re.compile("|".join(pattern for pattern, _ in MAKERS))
_UNITS = re.compile(r"\(?(?:计量)?单位:(?P<units>[^()]{1,20})\)?")
_MAX_SIGNATURE_LENGTH = 60


def find_compiler(text: str) -> str | None:
    """Return the office that a line names as the maker of a table, None for any other line."""
    match = _MAKER.fullmatch(match_key(text)) if len(text) < _MAX_SIGNATURE_LENGTH else None
    return next((name for name in match.groups() if name), None) if match else None


def find_units(text: str) -> str | None:
    """Return the units that a remark beside a table prints (单位：亿元、%), None for any other line."""
    match = _UNITS.fullmatch(match_key(text)) if len(text) < _MAX_SIGNATURE_LENGTH else None
    return match["units"] if match else None


_REMARK_OR_PAGE = re.compile(r"[\d-]{1,8}|(?:注|说明|备注)[:：]?.*|[^一-龥A-Za-z]*")
_TITLE = re.compile(
    r"(?:(?:19|20)\d{2}年|\d{1,2}月|季度|半年).*(?:统计|指标|情况|数据|快报|月报|表)"
    r"|(?:表|统计|指标|情况|数据|快报|月报)(?:[一二三四五六七八九十\d]{1,2})?(?:\(.*\))?$"
)
_CONTINUED = re.compile(r"\(?续表?\)?$")
_MAX_HEADING_LENGTH = 60


def split_statistics_section(lines: Sequence[Line]) -> list[list[Line]]:
    """Cut the lines at each heading below rows, because another table begins there."""
    parts: list[list[Line]] = [[]]
    has_rows = False
    for line in lines:
        if has_rows and not is_table_line(line) and _is_heading(line.text):
            parts.append([])
            has_rows = False
        has_rows = has_rows or is_table_line(line)
        parts[-1].append(line)
    return parts


def _is_heading(text: str) -> bool:
    """Return whether a line below rows is the heading of another table."""
    key = match_key(text) if len(text) < _MAX_HEADING_LENGTH else ""
    if not key or _REMARK_OR_PAGE.fullmatch(key) or find_compiler(text) or find_units(text) or _CONTINUED.search(key):
        return False
    return has_heading_mark(text) or _TITLE.search(key) is not None
