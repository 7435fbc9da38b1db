"""Reading Postgres: asyncpg, prepared statements, a small pool."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import asyncpg as dialect

from app.db.batch_lookup import Gathering
from app.db.postgres_copy import copied
from app.db.reader import Lookup, Rows, Statement, TooExpensive, Unavailable, Values

FIRST_BATCH = 50
BATCH = 2000
POOL = 8
STREAMS = 8
PATIENCE = 10.0
"""Seconds that a stream waits for another to end."""
CLOSING = 3.0
"""Seconds that connections have to come back when the service ends."""
FIRST_ROW_SOON = "SET LOCAL cursor_tuple_fraction = 0.001"
"""A plan that reads an index in order, rather than sorting a million rows before the first."""
GONE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, TimeoutError)


class PostgresReader:
    """A pool of read-only connections."""

    row_address = "ctid"

    @staticmethod
    def piece(column: "sa.ColumnElement[str]") -> "sa.ColumnElement[str]":
        return column

    def __init__(self, url: str, statement_seconds: float = 10) -> None:
        self._limit = {"statement_timeout": f"{round(1000 * statement_seconds)}ms"}
        self.dialect = dialect.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
        self._url = url
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._streams: asyncpg.Pool[asyncpg.Record] | None = None
        self._idle: list[asyncpg.Connection[asyncpg.Record]] = []
        self._places = asyncio.Semaphore(POOL)
        self._closing = False
        self._gathering = Gathering(lambda statement, values: self.fetch(statement, values))

    async def open(self) -> None:
        settings = {"default_transaction_read_only": "on", "jit": "off"}
        try:
            self._pool = await asyncpg.create_pool(
                self._url,
                min_size=1,
                max_size=POOL,
                server_settings={**settings, **self._limit},
                reset=_left_as_it_is,
            )
            self._streams = await asyncpg.create_pool(self._url, min_size=0, max_size=STREAMS, server_settings=settings)
        except GONE as error:
            raise Unavailable("the database does not answer") from error

    async def close(self) -> None:
        # Who still has a connection gives it back to the pool, which waits for it, and no longer to those at hand.
        self._closing = True
        while self._idle:
            await self.pool.release(self._idle.pop())
        for pool in (self._pool, self._streams):
            if pool is None:
                continue
            try:
                await asyncio.wait_for(pool.close(), CLOSING)
            except TimeoutError:  # a connection was not given back: nothing is written, so it may be cut
                pool.terminate()

    @property
    def pool(self) -> "asyncpg.Pool[asyncpg.Record]":
        """The open pool."""
        assert self._pool is not None, "open() comes first"
        return self._pool

    async def renew(self) -> None:
        """Each statement here sees the newest data anyway."""

    async def fetch(self, statement: Statement, values: Values) -> Rows:
        try:
            async with self._connection() as connection:
                rows: Rows = await connection.fetch(statement.sql, *statement.arguments(values))
                return rows
        except asyncpg.QueryCanceledError as error:
            raise TooExpensive("the statement took too long") from error
        except GONE as error:
            raise Unavailable("the database does not answer") from error

    async def find(self, lookup: Lookup, values: Values, key: str) -> tuple[Any, ...] | None:
        return await self._gathering.find(lookup, values, key)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        """A connection for one statement. Whole ones are kept at hand: the pool takes a task to get one back."""
        async with self._places:
            connection = await self._whole() or await self._new()
            try:
                yield connection
            finally:
                if is_whole(connection) and not self._closing:
                    self._idle.append(connection)
                else:
                    await self.pool.release(connection)

    async def _whole(self) -> "asyncpg.Connection[asyncpg.Record] | None":
        """A connection at hand; those that were closed meanwhile go back to the pool, which makes new ones."""
        while self._idle:
            connection = self._idle.pop()
            if is_whole(connection):
                return connection
            await self.pool.release(connection)
        return None

    async def _new(self) -> "asyncpg.Connection[asyncpg.Record]":
        await asyncio.sleep(0)  # to connect has a time limit, which only a task can have: see `app.eager`
        return await self.pool.acquire()

    @asynccontextmanager
    async def _streaming(self) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        """A connection of its own for a stream, so that slow clients hold up nobody; raises Unavailable."""
        assert self._streams is not None, "open() comes first"
        try:
            async with self._streams.acquire(timeout=PATIENCE) as connection:
                yield connection
        except GONE as error:
            raise Unavailable("the database does not answer") from error

    async def stream(self, statement: Statement, values: Values) -> AsyncGenerator[Rows, None]:
        async with self._streaming() as connection, connection.transaction(readonly=True):
            await connection.execute(FIRST_ROW_SOON)
            declare = f"DECLARE stream NO SCROLL CURSOR FOR {statement.sql}"
            await connection.execute(declare, *statement.arguments(values))
            size = FIRST_BATCH
            # Prepared anew each time: a cached one would expect the columns of the stream before.
            fetch = await connection.prepare(f"FETCH FORWARD {size} FROM stream")
            while rows := await fetch.fetch():
                yield rows
                if size == FIRST_BATCH:
                    size = BATCH
                    fetch = await connection.prepare(f"FETCH FORWARD {size} FROM stream")

    async def text(self, statement: Statement, values: Values) -> AsyncGenerator[bytes, None]:
        async with (
            self._streaming() as connection,
            aclosing(copied(connection, statement.sql, statement.arguments(values))) as pieces,
        ):
            async for piece in pieces:
                yield piece


async def _left_as_it_is(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """One read-only statement leaves nothing behind; a reset would be a round trip of its own after each."""


def is_whole(connection: "asyncpg.Connection[asyncpg.Record]") -> bool:
    """Whether a connection of the pool can be used; one that the server ended has gone back to the pool by itself."""
    try:
        return not connection.is_closed()
    except asyncpg.InterfaceError:
        return False
