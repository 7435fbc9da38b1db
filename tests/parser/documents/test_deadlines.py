"""Deadlines in sentences."""

from datetime import date

import pytest

from app.parser.documents.deadlines import DATE_FORMS, DateForm, find_deadlines
from tests.support.sentences import commitments

SIGNED_ON = date(2023, 2, 1)


@pytest.mark.parametrize("form", DATE_FORMS, ids=lambda form: form.example)
def test_a_form_of_dates_is_read_as_its_table_says(form: DateForm) -> None:
    found = find_deadlines(form.example, SIGNED_ON, recurring=False)
    assert form.pattern.search(form.example)
    days = [tuple(day and day.isoformat() for day in (each.due_from, each.due_to)) for each in found]
    assert days == ([form.expected] if form.is_deadline else [])


@pytest.mark.parametrize(
    ("sentence", "due_from", "due_to"),
    [
        ("2024年4月底前完成排查。", None, date(2024, 4, 30)),
        ("到2025年，基本实现全覆盖。", None, date(2025, 12, 31)),
        ("2024年到2025年，持续巩固成果。", date(2024, 1, 1), date(2025, 12, 31)),
        ("各站须于7月底前报送台账。", None, date(2023, 7, 31)),
        ("1月底前完成方案。", None, None),
        ("当年10月20日前报送名单。", None, None),
        ("计划三年内完成修缮17座以上。", date(2024, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_deadline_in_a_sentence(sentence: str, due_from: date | None, due_to: date | None) -> None:
    (found,) = commitments(sentence)
    assert (found["due_from"], found["due_to"]) == (due_from, due_to)


def test_validity_has_the_days_of_the_closing_article() -> None:
    (found,) = commitments("本办法自2023年4月1日起施行,有效期2年。")
    assert (found["subject_zh"], found["due_to"]) == ("本办法有效期", date(2025, 3, 31))


def test_a_month_without_a_year_is_in_the_year_of_the_date_before_it() -> None:
    rows = commitments("2024年6月底前，各县完成方案；9月底前，全面铺开。")
    assert [row["due_to"] for row in rows] == [date(2024, 6, 30), date(2024, 9, 30)]


def test_the_year_of_a_goal_dates_the_sentences_after_it_in_its_paragraph() -> None:
    rows = commitments("一、目标\n到2025年，体系基本健全。新增车位3000个，覆盖率达到90%。\n二、任务\n新增公园30个。")
    assert [row["due_to"] for row in rows] == [*[date(2025, 12, 31)] * 3, None]


def test_several_dates_are_shared_out_to_as_many_figures() -> None:
    first, second = commitments("到2024年、2025年，分别完成改造120个和150个。")
    assert (first["due_to"], second["due_to"]) == (date(2024, 12, 31), date(2025, 12, 31))


def test_all_members_of_a_list_after_one_date_are_commitments() -> None:
    rows = commitments("到2025年，管网系统完备，园区均应建成处理设施，入园企业废水须经预处理。")
    assert [row["subject_zh"] for row in rows] == ["管网系统完备", "园区均应建成处理设施", "入园企业废水须经预处理"]
    assert {row["due_to"] for row in rows} == {date(2025, 12, 31)}
