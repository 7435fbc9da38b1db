"""Standard streams as every command needs them, whatever the terminal, the locale or the caller left open."""

import os
import sys
from contextlib import suppress
from io import TextIOWrapper

STDOUT, STDERR = 1, 2


def prepare_streams() -> None:
    """Make standard output UTF-8 where the locale says nothing better, and open streams that are closed.

    A file that a command opens would otherwise take the number of a closed stream and be written over by a message.
    What is written to a closed standard output fails, as it does to one that nobody reads.
    """
    for number in range(STDERR + 1):
        with suppress(OSError):
            os.fstat(number)
            continue
        opened = os.open(os.devnull, os.O_WRONLY if number == STDERR else os.O_RDONLY)
        os.set_inheritable(opened, True)  # for the server, which replaces this process
    if sys.stdout is None:
        sys.stdout = open(STDOUT, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(STDERR, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A file gets UTF-8 on every machine. A terminal keeps its encoding, unless that is ASCII.
            is_kept = stream.isatty() and stream.encoding.lower() not in ("ascii", "us-ascii", "ansi_x3.4-1968")
            stream.reconfigure(encoding=stream.encoding if is_kept else "utf-8", errors="backslashreplace")
