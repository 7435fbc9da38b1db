"""Where files may be made for a moment."""

import tempfile

MEMORY = "/dev/shm"
"""A file system in memory, which also a container with a read-only file system has."""


def place() -> str:
    """The directory for temporary files: the system's, or in memory where that cannot be written."""
    try:
        return tempfile.gettempdir()
    except FileNotFoundError:
        return MEMORY
