"""Titles in which a character differs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.parser.structure.near_titles import NearTitles, is_near

TITLE = "临江市护林行动计划实施方案"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (TITLE, TITLE),
        ("临江市护林行动规划实施方案", TITLE),
        ("临江市护林行动计划的实施方案", TITLE),
        ("临江市护林行动计划实施方", TITLE),
        ("临江市造林行动计划与方案", None),
        ("临江市护林工作要点", None),
    ],
)
def test_one_character_may_differ(printed: str, expected: str | None) -> None:
    assert NearTitles([TITLE, "临江市停车管理规定"]).find(printed) == expected


def test_a_figure_never_differs_and_two_titles_are_no_title() -> None:
    assert NearTitles(["临江市二〇二一年护林计划一期"]).find("临江市二〇二一年护林计划二期") is None
    assert NearTitles(["临江市第1批护林清单", "临江市第2批护林清单"]).find("临江市第3批护林清单") is None
    assert NearTitles(["临江市护林行动甘计划", "临江市护林行动苦计划"]).find("临江市护林行动计划") is None
    assert not is_near("护林", "护村")


@given(st.text("临江市护林造计划", min_size=8, max_size=30), st.data())
def test_a_title_with_one_character_changed_is_found(title: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(title) - 1))
    changed = data.draw(st.sampled_from([title[:at] + title[at + 1 :], f"{title[:at]}湖{title[at:]}"]))
    assert is_near(title, changed) == is_near(changed, title)
    assert NearTitles([title]).find(changed) == (title if len(changed) >= 8 else None)
