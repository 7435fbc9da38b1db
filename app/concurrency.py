"""Take turns, and run blocking functions in threads. A cancelled caller neither keeps a turn nor leaves work behind."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import ParamSpec, TypeVar

import anyio

P = ParamSpec("P")
T = TypeVar("T")


class Turns:
    """A number of jobs that may run at the same time. The others wait for a turn, first come, first served.

    There is no bound on the wait: callers set one with `asyncio.timeout`.
    """

    def __init__(self, count: int) -> None:
        self._free = count
        self._waiting: dict[asyncio.Future[None], None] = {}

    def take_now(self) -> bool:
        """Take a turn if one is free, and return whether it was."""
        if self._free:
            self._free -= 1
            return True
        return False

    async def take(self) -> None:
        """Wait for a turn and take it."""
        if self.take_now():
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[turn] = None
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._waiting.pop(turn, None)
            else:  # the turn came when the caller had already been cancelled
                self.give_back()
            raise

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
            with anyio.CancelScope(shield=True):
                await asyncio.wait([future])
            if not future.cancelled():
                future.exception()  # retrieve it, or asyncio logs that it was never retrieved
        raise
