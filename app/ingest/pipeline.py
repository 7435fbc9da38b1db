"""The steps behind `gazette parse`, `gazette load` and the start of `gazette serve`, without what they print."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa

from app.datasets.issues import ISSUES
from app.db.data_state import REVISION_COLUMN
from app.db.engine import DatabaseMadeMeanwhile, acquire_load_lock, migrate, open_or_make_engine
from app.errors import StartupError
from app.ingest.acknowledgements import read_acknowledgements
from app.ingest.checks.recount import add_acknowledgements
from app.ingest.corrections import CORRECTIONS_FILE, Errata, apply_corrections
from app.ingest.download import download, is_address, public_address
from app.ingest.extract import (
    ExtractedIssue,
    extract_issue,
    read_official_areas,
    to_package,
    to_package_files,
)
from app.ingest.input_files import InputFileError, read_input_file
from app.ingest.load import Outcome, SourceFacts, load_package, needs_refresh, refresh_stored_data
from app.ingest.package_reader import (
    DESCRIPTOR,
    MAX_DESCRIPTOR_BYTES,
    MAX_FILE_BYTES,
    Package,
    PackageError,
    read_package,
)
from app.ingest.package_writer import write_files
from app.ingest.parse_report import Report, build_report, report_files
from app.ingest.published_ids import keep_published_ids, rows_with_published_ids
from app.ingest.row_writer import ProgressCallback, no_progress
from app.ingest.seed import SEED_DIRECTORY
from app.model.text_rules import MAX_STRING_LENGTH, replace_forbidden_characters
from app.model.values import clip
from app.parser.structure.issue_identity import NO_DECISIONS, IssueDecisions
from app.tempdir import staging_directory, temp_directory

MAX_QUOTED_NAME = 200


def parse_file(
    path: Path,
    directory: Path | None,
    created: date | None,
    today: date,
    with_text: bool,
    decisions: IssueDecisions = NO_DECISIONS,
) -> Report:
    """Parse a gazette's text and return the report; with a directory, write package and report into it.

    The package is dated `created`; by default it keeps the date of an identical package in the
    directory, and is dated `today` otherwise. Corrections and acknowledgements in the directory are kept.
    `decisions` say which issue the text is where its head and back cover disagree. Raises NotAnIssueError
    when the file is not an issue, and StartupError when the directory cannot be written; no file is
    written in that case.
    """
    issue = extract_issue(path, read_official_areas(SEED_DIRECTORY), decisions)
    if directory is not None:
        issue = _keep_ids_of_directory(issue, directory)
    report = build_report(issue)
    if directory is not None:
        files = _build_dated_files(issue, directory, created, today, with_text)
        try:
            write_files(directory, files | report_files(report))
        except OSError as error:
            raise StartupError(f"'{directory}' cannot be written: {error.strerror}") from None
    return report


def _keep_ids_of_directory(issue: ExtractedIssue, directory: Path) -> ExtractedIssue:
    """Return the issue with the ids of the package that the directory holds, or else of the bundled one."""
    for place in (directory, SEED_DIRECTORY / issue.parsed.issue_id):
        try:
            published = read_package(place)
        except (OSError, PackageError):
            continue
        if published.issue_ids == [issue.parsed.issue_id]:
            return replace(issue, rows=rows_with_published_ids(issue.rows, published))
    return issue


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
        content = json.loads(read_input_file(directory / DESCRIPTOR, MAX_DESCRIPTOR_BYTES))
        return date.fromisoformat(str(content["created"])[:10])
    except (OSError, InputFileError, ValueError, RecursionError, KeyError, TypeError):
        return None


def _is_unchanged(directory: Path, files: Mapping[str, str]) -> bool:
    """Tell whether the directory already contains every file of a package, byte for byte."""
    try:
        return all(read_input_file(directory / name, MAX_FILE_BYTES) == text.encode() for name, text in files.items())
    except (OSError, InputFileError):
        return False


@dataclass(frozen=True, slots=True)
class Source:
    """A source that was read and is valid in itself: its name for messages, its package, and what stands beside it."""

    name: str
    package: Package
    errata: Errata
    facts: SourceFacts

    @property
    def published_on(self) -> date:
        """The day on which the first of its issues was published; the earliest day when it has no issue."""
        issues = self.package.tables["issues"].rows.values() if "issues" in self.package.tables else ()
        return min((row["published_on"] for row in issues if row.get("published_on")), default=date.min)


@dataclass(frozen=True, slots=True)
class DownloadLimits:
    """What a download may take: bytes after decompression, and seconds for all of it."""

    max_bytes: int
    seconds: int


def read_source(
    source: str | Path,
    today: date,
    progress: ProgressCallback = no_progress,
    decisions: IssueDecisions = NO_DECISIONS,
    limits: DownloadLimits | None = None,
) -> Source:
    """Read a package's directory, a gazette's text file, or a text at an address.

    Corrections and acknowledgements of a text are read from its directory, or else from the bundled package of the
    same issue. `limits` allow to fetch an address. Raises StartupError, NotAnIssueError or PackageError.
    """
    if isinstance(source, str) and is_address(source) and limits is not None:
        with staging_directory(Path(temp_directory()), "gazette-load-") as directory:
            path = download(source, directory, limits.max_bytes, limits.seconds, progress)
            return _read_text_source(path, public_address(source), today, progress, decisions)
    path = Path(source)
    if not path.exists():
        raise StartupError(f"there is no '{clip(str(source), MAX_QUOTED_NAME)}'")
    if not path.is_dir():
        return _read_text_source(path, path.name, today, progress, decisions)
    package = read_package(path)
    errata = apply_corrections(package, path)
    name = path.resolve().name
    facts = SourceFacts(origin_name(name), package.is_as_parsed, read_acknowledgements(path), decisions)
    return Source(name, package, errata, facts)


def _read_text_source(
    path: Path, name: str, today: date, progress: ProgressCallback, decisions: IssueDecisions
) -> Source:
    progress("parse", 0, 0)
    issue = extract_issue(path, read_official_areas(SEED_DIRECTORY), decisions)
    package = to_package(issue, today)
    bundled = SEED_DIRECTORY / issue.parsed.issue_id
    if (bundled / DESCRIPTOR).exists():
        package = keep_published_ids(package, read_package(bundled))
    errata = apply_corrections(package, path.parent if (path.parent / CORRECTIONS_FILE).exists() else bundled)
    acknowledgements = read_acknowledgements(path.parent)
    if acknowledgements is None:
        acknowledgements = read_acknowledgements(bundled)
    facts = SourceFacts(origin_name(name), is_as_parsed=True, acknowledgements=acknowledgements, decisions=decisions)
    return Source(name, package, errata, facts)


def origin_name(name: str) -> str:
    """Return the name of a source as a text that every format can hold: whatever bytes a file's name has."""
    return replace_forbidden_characters(name[:MAX_STRING_LENGTH])


def write_source(
    connection: sa.Connection,
    source: Source,
    now: datetime,
    accept_loss: bool = False,
    progress: ProgressCallback = no_progress,
) -> Outcome:
    """Write a source to the database, on a connection that holds the load lock; the caller commits or rolls back.

    Raises PackageError, RefusedError or LossRefusedError, as `load_package` does.
    """
    return load_package(connection, source.package, now, source.errata, progress, source.facts, accept_loss)


def load_source(
    connection: sa.Connection,
    source: Path,
    now: datetime,
    today: date,
    progress: ProgressCallback = no_progress,
    accept_loss: bool = False,
) -> Outcome:
    """Read a package's directory or a text, and write it to the database. Raises what the two steps raise."""
    return write_source(connection, read_source(source, today, progress), now, accept_loss, progress)


def prepare_database(engine: sa.Engine) -> None:
    """Migrate the database, and bring what an older version loaded to the form of this one."""
    migrate(engine)
    with engine.connect() as connection:
        if not needs_refresh(connection):
            return
    with load_transaction(engine) as connection:
        refresh_database(connection)


def make_ready(database_url: str, bundled: bool) -> None:
    """Make or migrate the database; with `bundled`, load the bundled issues if it is empty.

    Several processes may call this at the same time: the one that makes the file last uses that of the first. Raises
    StartupError.
    """
    for _ in range(2):
        try:
            with open_or_make_engine(database_url) as engine:
                prepare_database(engine)
                if bundled:
                    load_bundled(engine)
            return
        except DatabaseMadeMeanwhile as error:
            last = error
    raise last


def refresh_database(connection: sa.Connection) -> None:
    """Bring what an older version loaded to the form of this one, on a connection that holds the load lock."""
    if needs_refresh(connection):
        for descriptor in _bundled_descriptors():
            add_acknowledgements(connection, read_acknowledgements(descriptor.parent) or {})
        refresh_stored_data(connection, datetime.now(UTC))


def load_bundled(engine: sa.Engine) -> None:
    """Load the bundled issues into an empty database; bring what an older version loaded to the form of this one."""
    with engine.connect() as connection:
        if _has_issues(connection) and not needs_refresh(connection):
            return
    with load_transaction(engine) as connection:
        refresh_database(connection)
        if not _has_issues(connection):
            for descriptor in _bundled_descriptors():
                write_source(connection, read_source(descriptor.parent, date.min), datetime.now(UTC))


def _bundled_descriptors() -> list[Path]:
    return sorted(SEED_DIRECTORY.glob(f"*/{DESCRIPTOR}"))


def is_loaded(engine: sa.Engine, outcome: Outcome) -> bool:
    """Tell whether the database has the revision of a load whose commit may have failed."""
    with engine.connect() as connection:
        revisions = connection.execute(sa.select(REVISION_COLUMN)).scalars().all()
    return outcome.revision in revisions


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
