"""The commands. Each answers with an exit code: 0 done, 1 a check failed, 2 refused or impossible."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa

from app.api.openapi.reference.page import write_markdown
from app.cli.console import outcome_json, outcome_lines, progress_on, report_lines
from app.cli.export import export_all
from app.db.connect import reader_for
from app.db.engine import engine_for, fold_log, migrate, require_migrated, take_load_lock
from app.errors import StartupError
from app.ingest.checks.recount import recount_all
from app.ingest.extract import Refused
from app.ingest.load import complete, lacks_facts, load_directory
from app.ingest.package_reader import PackageError
from app.ingest.parse_report import JSON_FILE, MARKDOWN_FILE, report_files
from app.ingest.pipeline import load_source, parse_file
from app.ingest.seed import SEED
from app.main import create_app
from app.query.repository import Store
from app.settings import Settings, today

MOST_WORKERS = 256


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and answer its exit code."""
    options = build_parser().parse_args(arguments)
    command: Callable[[argparse.Namespace, Settings], int] = options.run
    try:
        return command(options, Settings.from_environment())
    except (StartupError, Refused, ValueError) as error:
        print(f"gazette: {error}", file=sys.stderr)
    except PackageError as error:
        for fault in error.faults:
            print(f"gazette: {fault}", file=sys.stderr)
        print(f"gazette: refused, {len(error.faults)} fault(s); nothing was loaded", file=sys.stderr)
    return 2


def build_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="gazette", description="A city's government gazette as open data.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("serve", help="migrate, load the bundled data if there is none, serve")
    command.add_argument("--host", default="127.0.0.1")
    command.add_argument("--port", type=_number(0, 65_535), default=8000)
    command.add_argument("--workers", type=_number(1, MOST_WORKERS), default=1)
    command.add_argument("--no-migrate", action="store_true", help="neither migrate nor load")
    command.set_defaults(run=serve)
    command = commands.add_parser("parse", help="make a reviewable data package and a report from a gazette's text")
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("-o", dest="directory", type=Path, metavar="DIR", help="write package and report into DIR")
    command.add_argument("--with-text", action="store_true", help="write the running text too")
    command.add_argument("--created", type=date.fromisoformat, metavar="DATE", help="the day of the package")
    command.add_argument("--json", action="store_true", help="print the report as JSON")
    command.set_defaults(run=parse)
    command = commands.add_parser("load", help="load a data package, or a gazette's text, in one transaction")
    command.add_argument("source", type=Path, metavar="DIR|FILE")
    command.add_argument("--dry-run", action="store_true", help="show what would change, write nothing")
    command.add_argument("--json", action="store_true", help="tell as JSON what changed")
    command.set_defaults(run=load)
    command = commands.add_parser("check", help="count again what the gazette declares; 1 when a check fails")
    command.set_defaults(run=check)
    command = commands.add_parser("export", help="write every dataset as CSV and Parquet with datapackage.json")
    command.add_argument("directory", type=Path, metavar="DIR")
    command.set_defaults(run=export)
    command = commands.add_parser("openapi", help="print the OpenAPI document, or the page generated from it")
    command.add_argument("--markdown", action="store_true", help="print openapi.md")
    command.set_defaults(run=print_openapi)
    return parser


def _number(least: int, most: int) -> Callable[[str], int]:
    """Reads a whole number within bounds; a port beyond them would be taken for another one."""

    def read(text: str) -> int:
        if not (text.isdecimal() and least <= int(text) <= most):
            raise argparse.ArgumentTypeError(f"'{text}' is no whole number from {least} to {most}")
        return int(text)

    return read


def serve(options: argparse.Namespace, settings: Settings) -> int:
    """`gazette serve`: workers start after one migration.

    The server takes this process's place: what migrating and loading took of memory is gone with it.
    """
    with engine_for(settings.database_url) as engine:
        if options.no_migrate:
            require_migrated(engine)
        else:
            migrate(engine)
            load_bundled(engine)
    sys.stderr.flush()
    server = [sys.executable, "-P", "-m", "app.http.server", options.host, str(options.port), str(options.workers)]
    os.execv(sys.executable, server)


def load_bundled(engine: sa.Engine) -> None:
    """Load the bundled issues into a database that holds none; complete one that an older version loaded."""
    with engine.connect() as connection:
        held = connection.execute(sa.text("SELECT count(*) FROM issues")).scalar_one()
        if held and not lacks_facts(connection):
            return
    with loading(engine) as connection:
        complete(connection)
        if not connection.execute(sa.text("SELECT count(*) FROM issues")).scalar_one():
            for directory in sorted(path.parent for path in SEED.glob("*/datapackage.json")):
                load_directory(connection, directory, datetime.now(UTC))


@contextmanager
def loading(engine: sa.Engine, dry_run: bool = False) -> Iterator[sa.Connection]:
    """One transaction that holds the load lock; a dry run's is rolled back."""
    with engine.begin() as connection:
        take_load_lock(connection)
        yield connection
        if dry_run:
            connection.rollback()


def parse(options: argparse.Namespace, _: Settings) -> int:
    """`gazette parse FILE`."""
    report = parse_file(options.file, options.directory, options.created, today(), options.with_text)
    if options.json or options.directory is None:
        sys.stdout.write(report_files(report)[JSON_FILE if options.json else MARKDOWN_FILE])
    else:
        print("\n".join(report_lines(report, str(options.directory))))
    return 0


def load(options: argparse.Namespace, settings: Settings) -> int:
    """`gazette load DIR|FILE`."""
    if not options.source.exists():
        raise StartupError(f"there is no '{options.source}'")
    with engine_for(settings.database_url) as engine:
        require_migrated(engine)
        with progress_on(sys.stderr) as progress, loading(engine, options.dry_run) as connection:
            outcome = load_source(connection, options.source, datetime.now(UTC), today(), progress)
        fold_log(engine)
    if options.json:
        print(outcome_json(outcome, options.dry_run))
    else:
        print("\n".join(outcome_lines(outcome, options.dry_run)))
    return 0


def check(_: argparse.Namespace, settings: Settings) -> int:
    """`gazette check`."""
    with engine_for(settings.database_url) as engine:
        require_migrated(engine)
        with engine.connect() as connection:
            checks = recount_all(connection)
    for counted in checks:
        print(f"{counted['status']}  {counted['subject']}  {counted['detail'] or ''}".rstrip())
    failed = sum(counted["status"] != "pass" for counted in checks)
    print(f"{len(checks) - failed} of {len(checks)} checks pass")
    return 1 if failed else 0


def export(options: argparse.Namespace, settings: Settings) -> int:
    """`gazette export DIR`."""
    with engine_for(settings.database_url) as engine:
        require_migrated(engine)
    written = asyncio.run(export_all(Store(reader_for(settings.database_url)), options.directory, settings.licence))
    for name, rows in written.items():
        print(f"{name}: {rows} rows")
    return 0


def print_openapi(options: argparse.Namespace, settings: Settings) -> int:
    """`gazette openapi`."""
    schema = create_app(settings).api.openapi()
    print(write_markdown(schema) if options.markdown else json.dumps(schema, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
