"""Arithmetic of groups."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.query.group_table import divide_half_even


@settings(max_examples=200, deadline=None)
@given(dividend=st.integers(-(10**25), 10**25), divisor=st.integers(1, 10**6))
def test_rounding_is_half_even(dividend: int, divisor: int) -> None:
    found = divide_half_even(dividend, divisor)
    doubled = 2 * abs(dividend - found * divisor)
    assert doubled < divisor or (doubled == divisor and found % 2 == 0)
