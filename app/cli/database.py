"""Commands that work on the database: load, check, export. `gazette migrate` belongs here too."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.help import examples
from app.errors import StartupError


def load(
    source: Annotated[Path, typer.Argument(metavar="DIR|FILE", help="A data package, or the text of an issue.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; write nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what changed as JSON.")] = False,
) -> None:
    """Load a data package, or a gazette's text, in one transaction.

    The source is checked as a whole. When it is refused, every fault is printed and nothing changes.
    """
    from app.cli.console import outcome_json, outcome_lines, show_progress
    from app.db.engine import checkpoint_wal, open_engine, require_migrated
    from app.ingest.pipeline import load_source, load_transaction
    from app.settings import Settings, current_day

    settings = Settings.from_environment()
    if not source.exists():
        raise StartupError(f"there is no '{source}'")
    with open_engine(settings.database_url) as engine:
        require_migrated(engine)
        with show_progress(sys.stderr) as progress, load_transaction(engine, dry_run) as connection:
            outcome = load_source(connection, source, datetime.now(UTC), current_day(), progress)
        checkpoint_wal(engine)
    typer.echo(outcome_json(outcome, dry_run) if as_json else "\n".join(outcome_lines(outcome, dry_run)))


LOAD_EXAMPLES = examples(
    "gazette load seed/2021-06 --dry-run",
    "gazette load seed/2021-06",
    "gazette load 2021-06.txt --json",
)


def check() -> None:
    """Recount what the gazette declares about its own data.

    Prints every check. The exit code is 1 when a check fails.
    """
    from app.db.engine import open_engine, require_migrated
    from app.ingest.checks.recount import recount_all
    from app.settings import Settings

    with open_engine(Settings.from_environment().database_url) as engine:
        require_migrated(engine)
        with engine.connect() as connection:
            checks = recount_all(connection)
    for row in checks:
        typer.echo(f"{row['status']}  {row['subject']}  {row['detail'] or ''}".rstrip())
    failed = sum(row["status"] != "pass" for row in checks)
    typer.echo(f"{len(checks) - failed} of {len(checks)} checks pass")
    if failed:
        raise typer.Exit(1)


CHECK_EXAMPLES = examples("gazette check", "DATABASE_URL=sqlite:////srv/gazette.db gazette check")


def export(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Directory to write into; created if missing.")],
) -> None:
    """Write every dataset as CSV and Parquet with datapackage.json."""
    from app.cli.archive import export_all
    from app.db.connect import create_reader
    from app.db.engine import open_engine, require_migrated
    from app.query.repository import Repository
    from app.settings import Settings

    settings = Settings.from_environment()
    with open_engine(settings.database_url) as engine:
        require_migrated(engine)
    repository = Repository(create_reader(settings.database_url))
    for name, rows in asyncio.run(export_all(repository, directory, settings.licence)).items():
        typer.echo(f"{name}: {rows} rows")


EXPORT_EXAMPLES = examples("gazette export archive", "gazette export /srv/www/gazette")
