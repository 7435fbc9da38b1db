"""Two lanes for the database's work, so that a small job does not wait behind large ones.

A job begins in the short lane. What is not done there within a budget begins again in the long lane, which has turns
of its own. Nothing is guessed from the SQL.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import TypeVar

from app.concurrency import Turns, ensure_task
from app.db.reader import DatabaseBusy

SHORT_SECONDS = 0.25
"""How long a job may take in the short lane."""
SHORT_STREAM_SIZE = 2000
"""The number of rows, or kilobytes of CSV, with which a stream still counts as small."""
T = TypeVar("T")


async def stream_in_lanes(
    open_stream: Callable[[], AsyncGenerator[T, None]],
    size: Callable[[T], int],
    short_lane: Turns,
    long_lane: Turns,
    wait_seconds: float,
) -> AsyncGenerator[T, None]:
    """Yield what a stream yields, which is opened again when it has to change to the long lane.

    `size` tells how much of `SHORT_STREAM_SIZE` a batch takes. Raises DatabaseBusy if no turn is free within
    `wait_seconds`.
    """
    await ensure_task()
    deadline = asyncio.get_running_loop().time() + wait_seconds
    await take_turn(short_lane, deadline)
    lane = short_lane
    try:
        async with aclosing(open_stream()) as stream:
            batches, ended = await _read_start(stream, size)
            if ended is False and long_lane.take_now():
                short_lane.give_back()
                lane = long_lane
                for batch in batches:
                    yield batch
                async for batch in stream:
                    yield batch
                return
    finally:
        lane.give_back()
    if ended:
        for batch in batches:
            yield batch
        return
    del batches
    await take_turn(long_lane, deadline)
    try:
        async with aclosing(open_stream()) as stream:
            async for batch in stream:
                yield batch
    finally:
        long_lane.give_back()


async def _read_start(stream: AsyncGenerator[T, None], size: Callable[[T], int]) -> tuple[list[T], bool | None]:
    """Return the first batches of a stream, and whether they are all; None if it was cancelled for taking too long."""
    batches: list[T] = []
    taken = 0
    try:
        async with asyncio.timeout(SHORT_SECONDS) as limit:
            async for batch in stream:
                batches.append(batch)
                taken += size(batch)
                if taken > SHORT_STREAM_SIZE:
                    return batches, False
    except TimeoutError:
        if not limit.expired():
            raise
        return [], None
    return batches, True


async def take_turn(lane: Turns, deadline: float) -> None:
    """Take a turn. Raises DatabaseBusy if none is free until the deadline, which is a time of the event loop."""
    if lane.take_now():
        return
    try:
        await lane.take(deadline)
    except TimeoutError:
        raise DatabaseBusy("too many long statements are running") from None
