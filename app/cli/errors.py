"""What a command says when it fails: one line for each fault, and never a traceback."""

import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.errors import StartupError

if TYPE_CHECKING:
    from app.ingest.package_reader import PackageFault

EDITORIAL = "editorial/"
"""How a fault names a file of our own texts."""
WHOLE_TEXT = "the text"
"""How a fault names the text of an issue."""
MAX_SHOWN_FAULTS = 100
MAX_NAME_LENGTH = 200
PACKAGE = str(Path(__file__).resolve().parent.parent)


class CommandFailed(Exception):
    """A command that failed and knows what to say: the lines for stderr and the exit code."""

    def __init__(self, lines: list[str], code: int) -> None:
        super().__init__(lines, code)
        self.lines = lines
        self.code = code


def error_lines(error: Exception, source: str = "") -> Iterator[str]:
    """Yield what the user is told of an error. `source` is the file, package or address that was read, as it was given.

    Files are named by the path that the user can open.
    """
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
        name = str(error.filename or "")
        place = f"'{name[:MAX_NAME_LENGTH]}{'…' * (len(name) > MAX_NAME_LENGTH)}': " if name else ""
        yield f"{place}{error.strerror or error}"
        return
    from app.ingest.extract import NotAnIssueError
    from app.ingest.identity import RefusedError
    from app.ingest.load import LossRefusedError
    from app.ingest.package_reader import PackageError

    if isinstance(error, NotAnIssueError):
        name, message = Path(source).name, str(error)
        if name and message.startswith(name):
            yield f"{source}{message.removeprefix(name)}"
        else:  # a text from an address is in a file of another name
            yield f"{source}: {message}" if source else message
    elif isinstance(error, RefusedError):
        yield f"{source} is refused: {error}" if source else str(error)
    elif isinstance(error, PackageError):
        yield from _fault_lines(error.faults, source)
    elif isinstance(error, LossRefusedError):
        yield from error.outcome.losses.lines()
        yield "refused, because the database would lose this; --accept-loss loads it nevertheless"
    else:
        yield f"unexpected error, please report it: {_describe(error)}"


def _fault_lines(faults: "Sequence[PackageFault]", source: str) -> Iterator[str]:
    """Yield a line for each fault until they are many, and one with their number."""
    shown = [str(fault._replace(file=_locate(fault.file, source))) for fault in faults[:MAX_SHOWN_FAULTS]]
    if len(faults) == 1:
        yield f"refused: {shown[0]}"
        return
    yield from shown
    if more := len(faults) - len(shown):
        yield f"{more} more faults"
    yield f"refused, {len(faults)} fault(s)"


def _locate(file: str, source: str) -> str:
    """Return the path of a file that belongs to a package, or stands beside a text."""
    path = Path(source)
    if not source or file.startswith(EDITORIAL):
        return file
    if path.is_dir():
        return str(path / file)
    if file == WHOLE_TEXT:
        return source
    return str(path.with_name(file)) if path.with_name(file).is_file() else file


def _describe(error: Exception) -> str:
    """Return type, message and place of an error in one line; the place is the last line of the program itself."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename.startswith(PACKAGE)]
    place = f" ({own[-1].filename.removeprefix(PACKAGE)[1:]}, line {own[-1].lineno})" if own else ""
    message = " ".join(str(error).split())[:300]
    return f"{type(error).__name__}{': ' if message else ''}{message}{place}"


def print_error(line: str) -> None:
    """Print a line to stderr, if somebody reads it. What would not be printed as it stands is escaped."""
    shown = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in line)
    with suppress(OSError):
        typer.echo(f"gazette: {shown}", err=True)


def discard_output() -> None:
    """Let what is still to be written to stdout vanish, because Python would complain about it when it exits."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
