"""Run blocking functions in threads. A cancelled caller waits until its thread has finished."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import ParamSpec, TypeVar

import anyio

P = ParamSpec("P")
T = TypeVar("T")


async def run_in_executor(
    executor: Executor, interrupt: Callable[[], object], function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Return what the function returns.

    When the caller is cancelled, call `interrupt`, wait until the thread has finished, and raise CancelledError.
    """
    future = asyncio.get_running_loop().run_in_executor(executor, lambda: function(*args, **kwargs))
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        interrupt()
        with anyio.CancelScope(shield=True):
            await asyncio.wait([future])
        if not future.cancelled():
            future.exception()  # retrieve it, or asyncio logs that it was never retrieved
        raise
