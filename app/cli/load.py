"""`gazette load`: read sources, then write them to the database, each in one transaction."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.decisions import IssueOption, PublishedOnOption, SerialOption, parse_decisions
from app.cli.describe import read_settings
from app.cli.errors import CommandFailed, discard_output, error_lines, print_error
from app.cli.help import examples
from app.cli.interrupts import INTERRUPTED, raise_on_interrupt
from app.cli.values import parse_name
from app.errors import StartupError

if TYPE_CHECKING:
    import sqlalchemy as sa

    from app.ingest.load import Outcome
    from app.ingest.pipeline import Source
    from app.ingest.row_writer import ProgressCallback
    from app.parser.structure.issue_identity import IssueDecisions
    from app.settings import Settings


def load(
    sources: Annotated[
        list[str],
        typer.Argument(
            parser=parse_name,
            metavar="DIR|FILE|URL...",
            help="Data packages, texts of issues, or http(s) addresses of texts.",
        ),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; write nothing.")] = False,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Load even if an issue loses rows or checks that it had.")
    ] = False,
    issue: IssueOption = None,
    serial: SerialOption = None,
    published_on: PublishedOnOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what changed as JSON.")] = False,
) -> None:
    """Load data packages or texts, each in one transaction.

    All sources are read and checked first, then loaded in the order of their publication. The database is made and
    migrated if necessary. When a source is refused, nothing of it is loaded, and nothing of those after it.
    """
    from app.cli.console import show_progress

    decisions = parse_decisions(issue, serial, published_on)
    if len(sources) > 1 and any(decisions):
        raise typer.BadParameter("--issue, --serial and --published-on are about one source; load it alone.")
    settings = read_settings()
    run = _Run(len(sources), dry_run, accept_loss)
    failure: list[str] = []
    code = 0
    with raise_on_interrupt() as interrupts:
        try:
            with show_progress(sys.stderr) as progress:
                run.read(sources, decisions, settings, progress)
                run.write(settings.database_url, progress)
        except KeyboardInterrupt:
            failure, code = ["interrupted"], INTERRUPTED
        except Exception as error:
            failure, code = (["interrupted"], INTERRUPTED) if interrupts else (run.describe_failure(error), 2)
    try:
        for line in run.output_lines(as_json):
            typer.echo(line)
        sys.stdout.flush()
    except OSError as error:
        discard_output()
        run.warnings.append(f"the output could not be written: {error.strerror}; {run.describe_state()}")
    for warning in run.warnings:
        print_error(warning)
    if failure:
        failure[-1] = f"{failure[-1]}; {run.describe_state()}"
        raise CommandFailed(failure, code)


EXAMPLES = examples(
    "gazette load seed/2021-06 --dry-run",
    "gazette load seed/2021-06",
    "gazette load 2021-06.txt 2021-07.txt --json",
    "gazette load https://example.org/gazette/2021-06.txt",
)


@dataclass(slots=True)
class _Run:
    """One call of the command: what was read, what is loaded, and what was refused."""

    number: int
    dry_run: bool
    accept_loss: bool
    sources: "list[Source]" = field(default_factory=list)
    done: "list[tuple[Source, Outcome]]" = field(default_factory=list)
    refused: "list[tuple[Source, Outcome]]" = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    current: str = ""
    """The source that is read or written, as it was given; without the secrets of an address."""
    given_names: dict[int, str] = field(default_factory=dict)
    """How each source was given, by its identity."""

    def read(
        self, names: "Sequence[str]", decisions: "IssueDecisions", settings: "Settings", progress: "ProgressCallback"
    ) -> None:
        """Read all sources, and order them by their publication."""
        from app.ingest.identity import check_sources_agree
        from app.ingest.pipeline import DownloadLimits, read_source
        from app.settings import current_day

        limits = DownloadLimits(settings.max_download_bytes, settings.download_seconds)
        for name in names:
            self.current = _public_name(name)
            source = read_source(name, current_day(), progress, decisions, limits)
            self.sources.append(source)
            self.given_names[id(source)] = self.current
        self.current = ""
        check_sources_agree((source.name, source.package) for source in self.sources)
        self.sources.sort(key=lambda source: source.published_on)

    def write(self, database_url: str, progress: "ProgressCallback") -> None:
        """Write the sources, each in a transaction of its own; a dry run writes all in one and takes it back."""
        from app.db.engine import migrate_connection
        from app.ingest.pipeline import load_transaction, prepare_database, refresh_database

        if self.dry_run:
            with _open_for_trial(database_url) as engine, load_transaction(engine, dry_run=True) as connection:
                migrate_connection(connection)
                refresh_database(connection)
                for source in self.sources:
                    self.done.append((source, self._write_source(connection, source, progress)))
            return
        with self._open(database_url) as engine:
            prepare_database(engine)
            for source in self.sources:
                self._load(engine, source, progress)
            self._checkpoint(engine)

    def _load(self, engine: "sa.Engine", source: "Source", progress: "ProgressCallback") -> None:
        from app.ingest.pipeline import is_loaded, load_transaction

        outcome = None
        try:
            with load_transaction(engine) as connection:
                outcome = self._write_source(connection, source, progress)
        except BaseException:
            # The commit itself may have been interrupted: the database knows whether it happened.
            if outcome is not None and is_loaded(engine, outcome):
                self.done.append((source, outcome))
            raise
        self.done.append((source, outcome))

    def _write_source(self, connection: "sa.Connection", source: "Source", progress: "ProgressCallback") -> "Outcome":
        from app.ingest.load import LossRefusedError
        from app.ingest.pipeline import write_source

        self.current = self.given_names[id(source)]
        try:
            outcome = write_source(connection, source, datetime.now(UTC), self.accept_loss, progress)
        except LossRefusedError as error:
            self.refused.append((source, error.outcome))
            raise
        self.current = ""
        return outcome

    @contextmanager
    def _open(self, database_url: str) -> "Iterator[sa.Engine]":
        """Open the database. A new file gets its name when something is loaded, and is removed otherwise."""
        from app.db.engine import missing_file, new_sqlite_file, open_engine, remove_unfinished_files, url_of_file

        path = missing_file(database_url)
        if path is None:
            remove_unfinished_files(database_url)
            with open_engine(database_url) as engine:
                yield engine
            return
        failure: BaseException | None = None
        try:
            with new_sqlite_file(path) as part:
                try:
                    with open_engine(url_of_file(database_url, part)) as engine:
                        yield engine
                except BaseException as error:
                    if not self.done:
                        raise
                    failure = error
        except StartupError:
            self.done.clear()  # it has no name, so it is not there
            self.warnings.clear()
            raise
        if failure is not None:
            raise failure

    def _checkpoint(self, engine: "sa.Engine") -> None:
        """Fold SQLite's log into the file. A failure changes nothing about the data, which is committed."""
        from app.db.engine import checkpoint_wal

        try:
            checkpoint_wal(engine)
        except Exception as error:
            self.warnings.append(
                f"the data is loaded, but SQLite's log stays beside the file until the next load: {error}"
            )

    def describe_failure(self, error: Exception) -> list[str]:
        """Return the lines about an error, with the name of the source where several were given."""
        lines = list(error_lines(error, self.current))
        if self.number > 1 and self.current:
            return [line if Path(self.current).name in line else f"{self.current}: {line}" for line in lines]
        return lines

    def describe_state(self) -> str:
        """Return which sources are loaded and which are not."""
        if self.dry_run or not self.done:
            return "nothing was written" if self.dry_run else "nothing was loaded"
        loaded = [source.name for source, _ in self.done]
        left = [source.name for source in self.sources[len(loaded) :]]
        return f"loaded: {', '.join(loaded)}{'; not loaded: ' if left else ''}{', '.join(left)}"

    def output_lines(self, as_json: bool) -> "Iterator[str]":
        """Yield what is printed: what each source changed; of a refused one in a dry run, what it would have."""
        from app.cli.console import outcome_lines, outcome_record
        from app.model.rows import to_json

        shown = [(source, outcome, False) for source, outcome in self.done]
        if as_json or self.dry_run:
            shown += [(source, outcome, True) for source, outcome in self.refused]
        if as_json:
            records = [
                outcome_record(outcome, self.dry_run, source.name, refused) for source, outcome, refused in shown
            ]
            if records or self.number > 1:
                yield to_json(records[0] if self.number == 1 else records)
            return
        for source, outcome, _ in shown:
            if self.number > 1:
                yield f"{source.name}:"
            yield from outcome_lines(outcome, self.dry_run)


def _public_name(source: str) -> str:
    """Return the name of a source that may be shown: an address loses its secrets."""
    from app.ingest.download import is_address, public_address

    try:
        return public_address(source) if is_address(source) else source
    except ValueError:  # no address after all, as the download will say
        return source


@contextmanager
def _open_for_trial(database_url: str) -> "Iterator[sa.Engine]":
    """Open the database for a dry run; one that is not there is made in the temporary directory."""
    from app.db.engine import missing_file, open_engine
    from app.tempdir import staging_directory, temp_directory

    if missing_file(database_url) is None:
        with open_engine(database_url) as engine:
            yield engine
        return
    with (
        staging_directory(Path(temp_directory()), "gazette-load-") as directory,
        open_engine(f"sqlite:///{directory}/trial.db") as engine,
    ):
        yield engine
