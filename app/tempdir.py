"""The directory for temporary files."""

import tempfile

MEMORY_FILE_SYSTEM = "/dev/shm"
"""A file system in memory, which is writable even in a container whose root file system is read-only."""


def temp_directory() -> str:
    """Return the system's temporary directory, or one in memory if the system has none that is writable."""
    try:
        return tempfile.gettempdir()
    except FileNotFoundError:
        return MEMORY_FILE_SYSTEM
