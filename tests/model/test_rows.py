"""Rows as they are stored."""

from hypothesis import given
from hypothesis import strategies as st

from app.model.rows import FORMULA_START, escape_formula

HOSTILE = [
    "=1+1",
    "+86",
    "-x",
    "@SUM(A1)",
    "\tx",
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
    assert not cell.startswith(("=", "@", "\t", "\r"))
    off = cell[1:] if cell.startswith("'") and FORMULA_START.match(cell[1:]) else cell
    assert off == text
