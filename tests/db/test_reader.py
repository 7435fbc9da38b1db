"""Statements that take too long, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.db.reader import Statement
from app.http.gateway import GatewayMiddleware
from app.settings import Settings
from tests.support.service import client_with

VILLAGES = "/v1/urban-villages"

SLOW = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(60)",
}
"""Statements that do not end by themselves."""


@contextmanager
def endless(client: TestClient) -> Iterator[None]:
    """Make every statement run forever."""
    front = client.app
    assert isinstance(front, GatewayMiddleware)
    reader: Any = front.app.context.repository.reader
    fetch, slow = reader.fetch, Statement(SLOW[reader.dialect.name], (), {})
    reader.fetch = lambda statement, values: fetch(slow, {})  # noqa: ARG005
    yield
    reader.fetch = fetch


@pytest.mark.parametrize(
    "path",
    [
        f"{VILLAGES}?number=1",
        f"{VILLAGES}/x",
        f"{VILLAGES}/facets?by=plan",
        "/v1/search?q=城",
        "/v1/indicators/cpi/series",
        f"{VILLAGES}.xlsx",
    ],
)
def test_a_query_that_takes_too_long_is_a_503(hasty: TestClient, path: str) -> None:
    with endless(hasty):
        answer = hasty.get(path)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert "longer than is allowed" in answer.json()["detail"]
    assert hasty.get(f"{VILLAGES}?limit=1").status_code == 200


@pytest.fixture(scope="module")
def hasty(loaded_url: str) -> Iterator[TestClient]:
    """Return a client of a service that ends statements after a twentieth of a second."""
    # A copy is not validated: the setting itself is whole seconds.
    settings = Settings(database_url=loaded_url).model_copy(update={"statement_seconds": 0.05})
    with client_with(settings) as client:
        yield client
