"""The commands. Each answers with an exit code: 0 done, 1 a check failed, 2 refused or impossible."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from app.db.engine import engine_for, migrate, require_migrated, take_load_lock
from app.errors import StartupError
from app.ingest.load import SEED, Outcome, load_directory, recount_all
from app.ingest.package import PackageError
from app.main import create_app
from app.openapi_md import write_markdown
from app.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and answer its exit code."""
    options = build_parser().parse_args(arguments)
    command: Callable[[argparse.Namespace, Settings], int] = options.run
    try:
        return command(options, Settings.from_environment())
    except (StartupError, ValueError) as error:
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
    command.add_argument("--port", type=int, default=8000)
    command.add_argument("--workers", type=int, default=1)
    command.add_argument("--no-migrate", action="store_true", help="neither migrate nor load")
    command.set_defaults(run=serve)
    command = commands.add_parser("load", help="load a data package in one transaction")
    command.add_argument("source", type=Path, metavar="DIR")
    command.set_defaults(run=load)
    command = commands.add_parser("check", help="count again what the gazette declares; 1 when a check fails")
    command.set_defaults(run=check)
    command = commands.add_parser("openapi", help="print the OpenAPI document, or the page generated from it")
    command.add_argument("--markdown", action="store_true", help="print openapi.md")
    command.set_defaults(run=print_openapi)
    return parser


def serve(options: argparse.Namespace, settings: Settings) -> int:
    """`gazette serve`: workers start after one migration."""
    import uvicorn

    with engine_for(settings.database_url) as engine:
        if options.no_migrate:
            require_migrated(engine)
        else:
            migrate(engine)
            load_bundled(engine)
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=options.host,
        port=options.port,
        workers=options.workers,
        server_header=False,
        access_log=False,
    )
    return 0


def load_bundled(engine: sa.Engine) -> None:
    """Load the bundled issues into a database that holds none."""
    with engine.connect() as connection:
        if connection.execute(sa.text("SELECT count(*) FROM issues")).scalar_one():
            return
    with loading(engine) as connection:
        if not connection.execute(sa.text("SELECT count(*) FROM issues")).scalar_one():
            for directory in sorted(path.parent for path in SEED.glob("*/datapackage.json")):
                load_directory(connection, directory, datetime.now(UTC))


@contextmanager
def loading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction that holds the load lock."""
    with engine.begin() as connection:
        take_load_lock(connection)
        yield connection


def load(options: argparse.Namespace, settings: Settings) -> int:
    """`gazette load DIR`."""
    if not options.source.exists():
        raise StartupError(f"there is no '{options.source}'")
    with engine_for(settings.database_url) as engine:
        require_migrated(engine)
        with loading(engine) as connection:
            outcome = load_directory(connection, options.source, datetime.now(UTC))
    report(outcome)
    return 0


def report(outcome: Outcome) -> None:
    """Tell in plain lines what a load did."""
    for verb, counts in (("added", outcome.added), ("changed", outcome.changed), ("removed", outcome.removed)):
        for name, number in counts.items():
            print(f"{name}: {number} {verb}")
    if not (outcome.added or outcome.changed or outcome.removed):
        print("nothing changed")
    for failed in outcome.failed_checks:
        print(f"check failed: {failed['subject']}: {failed['detail']}")


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


def print_openapi(options: argparse.Namespace, settings: Settings) -> int:
    """`gazette openapi`."""
    schema = create_app(settings).api.openapi()
    print(write_markdown(schema) if options.markdown else json.dumps(schema, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
