"""Curated corrections: a small file beside a package's tables, applied on top of them, published as errata."""

import csv
import io
from pathlib import Path
from typing import Any

from app.datasets import DATASETS
from app.errors import nearest
from app.ingest.package_reader import Package, PackageError, PackageFault
from app.model.cells import from_cell, to_cell
from app.model.values import BadValue

FILE = "corrections.csv"
COLUMNS = ["dataset", "id", "field", "from", "to", "reason"]


Errata = dict[tuple[str, str], dict[str, Any]]
"""The values that corrections replaced, by (dataset, id) and field."""


def apply_corrections(package: Package, directory: Path) -> Errata:
    """Apply a directory's corrections to a package and answer what they replaced.

    Raises PackageError when a correction names nothing, or when the value that it corrects is no
    longer what it was made for.
    """
    path = directory / FILE
    if not path.exists():
        return {}
    faults: list[PackageFault] = []
    corrected: Errata = {}
    try:
        rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise PackageError([PackageFault(FILE, None, None, f"is no UTF-8 CSV: {error}")]) from None
    if not rows or rows[0] != COLUMNS:
        raise PackageError([PackageFault(FILE, 1, None, f"must have the heading {','.join(COLUMNS)}")])
    for number, cells in enumerate(rows[1:], start=2):
        if cells:
            try:
                if replaced := _apply(package, cells):
                    dataset, key, field, old = replaced
                    corrected.setdefault((dataset, key), {})[field] = old
            except BadValue as error:
                faults.append(PackageFault(FILE, number, None, str(error)))
    if faults:
        raise PackageError(faults)
    return corrected


def _apply(package: Package, cells: list[str]) -> tuple[str, str, str, Any] | None:
    if len(cells) != len(COLUMNS):
        raise BadValue(f"has {len(cells)} cells under {len(COLUMNS)} columns")
    dataset, key, field, old, new, reason = cells
    table = package.tables.get(dataset)
    if table is None:
        raise BadValue(f"'{dataset}' is no table of this package.{nearest(dataset, package.tables)}")
    row = table.rows.get(key)
    if row is None:
        raise BadValue(f"{dataset} has no row '{key}'.{nearest(key, table.rows)}")
    spec = DATASETS[dataset].by_name.get(field)
    if spec is None or field == "id":
        raise BadValue(f"'{field}' is no field to correct.{nearest(field, DATASETS[dataset].by_name)}")
    if to_cell(row.get(field)) == new:
        return None  # by now the text itself says what the correction says
    if to_cell(row.get(field)) != old:
        raise BadValue(f"{field} of '{key}' is '{to_cell(row.get(field))}', not '{old}'; look at the correction again")
    replaced, row[field] = row.get(field), from_cell(spec, new)
    if field != "notes":
        row["notes"] = " ".join(part for part in (row.get("notes"), f"Corrected by hand: {reason}") if part)
    return dataset, key, field, replaced
