"""A commitment in words."""

from decimal import Decimal
from typing import Any

import pytest

from app.datasets.commitments import Certainty, Comparator
from app.renderers.site.commitment_words import (
    CERTAINTY_PHRASES,
    COMPARATOR_PHRASES,
    commitment_in_words,
    figure_in_words,
)

ROW: dict[str, Any] = {
    "kind": "target",
    "subject_zh": "优良断面比例",
    "subject_en": "Share of good sections",
    "comparator": "gte",
    "value": Decimal("93.50"),
    "value_to": None,
    "unit": "%",
    "due_from": "2022-01-01",
    "due_to": "2022-12-31",
    "certainty": "strive",
}


def test_all_parts_in_both_languages() -> None:
    zh, en = (commitment_in_words(ROW, language) for language in ("zh", "en"))
    assert (zh.subject, zh.kind, zh.figure, zh.due, zh.certainty) == (
        "优良断面比例",
        "目标",
        "不少于93.50%",
        "2022年内",
        "力争",
    )
    assert (en.subject, en.kind, en.figure, en.due) == (
        "Share of good sections",
        "Target",
        "at least 93.50%",
        "in 2022",
    )
    assert (zh.is_subject_ours, en.is_subject_ours) == (False, True)


@pytest.mark.parametrize(
    ("comparator", "value", "value_to", "unit", "zh", "en"),
    [
        ("eq", Decimal(5), None, "个", "5个", "5 个"),
        ("lte", Decimal(10), None, "个工作日", "不超过10个工作日", "at most 10 个工作日"),
        ("range", Decimal(3), Decimal(5), "%", "3至5%", "3 to 5%"),
        ("lte", None, None, None, "", ""),
        (None, Decimal("0.5"), None, None, "0.5", "0.5"),
    ],
)
def test_figures(
    comparator: str | None, value: Decimal | None, value_to: Decimal | None, unit: str | None, zh: str, en: str
) -> None:
    row = {"comparator": comparator, "value": value, "value_to": value_to, "unit": unit}
    assert figure_in_words(row, "zh") == zh
    assert figure_in_words(row, "en") == en


def test_a_subject_without_translation_stays_chinese() -> None:
    words = commitment_in_words({**ROW, "subject_en": None}, "en")
    assert (words.subject, words.is_subject_ours) == ("优良断面比例", False)


@pytest.mark.parametrize(("day", "is_past"), [("2022-12-31", False), ("2023-01-01", True), (None, False)])
def test_the_last_day_still_counts(day: str | None, is_past: bool) -> None:
    assert commitment_in_words(ROW, "zh", day).is_past is is_past


def test_every_code_has_words() -> None:
    assert set(COMPARATOR_PHRASES) == set(Comparator)
    assert set(CERTAINTY_PHRASES) == set(Certainty)
