"""Responses kept as reviewed files: `tests/support/golden/<name>`."""

from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"


def assert_golden(name: str, body: bytes) -> None:
    """Assert that the body equals the file. When it is meant to differ, review it and write it there."""
    assert body.decode() == (GOLDEN / name).read_bytes().decode()
