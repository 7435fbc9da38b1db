"""Deadlines in sentences, as (sentence, expected) pairs."""

from datetime import date

import pytest

from tests.support.sentences import commitments


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
