"""Forms of days and titles in a diary; each form has its example in the table."""

from __future__ import annotations

from datetime import date

import pytest

from app.parser.news.diary_forms import (
    DAY_FORMS,
    DIARY_TITLES,
    ENTRY_MARK,
    DayForm,
    Month,
    is_diary_title,
    month_of_issue,
    month_of_title,
    read_day,
)
from app.parser.structure.sections import find_heading_kind

MAY = Month(2021, 5)
PUBLISHED = date(2021, 6, 20)


@pytest.mark.parametrize("form", DAY_FORMS, ids=lambda form: form.name)
@pytest.mark.parametrize("behind", ["", "，全市召开甲会议。", " 市长林一川出席甲会议。", "：全市召开甲会议。"])
def test_each_form_reads_its_example(form: DayForm, behind: str) -> None:
    day = read_day(form.example + behind, MAY, PUBLISHED)
    assert day is not None
    assert (str(day.first), str(day.last)) == form.days
    assert (day.rest, day.is_alone) == (behind.lstrip("，： "), not behind)


@pytest.mark.parametrize(
    "text", ["5日内完成整改。", "10日前报送。", "3日游线路。", "1.5日，", "全市5日召开会议。", "5月份，全市"]
)
def test_what_is_no_day(text: str) -> None:
    assert read_day(text, MAY, PUBLISHED) is None


@pytest.mark.parametrize(
    "text",
    [
        "【18日】全市召开会议。",
        "（5月18日）全市召开会议。",
        "18日上午9时，全市召开会议。",
        "18日9时30分，全市召开会议。",
    ],
)
def test_other_forms_of_a_day(text: str) -> None:
    day = read_day(text, MAY, PUBLISHED)
    assert day is not None
    assert day.first == date(2021, 5, 18)
    assert text.endswith(day.rest)
    assert day.rest.startswith("9时" if "时" in text else "全市")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("△ 市长", "市长"),
        ("同日，市长", "市长"),
        ("当天，市长", "市长"),
        ("①市长", "市长"),
        ("（1）市长", "市长"),
        ("1.市长", "市长"),
        ("（二）市长", "市长"),
        ("二、市长", "市长"),
        ("同日 市长", "市长"),
        ("2、5月1日，市长", "5月1日，市长"),
        ("8、9日，市长", "8、9日，市长"),
        ("1.5万人", "1.5万人"),
    ],
)
def test_marks_of_an_entry(text: str, rest: str) -> None:
    mark = ENTRY_MARK.match(text)
    assert text[mark.end() if mark else 0 :] == rest


@pytest.mark.parametrize(
    ("text", "month", "first"),
    [
        ("5日，甲", Month(), None),
        ("8月5日，甲", Month(), date(2020, 8, 5)),
        ("31日，甲", Month(2021, 6), None),
        ("12月31日，甲", Month(2021, 1), date(2020, 12, 31)),
        ("2020年12月31日，甲", MAY, date(2020, 12, 31)),
        ("9—8日，甲", MAY, None),
    ],
)
def test_a_day_needs_its_month(text: str, month: Month, first: date | None) -> None:
    day = read_day(text, month, PUBLISHED)
    assert day is not None
    assert day.first == first


@pytest.mark.parametrize("example", [example for _, example in DIARY_TITLES])
def test_each_title_opens_a_diary(example: str) -> None:
    assert is_diary_title(example)
    assert find_heading_kind(example) == "diary"
    assert month_of_title(example, PUBLISHED) == MAY


@pytest.mark.parametrize(
    ("title", "month"),
    [
        ("大事记", None),
        ("12月份市政府记事", Month(2020, 12)),
        ("二〇二〇年四月大事记", Month(2020, 4)),
        ("元月大事记", Month(2021, 1)),
        (None, None),
    ],
)
def test_the_month_of_a_title(title: str | None, month: Month | None) -> None:
    assert month_of_title(title, PUBLISHED) == month


@pytest.mark.parametrize(
    ("issue", "month"),
    [("2021-05", MAY), ("2021-12", Month()), ("2021-01", Month()), ("2021-05_06", Month()), ("2021-24", Month())],
)
def test_the_month_of_an_issue_is_its_number_only_when_it_is_published_then(issue: str, month: Month) -> None:
    assert month_of_issue(issue, PUBLISHED) == month
