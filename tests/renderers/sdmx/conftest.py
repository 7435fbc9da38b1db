"""Fixtures: two small invented issues on both databases."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.db.engine import migrate, open_engine
from tests.support.databases import new_database
from tests.support.eggs import FIRST, SECOND, issue
from tests.support.packages import load, write
from tests.support.service import client_for


@pytest.fixture(params=["sqlite", "postgres"], scope="session")
def eggs_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of a database of each kind with the two issues, to be read only."""
    directory: Path = tmp_path_factory.mktemp("eggs")
    url = f"sqlite:///{directory}/eggs.db"
    if request.param == "postgres":
        url = new_database(request.getfixturevalue("postgres_server"), f"eggs_{uuid.uuid4().hex}")
    with open_engine(url) as engine:
        migrate(engine)
    load(url, write(directory / "first", issue(1, "1999-02-01", FIRST)))
    load(url, write(directory / "second", issue(2, "1999-03-01", SECOND)))
    return url


@pytest.fixture(scope="session")
def eggs(eggs_url: str) -> Iterator[TestClient]:
    """Return a client of the service on the two issues."""
    with client_for(eggs_url) as client:
        yield client
