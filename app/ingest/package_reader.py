"""Data packages: a directory with `datapackage.json` and a CSV a dataset (Frictionless Data Package 2.0)."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from app.datasets import DATASETS
from app.errors import nearest
from app.model.cells import FROM_CELL, from_cell, unflatten
from app.model.dataset import SOURCE, Dataset
from app.model.rows import Record
from app.model.values import BadValue

COMPUTED = ("checks", "changes")
"""Datasets that a load computes. `checks` files hold what is declared; `changes` are never in a package."""
PACKAGED = tuple(name for name in DATASETS if name != "changes")
csv.field_size_limit(2**24)


class PackageFault(NamedTuple):
    """What is wrong, and where: file, row (1 is the heading) and column, as far as they apply."""

    file: str
    row: int | None
    column: str | None
    detail: str

    def __str__(self) -> str:
        place = [self.file, f"row {self.row}" if self.row else "", f"column {self.column}" if self.column else ""]
        return f"{', '.join(part for part in place if part)}: {self.detail}"


class PackageError(Exception):
    """A package that is refused whole, with every fault found."""

    def __init__(self, faults: Sequence[PackageFault]) -> None:
        super().__init__(f"{len(faults)} fault(s)")
        self.faults = list(faults)


@dataclass(slots=True)
class Table:
    """The rows of one dataset: records with only the members that the file had, by their ids in file order."""

    dataset: Dataset
    file: str
    rows: dict[str, Record] = field(default_factory=dict)
    row_numbers: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Package:
    """A whole package. `created` dates the changes that a load of it logs.

    `digest` is that of the text that the rows were read from, null when the package does not say.
    """

    created: date
    digest: str | None = None
    tables: dict[str, Table] = field(default_factory=dict)

    @property
    def issue_ids(self) -> list[str]:
        """The gazette issues that the package holds."""
        return list(self.tables["issues"].rows) if "issues" in self.tables else []


Open = Callable[[str], bytes]
"""Answers a package's file by its name; raises OSError when there is none."""


def read_package(directory: Path) -> Package:
    """Read and type every file of a package's directory; raises PackageError with all faults."""
    return read_files(lambda name: (directory / name).read_bytes())


def read_files(read: Open) -> Package:
    """Read and type every file of a package; raises PackageError with all faults."""
    faults: list[PackageFault] = []
    descriptor = _read_descriptor(read, faults)
    package = Package(created=_created(descriptor, faults), digest=_digest(descriptor))
    resources = descriptor.get("resources")
    for resource in resources if isinstance(resources, list) else ():
        table = _read_resource(read, resource, faults)
        if table is not None:
            if table.dataset.name in package.tables:
                faults.append(PackageFault("datapackage.json", None, None, f"lists '{table.dataset.name}' twice"))
            package.tables[table.dataset.name] = table
    if isinstance(resources, list):
        package.tables |= _read_unlisted(read, resources, faults)
    if not faults and not package.tables:
        faults.append(PackageFault("datapackage.json", None, None, "lists no resources"))
    if faults:
        raise PackageError(faults)
    return package


def _read_descriptor(read: Open, faults: list[PackageFault]) -> dict[str, Any]:
    name = "datapackage.json"
    try:
        content = json.loads(read(name).decode("utf-8"))
        if isinstance(content, dict):
            return content
        faults.append(PackageFault(name, None, None, "is no JSON object"))
    except OSError:
        faults.append(PackageFault(name, None, None, "cannot be read; a package is a directory that holds it"))
    except (ValueError, RecursionError):
        faults.append(PackageFault(name, None, None, "is no UTF-8 JSON"))
    return {}


def _created(descriptor: Mapping[str, Any], faults: list[PackageFault]) -> date:
    text = descriptor.get("created")
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        if descriptor:
            faults.append(PackageFault("datapackage.json", None, None, "'created' is no ISO 8601 date"))
        return date.min


def _digest(descriptor: Mapping[str, Any]) -> str | None:
    """The digest that the descriptor's only source carries."""
    sources = descriptor.get("sources")
    source = sources[0] if isinstance(sources, list) and len(sources) == 1 else None
    digest = source.get("hash") if isinstance(source, dict) else None
    return digest if isinstance(digest, str) else None


def _read_resource(read: Open, resource: Any, faults: list[PackageFault]) -> Table | None:
    name = resource.get("name") if isinstance(resource, dict) else None
    path = resource.get("path") if isinstance(resource, dict) else None
    if not isinstance(name, str) or name not in PACKAGED:
        detail = f"names the unknown resource '{name}'.{nearest(str(name), PACKAGED)}"
        faults.append(PackageFault("datapackage.json", None, None, detail))
        return None
    if not isinstance(path, str) or Path(path).is_absolute() or ".." in Path(path).parts:
        faults.append(PackageFault("datapackage.json", None, None, f"gives '{name}' no path inside the package"))
        return None
    try:
        text = read(path).decode("utf-8-sig")
    except OSError:
        faults.append(PackageFault(path, None, None, "cannot be read"))
        return None
    except UnicodeDecodeError as error:
        faults.append(PackageFault(path, None, None, f"is not UTF-8 (byte {error.start})"))
        return None
    return read_table(DATASETS[name], path, text, faults)


def _read_unlisted(read: Open, resources: list[Any], faults: list[PackageFault]) -> dict[str, Table]:
    """The files that bear the name of a dataset and that the descriptor forgets: no row is left out unsaid."""
    listed = {
        str(resource.get(member)) for resource in resources if isinstance(resource, dict) for member in ("name", "path")
    }
    found: dict[str, Table] = {}
    for name in PACKAGED:
        path = f"{name}.csv"
        if name in listed or path in listed:
            continue
        try:
            read(path)
        except OSError:
            continue
        table = _read_resource(read, {"name": name, "path": path}, faults)
        if table is not None:
            found[name] = table
    return found


def known_columns(dataset: Dataset) -> list[str]:
    """The columns that a dataset's file may have."""
    computed = dataset.perspective.computed if dataset.perspective else ()
    return [column for column in dataset.flat_columns if column not in {spec.name for spec in computed}]


def read_table(dataset: Dataset, file: str, text: str, faults: list[PackageFault]) -> Table:
    """The typed rows of one CSV file; what is wrong is added to `faults`."""
    table = Table(dataset, file)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        heading = next(reader, [])
        if _check_heading(dataset, file, heading, faults):
            for number, cells in enumerate(reader, start=2):
                _take_row(table, number, heading, cells, faults)
    except csv.Error as error:
        faults.append(PackageFault(file, reader.line_num, None, f"is no RFC 4180 CSV: {error}"))
    return table


def _check_heading(dataset: Dataset, file: str, heading: list[str], faults: list[PackageFault]) -> bool:
    known = known_columns(dataset)
    found = [
        PackageFault(file, 1, column, f"is an unknown column.{nearest(column, known)}")
        for column in heading
        if column not in known
    ]
    twice = dict.fromkeys(column for column in heading if heading.count(column) > 1)
    found += [PackageFault(file, 1, column, "stands twice in the heading") for column in twice]
    if "id" not in heading:
        found.append(PackageFault(file, 1, "id", "is missing"))
    faults += found
    return not found


def _take_row(table: Table, number: int, heading: list[str], cells: list[str], faults: list[PackageFault]) -> None:
    if not cells:
        return
    if len(cells) != len(heading):
        detail = f"has {len(cells)} cells under {len(heading)} columns"
        faults.append(PackageFault(table.file, number, None, detail))
        return
    row = type_row(table.dataset, dict(zip(heading, cells, strict=True)), table.file, number, faults)
    key = row.get("id")
    if not isinstance(key, str):
        return
    if key in table.rows:
        faults.append(PackageFault(table.file, number, "id", f"'{key}' stands already in row {table.row_numbers[key]}"))
    table.rows[key] = row
    table.row_numbers[key] = number


def type_row(dataset: Dataset, cells: Mapping[str, str], file: str, number: int, faults: list[PackageFault]) -> Record:
    """The typed members of one row, as far as they are right; what is wrong is added to `faults`."""
    row: Record = {}
    for column, text in cells.items():
        try:
            if spec := dataset.by_name.get(column):
                row[column] = from_cell(spec, text)
            elif column.startswith("source.") and text:
                FROM_CELL[SOURCE[column.removeprefix("source.")]](text)
        except BadValue as error:
            faults.append(PackageFault(file, number, column, str(error)))
            cells = {**cells, column: ""}
    return row | unflatten(dataset, cells)
