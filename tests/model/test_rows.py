"""Rows as they are stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.rows import FORMULA_START, escape_formula

HOSTILE = [
    "=1+1",
    "+86",
    "-x",
    "@SUM(A1)",
    "\tx",
    "\n=1",
    "＝1+1",
    "－5",
    "http://example.org",
    "'=x",
    "a\r\nb",
    '"q",;',
    "NA",
    "null",
    "中\U0001f600",
]
"""Texts that one reader or another takes for something else."""


@given(text=st.text() | st.sampled_from(HOSTILE))
def test_the_formula_guard_of_a_cell_is_reversible(text: str) -> None:
    cell = escape_formula(text)
    assert not cell.startswith(("=", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"))
    off = cell[1:] if cell.startswith("'") and FORMULA_START.match(cell[1:]) else cell
    assert off == text


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"])
def test_whatever_a_formula_may_begin_with_is_escaped(start: str) -> None:
    for text in (f"{start}HYPERLINK(1)", f"'{start}x", f"''{start}x", start):
        assert escape_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+5.25", "5", "5-5", "温州＋", "a=b", "'", "'温州'", "", " =1"])
def test_numbers_and_other_texts_are_left_as_they_are(text: str) -> None:
    assert escape_formula(text) == text
