"""Recognise a header: which column of a kind of table each cell names.

A table is recognised by the names of its columns, never by its place in a document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.parser.records import Line
from app.parser.tables.grid import MAX_COLUMNS, clean_cell, iter_grid_rows
from app.parser.tables.table_kind import TableKind
from app.parser.text.normalise import match_key

MAX_TITLE_LENGTH = 80
MAX_HEADER_ROWS = 6
"""Rows that are looked at to tell whether a header begins: its levels and the first row of data."""
_MAX_NAME_LENGTH = 80
_MAX_HEADER_LENGTH = 1500


def find_table_kind(lines: Sequence[Line], kinds: Iterable[TableKind], in_section: bool = False) -> TableKind | None:
    """Return the first of these kinds that the first known header in these lines fits, None without such a header.

    `in_section` says that the lines stand in the issue's section of statistics.
    """
    allowed = [kind for kind in kinds if kind.title_word is None or kind.title_word in _text_outside_rows(lines)]
    rows = list(iter_grid_rows(lines))
    for index, row in enumerate(rows):
        names = _column_names(row.cells)
        for kind in allowed:
            if kind.begins_header:
                is_header = kind.begins_header(rows[index : index + MAX_HEADER_ROWS], in_section)
            else:
                is_header = bool(_match_names(names, kind))
            if is_header:
                return kind
    return None


def _text_outside_rows(lines: Sequence[Line]) -> str:
    texts = (line.text for line in lines if "\t" not in line.text and len(line.text) < MAX_TITLE_LENGTH)
    return "".join(map(match_key, texts))


def match_header(cells: Sequence[str], kind: TableKind) -> dict[int, str]:
    """Return the column that each cell names, by cell index; {} when the cells are no header of this kind."""
    return _match_names(_column_names(cells), kind)


def _column_names(cells: Sequence[str]) -> list[tuple[int, str]]:
    """Return the printed names in a row by cell index; [] for a row that is too long to be a header."""
    if sum(map(len, cells)) >= _MAX_HEADER_LENGTH:
        return []
    names = (
        (index, match_key(clean_cell(cell)))
        for index, cell in enumerate(cells[:MAX_COLUMNS])
        if len(cell) < _MAX_NAME_LENGTH
    )
    return [(index, name) for index, name in names if name]


def _match_names(names: Sequence[tuple[int, str]], kind: TableKind) -> dict[int, str]:
    # Most rows are data. A header names a column with one of its first two names, so the rest is not tried.
    if not any(kind.any_column.fullmatch(name) for _, name in names[:2]):
        return {}
    header: dict[int, str] = {}
    for index, name in names:
        if column := _match_column(name, kind, header):
            header[index] = column
    columns = set(header.values())
    return header if any(required <= columns for required in kind.required) else {}


def _match_column(name: str, kind: TableKind, header: Mapping[int, str]) -> str | None:
    """Return the column of this name that `header` does not have yet; None when there is no such column."""
    for column, pattern in kind.patterns.items():
        if pattern.fullmatch(name) and column not in header.values():
            return column
    return None
