"""Read the small CSV files that a person keeps beside a package's tables: corrections and acknowledgements."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from app.ingest.input_files import InputFileError, read_input_file
from app.ingest.package_reader import PackageError, PackageFault
from app.model.text_rules import check_text
from app.model.values import BadValue

MAX_BYTES = 4 * 2**20
"""The most bytes of such a file."""


def read_side_table(
    directory: Path, file: str, columns: list[str], optional: int = 0
) -> list[tuple[int, list[str]]] | None:
    """Return the rows of a file with their numbers (the heading is row 1), None when there is no such file.

    The last `optional` columns need not be there.

    Raises PackageError when the file is no UTF-8 CSV with this heading, or has a text that no cell may have.
    """
    try:
        content = read_input_file(directory / file, MAX_BYTES, within=directory)
    except FileNotFoundError:
        return None
    except InputFileError as error:
        raise PackageError([PackageFault(file, None, None, str(error))]) from None
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise PackageError([PackageFault(file, None, None, f"is not UTF-8 CSV: {error}")]) from None
    if not rows or rows[0] not in (columns, columns[: len(columns) - optional]):
        raise PackageError([PackageFault(file, 1, None, f"must have the heading {','.join(columns)}")])
    numbered = [(number, cells) for number, cells in enumerate(rows[1:], start=2) if cells]
    if faults := [fault for number, cells in numbered for fault in _text_faults(file, number, columns, cells)]:
        raise PackageError(faults)
    return numbered


def _text_faults(file: str, number: int, columns: list[str], cells: list[str]) -> Iterator[PackageFault]:
    for column, cell in zip(columns, cells, strict=False):
        try:
            check_text(cell)
        except BadValue as error:
            yield PackageFault(file, number, column, str(error))
