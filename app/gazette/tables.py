"""Tables under a head that is known: data rows by column, totals, titles, repeated heads.

A table is chosen by the names of its columns, never by its place in a document.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from app.gazette.grid import MOST_COLUMNS, RULER, Cells, clean, grid
from app.gazette.records import Doubt, Line, Reading, Unread
from app.gazette.text import fold, is_marked, key, plain, unspaced

Kind = Literal["water-sections", "watersheds", "urban-villages", "village-tasks", "uncleared-buildings", "indicators"]

_ANNEX = re.compile(r"附[件表]\d{0,2}[:：]?")
_GROUP = re.compile(r"(?P<who>[^\d]{0,30}?)(?P<count>\d{1,6})(?P<measure>[个处户座宗项])(?P<rest>.{0,80})")
_GROUP_WORD = re.compile(r"总计|合计|小计|共计|待清零")
_LONGEST_TITLE = 80
_LONGEST_HEAD = 1500
# Every head that is known has one of these words in it.
_HINT = re.compile(r"指标|断面|目标|问题|改造|年份|任务|类别|类型")
_START = 24

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
_PATTERNS = {
    kind: {name: re.compile(pattern) for name, pattern in columns.items()} for kind, columns in _COLUMNS.items()
}


class DataRow(NamedTuple):
    """One data row: its 1-based number within the table and its printed cells by column."""

    number: int
    first: int
    last: int
    cells: Mapping[str, str]
    raw: Mapping[str, str]


class Group(NamedTuple):
    """A total or subtotal: its line, whom it counts, how many, its rest, and the data rows before it."""

    line: int
    who: str
    total: int
    rest: str
    after: int


@dataclass(slots=True)
class Table:
    """A table that was read: its title, heads, data rows, totals, and what could not be read."""

    title: str = ""
    head: dict[str, str] = field(default_factory=dict)
    rows: list[DataRow] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    claimed: set[int] = field(default_factory=set)
    doubts: list[Doubt] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)


def kind_of(lines: Sequence[Line]) -> Kind | None:
    """Return the kind of table whose head stands in these lines, None when no known head does."""
    outside = "".join(key(line.text) for line in lines if "\t" not in line.text and len(line.text) < _LONGEST_TITLE)
    for row in grid(lines):
        for kind in _COLUMNS:
            if head_of(row.cells, kind) and (kind != "uncleared-buildings" or "建筑" in outside):
                return kind
    return None


def head_of(cells: Sequence[str], kind: Kind) -> dict[int, str]:
    """Return which column of this kind each cell names, {} when the cells are no such head."""
    found: dict[int, str] = {}
    if not _may_be_head(cells):
        return found
    named = [(at, key(clean(cell))) for at, cell in enumerate(cells[:MOST_COLUMNS]) if len(cell) < _LONGEST_TITLE]
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


def is_annex_label(text: str) -> bool:
    """Tell whether a line holds an annex number and nothing else."""
    return len(text) < _LONGEST_TITLE and _ANNEX.fullmatch(key(text)) is not None


def read_table(lines: Sequence[Line], kind: Kind) -> Table:
    """Read the rows of one table; every non-blank line ends up claimed or unread."""
    table = Table()
    rows = list(grid(lines))
    held = {number for row in rows for number in range(row.first, row.last + 1)}
    head: dict[int, str] = {}
    head_line = 0
    for row in rows:
        if kind == "indicators" and head and not table.rows and (deeper := _second_level(row.cells, head)):
            head = deeper
            table.claimed.update(range(row.first, row.last + 1))
        elif found := head_of(row.cells, kind):
            head, head_line = _named_twice(found), head_line or row.first
            table.head = table.head or {column: clean(row.cells[at]) for at, column in head.items()}
            table.claimed.update(range(row.first, row.last + 1))
        else:
            _take_row(table, row, head)
    _read_outside(table, [line for line in lines if line.number not in held], head_line)
    table.groups.sort(key=lambda group: group.line)
    table.unread = [item for item in table.unread if item.line not in table.claimed]
    return table


def start_reading(table: Table) -> Reading:
    """Return a reading that holds what the table claims, doubts and could not read."""
    return Reading(read=set(table.claimed), doubts=list(table.doubts), unread=list(table.unread))


def disown(reading: Reading, row: DataRow, why: str) -> None:
    """Give back the lines of a data row that a reader cannot use."""
    span = range(row.first, row.last + 1)
    start = " ".join(cell for cell in row.cells.values() if cell)[:_START]
    given = {item.line for item in reading.unread[-1:]}
    reading.read.difference_update(span)
    reading.unread += [Unread(number, start, why) for number in span if number not in given]


def _named_twice(found: Mapping[int, str]) -> dict[int, str]:
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


def _second_level(cells: Sequence[str], head: Mapping[int, str]) -> dict[int, str]:
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


def _take_row(table: Table, row: Cells, head: Mapping[int, str]) -> None:
    span = range(row.first, row.last + 1)
    filled = [clean(cell) for cell in row.cells if clean(cell)]
    if not filled:
        table.claimed.update(span)
    elif len(filled) == 1 and (group := _group(row.first, filled[0], len(table.rows))):
        table.groups.append(group)
        table.claimed.update(span)
    elif not head:
        table.unread += [Unread(number, filled[0][:_START], "a row before the table's head") for number in span]
    else:
        raw = {column: row.cells[at] if at < len(row.cells) else "" for at, column in head.items()}
        raw |= _blank_headed(row.cells, head)
        cells = {column: clean(text) for column, text in raw.items()}
        table.rows.append(DataRow(len(table.rows) + 1, row.first, row.last, cells, raw))
        table.claimed.update(span)
        if any(cell.strip() for cell in row.cells[max(head) + 1 :]):
            table.doubts.append(Doubt(row.first, filled[0][:_START], "more cells than the table's head"))


def _blank_headed(cells: Sequence[str], head: Mapping[int, str]) -> dict[str, str]:
    """Return the cells of columns without a name, keyed `<column before>+`."""
    blank: dict[str, str] = {}
    for index in range(1, min(max(head), len(cells))):
        if index not in head and index - 1 in head:
            blank[head[index - 1] + "+"] = cells[index]
    return blank


def _group(number: int, text: str, after: int) -> Group | None:
    match = _GROUP.match(key(text)) if len(text) < 200 else None
    if match is None or not _GROUP_WORD.search(match["who"]):
        return None
    return Group(number, _GROUP_WORD.split(match["who"])[0], int(match["count"]), match["rest"], after)


def _read_outside(table: Table, lines: Sequence[Line], head_line: int) -> None:
    """Read the lines around the rows: annex label, title, totals."""
    before = [line for line in lines if line.text.strip() and line.number < head_line]
    marked = any(is_marked(line.text) and not is_annex_label(line.text) for line in before)
    title: list[str] = []
    ends = [row.last for row in table.rows]
    for line in lines:
        text = line.text.strip()
        if not text:
            continue
        is_title = line.number < head_line and len(text) < _LONGEST_TITLE and (is_marked(text) or not marked)
        if is_annex_label(text) or RULER.fullmatch(text) or not clean(text):
            table.claimed.add(line.number)
        elif group := _group(line.number, plain(text), bisect_left(ends, line.number)):
            table.groups.append(group)
            table.claimed.add(line.number)
        elif is_title and text[-1] not in "。；;" and len(title) < 4:
            title.append(_ANNEX.sub("", unspaced(text), count=1) if text.startswith("附") else text)
            table.claimed.add(line.number)
        elif title and key(text) in (key("".join(title)), key("".join(title)) + "(续)", "续表", "(续表)", "(续)"):
            table.claimed.add(line.number)
        else:
            table.unread.append(Unread(line.number, fold(text)[:_START], "stands beside a table, not in it"))
    table.title = unspaced(" ".join(plain(part) for part in title))
