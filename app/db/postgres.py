"""Read Postgres with asyncpg: prepared statements on a small pool of connections.

Every wait has a bound on this side. A server that is frozen, or gone without a word, ends no statement by itself.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any, TypeAlias

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import asyncpg as dialect

from app.concurrency import Turns, ensure_task
from app.db.batch_lookup import BatchLoader
from app.db.lanes import SHORT_SECONDS, stream_in_lanes, take_turn
from app.db.postgres_copy import copy_chunks
from app.db.reader import DatabaseUnavailable, Lookup, QueryTimeout, Rows, Statement, Values, WaitLimits

FIRST_BATCH_SIZE = 50
BATCH_SIZE = 2000
SHORT_STATEMENTS = 8
LONG_STATEMENTS = 4
"""The number of statements that run at the same time in each lane; see `app.db.lanes`."""
SHORT_STREAMS = 4
LONG_STREAMS = 8
"""The number of streams that are read at the same time in each lane."""
UNUSED_SECONDS = 10.0
"""How long a connection may be idle before it is closed. One is kept."""
CONNECT_SECONDS = 5.0
"""How long a new connection may take."""
CANCEL_SECONDS = 3.0
"""How long a cancelled statement is waited for. After that its connection is cut off."""
OVERDUE_SECONDS = 1.0
"""How often overdue statements are looked for."""
CLOSE_TIMEOUT_SECONDS = 3.0
"""How long the pools wait for their connections when the service stops."""
PREFER_FAST_START = "SET LOCAL cursor_tuple_fraction = 0.001"
"""Makes the planner read an index in order instead of sorting a million rows before the first one."""
CONNECTION_ERRORS = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, TimeoutError)
DEFAULT_LIMITS = WaitLimits()
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class Lane:
    """The statements that may run at the same time, the time of each, and their connections."""

    def __init__(self, size: int, seconds: float) -> None:
        self.size = size
        self.seconds = seconds
        self.turns = Turns(size)
        self.pool: asyncpg.Pool[asyncpg.Record] | None = None
        self.idle: list[Connection] = []
        """The one that was used last is taken first."""
        self.unused = 0
        """How many of them, from the beginning of the list, have not been used since they were last looked at."""

    @property
    def open_pool(self) -> "asyncpg.Pool[asyncpg.Record]":
        """Return the pool, which must be open."""
        assert self.pool is not None, "open() comes first"
        return self.pool


class PostgresReader:
    """A pool of read-only connections."""

    row_locator = "ctid"
    generation = 0

    @staticmethod
    def stream_cast(column: "sa.ColumnElement[str]") -> "sa.ColumnElement[str]":
        return column

    def __init__(self, url: str, limits: WaitLimits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self.dialect = dialect.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
        self._url = url
        self._stream_pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._short_lane = Lane(SHORT_STATEMENTS, min(SHORT_SECONDS, limits.statement))
        self._long_lane = Lane(LONG_STATEMENTS, limits.statement)
        self._short_streams, self._long_streams = Turns(SHORT_STREAMS), Turns(LONG_STREAMS)
        self._running: dict[Connection, float] = {}
        """The deadlines of the statements that run now."""
        self._sweep: asyncio.TimerHandle | None = None
        self._unused_sweep: asyncio.TimerHandle | None = None
        self._time: Callable[[], float] = time.monotonic
        self._recoveries: set[asyncio.Task[bool]] = set()
        self._closing = False
        self._batch_loader = BatchLoader(lambda statement, values: self.fetch(statement, values))

    async def open(self) -> None:
        settings = {"default_transaction_read_only": "on", "jit": "off"}
        try:
            for lane in (self._short_lane, self._long_lane):
                lane.pool = await asyncpg.create_pool(
                    self._url,
                    min_size=0,
                    max_size=lane.size,
                    max_inactive_connection_lifetime=OVERDUE_SECONDS,
                    timeout=CONNECT_SECONDS,
                    server_settings={**settings, "statement_timeout": f"{round(1000 * lane.seconds)}ms"},
                    reset=_no_reset,
                )
            self._stream_pool = await asyncpg.create_pool(
                self._url,
                min_size=0,
                max_size=SHORT_STREAMS + LONG_STREAMS,
                max_inactive_connection_lifetime=UNUSED_SECONDS,
                timeout=CONNECT_SECONDS,
                server_settings=settings,
            )
            self._short_lane.idle.append(await self._short_lane.open_pool.acquire(timeout=CONNECT_SECONDS))
        except CONNECTION_ERRORS as error:
            raise DatabaseUnavailable("the database does not answer") from error
        self._time = asyncio.get_running_loop().time
        self._end_overdue()
        self._close_unused()

    async def close(self) -> None:
        for timer in (self._sweep, self._unused_sweep):
            if timer is not None:
                timer.cancel()
        # Connections in use return to the pool from now on, which waits for them, instead of to the idle list.
        self._closing = True
        lanes = (self._short_lane, self._long_lane)
        for lane in lanes:
            while lane.idle:
                await lane.open_pool.release(lane.idle.pop(), timeout=CANCEL_SECONDS)
        pools = (*[lane.pool for lane in lanes], self._stream_pool)
        await asyncio.gather(*[_close_pool(pool) for pool in pools if pool is not None])

    async def refresh_snapshot(self) -> None:
        """Do nothing: each statement on Postgres sees the newest data anyway."""

    async def fetch(self, statement: Statement, values: Values) -> Rows:
        sql, arguments = statement.sql, statement.arguments(values)
        deadline = self._time() + self._limits.statement
        try:
            if not self._short_lane.turns.take_now():
                await take_turn(self._short_lane.turns, deadline)
            rows = await self._fetch_until(self._short_lane, sql, arguments, deadline)
            if rows is None and self._time() < deadline:
                await take_turn(self._long_lane.turns, deadline)
                rows = await self._fetch_until(self._long_lane, sql, arguments, deadline)
        except CONNECTION_ERRORS as error:
            raise DatabaseUnavailable("the database does not answer") from error
        if rows is None:
            raise QueryTimeout("the statement exceeded the time limit")
        return rows

    async def _fetch_until(self, lane: "Lane", sql: str, arguments: list[Any], deadline: float) -> Rows | None:
        """Return the rows, or None if the statement was cancelled at the deadline or after the lane's time.

        In the short lane the server cancels it: a timer here for each statement takes longer than many statements do.
        Gives the turn back. Raises DatabaseUnavailable when the server does not even react to the cancellation.
        """
        connection: Connection | None = None
        is_idle = False
        try:
            connection = self._take_idle(lane) or await self._connect(lane, deadline)
            if lane is self._short_lane:
                self._running[connection] = min(deadline, self._time() + lane.seconds + CANCEL_SECONDS)
                rows: Rows = await connection.fetch(sql, *arguments)
            else:
                self._running[connection] = deadline
                rows = await connection.fetch(sql, *arguments, timeout=max(deadline - self._time(), 0))
            is_idle = True
            return rows
        except asyncpg.QueryCanceledError:
            is_idle = True
            return None
        except asyncpg.PostgresError:
            is_idle = True  # the server has answered
            raise
        except TimeoutError:
            if connection is None:
                raise
        finally:
            recovery = self._put_back(lane, connection, is_idle)
        if recovery is not None and not await asyncio.shield(recovery):
            raise DatabaseUnavailable("the database does not answer")
        return None

    async def _connect(self, lane: "Lane", deadline: float) -> Connection:
        await ensure_task()
        async with asyncio.timeout_at(deadline):
            return await lane.open_pool.acquire()

    def _end_overdue(self) -> None:
        """Cut off the connections of statements that are past their deadline.

        The driver ends overdue statements itself, but it closes old prepared statements without a time limit.
        """
        now = self._time()
        for connection, deadline in list(self._running.items()):
            if deadline + OVERDUE_SECONDS < now:
                del self._running[connection]
                connection.terminate()
        self._sweep = asyncio.get_running_loop().call_later(OVERDUE_SECONDS, self._end_overdue)

    def _close_unused(self) -> None:
        """Return the connections of the lanes that were not used for a while to their pools, which close them."""
        for lane in (self._short_lane, self._long_lane):
            kept = 1 if lane is self._short_lane else 0
            for _ in range(min(lane.unused, len(lane.idle)) - kept):
                self._begin_recovery(lane.open_pool, lane.idle.pop(0), None)
            lane.unused = len(lane.idle)
        self._unused_sweep = asyncio.get_running_loop().call_later(UNUSED_SECONDS, self._close_unused)

    def _take_idle(self, lane: "Lane") -> "Connection | None":
        """Return an idle connection, if any. Idle ones stay in a list: returning one to the pool takes a task."""
        while lane.idle:
            connection = lane.idle.pop()
            if len(lane.idle) < lane.unused:
                lane.unused = len(lane.idle)
            if is_usable(connection):
                return connection
            self._begin_recovery(lane.open_pool, connection, None)
        return None

    def _put_back(self, lane: "Lane", connection: "Connection | None", is_idle: bool) -> "asyncio.Task[bool] | None":
        """End the turn of a connection. One that is not idle keeps the turn until its statement has ended."""
        if connection is not None:
            self._running.pop(connection, None)
            if self._closing or not is_idle or not is_usable(connection):
                return self._begin_recovery(lane.open_pool, connection, lane.turns)
            lane.idle.append(connection)
        lane.turns.give_back()
        return None

    def _begin_recovery(
        self, pool: "asyncpg.Pool[asyncpg.Record]", connection: Connection, lane: Turns | None
    ) -> "asyncio.Task[bool]":
        task = asyncio.get_running_loop().create_task(_recover(pool, connection, lane))
        self._recoveries.add(task)
        task.add_done_callback(self._recoveries.discard)
        return task

    async def lookup(self, lookup: Lookup, values: Values, row_id: str) -> tuple[Any, ...] | None:
        return await self._batch_loader.load(lookup, values, row_id)

    @asynccontextmanager
    async def _stream_connection(self) -> AsyncIterator[Connection]:
        """Lend a connection to a stream. Streams have a pool of their own, so that slow clients block nobody else."""
        assert self._stream_pool is not None, "open() comes first"
        try:
            connection = await self._stream_pool.acquire(timeout=CONNECT_SECONDS)
            try:
                yield connection
            finally:
                recovery = self._begin_recovery(self._stream_pool, connection, None)
                await asyncio.shield(recovery)
        except CONNECTION_ERRORS as error:
            raise DatabaseUnavailable("the database does not answer") from error

    def stream(self, statement: Statement, values: Values) -> AsyncGenerator[Rows, None]:
        return stream_in_lanes(
            lambda: self._stream_batches(statement, values),
            len,
            self._short_streams,
            self._long_streams,
            self._limits.turn,
        )

    async def _stream_batches(self, statement: Statement, values: Values) -> AsyncGenerator[Rows, None]:
        async with self._stream_connection() as connection:
            async with asyncio.timeout(self._limits.batch):
                await connection.execute("BEGIN READ ONLY")
                await connection.execute(PREFER_FAST_START)
                declare = f"DECLARE stream NO SCROLL CURSOR FOR {statement.sql}"
                await connection.execute(declare, *statement.arguments(values))
            size = FIRST_BATCH_SIZE
            while rows := await self._fetch_batch(connection, size):
                yield rows
                size = BATCH_SIZE

    async def _fetch_batch(self, connection: Connection, size: int) -> Rows:
        async with asyncio.timeout(self._limits.batch):
            # Prepared each time, because a cached statement would expect the columns of the previous stream.
            rows: Rows = await (await connection.prepare(f"FETCH FORWARD {size} FROM stream")).fetch()
            return rows

    def stream_csv(self, statement: Statement, values: Values) -> AsyncGenerator[bytes, None]:
        return stream_in_lanes(
            lambda: self._copy(statement, values),
            lambda chunk: len(chunk) // 1024,
            self._short_streams,
            self._long_streams,
            self._limits.turn,
        )

    async def _copy(self, statement: Statement, values: Values) -> AsyncGenerator[bytes, None]:
        async with (
            self._stream_connection() as connection,
            aclosing(copy_chunks(connection, statement.sql, statement.arguments(values), self._limits.batch)) as chunks,
        ):
            async for chunk in chunks:
                yield chunk


async def _recover(pool: "asyncpg.Pool[asyncpg.Record]", connection: Connection, lane: Turns | None) -> bool:
    """Return a connection to its pool as soon as its cancelled statement has ended, and then its turn.

    Returns False when the server did not end the statement; the connection is cut off then.
    """
    try:
        if is_usable(connection) and connection.is_in_transaction():
            async with asyncio.timeout(CANCEL_SECONDS):
                await connection.execute("ROLLBACK")
        await pool.release(connection, timeout=CANCEL_SECONDS)
        return True
    except CONNECTION_ERRORS:
        try:
            connection.terminate()
            await pool.release(connection)
        except asyncpg.InterfaceError:
            pass  # the pool has noticed by itself that the connection is closed
        return False
    finally:
        if lane is not None:
            lane.give_back()


async def _close_pool(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    try:
        await asyncio.wait_for(pool.close(), CLOSE_TIMEOUT_SECONDS)
    except TimeoutError:  # a connection is still in use; it is read-only and may be cut off
        pool.terminate()


async def _no_reset(connection: Connection) -> None:
    """Skip the reset: a read-only statement leaves nothing to reset, and a reset is another round trip."""


def is_usable(connection: Connection) -> bool:
    """Return whether a connection can be used. One that the server closed has returned to its pool by itself."""
    try:
        return not connection.is_closed()
    except asyncpg.InterfaceError:
        return False
