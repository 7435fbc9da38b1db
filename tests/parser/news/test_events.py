"""The government diary."""

from __future__ import annotations

from datetime import date

import pytest

from app.parser.news.events import extract_events
from app.parser.records import ParsedRow
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


INLINE = """
临江市2022年3月大事记

1日,0时17分,甲电站首次启动成功。

8日 全市甲动员大会召开,市委副书记、市长林一川讲话,副市长周二河主持。

△ 市委常委、副市长吴三山等到乙报社考察。

8—9日 省政协常委、丙委员会副主任郑四海率队,在我市调研,副市长周二河陪同。

30日至4月2日，市长林一川会见了以丁集团首席执行官尼尔·卡达先生为首的客人一行。

3日，全市召开戊会议。
会议要求抓好落实。

同日，副市长周二河到己县调研。
上旬，全市普降春雨。
（市政府办公室供稿）
"""


def test_days_inside_the_line() -> None:
    source = lines(INLINE)
    reading = extract_events(source, context(None))
    assert [row.id for row in reading.rows] == [
        "2022-03-01.1",
        "2022-03-08.1",
        "2022-03-08.2",
        "2022-03-08.3",
        "2022-03-30.1",
        "2022-04-03.1",
        "2022-04-03.2",
    ]
    assert [row.notes for row in reading.rows if row.notes] == [
        "from 2022-03-08 to 2022-03-09, printed 8—9日",
        "from 2022-03-30 to 2022-04-02, printed 30日至4月2日",
    ]
    first, meeting, visit, span, guests, further, same = reading.rows
    assert first.fields["activity"] == "0时17分,甲电站首次启动成功"
    assert people(meeting) == ["市委副书记、市长林一川", "副市长周二河"]
    assert people(visit) == ["市委常委、副市长吴三山"]
    assert people(span) == ["省政协常委、丙委员会副主任郑四海", "副市长周二河"]
    assert people(guests) == ["市长林一川", "丁集团首席执行官尼尔·卡达"]
    assert further.fields["activity"] == "全市召开戊会议。会议要求抓好落实"
    assert people(same) == ["副市长周二河"]
    assert [item.reason for item in reading.unread] == ["a diary entry without a day", "who wrote the diary"]
    assert is_accounted(reading, source)


def people(row: ParsedRow) -> list[str]:
    """Return the participants, each as title and name."""
    participants = row.fields["participants"]
    assert isinstance(participants, list)
    return [f"{each['title']}{each['name']}" for each in participants]


@pytest.mark.parametrize(
    ("heading", "listed", "issue", "month"),
    [
        ("4月份大事记", "5月大事记", "2021-06", "2022-04"),
        ("大事记", "2月份市政府记事", "2022-03", "2022-02"),
        ("大事记", "大事记", "2022-03", "2022-03"),
        ("大事记", None, "2022-03", "2022-03"),
    ],
)
def test_where_the_month_comes_from(heading: str, listed: str | None, issue: str, month: str) -> None:
    (row,) = extract_events(lines(f"## {heading}\n5日，全市召开甲会议。"), context(None, issue), listed).rows
    assert row.id == f"{month}-05.1"


def test_a_month_that_nothing_says_is_not_guessed() -> None:
    source = lines("# 大事记\n5日，全市召开甲会议。\n△ 副市长吴三山调研。\n6月7日，全市召开乙会议。")
    reading = extract_events(source, context(None, "2022-14"))
    assert [row.id for row in reading.rows] == ["2021-06-07.1"]
    assert [item.reason for item in reading.unread] == ["a day without a month", "a diary entry before any day"]


def test_a_day_in_a_torn_sentence_opens_no_day() -> None:
    source = lines("## 3月份市政府记事\n2日\n△ 市长林一川要求各县于\n10日，完成整改。\n△ 副市长吴三山参加甲会。")
    rows = extract_events(source, context(None)).rows
    assert [row.id for row in rows] == ["2022-03-02.1", "2022-03-02.2"]


def test_a_day_that_is_not_read_is_not_added_to_the_day_above() -> None:
    source = lines(
        "3月大事记\n2日，全市召开甲会议。\n5日至3日，全市召开乙会议。\n△ 丙会议召开。\n6日\n△ 副市长吴三山参加。"
    )
    reading = extract_events(source, context(None))
    assert [(row.id, row.fields["activity"]) for row in reading.rows] == [
        ("2022-03-02.1", "全市召开甲会议"),
        ("2022-03-06.1", "副市长吴三山参加。"),
    ]
    assert [item.line for item in reading.unread] == [3, 4]


def test_paragraphs_of_a_diary_without_marks() -> None:
    source = lines(
        "## 3月份市政府记事\n2日\n甲动员大会召开，市长林一川讲话。\n乙工程正式开工建设，进展顺利。\n4日\n短句。"
    )
    reading = extract_events(source, context(None))
    assert [row.id for row in reading.rows] == ["2022-03-02.1", "2022-03-02.2"]
    assert [item.line for item in reading.unread] == [6]
