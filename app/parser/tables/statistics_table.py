"""Parse a table of statistics: title, remarks on units and maker, head of one or more levels, data rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.parser.records import Doubt, IssueContext, Line, UnreadLine
from app.parser.tables.grid import GridRow, clean_cell, iter_grid_rows
from app.parser.tables.statistics_head import Role, StatisticsHead, begins_statistics_head, read_statistics_head
from app.parser.tables.statistics_section import find_compiler, find_units
from app.parser.tables.table_kind import Table, TableKind
from app.parser.tables.table_parser import add_row, read_lines_outside
from app.parser.text.places import Places
from app.parser.text.statistical_periods import read_period

_EXCERPT_LENGTH = 24


@dataclass(slots=True)
class StatisticsTable(Table):
    """A table of statistics. `head` is None where no column of it holds a figure of a known period.

    `compiled_by` is the office that made the figures, `units` the remark on units beside the table.
    """

    head: StatisticsHead | None = None
    compiled_by: str | None = None
    units: str | None = None


def parse_statistics_table(lines: Sequence[Line], kind: TableKind, context: IssueContext) -> StatisticsTable:
    """Parse the lines of one table; every non-blank line ends up read or unread."""
    table = StatisticsTable(kind, lines)
    rows = list(iter_grid_rows(lines))
    row_lines = {number for row in rows for number in range(row.first_line, row.last_line + 1)}
    start = next((at for at in range(len(rows)) if begins_statistics_head(rows[at:], in_section=True)), len(rows))
    outside = [line for line in lines if line.number not in row_lines]
    outside += [Line(row.first_line, _only_cell(row)) for row in rows[:start] if _only_cell(row)]
    outside.sort()
    header_line = rows[start].first_line if start < len(rows) else 0
    if any(row.first_line == header_line for row in rows[:start]):  # rows of an HTML table on one line
        header_line += 1
    read_lines_outside(table, _without_remarks(table, outside), header_line)
    if start < len(rows):
        _read_rows(table, rows[start:], context)
    for row in rows[:start]:
        if not _only_cell(row):
            _leave_unread(table, row, "a row before the table's head")
    table.totals.sort(key=lambda total: total.line)
    table.unread = [item for item in table.unread if item.line not in table.read_lines]
    return table


def _only_cell(row: GridRow) -> str:
    """Return the text of a row that holds one cell, such as a title above the head; "" for any other row."""
    filled = list(dict.fromkeys(cell for cell in map(clean_cell, row.cells) if cell))
    return filled[0] if len(filled) == 1 else ""


def _without_remarks(table: StatisticsTable, lines: Sequence[Line]) -> list[Line]:
    """Return the lines without those that name the maker or the units, which the table keeps."""
    rest: list[Line] = []
    for line in lines:
        compiler, units = find_compiler(line.text), find_units(line.text)
        if compiler:
            table.compiled_by = table.compiled_by or compiler
        elif units:
            table.units = table.units or units
        else:
            rest.append(line)
            continue
        table.read_lines.add(line.number)
    return rest


def _read_rows(table: StatisticsTable, rows: Sequence[GridRow], context: IssueContext) -> None:
    """Read the head and the rows below it; a head that is repeated on another page is read and passed over."""
    period = read_period(table.title)
    head = read_statistics_head(rows, period.of_year(context.published_on) if period else None, Places(context.areas))
    count = head.row_count if head else 1
    head_rows = rows[:count]
    for row in head_rows:
        table.read_lines.update(range(row.first_line, row.last_line + 1))
    if head is None:
        for row in rows:
            _leave_unread(table, row, "the table's title names no month")
        return
    table.head = head
    columns: dict[int, str] = {}
    for column in head.columns:
        if column.role is Role.UNREAD:
            _report_unread(table, column.at, column.printed, column.reason, rows)
        if column.role is not Role.UNREAD or column.printed:
            columns[column.at] = column_key(column.at, column.role)
            table.header[columns[column.at]] = column.printed
    table.header_width = max(columns) + 1
    repeated = {tuple(map(clean_cell, row.cells)) for row in head_rows}
    for row in rows[count:]:
        cells = tuple(map(clean_cell, row.cells))
        only = _only_cell(row)
        if cells in repeated:
            table.read_lines.update(range(row.first_line, row.last_line + 1))
        elif only and (compiler := find_compiler(only)):
            table.compiled_by = table.compiled_by or compiler
            table.read_lines.update(range(row.first_line, row.last_line + 1))
        else:
            add_row(table, row, columns)


def column_key(index: int, role: Role) -> str:
    """Return the key of a column in the cells of a row: `name`, `unit`, and its place for others."""
    return str(index) if role in (Role.FIGURE, Role.UNREAD) else role.value


def _report_unread(table: Table, index: int, printed: str, reason: str, rows: Sequence[GridRow]) -> None:
    """Report a column that is not read, unless it is empty."""
    if printed or any(index < len(row.cells) and clean_cell(row.cells[index]) for row in rows):
        text = f"{reason}; its cells are not read"
        table.doubts.append(Doubt(rows[0].first_line, printed[:_EXCERPT_LENGTH], text))


def _leave_unread(table: Table, row: GridRow, reason: str) -> None:
    span = range(row.first_line, row.last_line + 1)
    start = next((cell for cell in map(clean_cell, row.cells) if cell), "")[:_EXCERPT_LENGTH]
    if not start:
        table.read_lines.update(span)
        return
    table.read_lines.difference_update(span)
    table.unread += [UnreadLine(number, start, reason) for number in span]
