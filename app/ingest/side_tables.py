"""Read the small CSV files that a person keeps beside a package's tables: corrections and acknowledgements."""

import csv
import io
from pathlib import Path

from app.ingest.input_files import InputFileError, read_input_file
from app.ingest.package_reader import PackageError, PackageFault

MAX_BYTES = 4 * 2**20
"""The most bytes of such a file."""


def read_side_table(directory: Path, file: str, columns: list[str]) -> list[tuple[int, list[str]]] | None:
    """Return the rows of a file with their numbers (the heading is row 1), None when there is no such file.

    Raises PackageError when the file is no UTF-8 CSV with this heading.
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
    if not rows or rows[0] != columns:
        raise PackageError([PackageFault(file, 1, None, f"must have the heading {','.join(columns)}")])
    return [(number, cells) for number, cells in enumerate(rows[1:], start=2) if cells]
