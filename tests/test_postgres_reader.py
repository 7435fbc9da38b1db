"""How a Postgres reader ends, and what it does with connections that end before."""

import asyncio
from typing import Any

import asyncpg
import psycopg
import pytest

from app.db.postgres import POOL, PostgresReader, is_whole
from app.db.reader import Statement, Unavailable

ONE = Statement("SELECT 1", (), {})


def test_closing_waits_for_no_one_for_ever(loaded_postgres: str) -> None:
    async def close_while_a_statement_runs() -> None:
        reader = PostgresReader(loaded_postgres)
        await reader.open()
        async with reader._connection() as connection:
            closing = asyncio.create_task(reader.close())
            await connection.fetchval("SELECT 1")
            assert not closing.done()
        await asyncio.wait_for(closing, 5)

    asyncio.run(close_while_a_statement_runs())


def test_connections_that_the_server_ended_cost_no_answer(loaded_postgres: str) -> None:
    async def run() -> None:
        reader = PostgresReader(loaded_postgres)
        await reader.open()
        try:
            await asyncio.gather(*[reader.fetch(ONE, {}) for _ in range(3 * POOL)])
            held = list(reader._idle)
            assert len(held) == POOL
            ended = [connection.get_server_pid() for connection in held]
            with psycopg.connect(loaded_postgres, autocommit=True) as server:
                server.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid", [ended])
            while any(is_whole(connection) for connection in held):
                await asyncio.sleep(0)
            assert await asyncio.gather(*[reader.fetch(ONE, {}) for _ in range(3 * POOL)]) == [[(1,)]] * (3 * POOL)
        finally:
            await reader.close()

    asyncio.run(run())


def test_a_connection_in_disorder_is_an_unavailable_database(loaded_postgres: str) -> None:
    class Disordered:
        def is_closed(self) -> bool:
            return False

        async def fetch(self, *statement: Any) -> Any:
            raise asyncpg.InternalClientError(f"cannot switch to state 12 for {statement}")

    async def run() -> None:
        reader = PostgresReader(loaded_postgres)
        await reader.open()
        reader._idle.append(Disordered())
        with pytest.raises(Unavailable):
            await reader.fetch(ONE, {})
        reader._idle.clear()
        await reader.close()

    asyncio.run(run())


@pytest.mark.parametrize("connected", range(2, POOL + 1))
def test_who_goes_away_while_connecting_leaves_the_connection(loaded_postgres: str, connected: int) -> None:
    async def run() -> None:
        reader = PostgresReader(loaded_postgres)
        await reader.open()
        try:
            waiting = [asyncio.create_task(reader.fetch(ONE, {})) for _ in range(POOL)]
            while reader.pool.get_size() < connected and not all(task.done() for task in waiting):
                await asyncio.sleep(0)
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
            later = asyncio.gather(*[reader.fetch(ONE, {}) for _ in range(3 * POOL)])
            assert await asyncio.wait_for(later, 20) == [[(1,)]] * (3 * POOL)
        finally:
            await reader.close()

    asyncio.run(run())
