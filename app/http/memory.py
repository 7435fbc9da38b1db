"""Give freed memory back to the system."""

import asyncio
import ctypes
import gc
from collections.abc import Callable

IDLE_SECONDS = 1.0
M_ARENA_MAX = -8
"""glibc's number for the option of `mallopt` (malloc.h)."""
MAX_ARENAS = 2


def limit_arenas() -> None:
    """Let all threads share two heaps. By default each has its own, which keeps what one large export took."""
    try:
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, MAX_ARENAS)
    except (OSError, AttributeError):
        return


def load_malloc_trim() -> Callable[[int], int] | None:
    """Return glibc's `malloc_trim`, None where the C library has none."""
    try:
        trim: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return None
    return trim


class MemoryTrimmer:
    """Gives memory back once after a burst of exports.

    Python keeps cycles of objects until it collects them, and glibc keeps what was freed.
    """

    def __init__(self) -> None:
        self._trim = load_malloc_trim()
        self._timer: asyncio.TimerHandle | None = None

    def schedule(self) -> None:
        """Give memory back after a moment without another call."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._give_back)

    def _give_back(self) -> None:
        self._timer = None
        gc.collect()
        if self._trim is not None:
            self._trim(0)
