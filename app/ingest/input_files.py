"""Read the files that a load is given: regular files of a bounded size, nothing that a read may wait for."""

import os
import stat
from pathlib import Path

MEBIBYTE = 2**20


class InputFileError(Exception):
    """A file that is not read; the message says why and follows the file's name."""


def read_input_file(path: Path, max_bytes: int, within: Path | None = None) -> bytes:
    """Return the content of a regular file of at most `max_bytes`.

    With `within`, the file must lie in that directory, wherever its links point. Raises FileNotFoundError when there
    is no such file, InputFileError when it is a link to none, is anything else than a regular file, is too large or
    cannot be read.
    """
    try:
        real = os.path.realpath(path)
        if within is not None and not Path(real).is_relative_to(os.path.realpath(within)):
            raise InputFileError("is a link that leads out of the package")
        # Opening a FIFO would wait for somebody who writes into it.
        descriptor = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        if os.path.islink(path):
            raise InputFileError("is a link to a file that is not there") from None
        raise
    except OSError as error:
        raise InputFileError(f"cannot be read: {error.strerror}") from None
    except ValueError:
        raise InputFileError("cannot be read: its name is not one that a file can have") from None
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise InputFileError("is a directory, not a file" if stat.S_ISDIR(mode) else "is not a regular file")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content: bytes | None = file.read(max_bytes + 1)
    except OSError as error:
        raise InputFileError(f"cannot be read: {error.strerror}") from None
    finally:
        os.close(descriptor)
    if content is None:  # a file of the kernel that would wait for something to happen
        raise InputFileError("cannot be read: it has no content at the moment")
    if len(content) > max_bytes:
        raise InputFileError(f"is larger than {max_bytes // MEBIBYTE} MiB")
    return content
