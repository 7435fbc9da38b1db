"""Axes."""

from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.renderers.charts.scale import Axis, build_axis, line_axis, tick_label, zero_based_axis

FIGURES = st.decimals(-(10**13), 10**13, allow_nan=False, allow_infinity=False, places=6)


def check(axis: Axis, values: list[Decimal], max_ticks: int) -> None:
    assert 2 <= len(axis.ticks) <= max_ticks
    assert len({after - before for before, after in pairwise(axis.ticks)}) == 1
    assert all(0 <= axis.share(value) <= 1 for value in values)
    assert (axis.ticks[0], axis.ticks[-1]) == (axis.low, axis.high)


@given(st.lists(FIGURES, min_size=1, max_size=9), st.integers(3, 9))
def test_bars_have_zero_on_a_round_axis(values: list[Decimal], max_ticks: int) -> None:
    axis = zero_based_axis(values, max_ticks)
    check(axis, [*values, Decimal(0)], max_ticks)
    assert 0 in axis.ticks


@given(st.lists(FIGURES, min_size=1, max_size=9), st.integers(3, 9), st.sampled_from((Decimal(0), Decimal(100))))
def test_lines_lie_on_a_round_axis(values: list[Decimal], max_ticks: int, reference: Decimal) -> None:
    check(line_axis(values, max_ticks, reference), values, max_ticks)


def test_axes_with_known_ticks() -> None:
    assert [tick_label(tick) for tick in build_axis(Decimal(0), Decimal("108.30"), 6).ticks] == [
        "0", "25", "50", "75", "100", "125",
    ]  # fmt: skip
    assert [tick_label(tick) for tick in zero_based_axis([Decimal("-0.3"), Decimal("0.8")], 6).ticks] == [
        "-0.5", "0", "0.5", "1",
    ]  # fmt: skip
    assert zero_based_axis([], 6).low == 0
    assert [tick_label(tick) for tick in zero_based_axis([Decimal(1)], 6, is_whole=True).ticks] == ["0", "1"]


def test_a_line_far_from_zero_does_not_begin_there() -> None:
    assert line_axis([Decimal(95), Decimal(113)], 6, Decimal(0)).low > 80
    assert line_axis([Decimal(20), Decimal(113)], 6, Decimal(0)).low == 0
    assert Decimal(100) in line_axis([Decimal("101.2"), Decimal("102.4")], 6, Decimal(100)).ticks
