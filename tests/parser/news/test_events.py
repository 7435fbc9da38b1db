"""The government diary."""

from __future__ import annotations

from datetime import date

import pytest

from app.parser.news.events import extract_events
from tests.support.invented_lines import context, is_accounted, lines

DIARY = """
## 3月份市政府记事

2日

△ 市长林一川，常务副市长周二河，副市长吴三山、郑四海参加甲会议。

△ 副市长吴三山陪同部领导调研乙

工程。

▲ 市政府召开丙会议。

**4日**

* 市长林一川、副市长郑四海启幕丁活动。
没有标记的一行。
"""


def test_entries() -> None:
    source = lines(DIARY)
    reading = extract_events(source, context(None))
    assert [(row.id, row.first_line, row.last_line) for row in reading.rows] == [
        ("2022-03-02.1", 5, 5),
        ("2022-03-02.2", 7, 9),
        ("2022-03-02.3", 11, 11),
        ("2022-03-04.1", 15, 15),
    ]
    assert [row.fields["activity"] for row in reading.rows] == [
        "甲会议",
        "陪同部领导调研乙工程",
        "市政府召开丙会议",
        "启幕丁活动",
    ]
    assert reading.rows[2].fields["participants"] == []
    assert [item.line for item in reading.unread] == [16]
    assert is_accounted(reading, source)


def test_a_word_printed_twice_is_kept_and_noted() -> None:
    (row,) = extract_events(lines("2日\n△ 副市长吴三山参加甲带建设建设动员会。"), context(None)).rows
    assert (row.fields["activity"], row.notes) == ("甲带建设建设动员会", "建设 is printed twice in a row")


def test_december_diary_in_a_january_issue() -> None:
    reading = extract_events(lines("## 12月份市政府记事\n31日\n△ 市长林一川参加甲会。"), context(None, "2022-01"))
    assert reading.rows[0].fields["date"] == date(2021, 12, 31)


@pytest.mark.parametrize(
    "day", ["4日", "3月4日：", "2022年3月4日", "4日（星期五）", "3月4日 星期五", "4日上午", "四日", "４日", "## 4日"]
)
def test_forms_of_a_day(day: str) -> None:
    (row,) = extract_events(lines(f"## 3月份市政府记事\n{day}\n△ 市长林一川参加甲会。"), context(None)).rows
    assert row.fields["date"] == date(2022, 3, 4)


def test_impossible_or_missing_days_are_unread() -> None:
    source = lines("## 2月份市政府记事\n△ 市长林一川参加甲会。\n31日\n△ 市长林一川参加乙会。")
    reading = extract_events(source, context(None))
    assert not reading.rows
    assert [item.line for item in reading.unread] == [2, 3, 4]


def test_lost_and_misread_marks() -> None:
    source = lines("## 3月份市政府记事\n2日\n市长林一川参加甲会。\nA 副市长吴三山出席乙会。\n另有一句话。")
    reading = extract_events(source, context(None))
    assert [row.fields["activity"] for row in reading.rows] == ["甲会", "出席乙会"]
    assert len(reading.doubts) == 2
    assert [item.line for item in reading.unread] == [5]
