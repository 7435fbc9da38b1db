"""Fixtures: the catalogue as a graph and as files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Graph
from starlette.testclient import TestClient

from app.datasets import DATASETS
from tests.support.service import client_for


@pytest.fixture(scope="module")
def graph(client: TestClient) -> Graph:
    return Graph().parse(data=client.get("/catalog.ttl").content, format="turtle")


@pytest.fixture(scope="module")
def sqlite_client(loaded_sqlite: str) -> Iterator[TestClient]:
    """Return a client of SQLite; that both databases serve the same bytes is tested with the statistics of the data."""
    with client_for(loaded_sqlite) as client:
        yield client


@pytest.fixture(scope="module")
def site(sqlite_client: TestClient, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory with the files of the service under the same paths."""
    directory = tmp_path_factory.mktemp("site")
    (directory / "v1").mkdir()
    paths = [f"/v1/{name}{suffix}" for name in DATASETS for suffix in (".csv", ".csv-metadata.json")]
    for path in ("/datapackage.json", *paths):
        (directory / path[1:]).write_bytes(sqlite_client.get(path).content)
    return directory
