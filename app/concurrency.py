"""Take turns, and run blocking functions in threads. A cancelled caller neither keeps a turn nor leaves work behind."""

import asyncio
import math
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from typing import ParamSpec, TypeVar

import anyio

P = ParamSpec("P")
T = TypeVar("T")


class Turns:
    """A number of jobs that may run at the same time. The others wait for a turn, first come, first served.

    One timer watches all waits, because a timer for each costs more than a short job.
    """

    def __init__(self, count: int) -> None:
        self._free = count
        self._waiting: dict[asyncio.Future[None], float] = {}
        """Who waits, and until when."""
        self._timer: asyncio.TimerHandle | None = None

    def take_now(self) -> bool:
        """Take a turn if one is free, and return whether it was."""
        if self._free:
            self._free -= 1
            return True
        return False

    async def take(self, deadline: float = math.inf) -> None:
        """Wait for a turn and take it. Raises TimeoutError if none is free until a time of the event loop."""
        if self.take_now():
            return
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        self._waiting[turn] = deadline
        self._watch(loop, deadline)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._waiting.pop(turn, None)
            elif turn.exception() is None:  # the turn came when the caller had already been cancelled
                self.give_back()
            raise

    def _watch(self, loop: asyncio.AbstractEventLoop, deadline: float) -> None:
        """Have the waits looked at when the first of them ends."""
        if deadline == math.inf or (self._timer is not None and self._timer.when() <= deadline):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_at(deadline, self._end_waits, loop)

    def _end_waits(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        now = loop.time()
        for turn, deadline in list(self._waiting.items()):
            if deadline <= now:
                del self._waiting[turn]
                if not turn.done():
                    turn.set_exception(TimeoutError())
        if self._waiting:
            self._watch(loop, min(self._waiting.values()))

    def give_back(self) -> None:
        """End a turn, so that the next job in line has it."""
        while self._waiting:
            turn = next(iter(self._waiting))
            del self._waiting[turn]
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


async def ensure_task() -> None:
    """Go on inside a task, which a time limit of asyncio's needs; see `app.http.eager_task`."""
    if asyncio.current_task() is None:
        await asyncio.sleep(0)


async def run_in_executor(
    executor: Executor, interrupt: Callable[[], object], function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Return what the function returns.

    When the caller is cancelled before a thread has begun, the function is not called. Otherwise call `interrupt`,
    wait until the thread has finished, and raise CancelledError.
    """
    job = executor.submit(lambda: function(*args, **kwargs))
    future = asyncio.wrap_future(job)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        if not job.cancel():
            interrupt()
            while not future.done():  # a caller may be cancelled twice, for two reasons
                with anyio.CancelScope(shield=True), suppress(asyncio.CancelledError):
                    await asyncio.wait([future])
            if not future.cancelled():
                future.exception()  # retrieve it, or asyncio logs that it was never retrieved
        raise
