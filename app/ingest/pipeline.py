"""The steps behind `gazette parse`, `gazette load` and the start of `gazette serve`, without what they print."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa

from app.datasets.issues import ISSUES
from app.db.engine import acquire_load_lock
from app.errors import StartupError
from app.ingest.corrections import CORRECTIONS_FILE, apply_corrections
from app.ingest.extract import (
    ExtractedIssue,
    extract_issue,
    read_official_areas,
    to_package,
    to_package_files,
)
from app.ingest.load import Outcome, backfill_stats, load_directory, load_package, needs_backfill
from app.ingest.package_reader import DESCRIPTOR
from app.ingest.package_writer import write_files
from app.ingest.parse_report import Report, build_report, report_files
from app.ingest.row_writer import ProgressCallback, no_progress
from app.ingest.seed import SEED_DIRECTORY


def parse_file(path: Path, directory: Path | None, created: date | None, today: date, with_text: bool) -> Report:
    """Parse a gazette's text and return the report; with a directory, write package and report into it.

    The package is dated `created`; by default it keeps the date of an identical package in the
    directory, and is dated `today` otherwise. A corrections file in the directory is kept. Raises
    NotAnIssueError when the file is not an issue, and StartupError when the directory cannot be
    written; no file is written in that case.
    """
    issue = extract_issue(path, read_official_areas(SEED_DIRECTORY))
    report = build_report(issue)
    if directory is not None:
        files = _build_dated_files(issue, directory, created, today, with_text)
        try:
            write_files(directory, files | report_files(report))
        except OSError as error:
            raise StartupError(f"'{directory}' cannot be written: {error.strerror}") from None
    return report


def _build_dated_files(
    issue: ExtractedIssue, directory: Path, created: date | None, today: date, with_text: bool
) -> dict[str, str]:
    before = _read_created(directory) if created is None else None
    files = to_package_files(issue, created or before or today, with_text)
    if before is not None and not _is_unchanged(directory, files):
        files = to_package_files(issue, today, with_text)
    return files


def _read_created(directory: Path) -> date | None:
    try:
        content = json.loads((directory / DESCRIPTOR).read_bytes())
        return date.fromisoformat(str(content["created"])[:10])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_unchanged(directory: Path, files: Mapping[str, str]) -> bool:
    """Tell whether the directory already contains every file of a package, byte for byte."""
    try:
        return all((directory / name).read_bytes() == text.encode() for name, text in files.items())
    except OSError:
        return False


def load_source(
    connection: sa.Connection, source: Path, now: datetime, today: date, progress: ProgressCallback = no_progress
) -> Outcome:
    """Load a package's directory, or a gazette's text file including its running text.

    The corrections of a text are read from its directory, or else from the bundled package of the same
    issue. Raises NotAnIssueError or PackageError; nothing is written in that case.
    """
    if source.is_dir():
        return load_directory(connection, source, now, progress)
    progress("parse", 0, 0)
    issue = extract_issue(source, read_official_areas(SEED_DIRECTORY))
    package = to_package(issue, today)
    beside, bundled = source.parent, SEED_DIRECTORY / issue.parsed.issue_id
    errata = apply_corrections(package, beside if (beside / CORRECTIONS_FILE).exists() else bundled)
    return load_package(connection, package, now, errata, progress)


def load_bundled(engine: sa.Engine) -> None:
    """Load the bundled issues into an empty database; add the statistics that an older version did not store."""
    with engine.connect() as connection:
        if _has_issues(connection) and not needs_backfill(connection):
            return
    with load_transaction(engine) as connection:
        backfill_stats(connection)
        if not _has_issues(connection):
            for descriptor in sorted(SEED_DIRECTORY.glob(f"*/{DESCRIPTOR}")):
                load_directory(connection, descriptor.parent, datetime.now(UTC))


def _has_issues(connection: sa.Connection) -> bool:
    return bool(connection.execute(sa.select(sa.func.count()).select_from(ISSUES.table)).scalar_one())


@contextmanager
def load_transaction(engine: sa.Engine, dry_run: bool = False) -> Iterator[sa.Connection]:
    """Open a transaction that holds the load lock; a dry run is rolled back."""
    with engine.begin() as connection:
        acquire_load_lock(connection)
        yield connection
        if dry_run:
            connection.rollback()
