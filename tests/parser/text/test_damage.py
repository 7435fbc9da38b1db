"""Damage that a text shows by itself gets a note."""

import pytest

from app.parser.text.damage import MISREADINGS, Misreading, find_damage


@pytest.mark.parametrize("word", MISREADINGS, ids=lambda word: word.printed)
def test_each_row_of_misreadings(word: Misreading) -> None:
    (note,) = find_damage(word.example)
    assert note == f"printed as {word.printed.rstrip('(')}, probably {word.likely.rstrip('(')}"


@pytest.mark.parametrize("text", ["形成任务表、时间表、时间表，边排查边整治", "时间表、时间表"])
def test_what_is_printed_twice(text: str) -> None:
    assert find_damage(text) == ["时间表 is printed twice"]


@pytest.mark.parametrize("text", ["加强管理、管理人员", "任务表、时间表", "县域交界处", "乐琯运河"])
def test_whole_text_has_no_note(text: str) -> None:
    assert find_damage(text) == []
