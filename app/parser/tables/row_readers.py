"""Read one row of a table: numbers, words, ids."""

from collections.abc import Mapping, Sequence

from app.parser.records import Doubt, Reading, Row, Value
from app.parser.tables.table import DataRow, Table
from app.parser.text.normalise import fold, key


def add_row(
    reading: Reading,
    table: Table,
    row: DataRow,
    dataset: str,
    row_id: str,
    fields: Mapping[str, Value],
    columns: Mapping[str, str],
    notes: Sequence[str],
) -> None:
    """Add one row; `columns` names, for each typed field, the column whose cell is its print.

    Every note is a doubt too, so that the reader of the report looks at the row.
    """
    missing = sorted({column for column in columns.values() if column not in row.cells})
    remarks = [*notes, *(f"the table has no column for {column}" for column in missing)]
    if missing and row.number == 1:
        reading.doubts.append(Doubt(row.first, table.title, f"columns missing: {', '.join(missing)}"))
    name = row.cells.get("village") or row.cells.get("name", "")
    reading.doubts += [Doubt(row.first, name, note) for note in notes]
    printed = {name: row.cells[column] for name, column in columns.items() if column in row.cells}
    reading.rows.append(
        Row(
            dataset,
            row_id,
            fields,
            row.first,
            row.last,
            document_id=str(fields["document_id"]) if fields.get("document_id") else None,
            table=table.title or None,
            row=row.number,
            printed=printed,
            notes="; ".join(remarks) or None,
        )
    )


def id_numbers(rows: Sequence[DataRow], districts: Sequence[str]) -> list[int]:
    """Return each row's number for its id: the printed one, or its place among its district's rows."""
    counts: dict[str, int] = {}
    found: list[int] = []
    for row, district in zip(rows, districts, strict=True):
        counts[district] = counts.get(district, 0) + 1
        printed = read_number(row, [])
        found.append(counts[district] if printed is None else printed)
    return found


def read_number(row: DataRow, notes: list[str]) -> int | None:
    """Return the running number of a row, None with a note when the cell is no number."""
    text = fold(row.cells.get("number", "")).strip(" .、")
    if text.isascii() and text.isdigit() and len(text) < 6:
        return int(text)
    notes.append("no running number")
    return None


def read_word(row: DataRow, column: str, words: Mapping[str, str], notes: list[str]) -> str | None:
    """Return the code of a cell that holds one word of a closed list, None with a note otherwise."""
    code = words.get(key(row.cells.get(column, "")))
    if code is None:
        notes.append(f"{column} not understood")
    return code
