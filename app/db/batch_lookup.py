"""Combine lookups that arrive together into one statement (the DataLoader pattern).

A round trip to a server costs much more than the lookup itself. All rows that are looked up during one iteration
of the event loop are therefore fetched with one statement, which is sent at the end of the iteration.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from app.db.reader import Lookup, Rows, Statement, Values

MAX_BATCH_SIZE = 100
"""The maximum number of ids in one statement."""
RowFuture = asyncio.Future[tuple[Any, ...] | None]
Batch = list[tuple[str, RowFuture]]


class BatchLoader:
    """Collects lookups and fetches them in batches."""

    def __init__(self, fetch: Callable[[Statement, Values], Awaitable[Rows]]) -> None:
        self._fetch = fetch
        self._open_batches: dict[tuple[object, ...], Batch] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def load(self, lookup: Lookup, values: Values, row_id: str) -> tuple[Any, ...] | None:
        """Return the row with an id, or None. Raises DatabaseUnavailable."""
        loop = asyncio.get_running_loop()
        future: RowFuture = loop.create_future()
        batch_key = (lookup, *values.items())
        batch = self._open_batches.get(batch_key)
        if batch is None or len(batch) >= MAX_BATCH_SIZE:
            batch = self._open_batches[batch_key] = []
            loop.call_soon(self._start_batch, batch_key, batch, lookup, values)
        batch.append((row_id, future))
        return await future

    def _start_batch(self, batch_key: tuple[object, ...], batch: Batch, lookup: Lookup, values: Values) -> None:
        if self._open_batches.get(batch_key) is batch:
            del self._open_batches[batch_key]
        task = asyncio.get_running_loop().create_task(self._run_batch(batch, lookup, values))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_batch(self, batch: Batch, lookup: Lookup, values: Values) -> None:
        try:
            rows = await self._fetch(lookup.by_ids, {**values, "ids": list({row_id for row_id, _ in batch})})
        except BaseException as error:
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            if not isinstance(error, Exception):
                raise
            return
        rows_by_id = {row[0]: tuple(row[1:]) for row in rows}
        for row_id, future in batch:
            if not future.done():  # the request may have been cancelled
                future.set_result(rows_by_id.get(row_id))
