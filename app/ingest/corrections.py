"""Curated corrections: `corrections.csv` beside a package's tables, applied to its rows and published as errata.

A line corrects one field of one row. A line of the field `id` adds a row (from nothing to the id) or removes one (from
the id to nothing); it must name the lines of the text that are the reason. Lines below it set the fields of a new row.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from app.datasets import DATASETS
from app.errors import did_you_mean
from app.ingest.id_validation import check_id
from app.ingest.package_reader import Package, PackageError, PackageFault, PackageTable
from app.ingest.side_tables import read_side_table
from app.model.cells import format_cell, parse_cell, parse_line_span
from app.model.values import BadValue, clip

CORRECTIONS_FILE = "corrections.csv"
MAX_QUOTED = 200
COLUMNS = ["dataset", "id", "field", "from", "to", "reason", "lines"]
OPTIONAL_COLUMNS = 1
"""Files without the last column are read, too. They can neither add nor remove a row."""


Errata = Mapping[tuple[str, str], Mapping[str, Any]]
"""The values that corrections replaced, by (dataset, id) and field. A field `id` tells of a row that was added (its
old value is None) or removed."""


class _Correction(NamedTuple):
    """One line of the file."""

    dataset: str
    id: str
    field: str
    old: str
    new: str
    reason: str
    lines: str


def apply_corrections(package: Package, directory: Path) -> Errata:
    """Apply a directory's corrections to a package in place; return the values they replaced.

    Raises PackageError when a correction names no row or field of the package, or when the value is no
    longer the one to correct.
    """
    rows = read_side_table(directory, CORRECTIONS_FILE, COLUMNS, OPTIONAL_COLUMNS) or []
    faults: list[PackageFault] = []
    replaced: dict[tuple[str, str], dict[str, Any]] = {}
    for number, cells in rows:
        try:
            if correction := _apply_correction(package, cells):
                dataset, key, field, old = correction
                replaced.setdefault((dataset, key), {})[field] = old
        except BadValue as error:
            faults.append(PackageFault(CORRECTIONS_FILE, number, None, str(error)))
    if faults:
        raise PackageError(faults)
    return replaced


def _apply_correction(package: Package, cells: list[str]) -> tuple[str, str, str, Any] | None:
    """Apply one line; return (dataset, id, field, replaced value), or None when the text already says it."""
    if len(cells) not in (len(COLUMNS), len(COLUMNS) - OPTIONAL_COLUMNS):
        raise BadValue(f"has {len(cells)} cells under {len(COLUMNS)} columns")
    correction = _Correction(*cells, *[""] * (len(COLUMNS) - len(cells)))
    table = package.tables.get(correction.dataset)
    if table is None:
        raise BadValue(
            f"'{clip(correction.dataset)}' is not a table of this package."
            f"{did_you_mean(correction.dataset, package.tables)}"
        )
    if correction.field == "id":
        return _remove_row(table, correction) if correction.old else _add_row(package, table, correction)
    return _correct_field(table, correction)


def _add_row(package: Package, table: PackageTable, correction: _Correction) -> tuple[str, str, str, Any] | None:
    check_id(correction.new)
    if correction.id != correction.new:
        raise BadValue(f"adds '{clip(correction.new)}' under the id '{clip(correction.id)}'")
    if correction.new in table.rows:
        return None
    if table.dataset.shared or len(package.issue_ids) != 1:
        raise BadValue(f"a row of {table.dataset.name} cannot be added by a correction")
    lines = _parse_lines(correction)
    table.rows[correction.new] = {
        "id": correction.new,
        "source": {
            "issue_id": package.issue_ids[0],
            "document_id": None,
            "page_from": None,
            "page_to": None,
            "table": None,
            "row": None,
            "lines": lines,
            "sha256": None,
        },
        "notes": f"Added by hand: {correction.reason}",
    }
    return correction.dataset, correction.new, "id", None


def _remove_row(table: PackageTable, correction: _Correction) -> tuple[str, str, str, Any] | None:
    if correction.new or correction.id != correction.old:
        raise BadValue("an id cannot be corrected: add the row under the new id, and remove the old one")
    _parse_lines(correction)
    if correction.old not in table.rows:
        return None
    del table.rows[correction.old]
    table.row_numbers.pop(correction.old, None)
    return correction.dataset, correction.old, "id", correction.old


def _parse_lines(correction: _Correction) -> list[int]:
    try:
        return parse_line_span(correction.lines)
    except BadValue:
        raise BadValue(
            "a line that adds or removes a row names the lines of the text, such as '118;120', in the column 'lines'"
        ) from None


def _correct_field(table: PackageTable, correction: _Correction) -> tuple[str, str, str, Any] | None:
    dataset, key, field = correction.dataset, correction.id, correction.field
    row = table.rows.get(key)
    if row is None:
        raise BadValue(f"{dataset} has no row '{clip(key)}'.{did_you_mean(key, table.rows)}")
    spec = DATASETS[dataset].fields_by_name.get(field)
    if spec is None:
        raise BadValue(
            f"'{clip(field)}' is not a field that can be corrected."
            f"{did_you_mean(field, DATASETS[dataset].fields_by_name)}"
        )
    if format_cell(row.get(field)) == correction.new:
        return None
    if format_cell(row.get(field)) != correction.old:
        held, said = (clip(text, MAX_QUOTED) for text in (format_cell(row.get(field)), correction.old))
        raise BadValue(f"{field} of '{clip(key)}' is '{held}', not '{said}'; review the correction")
    replaced, row[field] = row.get(field), parse_cell(spec, correction.new)
    if field == "document_id" and row["source"]["document_id"] is None:
        row["source"]["document_id"] = row[field]
    if field != "notes":
        row["notes"] = " ".join(part for part in (row.get("notes"), f"Corrected by hand: {correction.reason}") if part)
    return dataset, key, field, replaced
