"""What `gazette parse` and `gazette load` do with a file or a directory, without the words around it."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa

from app.ingest.corrections import FILE, apply_corrections
from app.ingest.extract import Extract, Refused, extract, files_of, official_areas, package_of
from app.ingest.load import Outcome, load_directory, load_package
from app.ingest.package_writer import DESCRIPTOR, write_files
from app.ingest.parse_report import Report, report_files, report_on
from app.ingest.row_writer import Progress, silent
from app.ingest.seed import SEED


def parse_file(path: Path, directory: Path | None, created: date | None, today: date, with_text: bool) -> Report:
    """Parse a gazette's text and report on it; with a directory, write package and report into it.

    The package is dated `created`, by default the day of the package that lies there when it is
    the same, today otherwise. Corrections that lie there stay. Raises Refused, then nothing was
    written.
    """
    found = extract(path, official_areas(SEED))
    report = report_on(found)
    if directory is not None:
        files = _dated(found, directory, created, today, with_text)
        try:
            write_files(directory, files | report_files(report))
        except OSError as error:
            raise Refused(f"'{directory}' cannot be written: {error.strerror}") from None
    return report


def _dated(found: Extract, directory: Path, created: date | None, today: date, with_text: bool) -> dict[str, str]:
    before = _created(directory) if created is None else None
    files = files_of(found, created or before or today, with_text)
    if before is not None and not _same(directory, files):
        files = files_of(found, today, with_text)
    return files


def _created(directory: Path) -> date | None:
    try:
        content = json.loads((directory / DESCRIPTOR).read_bytes())
        return date.fromisoformat(str(content["created"])[:10])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _same(directory: Path, files: Mapping[str, str]) -> bool:
    """Whether every file of a package lies in the directory already, to the byte."""
    try:
        return all((directory / name).read_bytes() == text.encode() for name, text in files.items())
    except OSError:
        return False


def load_source(
    connection: sa.Connection, source: Path, now: datetime, today: date, progress: Progress = silent
) -> Outcome:
    """Load a package's directory, or a gazette's text with its running text.

    The corrections of a text lie beside it, or else in the bundled package of the same issue.
    Raises Refused or PackageError, then nothing was written.
    """
    if source.is_dir():
        return load_directory(connection, source, now, progress)
    progress("parse", 0, 0)
    found = extract(source, official_areas(SEED))
    package = package_of(found, today)
    beside, bundled = source.parent, SEED / found.parsed.issue_id
    errata = apply_corrections(package, beside if (beside / FILE).exists() else bundled)
    return load_package(connection, package, now, errata, progress)
