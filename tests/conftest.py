"""Fixtures: the service on SQLite and on a real Postgres, both with the bundled issue.

A migrated and a loaded database of each kind are made once for a process; what a test may change is a copy of them.
"""

import re
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.db.engine import migrate, open_engine
from app.ingest.load import Outcome
from app.ingest.pipeline import load_bundled, load_source, load_transaction
from tests.support.databases import drop_database, new_database
from tests.support.postgres import temporary_postgres
from tests.support.service import NOW, client_for
from tests.support.texts import DAY, TEXT, LoadFile


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--system", action="store_true", help="run the tests that need a Debian program, too")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the cases on Postgres as slow: the quick answer comes from SQLite, the complete one from both.

    Deselect tests marked `system`, unless `--system` is given or `-m` names the marker.
    """
    for item in items:
        if "postgres" in item.name:
            item.add_marker(pytest.mark.slow)
    if config.getoption("--system") or re.search(r"\bsystem\b", config.getoption("-m")):
        return
    deselected = [item for item in items if item.get_closest_marker("system")]
    config.hook.pytest_deselected(items=deselected)
    items[:] = [item for item in items if not item.get_closest_marker("system")]


def _migrate_and_load(url: str) -> None:
    with open_engine(url) as engine:
        migrate(engine)
        load_bundled(engine)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Start a Postgres cluster and return its address."""
    with temporary_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with all migrations and no rows; tests copy it."""
    path = tmp_path_factory.mktemp("migrated") / "gazette.db"
    with open_engine(f"sqlite:///{path}") as engine:
        migrate(engine)
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> str:
    """Return the name of a Postgres database with all migrations and no rows; it is a template only."""
    with open_engine(new_database(postgres_server, "migrated")) as engine:
        migrate(engine)
    return "migrated"


@pytest.fixture(scope="session")
def loaded_sqlite(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of a SQLite database with the bundled issue, to be read only."""
    url = f"sqlite:///{tmp_path_factory.mktemp('loaded')}/gazette.db"
    _migrate_and_load(url)
    return url


@pytest.fixture(scope="session")
def loaded_postgres_template(postgres_server: str) -> str:
    """Return the name of a Postgres database with the bundled issue; nobody may be connected to a template."""
    _migrate_and_load(new_database(postgres_server, "loaded_template"))
    return "loaded_template"


@pytest.fixture(scope="session")
def loaded_postgres(postgres_server: str, loaded_postgres_template: str) -> str:
    """Return the address of a Postgres database with the bundled issue, to be read only."""
    return new_database(postgres_server, "loaded", loaded_postgres_template)


@pytest.fixture(params=["sqlite", "postgres"], scope="session")
def loaded_url(request: pytest.FixtureRequest) -> str:
    """Return the address of a loaded database of each kind, to be read only."""
    url: str = request.getfixturevalue(f"loaded_{request.param}")
    return url


@pytest.fixture(scope="session")
def client(loaded_url: str) -> Iterator[TestClient]:
    """Return a client of the service on the loaded database of each kind, on 1 July 2021."""
    with client_for(loaded_url) as client:
        yield client


@pytest.fixture(params=["sqlite", "postgres"])
def writable_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a private copy of the loaded database of each kind."""
    if request.param == "sqlite":
        source: str = request.getfixturevalue("loaded_sqlite")
        shutil.copy(source.removeprefix("sqlite:///"), tmp_path / "copy.db")
        yield f"sqlite:///{tmp_path}/copy.db"
    else:
        yield from _private_copy(request, "loaded_postgres_template")


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a migrated database of each kind that holds nothing."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "empty.db")
        yield f"sqlite:///{tmp_path}/empty.db"
    else:
        yield from _private_copy(request, "migrated_postgres")


def _private_copy(request: pytest.FixtureRequest, template: str) -> Iterator[str]:
    server: str = request.getfixturevalue("postgres_server")
    name = f"copy_{uuid.uuid4().hex}"
    yield new_database(server, name, request.getfixturevalue(template))
    drop_database(server, name)


@pytest.fixture
def issue_file(tmp_path: Path) -> Path:
    """Return the file of a small invented issue."""
    path = tmp_path / "issue.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def load_file(empty_url: str) -> LoadFile:
    """Return a function that loads a text or a package into a database that held nothing."""

    def load(source: Path, dry_run: bool = False, accept_loss: bool = False) -> Outcome:
        with open_engine(empty_url) as engine, load_transaction(engine, dry_run) as connection:
            return load_source(connection, source, NOW, DAY, accept_loss=accept_loss)

    return load
