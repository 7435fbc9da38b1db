"""Write and migrate: SQLAlchemy engines that are opened for a single command."""

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
"""The key of the advisory lock that allows one load at a time on Postgres."""
CHECKPOINT_TIMEOUT_MS = 5000
"""How long a checkpoint of SQLite's log waits for readers. If it fails, the next load makes the checkpoint."""
PAGE_SIZE = 8192
"""The page size of SQLite's file. A rendered row takes about 1000 bytes, and smaller pages would waste space."""


@contextmanager
def open_engine(text: str) -> Iterator[sa.Engine]:
    """Open an engine for writing. Raises StartupError with a one-line message when the database does not answer."""
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
    """Return the URL to open: read-only if the file cannot be written, because `serve` also checks such databases."""
    path = Path(url.database or "").resolve()
    if not is_frozen(path):
        return url
    return url.set(database=f"file:{quote(str(path))}", query={"uri": "true", "mode": "ro", "immutable": "1"})


def _first_line(error: sa.exc.DatabaseError) -> str:
    lines = str(error.orig).strip().splitlines() or ["no answer"]
    return lines[0].strip()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver starts transactions too late and ends them too early, so BEGIN is sent explicitly.
    connection.isolation_level = None
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA busy_timeout = 30000")
        connection.execute("PRAGMA synchronous = NORMAL")
        if _is_writable(connection):
            connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")  # applies to a new file only
            connection.execute("PRAGMA journal_mode = WAL")


def _is_writable(connection: sqlite3.Connection) -> bool:
    file = next((row[2] for row in connection.execute("PRAGMA database_list") if row[1] == "main"), "")
    return bool(file) and os.access(Path(file).parent, os.W_OK) and os.access(file, os.W_OK)


def acquire_load_lock(connection: sa.Connection) -> None:
    """Wait until no other load is running. Readers are not blocked."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOAD_LOCK})
    else:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def checkpoint_wal(engine: sa.Engine) -> None:
    """Write SQLite's write-ahead log into the database file, so that readers do not have to search it.

    Servers refresh their snapshots several times a second, so the checkpoint waits some seconds for them.
    """
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout = {CHECKPOINT_TIMEOUT_MS}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.close()


def migration_config() -> Config:
    """Return the Alembic configuration. Callers put the connection into its attributes."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def has_pending_migrations(connection: sa.Connection) -> bool:
    """Return whether the database lacks migrations."""
    head = ScriptDirectory.from_config(migration_config()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() != head


def migrate(engine: sa.Engine) -> None:
    """Apply the missing migrations. Several processes may call this at the same time."""
    with engine.connect() as connection:
        if not has_pending_migrations(connection):
            return
    with engine.begin() as connection:
        acquire_load_lock(connection)
        if has_pending_migrations(connection):
            config = migration_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def require_migrated(engine: sa.Engine) -> None:
    """Raise StartupError if the database lacks migrations."""
    with engine.connect() as connection:
        if has_pending_migrations(connection):
            raise StartupError("the database lacks migrations; run `gazette serve` once, which migrates first")


@contextmanager
def in_memory_database() -> Iterator[sa.Connection]:
    """Open a migrated SQLite database in memory, inside one transaction, for counting on a package before a load."""
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    sa.event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    try:
        migrate(engine)
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
