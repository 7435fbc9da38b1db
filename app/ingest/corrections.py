"""Curated corrections: `corrections.csv` beside a package's tables, applied to its rows and published as errata."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.datasets import DATASETS
from app.errors import did_you_mean
from app.ingest.package_reader import Package, PackageError, PackageFault
from app.ingest.side_tables import read_side_table
from app.model.cells import format_cell, parse_cell
from app.model.values import BadValue, clip

CORRECTIONS_FILE = "corrections.csv"
MAX_QUOTED = 200
COLUMNS = ["dataset", "id", "field", "from", "to", "reason"]


Errata = Mapping[tuple[str, str], Mapping[str, Any]]
"""The values that corrections replaced, by (dataset, id) and field."""


def apply_corrections(package: Package, directory: Path) -> Errata:
    """Apply a directory's corrections to a package in place; return the values they replaced.

    Raises PackageError when a correction names no row or field of the package, or when the value is no
    longer the one to correct.
    """
    rows = read_side_table(directory, CORRECTIONS_FILE, COLUMNS) or []
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
    if len(cells) != len(COLUMNS):
        raise BadValue(f"has {len(cells)} cells under {len(COLUMNS)} columns")
    dataset, key, field, old, new, reason = cells
    table = package.tables.get(dataset)
    if table is None:
        raise BadValue(f"'{clip(dataset)}' is not a table of this package.{did_you_mean(dataset, package.tables)}")
    row = table.rows.get(key)
    if row is None:
        raise BadValue(f"{dataset} has no row '{clip(key)}'.{did_you_mean(key, table.rows)}")
    spec = DATASETS[dataset].fields_by_name.get(field)
    if spec is None or field == "id":
        raise BadValue(
            f"'{clip(field)}' is not a field that can be corrected."
            f"{did_you_mean(field, DATASETS[dataset].fields_by_name)}"
        )
    if format_cell(row.get(field)) == new:
        return None
    if format_cell(row.get(field)) != old:
        held, said = (clip(text, MAX_QUOTED) for text in (format_cell(row.get(field)), old))
        raise BadValue(f"{field} of '{key}' is '{held}', not '{said}'; review the correction")
    replaced, row[field] = row.get(field), parse_cell(spec, new)
    if field != "notes":
        row["notes"] = " ".join(part for part in (row.get("notes"), f"Corrected by hand: {reason}") if part)
    return dataset, key, field, replaced
