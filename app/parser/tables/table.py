"""Tables under a head that is known: data rows by column, totals, titles, repeated heads."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.parser.records import Doubt, Line, Reading, Unread
from app.parser.tables.grid import RULER, Cells, clean, grid
from app.parser.tables.headers import KINDS, Kind, growth_told_apart, head_of, second_level
from app.parser.text.normalise import fold, is_marked, key, plain, unspaced

_ANNEX = re.compile(r"附[件表]\d{0,2}[:：]?")
_GROUP = re.compile(r"(?P<who>[^\d]{0,30}?)(?P<count>\d{1,6})(?P<measure>[个处户座宗项])(?P<rest>.{0,80})")
_GROUP_WORD = re.compile(r"总计|合计|小计|共计|待清零")
_LONGEST_TITLE = 80
_START = 24


class DataRow(NamedTuple):
    """One data row: its 1-based number within the table and its printed cells by column."""

    number: int
    first: int
    last: int
    cells: Mapping[str, str]
    raw: Mapping[str, str]
    width: int


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
    width: int = 0  # cells up to the last column that the head names
    rows: list[DataRow] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    claimed: set[int] = field(default_factory=set)
    doubts: list[Doubt] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)


def kind_of(lines: Sequence[Line]) -> Kind | None:
    """Return the kind of table whose head stands in these lines, None when no known head does."""
    outside = "".join(key(line.text) for line in lines if "\t" not in line.text and len(line.text) < _LONGEST_TITLE)
    for row in grid(lines):
        for kind in KINDS:
            if head_of(row.cells, kind) and (kind != "uncleared-buildings" or "建筑" in outside):
                return kind
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
        if kind == "indicators" and head and not table.rows and (deeper := second_level(row.cells, head)):
            head = deeper
            table.claimed.update(range(row.first, row.last + 1))
        elif found := head_of(row.cells, kind):
            head, head_line = growth_told_apart(found), head_line or row.first
            table.width = max(head) + 1
            _doubt_unknown_columns(table, row, head)
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
        table.rows.append(DataRow(len(table.rows) + 1, row.first, row.last, cells, raw, len(row.cells)))
        table.claimed.update(span)
        if any(cell.strip() for cell in row.cells[max(head) + 1 :]):
            table.doubts.append(Doubt(row.first, filled[0][:_START], "more cells than the table's head"))
        elif len(row.cells) < table.width:
            table.doubts.append(Doubt(row.first, filled[0][:_START], "fewer cells than the table's head"))


def _doubt_unknown_columns(table: Table, row: Cells, head: Mapping[int, str]) -> None:
    """Report the columns of a head, printed for the first time, that no field is known for."""
    if table.head:
        return
    for at, cell in enumerate(row.cells):
        if at not in head and clean(cell):
            table.doubts.append(
                Doubt(row.first, clean(cell)[:_START], "a column that is not known; its cells are not read")
            )


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
