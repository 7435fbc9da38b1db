"""People at an event."""

from __future__ import annotations

import pytest

from app.parser.news.participants import extract_participants


@pytest.mark.parametrize(
    ("text", "people", "activity"),
    [
        ("市长林一川，副市长吴三山、郑四海参加甲会。", ["市长林一川", "副市长吴三山", "副市长郑四海"], "甲会"),
        ("副市长欧阳大山带队检查甲。", ["副市长欧阳大山"], "带队检查甲"),
        ("市委常委、常务副市长周二河出席甲。", ["市委常委、常务副市长周二河"], "出席甲"),
        ("市领导参加甲会。", [], "市领导参加甲会"),
        ("市长林一川喜迎甲。", [], "市长林一川喜迎甲"),
    ],
)
def test_participants(text: str, people: list[str], activity: str) -> None:
    found, rest, sure = extract_participants(text, {})
    assert [person.title + person.name for person in found] == people
    assert rest == activity
    assert sure == (activity != "市长林一川喜迎甲")
