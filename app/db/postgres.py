"""Reading Postgres: asyncpg, prepared statements, a small pool."""

from collections.abc import AsyncGenerator

import asyncpg
from sqlalchemy.dialects.postgresql import asyncpg as dialect

from app.db.reader import Rows, Statement, Unavailable, Values

FIRST_BATCH = 50
BATCH = 2000
POOL = 8
GONE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)


class PostgresReader:
    """A pool of read-only connections."""

    late_rows = False

    def __init__(self, url: str) -> None:
        self.dialect = dialect.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
        self._url = url
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    async def open(self) -> None:
        settings = {"default_transaction_read_only": "on", "jit": "off"}
        try:
            self._pool = await asyncpg.create_pool(self._url, min_size=1, max_size=POOL, server_settings=settings)
        except GONE as error:
            raise Unavailable("the database does not answer") from error

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()

    @property
    def pool(self) -> "asyncpg.Pool[asyncpg.Record]":
        """The open pool."""
        assert self._pool is not None, "open() comes first"
        return self._pool

    async def fetch(self, statement: Statement, values: Values) -> Rows:
        try:
            async with self.pool.acquire() as connection:
                rows: Rows = await connection.fetch(statement.sql, *statement.arguments(values))
                return rows
        except GONE as error:
            raise Unavailable("the database does not answer") from error

    async def stream(self, statement: Statement, values: Values) -> AsyncGenerator[Rows, None]:
        try:
            async with self.pool.acquire() as connection, connection.transaction(readonly=True):
                cursor = await connection.cursor(statement.sql, *statement.arguments(values))
                size = FIRST_BATCH
                while rows := await cursor.fetch(size):
                    yield rows
                    size = BATCH
        except GONE as error:
            raise Unavailable("the database does not answer") from error
