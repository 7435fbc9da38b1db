"""Commitments in sentences, as (sentence, expected) pairs."""

from datetime import date

import pytest

from tests.support.sentences import commitments


@pytest.mark.parametrize(
    "sentence",
    [
        "湖区面积共36平方公里。",
        "渔户约1.2万户。",
        "在1971年至1975年期间建成。",
        "根据《若干意见》（临政发〔2013〕52号）精神。",
        "近三年经营情况。",
        "共计31个行政村。",
    ],
)
def test_background_is_no_commitment(sentence: str) -> None:
    assert commitments(sentence) == []


def test_a_condition_is_a_firm_threshold() -> None:
    (found,) = commitments("鼓励获得4A以上信用等级的协会承接。")
    assert (found["kind"], found["certainty"]) == ("threshold", "firm")


def test_a_target_to_strive_for_differs_from_a_firm_one() -> None:
    first, second = commitments("2024年优良比例力争达到80%以上，2025年优良比例达到85%以上。")
    assert (first["certainty"], second["certainty"]) == ("strive", "firm")
    assert (first["due_to"], second["due_to"]) == (date(2024, 12, 31), date(2025, 12, 31))
