"""What the extractors of tables share: build a row, read a number, a code or the title's year."""

import re
from collections.abc import Mapping, Sequence

from app.parser.records import Doubt, ParsedRow, ReadResult, Value
from app.parser.tables.table_kind import DataRow, Table
from app.parser.text.normalise import fold_width, match_key

_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")
_MAX_NUMBER_LENGTH = 5


def add_row(
    result: ReadResult,
    table: Table,
    row: DataRow,
    row_id: str,
    fields: Mapping[str, Value],
    columns: Mapping[str, str],
    notes: Sequence[str],
) -> None:
    """Add a row of the table's dataset; `columns` maps each typed field to the column that prints it.

    Every note also becomes a doubt, so that the reader of the report looks at the row.
    """
    missing = sorted({column for column in columns.values() if column not in row.cells})
    if missing and row.number == 1:
        result.doubts.append(Doubt(row.first_line, table.title, f"columns missing: {', '.join(missing)}"))
    label = row.cells.get(table.kind.label_column, "")
    result.doubts += [Doubt(row.first_line, label, note) for note in notes]
    all_notes = [*notes, *(f"the table has no column for {column}" for column in missing)]
    result.rows.append(
        ParsedRow(
            table.kind.name,
            row_id,
            fields,
            row.first_line,
            row.last_line,
            document_id=str(fields["document_id"]) if fields.get("document_id") else None,
            table=table.title or None,
            row=row.number,
            printed={field: row.cells[column] for field, column in columns.items() if column in row.cells},
            notes="; ".join(all_notes) or None,
        )
    )


def find_title_year(table: Table) -> int | None:
    """Return the first year that the table's title names."""
    match = _YEAR.search(fold_width(table.title))
    return int(match[1]) if match else None


def number_rows(rows: Sequence[DataRow], districts: Sequence[str]) -> list[int]:
    """Return each row's number for its id: the printed number, or its place among the rows of its district."""
    counts: dict[str, int] = {}
    numbers: list[int] = []
    for row, district in zip(rows, districts, strict=True):
        counts[district] = counts.get(district, 0) + 1
        printed = parse_row_number(row, [])
        numbers.append(counts[district] if printed is None else printed)
    return numbers


def parse_row_number(row: DataRow, notes: list[str]) -> int | None:
    """Return the printed number of a row; None, with a note, when the cell holds no number."""
    text = fold_width(row.cells.get("number", "")).strip(" .、")
    if text.isascii() and text.isdigit() and len(text) <= _MAX_NUMBER_LENGTH:
        return int(text)
    notes.append("no running number")
    return None


def parse_code(row: DataRow, column: str, codes: Mapping[str, str], notes: list[str]) -> str | None:
    """Return the code of the printed word in a cell; None, with a note, when `codes` does not have the word."""
    code = codes.get(match_key(row.cells.get(column, "")))
    if code is None:
        notes.append(f"{column} not understood")
    return code
