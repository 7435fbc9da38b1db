"""Cleaning of lines, dates, slugs and document numbers."""

from datetime import date

import pytest

from app.parser.text.dates import find_date, last_day_of_term
from app.parser.text.document_numbers import document_id, mentioned_number, normal_number, registration_number
from app.parser.text.normalise import fold, key, numeral, plain, split_lines, unspaced
from app.parser.text.slugs import slug, unique


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
    assert plain(printed) == expected


def test_fold_keeps_the_length() -> None:
    printed = "（２０２３）〔１〕—－：，％"
    assert fold(printed) == "(2023)[1]--:,%"
    assert len(fold(printed)) == len(printed)


def test_titles_are_equal_whatever_their_spaces_brackets_and_dashes() -> None:
    assert key("# 碧 水 计划（2024—2026年）") == key("碧水计划(2024-2026年)")
    assert unspaced("# 碧 水 计划 AI lab") == "碧水计划AI lab"


@pytest.mark.parametrize(
    ("printed", "value"),
    [("十", 10), ("二十三", 23), ("二〇二三", 2023), ("１２", 12), ("一百零五", 105), ("甲", None)],
)
def test_numeral(printed: str, value: int | None) -> None:
    assert numeral(printed) == value


def test_lines_end_at_line_feeds_only() -> None:
    assert [line.text for line in split_lines("\ufeff甲\r\n乙\x0c丙\r丁")] == ["甲", "乙\x0c丙", "丁"]


def test_dates_in_both_figures() -> None:
    assert find_date("二〇二三年十一月三日") == date(2023, 11, 3)
    assert find_date("2023 年 11 月 3 日") == date(2023, 11, 3)
    assert find_date("2023年13月3日") is None


def test_a_term_ends_on_the_day_before() -> None:
    assert last_day_of_term(date(2023, 3, 1), years=2) == date(2025, 2, 28)
    assert last_day_of_term(date(2024, 2, 29), years=1) == date(2025, 2, 28)


@pytest.mark.parametrize(
    "printed", ["临政办〔2023〕41号", "临政办[2023] 41 号", "临政办（２０２３）41号", "临政办【2023】第41号"]
)
def test_numbers_in_any_brackets_name_one_document(printed: str) -> None:
    assert document_id(printed, "", None) == "linzhengban-2023-41"
    assert normal_number(printed) == "临政办〔2023〕41号"


def test_an_order_is_named_after_its_issuer() -> None:
    assert document_id("第12号", "", "临江市人民政府") == "linjiangshirenminzhengfuling-12"


def test_a_number_in_running_text_loses_the_words_before_it() -> None:
    assert mentioned_number("应具备临政办发〔2018〕6号") == "临政办发〔2018〕6号"


def test_registration_numbers_have_no_spaces() -> None:
    assert registration_number("LJCC00 － 2023 － 0009") == "LJCC00-2023-0009"


def test_a_second_bearer_of_a_slug() -> None:
    taken: dict[str, int] = {}
    assert [unique(slug("柳桥"), taken) for _ in range(3)] == ["liuqiao", "liuqiao-2", "liuqiao-3"]


def test_characters_without_width_are_left_out() -> None:
    assert [line.text for line in split_lines("\ufeff甲\u200b政办\n乙\ufeff")] == ["甲政办", "乙"]
