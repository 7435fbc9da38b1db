"""The heads of the known tables: which columns each kind has, and what they are called.

A table is chosen by the names of its columns, never by its place in a document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from app.parser.tables.grid import MOST_COLUMNS, clean
from app.parser.text.normalise import key

Kind = Literal["water-sections", "watersheds", "urban-villages", "village-tasks", "uncleared-buildings", "indicators"]

_LONGEST_NAME = 80
_LONGEST_HEAD = 1500
# Every head that is known has one of these words in it.
_HINT = re.compile(r"指标|断面|目标|问题|改造|年份|年度|时限|时间|任务|类别|类型")

_PLACE = {
    "number": r"序号|编号",
    "district": r"(所属|所在)?(县|市|区|属地|县\(市,?、?区\))",
    "street": r"(所属|所在)?(街道|乡镇|镇街).*",
}
_COLUMNS: dict[Kind, dict[str, str]] = {
    "indicators": {
        "name": r"指标(名称)?|主要指标",
        "unit": r"(计量)?单位",
        "cumulative": r".*累计.*|.*\d月?-\d+月.*|.*本年.*",
        "yoy": r".*(同比|增长|增幅|增速|上年同).*|±%",
        "value": r".*(当月|本月|绝对[数值]).*|\d{1,2}月(份)?",
    },
    "water-sections": {
        "name": r".*断面(名称?)?",
        "baseline_class": r".*水质现状.*|\d{4}年水质.*|现状水质.*",
        "target_class": r".*(水质目标|目标水质|目标类别).*",
        "exceedance_factors": r".*(超标|污染)(因子|项目|指标).*",
        "control_level": r"(断面)?(控制)?(级别|类型)",
        "river_system": r".*水系.*",
        "river": r"(所属|所在)?(河流|河道|河段).*",
        "areas": r"(涉及|所在|所属)(地区|县|区域|县\(市、区\)).*",
        "control_areas": r".*控制(范围|区域).*",
    },
    "watersheds": {
        "name": r".*(片区|流域).*名?称?",
        "goal": r".*目标",
        "problems": r".*问题",
        "tasks": r".*任务",
        "responsible": r"(责任|牵头)(单位|主体).*",
    },
    "village-tasks": {
        **_PLACE,
        "unit_type": r"(任务|单元)(类别|类型)",
        "task": r".*年度任务|\d{4}年任务",
        "plan": r".*改造(计划|方式|类型).*",
        "village": r".*村.*",
    },
    "urban-villages": {
        **_PLACE,
        "years": r".*年份|(改造|完成|实施|启动)(年度|时间|时限)",
        "plan": r".*改造(计划|方式|类型).*",
        "village": r".*村.*",
    },
    "uncleared-buildings": {
        **_PLACE,
        "name": r".*(项目|建筑)(名称)?",
        "category": r".*(类别|类型)",
    },
}
# One of these sets of columns must be there, so that a lost column does not lose the table.
_ENOUGH: dict[Kind, tuple[set[str], ...]] = {
    "indicators": ({"name", "value"}, {"name", "cumulative"}, {"name", "unit", "yoy"}),
    "water-sections": ({"name", "target_class"}, {"name", "baseline_class"}, {"name", "control_areas"}),
    "watersheds": ({"name", "goal"}, {"name", "problems", "responsible"}),
    "village-tasks": ({"village", "task"}, {"village", "unit_type", "plan"}, {"street", "plan", "task"}),
    "urban-villages": ({"village", "plan"}, {"village", "years"}, {"street", "plan", "years"}),
    "uncleared-buildings": ({"name", "category", "district"}, {"name", "category", "street"}),
}
KINDS: tuple[Kind, ...] = tuple(_COLUMNS)
_PATTERNS = {
    kind: {name: re.compile(pattern) for name, pattern in columns.items()} for kind, columns in _COLUMNS.items()
}


def head_of(cells: Sequence[str], kind: Kind) -> dict[int, str]:
    """Return which column of this kind each cell names, {} when the cells are no such head."""
    found: dict[int, str] = {}
    if not _may_be_head(cells):
        return found
    named = [(at, key(clean(cell))) for at, cell in enumerate(cells[:MOST_COLUMNS]) if len(cell) < _LONGEST_NAME]
    named = [(at, name) for at, name in named if name]
    # Most rows are data: a head is known by its first two names, so that the rest is not tried.
    if not any(_column(name, kind, found) for _, name in named[:2]):
        return {}
    for at, name in named:
        if column := _column(name, kind, found):
            found[at] = column
    columns = set(found.values())
    return found if any(enough <= columns for enough in _ENOUGH[kind]) else {}


def _may_be_head(cells: Sequence[str]) -> bool:
    """Tell cheaply whether a row can be a head: most rows of a long text are not."""
    whole = "".join(cells)
    return len(whole) < _LONGEST_HEAD and _HINT.search("".join(whole.split())) is not None


def _column(name: str, kind: Kind, found: Mapping[int, str]) -> str | None:
    """Return the column that a head cell names; each is named once, but for `yoy`."""
    for column, pattern in _PATTERNS[kind].items():
        if pattern.fullmatch(name) and (column == "yoy" or column not in found.values()):
            return column
    return None


def growth_told_apart(found: Mapping[int, str]) -> dict[int, str]:
    """Tell the two `yoy` columns apart by the column that each follows."""
    named: dict[int, str] = {}
    base = "value"
    for index in sorted(found):
        column = found[index]
        if column in ("value", "cumulative"):
            base = column
        wanted = f"{base}_yoy" if column == "yoy" else column
        if wanted not in named.values():
            named[index] = wanted
    return named


def second_level(cells: Sequence[str], head: Mapping[int, str]) -> dict[int, str]:
    """Return the columns of a head whose second row tells figures and their growth apart, else {}."""
    deeper, base = dict(head), ""
    for index in range(min(len(cells), MOST_COLUMNS)):
        above, name = head.get(index, ""), key(clean(cells[index]))
        base = above.removesuffix("_yoy") or base
        column = _column(name, "indicators", {}) if name else None
        if column in ("value", "yoy", "cumulative") and base in ("value", "cumulative"):
            deeper[index] = f"{base}_yoy" if column == "yoy" else base
        elif name and column != above:
            return {}
    return deeper if deeper != dict(head) else {}
