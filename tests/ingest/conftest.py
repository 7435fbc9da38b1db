"""Fixtures: texts of issues loaded one after the other."""

from functools import partial
from pathlib import Path

import pytest

from tests.support.packages import load_text
from tests.support.texts import DAY, LoadText


@pytest.fixture
def load(empty_url: str, tmp_path: Path) -> LoadText:
    """Return a function that loads a text into a database that held nothing."""
    return partial(load_text, empty_url, tmp_path / "issue.txt", DAY)
