"""Normalised lines, titles and numerals."""

import pytest

from app.parser.text.normalise import fold_width, match_key, parse_numeral, remove_spaces, split_lines, strip_markup


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("###  三、 保障", "三、 保障"),
        ("- **第一条** 为了", "第一条 为了"),
        ("甲<br/>乙&nbsp;", "甲 乙"),
        ("普通一行", "普通一行"),
    ],
)
def test_plain_drops_marks(printed: str, expected: str) -> None:
    assert strip_markup(printed) == expected


def test_fold_keeps_the_length() -> None:
    printed = "（２０２３）〔１〕—－：，％"
    assert fold_width(printed) == "(2023)[1]--:,%"
    assert len(fold_width(printed)) == len(printed)


def test_titles_are_equal_whatever_their_spaces_brackets_and_dashes() -> None:
    assert match_key("# 碧 水 计划（2024—2026年）") == match_key("碧水计划(2024-2026年)")
    assert remove_spaces("# 碧 水 计划 AI lab") == "碧水计划AI lab"


@pytest.mark.parametrize(
    ("printed", "value"),
    [("十", 10), ("二十三", 23), ("二〇二三", 2023), ("１２", 12), ("一百零五", 105), ("甲", None)],
)
def test_numeral(printed: str, value: int | None) -> None:
    assert parse_numeral(printed) == value


def test_lines_end_at_line_feeds_only() -> None:
    assert [line.text for line in split_lines("\ufeff甲\r\n乙\x0c丙\r丁")] == ["甲", "乙\x0c丙", "丁"]


def test_characters_without_width_are_left_out() -> None:
    assert [line.text for line in split_lines("\ufeff甲\u200b政办\n乙\ufeff")] == ["甲政办", "乙"]
