"""A Postgres whose processes are stopped: it keeps every connection open and answers nothing."""

import asyncio
import socket
import time
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient

from app.db import postgres
from app.db.engine import migrate, open_engine
from app.db.reader import DatabaseUnavailable, Statement, WaitLimits
from app.ingest.pipeline import load_bundled
from tests.support.databases import new_database
from tests.support.postgres import frozen, temporary_postgres
from tests.support.served import get, read_answer
from tests.support.server_process import DEADLINE_SECONDS, started
from tests.support.service import client_for

pytestmark = pytest.mark.slow
PATHS = [
    "/v1/urban-villages?number=2",
    "/v1/urban-villages/wenzhengban-2021-29.longwan-01",
    "/v1/urban-villages/facets?by=plan",
    "/v1/search?q=城",
    "/v1/provisions.csv",
    "/v1/provisions.ndjson?sort=-path",
    "/v1/urban-villages.xlsx",
    "/v1/indicators/cpi/series",
    "/catalog.rdf",
]
READY_SECONDS = 2
ANSWER_SECONDS = 15
"""The default time limit of a statement, and the wait until its connection is cut off."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """Return the address of a loaded database in a cluster that these tests alone use."""
    with temporary_postgres() as server:
        url = new_database(server, "frozen")
        with open_engine(url) as engine:
            migrate(engine)
            load_bundled(engine)
        yield url


@pytest.fixture
def service(cluster: str) -> Iterator[TestClient]:
    """Return a client of the service on the cluster."""
    with client_for(cluster) as client:
        yield client


def _ask(client: TestClient, path: str) -> tuple[Any, float]:
    started = time.monotonic()
    answer = client.get(path)
    return answer, time.monotonic() - started


def _await_ready(client: TestClient) -> None:
    deadline = time.monotonic() + 30
    while client.get("/readyz").status_code != 200:
        assert time.monotonic() < deadline


def _count_connections(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone()
        assert row is not None
        return int(row[0])


def test_everything_answers_while_the_server_is_frozen_and_works_again_afterwards(
    cluster: str, service: TestClient
) -> None:
    with frozen(cluster):
        ready, seconds = _ask(service, "/readyz")
        assert (ready.status_code, seconds < READY_SECONDS) == (503, True)
        assert service.get("/healthz").status_code == 200
        with ThreadPoolExecutor(len(PATHS)) as threads:
            answers = list(threads.map(lambda path: _ask(service, path), PATHS))
        for path, (answer, seconds) in zip(PATHS, answers, strict=True):
            assert answer.status_code == 503, path
            assert answer.headers["content-type"] == "application/problem+json"
            assert int(answer.headers["retry-after"]) > 0
            assert seconds < ANSWER_SECONDS, path
        ready, seconds = _ask(service, "/readyz")
        assert (ready.status_code, seconds < READY_SECONDS) == (503, True)
    _await_ready(service)
    for path in [*PATHS, *PATHS]:
        assert service.get(path).status_code == 200, path
    most = postgres.SHORT_STATEMENTS + postgres.LONG_STATEMENTS + postgres.SHORT_STREAMS + postgres.LONG_STREAMS
    deadline = time.monotonic() + 30
    while _count_connections(cluster) > most:
        assert time.monotonic() < deadline


def test_no_connection_is_left_after_several_freezes(cluster: str) -> None:
    with client_for(cluster) as client:
        for _ in range(3):
            with frozen(cluster):
                assert client.get("/v1/urban-villages?number=3").status_code == 503
            _await_ready(client)
            assert client.get("/v1/provisions.csv").status_code == 200
    deadline = time.monotonic() + 30
    while _count_connections(cluster):
        assert time.monotonic() < deadline


def test_the_service_stops_while_the_server_is_frozen(cluster: str) -> None:
    client = client_for(cluster)
    with client:
        assert client.get("/v1/provisions.csv").status_code == 200
        context = frozen(cluster)
        context.__enter__()
        started = time.monotonic()
    assert time.monotonic() - started < 2 * postgres.CLOSE_TIMEOUT_SECONDS
    context.__exit__(None, None, None)


def test_the_server_ends_while_its_database_is_frozen(cluster: str) -> None:
    with started(cluster) as (process, port), socket.create_connection(("127.0.0.1", port)) as connection:
        with connection.makefile("rb") as stream:
            connection.sendall(get("/v1/provisions.csv"))
            assert read_answer(stream)[0] == 200
        with frozen(cluster):
            connection.sendall(get("/v1/urban-villages?number=4"))
            process.terminate()
            assert process.wait(DEADLINE_SECONDS) == 0
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()


@pytest.mark.parametrize("method", ["stream", "stream_csv"])
def test_a_stream_ends_when_the_server_freezes_between_its_rows(cluster: str, method: str) -> None:
    rows = Statement("SELECT generate_series(1, 1000000000) || E'\\r\\n'", (), {})
    stall_seconds = 0.5

    async def read_on(stream: AsyncGenerator[Any, None]) -> None:
        async for _ in stream:  # what had arrived already is still read
            pass

    async def read_while_frozen(reader: postgres.PostgresReader) -> float:
        async with aclosing(getattr(reader, method)(rows, {})) as stream:
            for _ in range(5):
                await anext(stream)
            with frozen(cluster):
                started = time.monotonic()
                with pytest.raises(DatabaseUnavailable):
                    await read_on(stream)
                return time.monotonic() - started

    async def run() -> None:
        reader = postgres.PostgresReader(cluster, WaitLimits(batch=stall_seconds))
        await reader.open()
        try:
            assert await read_while_frozen(reader) < 2 * postgres.CANCEL_SECONDS + stall_seconds
            few = Statement("SELECT E'x\\r\\n'", (), {})
            assert [batch async for batch in getattr(reader, method)(few, {}) if batch]
        finally:
            await reader.close()

    asyncio.run(run())
