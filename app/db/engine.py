"""Write and migrate: SQLAlchemy engines that are opened for a single command."""

import os
import re
import sqlite3
import threading
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

from app.datasets import DATASETS
from app.db.connect import parse_url
from app.db.sqlite_file import DAMAGED_FILE, is_frozen, real_path
from app.errors import StartupError
from app.tempdir import remove_abandoned, staging_directory

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
if not MIGRATIONS.is_dir():  # a checkout keeps them at its top, a wheel inside the package
    MIGRATIONS = MIGRATIONS.parent.parent / "migrations"
LOAD_LOCK = 0x67617A65
"""The key of the advisory lock that allows one load at a time on Postgres."""
CHECKPOINT_TIMEOUT_MS = 5000
"""How long a checkpoint of SQLite's log waits for readers. If it fails, the next load makes the checkpoint."""
FILE_CHECK_SECONDS = 2
"""How long a command checks the pages of SQLite's file before it uses them. A larger file is checked in part."""
ABOUT_DATABASE = re.compile(r"\Athe database(?: file)?(?= )")
"""How a message about the database as a whole begins."""
PAGE_SIZE = 8192
"""The page size of SQLite's file. A rendered row takes about 1000 bytes, and smaller pages would waste space."""


class DatabaseMadeMeanwhile(StartupError):
    """Another command has made the file of the database, while this one prepared its own."""


@contextmanager
def open_engine(text: str, must_exist: bool = False) -> Iterator[sa.Engine]:
    """Open an engine for writing. SQLite makes a file that is not there, unless it `must_exist`.

    Raises StartupError with a one-line message when the database does not answer or its file is damaged.
    """
    url = parse_url(text)
    if must_exist and (path := missing_file(text)):
        raise StartupError(
            f"there is no file '{path}', and so the database lacks migrations; run `gazette serve` or `gazette load`"
        )
    if url.drivername == "sqlite":
        engine = sa.create_engine(_sqlite_url(url), poolclass=sa.NullPool)
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    else:
        engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args={"connect_timeout": 10})
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                _check_file(connection)
        yield engine
    except sa.exc.DatabaseError as error:
        if "malformed" in str(error.orig):
            raise StartupError(_name_database(DAMAGED_FILE.format("its disk image is malformed"), url)) from None
        if not isinstance(error, sa.exc.OperationalError) and "not a database" not in str(error.orig):
            raise
        raise StartupError(_name_database(f"the database cannot be used: {_first_line(error)}", url)) from None
    except StartupError as error:
        error.args = (_name_database(str(error), url),)
        raise
    finally:
        engine.dispose()


@contextmanager
def open_or_make_engine(text: str) -> Iterator[sa.Engine]:
    """Open an engine for writing. A SQLite file that is not there gets its name when the block ends without an error.

    Raises StartupError as `open_engine` does, and DatabaseMadeMeanwhile.
    """
    path = missing_file(text)
    if path is None:
        remove_unfinished_files(text)
        with open_engine(text) as engine:
            yield engine
        return
    with new_sqlite_file(path) as part, open_engine(url_of_file(text, part)) as engine:
        yield engine


def url_of_file(text: str, path: Path) -> str:
    """Return the URL of a SQLite database with the path of another file."""
    return parse_url(text).set(database=str(path)).render_as_string()


def _name_database(message: str, url: sa.URL) -> str:
    """Return a message about the database with the name of its file, or with its name and host on Postgres."""
    if url.drivername == "sqlite":
        path = _path_of(url)
        if path.parent.name.startswith(_staging_prefix(path)):  # it has not yet got its name
            path = path.parent.with_name(path.name)
        name = f"the database '{path}'"
    else:
        name = f"the database '{url.database or ''}'{f' at {url.host}' if url.host else ''}"
    return ABOUT_DATABASE.sub(lambda _: name, message)


def _check_file(connection: sa.Connection) -> None:
    """Check the pages of SQLite's file for some seconds. Raises StartupError for the first damage found."""
    database = connection.connection.dbapi_connection
    assert isinstance(database, sqlite3.Connection)
    # A progress handler would not do: older versions of SQLite do not call it inside this check.
    interrupt = threading.Timer(FILE_CHECK_SECONDS, database.interrupt)
    interrupt.start()
    try:
        [(answer,)] = database.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise StartupError(f"the database cannot be used: {error}") from None
    except sqlite3.DatabaseError as error:
        if "not a database" in str(error):
            raise StartupError(f"the database cannot be used: {error}") from None
        raise StartupError(DAMAGED_FILE.format(error)) from None
    else:
        if answer != "ok":
            raise StartupError(DAMAGED_FILE.format(answer.strip().splitlines()[-1]))
    finally:
        interrupt.cancel()
        interrupt.join()


def missing_file(text: str) -> Path | None:
    """Return the file of a SQLite database that is not there although its directory is; None for any other."""
    url = parse_url(text)
    path = _path_of(url)
    is_missing = path.parent.is_dir() and not os.path.lexists(path)  # a link that leads to itself is there
    return path if url.drivername == "sqlite" and is_missing else None


@contextmanager
def new_sqlite_file(path: Path) -> Iterator[Path]:
    """Yield a name beside `path` under which to make a database; it is renamed to `path` at the end.

    When the block raises, nothing is left; what a killed command left is removed. Raises StartupError when SQLite's log
    could not be written into the file, DatabaseMadeMeanwhile when somebody else made `path`.
    """
    with staging_directory(path.parent, _staging_prefix(path)) as directory:
        part = directory / path.name
        yield part
        log = part.with_name(f"{part.name}-wal")
        if log.exists() and log.stat().st_size:
            raise StartupError(f"'{path}' could not be completed; its disk may be full")
        try:
            os.link(part, path)  # unlike a rename, it does not replace a file
        except FileExistsError:
            raise DatabaseMadeMeanwhile(f"'{path}' was made by another command meanwhile; run this one again") from None
        except OSError:  # a file system without links
            os.rename(part, path)


def _path_of(url: sa.URL) -> Path:
    return real_path(Path(url.database or "").absolute())


def remove_unfinished_files(text: str) -> None:
    """Remove what killed commands have left of new databases beside the file of a SQLite database."""
    url = parse_url(text)
    if url.drivername == "sqlite":
        path = _path_of(url)
        remove_abandoned(path.parent, _staging_prefix(path))


def _staging_prefix(path: Path) -> str:
    return f".{path.name}-new-"


def _sqlite_url(url: sa.URL) -> sa.URL:
    """Return the URL to open: read-only if the file cannot be written, because `serve` also checks such databases."""
    path = _path_of(url)
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
    """Return whether the database lacks migrations. Raises StartupError when this version does not know its own."""
    scripts = ScriptDirectory.from_config(migration_config())
    applied = MigrationContext.configure(connection).get_current_heads()
    known = {script.revision for script in scripts.walk_revisions()}
    if unknown := sorted(set(applied) - known):
        raise StartupError(
            f"the database was made by a newer version of gazette (its version '{unknown[0]}' is unknown to this one); "
            "install that version, or choose another database with DATABASE_URL"
        )
    return applied != tuple(scripts.get_heads())


def migrate(engine: sa.Engine) -> None:
    """Apply the missing migrations. Several processes may call this at the same time.

    Raises StartupError when the database is that of a newer version or of another program.
    """
    with engine.connect() as connection:
        if not has_pending_migrations(connection):
            return
    with engine.begin() as connection:
        acquire_load_lock(connection)
        migrate_connection(connection)


def migrate_connection(connection: sa.Connection) -> None:
    """Apply the missing migrations in the transaction of a connection that holds the load lock.

    Raises StartupError as `migrate` does.
    """
    if has_pending_migrations(connection):
        _refuse_foreign_tables(connection)
        config = migration_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _refuse_foreign_tables(connection: sa.Connection) -> None:
    """Raise StartupError when a database without our migrations has tables of the same names."""
    if MigrationContext.configure(connection).get_current_heads():
        return
    names = set(sa.inspect(connection).get_table_names())
    if taken := sorted(names & {dataset.table.name for dataset in DATASETS.values()}):
        raise StartupError(
            f"the database belongs to another program: it has a table '{taken[0]}', but none of gazette's migrations; "
            "choose another database with DATABASE_URL"
        )


def require_migrated(engine: sa.Engine) -> None:
    """Raise StartupError if the database lacks migrations."""
    with engine.connect() as connection:
        if has_pending_migrations(connection):
            raise StartupError("the database lacks migrations; run `gazette migrate`")


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
