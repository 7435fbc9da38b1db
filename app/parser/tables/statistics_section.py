"""Cut the section of statistics into its tables, which follow each other under headings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.parser.records import Line
from app.parser.tables.grid import is_table_line
from app.parser.text.normalise import has_heading_mark, match_key

SIGNATURE = re.compile(r"(?:制表|数据来源|资料来源)?:?.{0,12}统计局(?:制|提供|编)?|单位:.{1,20}|\(单位:.{1,20}\)")
"""The office that compiled a table, or a remark on its units."""

_REMARK_OR_PAGE = re.compile(r"[\d-]{1,8}|(?:注|说明|备注)[:：]?.*|[^一-龥A-Za-z]*")
_TITLE = re.compile(r"(?:19|20)\d{2}年.*(?:统计|指标|情况)|(?:情况表|统计表|指标|指标表|完成情况)(?:\(.*\))?$")
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
    if not key or _REMARK_OR_PAGE.fullmatch(key) or SIGNATURE.fullmatch(key) or _CONTINUED.search(key):
        return False
    return has_heading_mark(text) or _TITLE.search(key) is not None
