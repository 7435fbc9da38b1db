"""Commands that work on the whole database: migrate, check, export."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.describe import read_settings
from app.cli.help import examples
from app.cli.interrupts import raise_on_interrupt
from app.cli.values import parse_path


def migrate() -> None:
    """Bring the database to this version.

    A database that is not there is made, without data. A running server goes on.
    """
    from app.ingest.pipeline import make_ready

    make_ready(read_settings().database_url, bundled=False)


MIGRATE_EXAMPLES = examples("gazette migrate", "DATABASE_URL=postgresql://user:password@host/name gazette migrate")


def check(
    show_all: Annotated[bool, typer.Option("--all", help="Print known failures and their reasons, too.")] = False,
) -> None:
    """Recount what the gazette declares about its own data.

    A failure is known when 'acknowledgements.csv' beside the issue's package gives a reason. The exit code is 1 when
    a check fails and the failure is not known.
    """
    from app.db.engine import open_engine, require_migrated
    from app.ingest.acknowledgements import is_new_failure
    from app.ingest.checks.recount import recount_all

    with open_engine(read_settings().database_url, must_exist=True) as engine:
        require_migrated(engine)
        with engine.connect() as connection:
            checks = recount_all(connection)
    for row in checks:
        if not row["acknowledged"]:
            typer.echo(f"{row['status']}  {row['subject']}  {row['detail'] or ''}".rstrip())
        elif show_all:
            typer.echo(f"known  {row['subject']}  {row['detail']}\n       {row['acknowledged']}")
    passed = sum(row["status"] == "pass" for row in checks)
    known = sum(row["acknowledged"] is not None for row in checks)
    more = f", {known} known to fail{'' if show_all else ' (--all shows why)'}" if known else ""
    typer.echo(f"{passed} of {len(checks)} checks pass{more}")
    if any(map(is_new_failure, checks)):
        raise typer.Exit(1)


CHECK_EXAMPLES = examples(
    "gazette check", "gazette check --all", "DATABASE_URL=sqlite:////srv/gazette.db gazette check"
)


def export(
    directory: Annotated[
        Path, typer.Argument(parser=parse_path, metavar="DIR", help="Directory to write into; created if missing.")
    ],
) -> None:
    """Write every dataset as CSV and Parquet with datapackage.json."""
    import asyncio

    from app.cli.archive import export_all
    from app.db.connect import create_reader
    from app.db.engine import open_engine, require_migrated
    from app.query.repository import Repository

    settings = read_settings()
    with open_engine(settings.database_url, must_exist=True) as engine:
        require_migrated(engine)
    repository = Repository(create_reader(settings.database_url))
    with raise_on_interrupt():  # so that no half-written file stays
        counts = asyncio.run(export_all(repository, directory, settings.licence))
    for name, rows in counts.items():
        typer.echo(f"{name}: {rows} rows")


EXPORT_EXAMPLES = examples("gazette export archive", "gazette export /srv/www/gazette")
