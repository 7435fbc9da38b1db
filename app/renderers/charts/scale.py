"""Axes of figures: round numbers that cover the data, and where a figure lies between them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
ZERO = Decimal(0)
MIN_SHARE_FROM_ZERO = Decimal("0.35")
"""An axis begins at zero if the figures differ by at least this share of the largest."""

REFERENCE_REACH = 3
"""How far the base of an index may lie from its figures, in multiples of their span, to be on the axis."""
LABEL_SHARE = Decimal("0.1")
"""The share of an axis that is kept free for the label below the lowest figure."""


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from `low` to `high` with its ticks, both ends included."""

    low: Decimal
    high: Decimal
    ticks: Sequence[Decimal]

    def share(self, value: Decimal) -> float:
        """Return where a figure lies: 0 at the low end, 1 at the high end."""
        return float((value - self.low) / (self.high - self.low))


def tick_label(value: Decimal) -> str:
    """Return a tick without an exponent or needless zeros."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def build_axis(low: Decimal, high: Decimal, max_ticks: int, is_whole: bool = False) -> Axis:
    """Return the axis with the smallest round step that covers the figures with at most `max_ticks` ticks.

    An axis that `is_whole` has whole numbers only, as counts need.
    """
    if low == high:
        low, high = min(low, ZERO), max(high, ZERO)
    if low == high:
        high = Decimal(1)
    magnitude = Decimal(1).scaleb((high - low).adjusted() - 2)
    while True:
        for factor in STEPS:
            step = factor * magnitude
            if is_whole and step % 1:
                continue
            first, last = _floor(low, step), -_floor(-high, step)
            if last - first + 1 <= max_ticks:
                return Axis(first * step, last * step, [n * step for n in range(first, last + 1)])
        magnitude *= 10


def _floor(value: Decimal, step: Decimal) -> int:
    return int((value / step).to_integral_value("ROUND_FLOOR"))


def zero_based_axis(values: Iterable[Decimal], max_ticks: int, is_whole: bool = False) -> Axis:
    """Return an axis for bars, whose length tells the figure: it contains zero."""
    figures = [*values, ZERO]
    low, high = min(figures), max(figures)
    return build_axis(low - (high - low) * LABEL_SHARE if low < ZERO else low, high, max_ticks, is_whole)


def line_axis(values: Sequence[Decimal], max_ticks: int, reference: Decimal) -> Axis:
    """Return an axis for a line. It contains the reference (zero, or the base of an index) if that is not far off."""
    low, high = min(values), max(values)
    if reference == ZERO:
        distance = max(abs(low), abs(high))
        near = low <= ZERO <= high or high - low >= distance * MIN_SHARE_FROM_ZERO
    else:
        reach = (high - low) * REFERENCE_REACH
        near = low - reach <= reference <= high + reach
    if near or low == high:
        low, high = min(low, reference), max(high, reference)
    if low != reference:
        low -= (high - low) * LABEL_SHARE
    return build_axis(low, high, max_ticks)
