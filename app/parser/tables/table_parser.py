"""Parse a table whose kind is known: title, header, repeated headers, data rows, totals."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from app.parser.records import Doubt, Line, UnreadLine
from app.parser.tables.grid import RULER, GridRow, clean_cell, iter_grid_rows
from app.parser.tables.headers import MAX_TITLE_LENGTH, match_header
from app.parser.tables.table_kind import DataRow, GroupTotal, Table, TableKind
from app.parser.text.normalise import fold_width, has_heading_mark, match_key, remove_spaces, strip_markup

_ANNEX = re.compile(r"附[件表]\d{0,2}[:：]?")
_TOTAL = re.compile(r"(?P<counted>[^\d]{0,30}?)(?P<count>\d{1,6})(?P<measure>[个处户座宗项])(?P<rest>.{0,80})")
_TOTAL_WORD = re.compile(r"总计|合计|小计|共计|待清零")
_EXCERPT_LENGTH = 24


def is_annex_label(text: str) -> bool:
    """Return whether a line holds an annex number and nothing else."""
    return len(text) < MAX_TITLE_LENGTH and _ANNEX.fullmatch(match_key(text)) is not None


def parse_table(lines: Sequence[Line], kind: TableKind) -> Table:
    """Parse the lines of one table; every non-blank line ends up read or unread."""
    table = Table(kind, lines)
    rows = list(iter_grid_rows(lines))
    row_lines = {number for row in rows for number in range(row.first_line, row.last_line + 1)}
    header: dict[int, str] = {}
    header_line = 0
    for row in rows:
        if found := match_header(row.cells, kind):
            header, header_line = found, header_line or row.first_line
            table.header_width = max(header) + 1
            _report_unknown_columns(table, row, header)
            table.header = table.header or {column: clean_cell(row.cells[at]) for at, column in header.items()}
            table.read_lines.update(range(row.first_line, row.last_line + 1))
        else:
            add_row(table, row, header)
    read_lines_outside(table, [line for line in lines if line.number not in row_lines], header_line)
    table.totals.sort(key=lambda total: total.line)
    table.unread = [item for item in table.unread if item.line not in table.read_lines]
    return table


def add_row(table: Table, row: GridRow, header: Mapping[int, str]) -> None:
    """Add a row of the grid to the table: as a total, as a data row under `header`, or as unread before it."""
    span = range(row.first_line, row.last_line + 1)
    filled = [clean_cell(cell) for cell in row.cells if clean_cell(cell)]
    if not filled:
        table.read_lines.update(span)
    elif len(filled) == 1 and (total := _parse_total(row.first_line, filled[0], len(table.rows))):
        table.totals.append(total)
        table.read_lines.update(span)
    elif not header:
        table.unread += [
            UnreadLine(number, filled[0][:_EXCERPT_LENGTH], "a row before the table's head") for number in span
        ]
    else:
        raw = {column: row.cells[at] if at < len(row.cells) else "" for at, column in header.items()}
        raw |= _cells_without_header(row.cells, header)
        cells = {column: clean_cell(text) for column, text in raw.items()}
        table.rows.append(DataRow(len(table.rows) + 1, row.first_line, row.last_line, cells, raw, len(row.cells)))
        table.read_lines.update(span)
        if any(cell.strip() for cell in row.cells[max(header) + 1 :]):
            table.doubts.append(Doubt(row.first_line, filled[0][:_EXCERPT_LENGTH], "more cells than the table's head"))
        elif len(row.cells) < table.header_width:
            table.doubts.append(Doubt(row.first_line, filled[0][:_EXCERPT_LENGTH], "fewer cells than the table's head"))


def _report_unknown_columns(table: Table, row: GridRow, header: Mapping[int, str]) -> None:
    """Report the columns of the first header that this kind of table does not have."""
    if table.header:
        return
    for index, cell in enumerate(row.cells):
        if index not in header and clean_cell(cell):
            table.doubts.append(
                Doubt(
                    row.first_line,
                    clean_cell(cell)[:_EXCERPT_LENGTH],
                    "a column that is not known; its cells are not read",
                )
            )


def _cells_without_header(cells: Sequence[str], header: Mapping[int, str]) -> dict[str, str]:
    """Return the cells of columns without a name, by the name of the column before them and `+`."""
    blank: dict[str, str] = {}
    for index in range(1, min(max(header), len(cells))):
        if index not in header and index - 1 in header:
            blank[header[index - 1] + "+"] = cells[index]
    return blank


def _parse_total(number: int, text: str, rows_before: int) -> GroupTotal | None:
    match = _TOTAL.match(match_key(text)) if len(text) < 200 else None
    if match is None or not _TOTAL_WORD.search(match["counted"]):
        return None
    return GroupTotal(number, _TOTAL_WORD.split(match["counted"])[0], int(match["count"]), match["rest"], rows_before)


def read_lines_outside(table: Table, lines: Sequence[Line], header_line: int) -> None:
    """Read the lines around the rows: annex label, title, totals."""
    above = [line for line in lines if line.text.strip() and line.number < header_line]
    has_marked_title = any(has_heading_mark(line.text) and not is_annex_label(line.text) for line in above)
    title: list[str] = []
    ends = [row.last_line for row in table.rows]
    for line in lines:
        text = line.text.strip()
        if not text:
            continue
        is_title = (
            line.number < header_line
            and len(text) < MAX_TITLE_LENGTH
            and (has_heading_mark(text) or not has_marked_title)
        )
        if is_annex_label(text) or RULER.fullmatch(text) or not clean_cell(text):
            table.read_lines.add(line.number)
        elif total := _parse_total(line.number, strip_markup(text), bisect_left(ends, line.number)):
            table.totals.append(total)
            table.read_lines.add(line.number)
        elif is_title and text[-1] not in "。；;" and len(title) < 4:
            title.append(_ANNEX.sub("", remove_spaces(text), count=1) if text.startswith("附") else text)
            table.read_lines.add(line.number)
        elif title and match_key(text) in (
            match_key("".join(title)),
            match_key("".join(title)) + "(续)",
            "续表",
            "(续表)",
            "(续)",
        ):
            table.read_lines.add(line.number)
        else:
            table.unread.append(
                UnreadLine(line.number, fold_width(text)[:_EXCERPT_LENGTH], "stands beside a table, not in it")
            )
    table.title = remove_spaces(" ".join(strip_markup(part) for part in title))
