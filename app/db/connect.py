"""Which database an address names, and the reader for it."""

from pathlib import Path

import sqlalchemy as sa

from app.db.reader import Reader
from app.errors import StartupError


def parse_url(text: str) -> sa.URL:
    """The database's address; raises StartupError for anything but SQLite and Postgres."""
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        raise StartupError("DATABASE_URL is no database address; write sqlite:///FILE or postgresql://…") from None
    if url.drivername == "sqlite":
        if not url.database or url.database == ":memory:":
            raise StartupError("DATABASE_URL names no file; write sqlite:///FILE")
        return url
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    raise StartupError(f"DATABASE_URL names the database '{url.drivername}'; SQLite and Postgres are supported")


def reader_for(text: str, statement_seconds: float = 10) -> Reader:
    """A reader for the database at an address, which ends statements that take longer."""
    url = parse_url(text)
    # Each with its driver, which takes some MB that a worker on the other database need not hold.
    if url.drivername == "sqlite":
        from app.db.sqlite import SQLiteReader

        return SQLiteReader(Path(url.database or "").resolve(), statement_seconds)
    from app.db.postgres import PostgresReader

    return PostgresReader(url.set(drivername="postgresql").render_as_string(hide_password=False), statement_seconds)
