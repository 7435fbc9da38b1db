"""What Ctrl-C does, and `kill` or a closed terminal. A command ends at once where there is nothing to clean up, and
cleans up where there is.

An exception that interrupts an import may come out of it as any other, so there is none until the imports are done.
"""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

INTERRUPTED = 130
"""The exit code of an interrupted command."""
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def exit_on_interrupt() -> None:
    """End the process on Ctrl-C with one line, unless it is ignored, as in the background of a shell."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _exit)


def ignore_interrupts() -> None:
    """Ignore the signals from now on: the command is done, and its exit code is to be that of what it did."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _exit(_number: int, _frame: object) -> None:
    os.write(2, b"gazette: interrupted\n")
    os._exit(INTERRUPTED)


@contextmanager
def raise_on_interrupt() -> Iterator[list[int]]:
    """Raise KeyboardInterrupt on Ctrl-C, SIGTERM and SIGHUP inside the block. What is ignored stays so (`nohup`).

    The list yielded is not empty after one. Look into it when another exception is caught: code that was interrupted
    may have raised it instead.
    """
    received: list[int] = []

    def handle(number: int, _frame: object) -> None:
        received.append(number)
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield received
        return
    heeded = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    previous = {number: signal.signal(number, handle) for number in heeded}
    try:
        yield received
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
