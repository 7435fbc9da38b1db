"""Parse a database URL, and create the reader for it."""

from pathlib import Path

import sqlalchemy as sa

from app.db.reader import DatabaseReader, WaitLimits
from app.errors import StartupError

DEFAULT_LIMITS = WaitLimits()


def parse_url(text: str) -> sa.URL:
    """Parse the URL of a database. Raises StartupError for anything but SQLite and Postgres."""
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        raise StartupError("DATABASE_URL is not a database URL; write sqlite:///FILE or postgresql://…") from None
    if url.drivername == "sqlite":
        if not url.database or url.database == ":memory:":
            raise StartupError("DATABASE_URL names no file; write sqlite:///FILE")
        return url
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    raise StartupError(f"DATABASE_URL names the database '{url.drivername}'; SQLite and Postgres are supported")


def create_reader(text: str, limits: WaitLimits = DEFAULT_LIMITS) -> DatabaseReader:
    """Create a reader for the database at a URL, which cancels what exceeds the limits."""
    url = parse_url(text)
    # Import only the driver that is needed: each takes some MB of memory.
    if url.drivername == "sqlite":
        from app.db.sqlite import SQLiteReader

        return SQLiteReader(Path(url.database or "").absolute(), limits)  # a link may lead to another file later
    from app.db.postgres import PostgresReader

    return PostgresReader(url.set(drivername="postgresql").render_as_string(hide_password=False), limits)
