"""Fixtures: what asks the service runs on SQLite and on a real Postgres, both loaded with the bundled issue."""

import shutil
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from starlette.testclient import TestClient

from app.cli.main import load_bundled
from app.db.engine import engine_for, migrate
from app.main import create_app
from app.settings import Settings
from tests.postgres import temporary_postgres

TODAY = date(2021, 7, 1)
NOW = datetime(2021, 7, 1, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a Postgres cluster of our own."""
    with temporary_postgres() as url:
        yield url


def _prepare(url: str) -> None:
    with engine_for(url) as engine:
        migrate(engine)
        load_bundled(engine)


@pytest.fixture(scope="session")
def loaded_sqlite(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a SQLite database with the bundled issue; only read."""
    url = f"sqlite:///{tmp_path_factory.mktemp('loaded')}/gazette.db"
    _prepare(url)
    return url


@pytest.fixture(scope="session")
def loaded_postgres(postgres_server: str) -> str:
    """The address of a Postgres database with the bundled issue; only read."""
    url = new_database(postgres_server, "loaded")
    _prepare(url)
    return url


def new_database(server: str, name: str, template: str = "template0") -> str:
    """Create a database and answer its address."""
    with psycopg.connect(server, autocommit=True) as connection:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        connection.execute(statement)
    return with_database(server, name)


def with_database(server: str, name: str) -> str:
    """A server's address with another database."""
    before, mark, after = server.partition("?")
    return f"{before.rsplit('/', 1)[0]}/{name}{mark}{after}"


@pytest.fixture(params=["sqlite", "postgres"], scope="session")
def loaded_url(request: pytest.FixtureRequest) -> str:
    """The address of a loaded database of each kind; only read."""
    url: str = request.getfixturevalue(f"loaded_{request.param}")
    return url


@pytest.fixture(scope="session")
def client(loaded_url: str) -> Iterator[TestClient]:
    """A client of the service on the loaded database of each kind, on 1 July 2021."""
    with client_for(loaded_url) as client:
        yield client


def client_for(url: str, **settings: object) -> TestClient:
    """A client of the service on a database, with the clock standing still."""
    config = Settings(database_url=url, **settings)  # type: ignore[arg-type]  # keywords are the settings' own
    return TestClient(create_app(config, lambda: TODAY, lambda: NOW), raise_server_exceptions=False)


@pytest.fixture(params=["sqlite", "postgres"])
def writable_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a private copy of the loaded database of each kind."""
    if request.param == "sqlite":
        source: str = request.getfixturevalue("loaded_sqlite")
        shutil.copy(source.removeprefix("sqlite:///"), tmp_path / "copy.db")
        yield f"sqlite:///{tmp_path}/copy.db"
        return
    server: str = request.getfixturevalue("postgres_server")
    yield from _private_postgres(server)


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a migrated database of each kind that holds nothing."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/empty.db"
    else:
        url = new_database(request.getfixturevalue("postgres_server"), f"empty_{uuid.uuid4().hex}")
    with engine_for(url) as engine:
        migrate(engine)
    return url


def _private_postgres(server: str) -> Iterator[str]:
    name = f"copy_{uuid.uuid4().hex}"
    url = new_database(server, name)
    _prepare(url)
    yield url
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
