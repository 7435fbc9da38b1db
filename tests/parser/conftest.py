"""Fixtures: one invented issue, parsed."""

import pytest

from app.parser import ParsedIssue, parse
from tests.support.invented_issue import AREAS, ISSUE


@pytest.fixture(scope="module")
def parsed() -> ParsedIssue:
    return parse(ISSUE, AREAS)
