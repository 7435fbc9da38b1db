"""Start a coroutine at once: most requests are answered without waiting, and then need no task.

Python 3.12 has `asyncio.eager_task_factory` for this; here it works on 3.11 too.
"""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context
from types import coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run_eagerly(
    work: Coroutine[Any, Any, T], on_result: Callable[[T], object], context: Context | None
) -> "asyncio.Task[None] | None":
    """Run `work` until it ends or has to wait, and call `on_result` with its result.

    Return the task that continues after a wait, or None if `on_result` has been called. `context` None means the
    caller's. Until its first wait `work` has no current task, so it must not start with `asyncio.timeout`.
    """
    try:
        waited = work.send(None) if context is None else context.run(work.send, None)
    except StopIteration as stop:
        on_result(stop.value)
        return None

    async def rest() -> None:
        on_result(await _resume(work, waited))

    return asyncio.get_running_loop().create_task(rest(), context=context)


@coroutine
def _resume(work: Coroutine[Any, Any, T], waited: Any) -> Generator[Any, Any, T]:
    """Continue a coroutine that waits for `waited`."""
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
