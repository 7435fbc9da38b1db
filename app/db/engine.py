"""Writing and migrating: SQLAlchemy engines, opened for one command and closed again."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.db.connect import parse_url
from app.db.sqlite import is_frozen
from app.errors import StartupError

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
if not MIGRATIONS.is_dir():  # a checkout keeps them at its top, a wheel inside the package
    MIGRATIONS = MIGRATIONS.parent.parent / "migrations"
LOAD_LOCK = 0x67617A65
"""The advisory lock that lets one load at a time into a Postgres database."""
LOG_PATIENCE = 5000
"""Milliseconds that SQLite's log waits for readers; one that streams for longer leaves it for the next load."""


PAGE_SIZE = 8192
"""Bytes of a page of SQLite's file: a rendered row takes about one thousand, and three of them waste a smaller page."""


@contextmanager
def engine_for(text: str) -> Iterator[sa.Engine]:
    """An engine for writing; raises StartupError in one line when the database does not answer."""
    url = parse_url(text)
    if url.drivername == "sqlite":
        engine = sa.create_engine(_sqlite_url(url), poolclass=sa.NullPool)
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    else:
        engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args={"connect_timeout": 10})
    try:
        with engine.connect():
            pass
        yield engine
    except (sa.exc.OperationalError, sa.exc.DatabaseError) as error:
        if not isinstance(error, sa.exc.OperationalError) and "not a database" not in str(error.orig):
            raise
        raise StartupError(f"the database cannot be used: {_first_line(error)}") from None
    finally:
        engine.dispose()


def _sqlite_url(url: sa.URL) -> sa.URL:
    """The address to open: `serve` looks at its database too where that cannot be written."""
    path = Path(url.database or "").resolve()
    if not is_frozen(path):
        return url
    return url.set(database=f"file:{quote(str(path))}", query={"uri": "true", "mode": "ro", "immutable": "1"})


def _first_line(error: sa.exc.DatabaseError) -> str:
    lines = str(error.orig).strip().splitlines() or ["no answer"]
    return lines[0].strip()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transaction handling begins too late and ends too early; ours says BEGIN itself.
    connection.isolation_level = None
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA busy_timeout = 30000")
        connection.execute("PRAGMA synchronous = NORMAL")
        if _writable(connection):
            connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")  # of a new file; another keeps its own
            connection.execute("PRAGMA journal_mode = WAL")


def _writable(connection: sqlite3.Connection) -> bool:
    file = next((row[2] for row in connection.execute("PRAGMA database_list") if row[1] == "main"), "")
    return bool(file) and os.access(Path(file).parent, os.W_OK) and os.access(file, os.W_OK)


def take_load_lock(connection: sa.Connection) -> None:
    """Wait for the right to load: one at a time, readers go on reading."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOAD_LOCK})
    else:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def fold_log(engine: sa.Engine) -> None:
    """Put SQLite's write-ahead log back into the file, so that no reader has to look into it.

    Servers read snapshots that they renew several times a second: the log waits some seconds for them.
    """
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout = {LOG_PATIENCE}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.close()


def migration_config() -> Config:
    """Where the migrations are, for Alembic; the connection is put into its attributes."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def pending(connection: sa.Connection) -> bool:
    """Whether migrations are missing."""
    head = ScriptDirectory.from_config(migration_config()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() != head


def migrate(engine: sa.Engine) -> None:
    """Bring the tables up to date; several processes may call it at once."""
    with engine.connect() as connection:
        if not pending(connection):
            return
    with engine.begin() as connection:
        take_load_lock(connection)
        if pending(connection):
            config = migration_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def require_migrated(engine: sa.Engine) -> None:
    """Raises StartupError when migrations are missing."""
    with engine.connect() as connection:
        if pending(connection):
            raise StartupError("the database lacks migrations; run `gazette serve` once, which migrates first")
