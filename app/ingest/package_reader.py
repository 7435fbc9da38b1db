"""Data packages: a directory with `datapackage.json` and a CSV a dataset (Frictionless Data Package 2.0)."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from app.datasets import DATASETS
from app.errors import did_you_mean
from app.ingest.id_validation import check_id
from app.ingest.input_files import InputFileError, read_input_file
from app.model.cells import parse_cell, parse_source_cell, unflatten
from app.model.dataset import Dataset
from app.model.rows import Record
from app.model.text_rules import check_text
from app.model.values import DATE, BadValue, clip

COMPUTED_DATASETS = ("checks", "changes")
"""Datasets that a load computes. A package's `checks` hold the declared numbers; `changes` are never in a package."""
DESCRIPTOR = "datapackage.json"
UNDECIDED = "undecided"
"""The member of a descriptor that says what an operator must decide before the package is loaded."""
PACKAGED_DATASETS = tuple(name for name in DATASETS if name != "changes")
MAX_DESCRIPTOR_BYTES = 4 * 2**20
MAX_FILE_BYTES = 32 * 2**20
"""The most bytes of one file of a package. The rows of the bundled issue take less than one MiB."""
MAX_ROWS = 100_000
"""The most rows of a package. The bundled issue has about 700."""
MAX_REASON = 400
"""The most characters of why an operator must decide."""
MAX_COLUMNS = 200
"""The most columns of a file. No dataset has half as many."""
TEXT_DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z")
ID_COLUMNS = ("id", "source.issue_id", "source.document_id")
csv.field_size_limit(2**24)


class PackageFault(NamedTuple):
    """What is wrong with a package, and where: file, row (1 is the heading) and column, where they apply."""

    file: str
    row: int | None
    column: str | None
    detail: str

    def __str__(self) -> str:
        place = [self.file, f"row {self.row}" if self.row else "", f"column {self.column}" if self.column else ""]
        return f"{', '.join(clip(part, 200) for part in place if part)}: {self.detail}"


class PackageError(Exception):
    """A package that is refused, with every fault found."""

    def __init__(self, faults: Sequence[PackageFault]) -> None:
        super().__init__(faults)
        self.faults = list(faults)

    def __str__(self) -> str:
        return f"{len(self.faults)} fault(s), the first: {self.faults[0]}"


@dataclass(slots=True)
class PackageTable:
    """The rows of one dataset by id, in file order. A record has only the fields that the file has."""

    dataset: Dataset
    file: str
    rows: dict[str, Record] = field(default_factory=dict)
    row_numbers: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Package:
    """A data package. `created` is the day of the changes that a load logs.

    `digest` is the SHA-256 of the text that the rows were parsed from, None when the package does not say.
    `is_as_parsed` tells that no file was changed since the parser wrote the package: all have the digests of the
    descriptor. `undecided` says, by the option that decides it, what the print says in two ways.
    """

    created: date
    digest: str | None = None
    is_as_parsed: bool = False
    undecided: dict[str, str] = field(default_factory=dict)
    tables: dict[str, PackageTable] = field(default_factory=dict)

    @property
    def issue_ids(self) -> list[str]:
        """The ids of the package's gazette issues."""
        return list(self.tables["issues"].rows) if "issues" in self.tables else []


ReadFile = Callable[[str], bytes]
"""Return the bytes of a package's file by its name.

Raises FileNotFoundError when there is none, InputFileError when it is not read.
"""


def read_package(directory: Path) -> Package:
    """Read a package from its directory. Raises PackageError with all faults."""

    def read(name: str) -> bytes:
        max_bytes = MAX_DESCRIPTOR_BYTES if name == DESCRIPTOR else MAX_FILE_BYTES
        return read_input_file(directory / name, max_bytes, within=directory)

    return read_files(read)


def read_files(read: ReadFile) -> Package:
    """Read a package and convert its cells to typed values. Raises PackageError with all faults."""
    faults: list[PackageFault] = []
    descriptor = _read_descriptor(read, faults)
    package = Package(created=_parse_created(descriptor, faults), digest=_source_digest(descriptor, faults))
    package.undecided = _undecided(descriptor, faults)
    resources = descriptor.get("resources")
    listed = resources if isinstance(resources, list) else []
    unlisted = _unlisted_resources(read, listed) if isinstance(resources, list) else []
    package.is_as_parsed = package.digest is not None and not unlisted
    rows_left = MAX_ROWS
    for resource in (*listed, *unlisted):
        name = resource.get("name") if isinstance(resource, dict) else None
        if isinstance(name, str) and name in package.tables:
            faults.append(PackageFault(DESCRIPTOR, None, None, f"lists '{name}' twice"))
            continue
        content = _read_resource(read, resource, faults)
        if content is None:
            continue
        package.is_as_parsed &= resource.get("hash") == file_digest(content)
        table = _decode_table(resource, content, faults, rows_left)
        if table is not None:
            rows_left -= len(table.rows)
            package.tables[table.dataset.name] = table
    if not faults and not package.tables:
        faults.append(PackageFault(DESCRIPTOR, None, None, "lists no resources"))
    if faults:
        raise PackageError(faults)
    return package


def file_digest(content: bytes) -> str:
    """Return the digest of a file as a descriptor gives it: `sha256:` and 64 hexadecimal digits."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _read_descriptor(read: ReadFile, faults: list[PackageFault]) -> dict[str, Any]:
    name = DESCRIPTOR
    try:
        content = json.loads(read(name).decode("utf-8-sig"))
        if isinstance(content, dict):
            return content
        faults.append(PackageFault(name, None, None, "is not a JSON object"))
    except FileNotFoundError:
        faults.append(PackageFault(name, None, None, "cannot be read; a package is a directory that contains it"))
    except InputFileError as error:
        faults.append(PackageFault(name, None, None, str(error)))
    except (ValueError, RecursionError):
        faults.append(PackageFault(name, None, None, "is not UTF-8 JSON"))
    return {}


def _parse_created(descriptor: Mapping[str, Any], faults: list[PackageFault]) -> date:
    day, _, _ = str(descriptor.get("created")).partition("T")
    try:
        if not DATE.match(day):
            raise ValueError
        return date.fromisoformat(day)
    except ValueError:
        if descriptor:
            faults.append(PackageFault(DESCRIPTOR, None, None, "'created' is not an ISO 8601 date"))
        return date.min


def _source_digest(descriptor: Mapping[str, Any], faults: list[PackageFault]) -> str | None:
    """Return the digest of the descriptor's source, None unless there is exactly one source."""
    sources = descriptor.get("sources")
    source = sources[0] if isinstance(sources, list) and len(sources) == 1 else None
    digest = source.get("hash") if isinstance(source, dict) else None
    if digest is None:
        return None
    if not isinstance(digest, str) or not TEXT_DIGEST.match(digest):
        detail = "gives its source a 'hash' that is not 'sha256:' and 64 lower-case hexadecimal digits"
        faults.append(PackageFault(DESCRIPTOR, None, None, detail))
        return None
    return digest


def _undecided(descriptor: Mapping[str, Any], faults: list[PackageFault]) -> dict[str, str]:
    """Return what an operator must decide before the package is loaded, by option."""
    undecided = descriptor.get(UNDECIDED, {})
    if not isinstance(undecided, dict):
        faults.append(PackageFault(DESCRIPTOR, None, None, f"'{UNDECIDED}' is not a JSON object"))
        return {}
    return {str(option): clip(str(reason), MAX_REASON) for option, reason in undecided.items()}


def _read_resource(read: ReadFile, resource: Any, faults: list[PackageFault]) -> bytes | None:
    """Return the content of a dataset's file."""
    name = resource.get("name") if isinstance(resource, dict) else None
    path = resource.get("path") if isinstance(resource, dict) else None
    if not isinstance(name, str) or name not in PACKAGED_DATASETS:
        detail = f"names the unknown resource '{clip(str(name))}'.{did_you_mean(str(name), PACKAGED_DATASETS)}"
        faults.append(PackageFault(DESCRIPTOR, None, None, detail))
        return None
    if not isinstance(path, str) or Path(path).is_absolute() or ".." in Path(path).parts:
        faults.append(PackageFault(DESCRIPTOR, None, None, f"gives '{name}' no path inside the package"))
        return None
    try:
        return read(path)
    except FileNotFoundError:
        faults.append(PackageFault(path, None, None, "is not in the package"))
    except InputFileError as error:
        faults.append(PackageFault(path, None, None, str(error)))
    return None


def _decode_table(
    resource: Mapping[str, str], content: bytes, faults: list[PackageFault], max_rows: int
) -> PackageTable | None:
    path = resource["path"]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        faults.append(PackageFault(path, None, None, f"is not UTF-8 (byte {error.start})"))
        return None
    return read_table(DATASETS[resource["name"]], path, text, faults, max_rows)


def _unlisted_resources(read: ReadFile, resources: list[Any]) -> list[dict[str, str]]:
    """Return the datasets' files that the descriptor does not list, so that no row is silently left out."""
    listed = {
        str(resource.get(member)) for resource in resources if isinstance(resource, dict) for member in ("name", "path")
    }
    unlisted = []
    for name in PACKAGED_DATASETS:
        path = f"{name}.csv"
        if name in listed or path in listed:
            continue
        try:
            read(path)
        except FileNotFoundError:
            continue
        except InputFileError:
            pass  # it is read again, which says why it cannot be
        unlisted.append({"name": name, "path": path})
    return unlisted


def known_columns(dataset: Dataset) -> list[str]:
    """Return the columns that a dataset's file may have."""
    computed = dataset.as_of_view.computed if dataset.as_of_view else ()
    return [column for column in dataset.flat_columns if column not in {spec.name for spec in computed}]


def read_table(
    dataset: Dataset, file: str, text: str, faults: list[PackageFault], max_rows: int = MAX_ROWS
) -> PackageTable:
    """Parse one CSV file into typed rows; errors are added to `faults`. Rows after `max_rows` are not read."""
    table = PackageTable(dataset, file)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        heading = next(reader, [])
        if _check_heading(dataset, file, heading, faults):
            for number, cells in enumerate(reader, start=2):
                if number > max_rows + 1:
                    detail = f"is one more than the {MAX_ROWS} rows that a package may have"
                    faults.append(PackageFault(file, number, None, detail))
                    break
                _add_row(table, number, heading, cells, faults)
    except csv.Error as error:
        faults.append(PackageFault(file, reader.line_num, None, f"is not RFC 4180 CSV: {error}"))
    return table


def _check_heading(dataset: Dataset, file: str, heading: list[str], faults: list[PackageFault]) -> bool:
    if len(heading) > MAX_COLUMNS:
        faults.append(PackageFault(file, 1, None, f"has {len(heading)} columns; at most {MAX_COLUMNS} are allowed"))
        return False
    known = known_columns(dataset)
    heading_faults = [
        PackageFault(file, 1, column, f"is an unknown column.{did_you_mean(column, known)}")
        for column in heading
        if column not in known
    ]
    duplicates = dict.fromkeys(column for column in heading if heading.count(column) > 1)
    heading_faults += [PackageFault(file, 1, column, "occurs twice in the heading") for column in duplicates]
    if "id" not in heading:
        heading_faults.append(PackageFault(file, 1, "id", "is missing"))
    faults += heading_faults
    return not heading_faults


def _add_row(
    table: PackageTable, number: int, heading: list[str], cells: list[str], faults: list[PackageFault]
) -> None:
    if not cells:
        return
    if len(cells) != len(heading):
        detail = f"has {len(cells)} cells under {len(heading)} columns"
        faults.append(PackageFault(table.file, number, None, detail))
        return
    row = parse_row(table.dataset, dict(zip(heading, cells, strict=True)), table.file, number, faults)
    key = row.get("id")
    if not isinstance(key, str):
        return
    if key in table.rows:
        faults.append(PackageFault(table.file, number, "id", f"'{key}' is already in row {table.row_numbers[key]}"))
    table.rows[key] = row
    table.row_numbers[key] = number


def parse_row(dataset: Dataset, cells: Mapping[str, str], file: str, number: int, faults: list[PackageFault]) -> Record:
    """Return the valid fields of one row as typed values; errors are added to `faults`."""
    row: Record = {}
    for column, text in cells.items():
        try:
            if text and column in ID_COLUMNS:
                check_id(text)
            if spec := dataset.fields_by_name.get(column):
                row[column] = parse_cell(spec, text)
            elif column.startswith("source."):
                parse_source_cell(column.removeprefix("source."), text)
            else:
                check_text(text)
        except BadValue as error:
            faults.append(PackageFault(file, number, column, str(error)))
            cells = {**cells, column: ""}
    return row | unflatten(dataset, cells)
