"""How a Postgres reader closes, and how it replaces closed connections."""

import asyncio
from typing import Any

import asyncpg
import psycopg
import pytest

from app.db import postgres
from app.db.postgres import SHORT_STATEMENTS, PostgresReader, is_usable
from app.db.reader import DatabaseUnavailable, Statement

ONE = Statement("SELECT 1", (), {})


def test_closing_has_a_timeout(loaded_postgres: str) -> None:
    async def close_while_a_statement_runs() -> None:
        reader = PostgresReader(loaded_postgres)
        await reader.open()
        running = asyncio.create_task(reader.fetch(Statement("SELECT pg_sleep(0.1)", (), {}), {}))
        while not reader._running:
            await asyncio.sleep(0)
        closing = asyncio.create_task(reader.close())
        assert len(await running) == 1
        await asyncio.wait_for(closing, 5)

    asyncio.run(close_while_a_statement_runs())


def test_connections_closed_by_the_server_are_replaced(loaded_postgres: str) -> None:
    async def run() -> None:
        reader = PostgresReader(loaded_postgres)
        await reader.open()
        try:
            await asyncio.gather(*[reader.fetch(ONE, {}) for _ in range(3 * SHORT_STATEMENTS)])
            held = list(reader._short_lane.idle)
            assert len(held) == SHORT_STATEMENTS
            ended = [connection.get_server_pid() for connection in held]
            with psycopg.connect(loaded_postgres, autocommit=True) as server:
                server.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid", [ended])
            while any(is_usable(connection) for connection in held):
                await asyncio.sleep(0)
            assert await asyncio.gather(*[reader.fetch(ONE, {}) for _ in range(3 * SHORT_STATEMENTS)]) == [[(1,)]] * (
                3 * SHORT_STATEMENTS
            )
        finally:
            await reader.close()

    asyncio.run(run())


def test_a_connection_in_disorder_is_an_unavailable_database(loaded_postgres: str) -> None:
    class Disordered:
        def is_closed(self) -> bool:
            return False

        async def fetch(self, *statement: Any, timeout: float | None = None) -> Any:  # noqa: ARG002
            raise asyncpg.InternalClientError(f"cannot switch to state 12 for {statement}")

    async def run() -> None:
        reader = PostgresReader(loaded_postgres)
        await reader.open()
        reader._short_lane.idle.append(Disordered())
        with pytest.raises(DatabaseUnavailable):
            await reader.fetch(ONE, {})
        reader._short_lane.idle.clear()
        await reader.close()

    asyncio.run(run())


@pytest.mark.parametrize("connected", range(2, SHORT_STATEMENTS + 1))
def test_a_cancelled_request_returns_its_connection(loaded_postgres: str, connected: int) -> None:
    async def run() -> None:
        reader = PostgresReader(loaded_postgres)
        await reader.open()
        try:
            waiting = [asyncio.create_task(reader.fetch(ONE, {})) for _ in range(SHORT_STATEMENTS)]
            while reader._short_lane.open_pool.get_size() < connected and not all(task.done() for task in waiting):
                await asyncio.sleep(0)
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
            later = asyncio.gather(*[reader.fetch(ONE, {}) for _ in range(3 * SHORT_STATEMENTS)])
            assert await asyncio.wait_for(later, 20) == [[(1,)]] * (3 * SHORT_STATEMENTS)
        finally:
            await reader.close()

    asyncio.run(run())


def test_closing_does_not_wait_for_an_acquired_connection(
    loaded_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "CLOSE_TIMEOUT_SECONDS", 0.05)

    async def end() -> bool:
        reader = postgres.PostgresReader(loaded_postgres)
        await reader.open()
        await reader._short_lane.open_pool.acquire()
        await reader.close()
        return reader._short_lane.open_pool.is_closing() is True

    assert asyncio.run(asyncio.wait_for(end(), 20))


def test_connections_that_nobody_uses_are_closed(loaded_postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "UNUSED_SECONDS", 0.1)
    monkeypatch.setattr(postgres, "OVERDUE_SECONDS", 0.05)
    slow = Statement("SELECT pg_sleep(0.4)", (), {})
    rows = Statement("SELECT generate_series(1, 3) || E'\\r\\n'", (), {})

    async def run() -> None:
        reader = PostgresReader(loaded_postgres)
        await reader.open()
        try:
            await asyncio.gather(*[reader.fetch(slow, {}) for _ in range(4)])
            for _ in range(3):
                assert [batch async for batch in reader.stream(rows, {})]
            async with asyncio.timeout(30):
                while connection_count(reader) > 1:
                    await asyncio.sleep(0.01)
            assert await reader.fetch(ONE, {}) == [(1,)]
            assert connection_count(reader) == 1
        finally:
            await reader.close()

    asyncio.run(run())


def connection_count(reader: PostgresReader) -> int:
    """Return the number of open connections of a reader."""
    pools = (reader._short_lane.pool, reader._long_lane.pool, reader._stream_pool)
    return sum(pool.get_size() for pool in pools if pool is not None)
