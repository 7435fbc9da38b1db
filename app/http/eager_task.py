"""A coroutine begun at once: most questions are answered without waiting, and then need no task.

From Python 3.12 asyncio can begin tasks so itself (`asyncio.eager_task_factory`); this does it on 3.11 too.
"""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context
from types import coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run_eagerly(
    work: Coroutine[Any, Any, T], then: Callable[[T], object], context: Context | None
) -> "asyncio.Task[None] | None":
    """Run `work` until it ends or has to wait, and give what it returns to `then`; `context` None is the caller's.

    Returns the task that goes on where it has to wait, None where `then` was called already. Up to its first wait
    `work` has no current task, so it may not begin with a time limit of asyncio's.
    """
    try:
        waited = work.send(None) if context is None else context.run(work.send, None)
    except StopIteration as stop:
        then(stop.value)
        return None

    async def rest() -> None:
        then(await _resume(work, waited))

    return asyncio.get_running_loop().create_task(rest(), context=context)


@coroutine
def _resume(work: Coroutine[Any, Any, T], waited: Any) -> Generator[Any, Any, T]:
    """The rest of a coroutine that waits for something."""
    while True:
        stopped: BaseException | None = None
        try:
            value = yield waited
        except BaseException as error:  # above all that the task is cancelled
            stopped = error
        try:
            waited = work.send(value) if stopped is None else work.throw(stopped)
        except StopIteration as stop:
            result: T = stop.value
            return result
