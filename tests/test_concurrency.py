"""Blocking functions in threads, and callers that are cancelled."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.concurrency import run_in_executor


def test_a_caller_that_is_cancelled_twice_still_waits_for_the_thread() -> None:
    interrupted, may_end, ended = threading.Event(), threading.Event(), threading.Event()
    begun = threading.Event()

    def work() -> None:
        begun.set()
        may_end.wait(30)
        ended.set()
        raise ZeroDivisionError

    async def run() -> None:
        failures: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: failures.append(context))
        with ThreadPoolExecutor(1) as executor:
            caller = asyncio.ensure_future(run_in_executor(executor, interrupted.set, work))
            while not begun.is_set():
                await asyncio.sleep(0)
            for _ in range(3):
                caller.cancel()
                for _ in range(10):
                    await asyncio.sleep(0)
                assert not caller.done()
            assert interrupted.is_set()
            may_end.set()
            with pytest.raises(asyncio.CancelledError):
                await caller
            assert ended.is_set()
        del caller
        assert not failures

    asyncio.run(run())


def test_a_function_whose_turn_has_not_come_is_not_called() -> None:
    may_end = threading.Event()
    called: list[int] = []

    async def run() -> None:
        with ThreadPoolExecutor(1) as executor:
            first = asyncio.ensure_future(run_in_executor(executor, may_end.set, may_end.wait, 30))
            second = asyncio.ensure_future(run_in_executor(executor, may_end.set, called.append, 2))
            await asyncio.sleep(0)
            second.cancel()
            with pytest.raises(asyncio.CancelledError):
                await second
            may_end.set()
            assert await first
        assert not called

    asyncio.run(run())
