"""`gazette serve`: prepare the database, then become the server."""

import os
import sys
from typing import Annotated

import typer

from app.cli.help import examples

MAX_WORKERS = 256


def serve(
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65_535, metavar="PORT", help="Port to listen on; 0 takes a free one.")
    ] = 8000,
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=MAX_WORKERS, metavar="NUMBER", help="Number of server processes.")
    ] = 1,
    no_migrate: Annotated[
        bool, typer.Option("--no-migrate", help="Neither migrate the database nor load the bundled data.")
    ] = False,
    empty: Annotated[
        bool, typer.Option("--empty", help="Do not load the bundled data into an empty database.")
    ] = False,
) -> None:
    """Migrate the database and serve.

    The bundled data is loaded into an empty database.
    """
    from app.db.engine import open_engine, require_migrated
    from app.ingest.pipeline import load_bundled, prepare_database
    from app.settings import Settings

    with open_engine(Settings.from_environment().database_url, must_exist=no_migrate) as engine:
        if no_migrate:
            require_migrated(engine)
        else:
            prepare_database(engine)
            if not empty:
                load_bundled(engine)
    sys.stderr.flush()
    # The server replaces this process, so that its workers do not hold the memory that migrating and loading took.
    server = [sys.executable, "-P", "-m", "app.http.server", host, str(port), str(workers)]
    os.execv(sys.executable, server)


EXAMPLES = examples(
    "gazette serve",
    "gazette serve --host 0.0.0.0 --port 80 --workers 2",
    "DATABASE_URL=postgresql://user:password@host/name gazette serve",
)
