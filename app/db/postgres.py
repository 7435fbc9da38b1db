"""Read Postgres with asyncpg: prepared statements on a small pool of connections."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import asyncpg as dialect

from app.db.batch_lookup import BatchLoader
from app.db.postgres_copy import copy_chunks
from app.db.reader import DatabaseUnavailable, Lookup, QueryTimeout, Rows, Statement, Values

FIRST_BATCH_SIZE = 50
BATCH_SIZE = 2000
POOL_SIZE = 8
MAX_STREAMS = 8
STREAM_TIMEOUT_SECONDS = 10.0
"""How long a stream waits for a free connection."""
CLOSE_TIMEOUT_SECONDS = 3.0
"""How long the pools wait for their connections when the service stops."""
PREFER_FAST_START = "SET LOCAL cursor_tuple_fraction = 0.001"
"""Makes the planner read an index in order instead of sorting a million rows before the first one."""
CONNECTION_ERRORS = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, TimeoutError)


class PostgresReader:
    """A pool of read-only connections."""

    row_locator = "ctid"

    @staticmethod
    def stream_cast(column: "sa.ColumnElement[str]") -> "sa.ColumnElement[str]":
        return column

    def __init__(self, url: str, statement_seconds: float = 10) -> None:
        self._statement_timeout = {"statement_timeout": f"{round(1000 * statement_seconds)}ms"}
        self.dialect = dialect.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
        self._url = url
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._stream_pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._idle_connections: list[asyncpg.Connection[asyncpg.Record]] = []
        self._slots = asyncio.Semaphore(POOL_SIZE)
        self._closing = False
        self._batch_loader = BatchLoader(lambda statement, values: self.fetch(statement, values))

    async def open(self) -> None:
        settings = {"default_transaction_read_only": "on", "jit": "off"}
        try:
            self._pool = await asyncpg.create_pool(
                self._url,
                min_size=1,
                max_size=POOL_SIZE,
                server_settings={**settings, **self._statement_timeout},
                reset=_no_reset,
            )
            self._stream_pool = await asyncpg.create_pool(
                self._url, min_size=0, max_size=MAX_STREAMS, server_settings=settings
            )
        except CONNECTION_ERRORS as error:
            raise DatabaseUnavailable("the database does not answer") from error

    async def close(self) -> None:
        # Connections in use return to the pool from now on, which waits for them, instead of to the idle list.
        self._closing = True
        while self._idle_connections:
            await self.pool.release(self._idle_connections.pop())
        for pool in (self._pool, self._stream_pool):
            if pool is None:
                continue
            try:
                await asyncio.wait_for(pool.close(), CLOSE_TIMEOUT_SECONDS)
            except TimeoutError:  # a connection is still in use; it is read-only and may be cut off
                pool.terminate()

    @property
    def pool(self) -> "asyncpg.Pool[asyncpg.Record]":
        """Return the pool, which must be open."""
        assert self._pool is not None, "open() comes first"
        return self._pool

    async def refresh_snapshot(self) -> None:
        """Do nothing: each statement on Postgres sees the newest data anyway."""

    async def fetch(self, statement: Statement, values: Values) -> Rows:
        try:
            async with self._connection() as connection:
                rows: Rows = await connection.fetch(statement.sql, *statement.arguments(values))
                return rows
        except asyncpg.QueryCanceledError as error:
            raise QueryTimeout("the statement exceeded the time limit") from error
        except CONNECTION_ERRORS as error:
            raise DatabaseUnavailable("the database does not answer") from error

    async def lookup(self, lookup: Lookup, values: Values, row_id: str) -> tuple[Any, ...] | None:
        return await self._batch_loader.load(lookup, values, row_id)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        """Lend a connection for one statement. Idle ones stay in a list: returning one to the pool takes a task."""
        async with self._slots:
            connection = await self._take_idle() or await self._acquire()
            try:
                yield connection
            finally:
                if is_usable(connection) and not self._closing:
                    self._idle_connections.append(connection)
                else:
                    await self.pool.release(connection)

    async def _take_idle(self) -> "asyncpg.Connection[asyncpg.Record] | None":
        """Return an idle connection, if any. Closed ones go back to the pool, which replaces them."""
        while self._idle_connections:
            connection = self._idle_connections.pop()
            if is_usable(connection):
                return connection
            await self.pool.release(connection)
        return None

    async def _acquire(self) -> "asyncpg.Connection[asyncpg.Record]":
        await asyncio.sleep(0)  # connecting has a timeout, which only works inside a task; see `app.http.eager_task`
        return await self.pool.acquire()

    @asynccontextmanager
    async def _stream_connection(self) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        """Lend a connection to a stream. Streams have a pool of their own, so that slow clients block nobody else."""
        assert self._stream_pool is not None, "open() comes first"
        try:
            async with self._stream_pool.acquire(timeout=STREAM_TIMEOUT_SECONDS) as connection:
                yield connection
        except CONNECTION_ERRORS as error:
            raise DatabaseUnavailable("the database does not answer") from error

    async def stream(self, statement: Statement, values: Values) -> AsyncGenerator[Rows, None]:
        async with self._stream_connection() as connection, connection.transaction(readonly=True):
            await connection.execute(PREFER_FAST_START)
            declare = f"DECLARE stream NO SCROLL CURSOR FOR {statement.sql}"
            await connection.execute(declare, *statement.arguments(values))
            size = FIRST_BATCH_SIZE
            # Prepared for each stream, because a cached statement would expect the columns of the previous stream.
            fetch = await connection.prepare(f"FETCH FORWARD {size} FROM stream")
            while rows := await fetch.fetch():
                yield rows
                if size == FIRST_BATCH_SIZE:
                    size = BATCH_SIZE
                    fetch = await connection.prepare(f"FETCH FORWARD {size} FROM stream")

    async def stream_csv(self, statement: Statement, values: Values) -> AsyncGenerator[bytes, None]:
        async with (
            self._stream_connection() as connection,
            aclosing(copy_chunks(connection, statement.sql, statement.arguments(values))) as chunks,
        ):
            async for chunk in chunks:
                yield chunk


async def _no_reset(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Skip the reset: a read-only statement leaves nothing to reset, and a reset is another round trip."""


def is_usable(connection: "asyncpg.Connection[asyncpg.Record]") -> bool:
    """Return whether a connection can be used. One that the server closed has returned to its pool by itself."""
    try:
        return not connection.is_closed()
    except asyncpg.InterfaceError:
        return False
