"""`gazette serve`: prepare the database, then become the server."""

import errno
import os
import sys
from typing import Annotated

import typer

from app.cli.describe import read_settings
from app.cli.errors import print_error
from app.cli.help import examples
from app.cli.values import whole_number

MAX_WORKERS = 256


def serve(
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            "--port", parser=whole_number(0, 65_535), metavar="PORT", help="Port to listen on; 0 takes a free one."
        ),
    ] = 8000,
    workers: Annotated[
        int,
        typer.Option(
            "--workers",
            parser=whole_number(1, MAX_WORKERS),
            metavar="NUMBER",
            help=f"Number of server processes, at most {MAX_WORKERS}.",
        ),
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
    _require_free(host, port)
    from app.db.engine import missing_file, open_engine, require_migrated
    from app.ingest.pipeline import make_ready

    database_url = read_settings().database_url
    if not no_migrate and (new_file := missing_file(database_url)):
        print_error(f"making the database '{new_file}'; this takes some seconds")
    if no_migrate:
        with open_engine(database_url, must_exist=True) as engine:
            require_migrated(engine)
    else:
        make_ready(database_url, bundled=not empty)
    sys.stderr.flush()
    # The server replaces this process, so that its workers do not hold the memory that migrating and loading took.
    server = [sys.executable, "-P", "-m", "app.http.server", host, str(port), str(workers)]
    os.execv(sys.executable, server)


def _require_free(host: str, port: int) -> None:
    """Raise BadParameter unless this machine can listen there. It is said before the database is prepared."""
    import socket

    if not host.strip():
        raise typer.BadParameter("it is empty; write 0.0.0.0 for all addresses.", param_hint="'--host'")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as listener:
            if os.name == "posix":  # elsewhere it would let two servers share a port
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except (OSError, UnicodeError) as error:
        number = getattr(error, "errno", None)
        if number in (errno.EADDRINUSE, errno.EACCES):
            reason = "is in use" if number == errno.EADDRINUSE else "is not allowed to this user"
            raise typer.BadParameter(f"{port} {reason}; choose another.", param_hint="'--port'") from None
        raise typer.BadParameter(f"'{host}' is not an address of this machine.", param_hint="'--host'") from None


EXAMPLES = examples(
    "gazette serve",
    "gazette serve --host 0.0.0.0 --port 80 --workers 2",
    "DATABASE_URL=postgresql://user:password@host/name gazette serve",
)
