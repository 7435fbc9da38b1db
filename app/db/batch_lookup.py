"""Lookups that arrive together are made together.

A round trip to a server costs much more than what it finds there. So whatever is looked up while the
event loop goes through the requests at hand is asked for in one statement, which is sent when it is through.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from app.db.reader import Lookup, Rows, Statement, Values

MOST = 100
"""The most ids in one statement."""
Found = asyncio.Future[tuple[Any, ...] | None]
Gathered = list[tuple[str, Found]]


class Gathering:
    """What is to be looked up next."""

    def __init__(self, fetch: Callable[[Statement, Values], Awaitable[Rows]]) -> None:
        self._fetch = fetch
        self._waiting: dict[tuple[object, ...], Gathered] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def find(self, lookup: Lookup, values: Values, key: str) -> tuple[Any, ...] | None:
        """The row of an id; raises Unavailable."""
        loop = asyncio.get_running_loop()
        found: Found = loop.create_future()
        kind = (lookup, *values.items())
        gathered = self._waiting.get(kind)
        if gathered is None or len(gathered) >= MOST:
            gathered = self._waiting[kind] = []
            loop.call_soon(self._send, kind, gathered, lookup, values)
        gathered.append((key, found))
        return await found

    def _send(self, kind: tuple[object, ...], gathered: Gathered, lookup: Lookup, values: Values) -> None:
        if self._waiting.get(kind) is gathered:
            del self._waiting[kind]
        task = asyncio.get_running_loop().create_task(self._look_up(gathered, lookup, values))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _look_up(self, gathered: Gathered, lookup: Lookup, values: Values) -> None:
        try:
            rows = await self._fetch(lookup.several, {**values, "ids": list({key for key, _ in gathered})})
        except BaseException as error:
            for _, found in gathered:
                if not found.done():
                    found.set_exception(error)
            if not isinstance(error, Exception):
                raise
            return
        by_key = {row[0]: tuple(row[1:]) for row in rows}
        for key, found in gathered:
            if not found.done():  # who asked may be gone
                found.set_result(by_key.get(key))
