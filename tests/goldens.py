"""Answers kept as files and reviewed by eye: `tests/golden/<name>`."""

from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"


def assert_golden(name: str, body: bytes) -> None:
    """The body is that of the file, to the byte; when it is meant to differ, review it and write it there."""
    assert body.decode() == (GOLDEN / name).read_bytes().decode()
