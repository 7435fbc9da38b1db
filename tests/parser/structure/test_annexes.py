"""Annexes of documents."""

from app.parser import ParsedIssue
from tests.support.invented_issue import by_id


def test_annexes_are_held_or_not(parsed: ParsedIssue) -> None:
    assert by_id(parsed, "documents")["linzhengban-2023-41"]["annexes"] == [
        {"number": 1, "title": "责任清单", "held": True},
        {"number": 2, "title": "位置图", "held": False},
        {"number": 3, "title": "联系表", "held": True},
    ]
