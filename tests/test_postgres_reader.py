"""How a Postgres reader ends."""

import asyncio

from app.db.postgres import PostgresReader


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
