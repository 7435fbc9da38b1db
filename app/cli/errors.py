"""What a command says when it fails: one line for each fault, and never a traceback."""

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import typer

from app.errors import StartupError

PACKAGE = str(Path(__file__).resolve().parent.parent)


class CommandFailed(Exception):
    """A command that failed and knows what to say: the lines for stderr and the exit code."""

    def __init__(self, lines: list[str], code: int) -> None:
        super().__init__(lines, code)
        self.lines = lines
        self.code = code


def error_lines(error: Exception) -> Iterator[str]:
    """Yield what the user is told of an error."""
    if isinstance(error, typer.TyperException):
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "gazette"
        message = error.format_message()
        yield f"{message}{'' if message.endswith(('.', '?')) else '.'} See '{command} --help'."
        return
    if isinstance(error, (StartupError, ValueError)):
        yield str(error)
        return
    if isinstance(error, OSError):
        yield f"'{error.filename}': {error.strerror}" if error.filename else str(error.strerror or error)
        return
    from app.ingest.extract import NotAnIssueError
    from app.ingest.identity import RefusedError
    from app.ingest.load import LossRefusedError
    from app.ingest.package_reader import PackageError

    if isinstance(error, (NotAnIssueError, RefusedError)):
        yield str(error)
    elif isinstance(error, PackageError):
        yield from map(str, error.faults)
        yield f"refused, {len(error.faults)} fault(s)"
    elif isinstance(error, LossRefusedError):
        yield from error.outcome.losses.lines()
        yield "refused, because the database would lose this; --accept-loss loads it nevertheless"
    else:
        yield f"unexpected error, please report it: {_describe(error)}"


def _describe(error: Exception) -> str:
    """Return type, message and place of an error in one line; the place is the last line of the program itself."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename.startswith(PACKAGE)]
    place = f" ({own[-1].filename.removeprefix(PACKAGE)[1:]}, line {own[-1].lineno})" if own else ""
    message = " ".join(str(error).split())[:300]
    return f"{type(error).__name__}{': ' if message else ''}{message}{place}"


def print_error(line: str) -> None:
    """Print a line to stderr, if somebody reads it."""
    with suppress(OSError):
        typer.echo(f"gazette: {line}", err=True)


def discard_output() -> None:
    """Let what is still to be written to stdout vanish, because Python would complain about it when it exits."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
