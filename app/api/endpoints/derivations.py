"""Figures derived from the printed ones of a series: what they are called, how they are calculated, and their columns.

All arithmetic is decimal.
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from app.model.dataset import ColumnInfo, FieldSpec
from app.model.rows import Record

DERIVED = "derived"
"""The member of a row that has its derived figures."""
BALANCE_INDICATORS = ("rmb_deposits", "household_deposits", "rmb_loans")
"""Indicators whose cumulative column has a balance, which is not a sum of months."""
CONSTANT_PRICE_INDICATORS = ("industrial_value_added",)
"""Indicators whose printed change is at constant prices (National Bureau of Statistics, notes on industrial value
added), so that it does not lead back from a figure at current prices."""
DERIVATIONS = ("prior_year", "monthly_from_cumulative")
DERIVATION_NOTES: Mapping[str, Mapping[str, Any]] = {
    "prior_year": {
        "derived": True,
        "fields": ["prior_year", "prior_year_cumulative"],
        "formula": "value / (1 + value_yoy / 100); cumulative / (1 + cumulative_yoy / 100)",
        "rounding": "half to even, to the last digit that the printed places of figure and change leave certain to one "
        "unit; never to more places than the figure has",
        "null": "where a figure is missing, for an index, which already is a ratio to the previous year, and for an "
        "indicator whose change is at constant prices (industrial_value_added)",
    },
    "monthly_from_cumulative": {
        "derived": True,
        "fields": ["monthly_from_cumulative"],
        "formula": "cumulative - cumulative of the month before in the same year; January: cumulative",
        "rounding": "none, the difference is exact",
        "null": "where a figure is missing, and for an index or a balance; of several vintages of the month "
        "before, the latest seen counts, and with vintages=all the latest published by the same day",
    },
}
DERIVED_LABELS = {
    "prior_year": ("推算的上年同期当月值", "Value of the year before, derived"),
    "prior_year_cumulative": ("推算的上年同期累计值", "Year-to-date value of the year before, derived"),
    "monthly_from_cumulative": ("由累计值推算的当月值", "Value of the month, derived from accumulated values"),
}
"""The labels of the derived figures, in Chinese and English."""
EXACT_DECIMAL = Context(prec=60, rounding=ROUND_HALF_EVEN)


def derive_fields(row: Record, vintages: Iterable[Record], derivations: Iterable[str], indicator: Record) -> Record:
    """Return the derived fields of one row, an observation of `indicator`."""
    is_index = indicator["unit"] == "index"
    has_prior_year = not is_index and indicator["id"] not in CONSTANT_PRICE_INDICATORS
    fields: Record = {}
    if "prior_year" in derivations:
        for name, measure in (("prior_year", "value"), ("prior_year_cumulative", "cumulative")):
            change = to_decimal(row[f"{measure}_yoy"])
            fields[name] = prior_year_value(to_decimal(row[measure]), change) if has_prior_year else None
    if "monthly_from_cumulative" in derivations:
        fields["monthly_from_cumulative"] = (
            None if is_index or is_balance(indicator) else month_from_cumulative(row, vintages)
        )
    return fields


def derived_columns(derivations: Iterable[str]) -> tuple[FieldSpec, ...]:
    """Return the columns that derivations add to a table, such as `derived.prior_year`."""
    names = (field for name in derivations for field in DERIVATION_NOTES[name]["fields"])
    return tuple(FieldSpec(f"{DERIVED}.{name}", "number", True, ColumnInfo(*DERIVED_LABELS[name])) for name in names)


def is_balance(indicator: Record) -> bool:
    """Whether the cumulative column of an indicator has a balance, which is not a sum of months."""
    return indicator["id"] in BALANCE_INDICATORS or "余额" in indicator["name_zh"]


def prior_year_value(value: Decimal | None, change: Decimal | None) -> Decimal | None:
    """Return the figure of the year before, from a figure and its change in per cent.

    Both are printed rounded, so the figure of the year before is known to an interval only. It is rounded half to even
    to the last digit whose unit is no less than half of that interval, and to no more places than the figure has.
    """
    if value is None or change is None or change <= -100:
        return None
    prior = EXACT_DECIMAL.divide(value * 100, 100 + change)
    of_value = EXACT_DECIMAL.divide(_half_unit(value) * 100, 100 + change)
    of_change = EXACT_DECIMAL.divide(abs(prior) * _half_unit(change), 100 + change)
    unit = Decimal(1).scaleb(int(value.as_tuple().exponent))
    while unit < of_value + of_change:
        unit = unit.scaleb(1)
    return Decimal(format(prior.quantize(unit, context=EXACT_DECIMAL), "f"))


def _half_unit(figure: Decimal) -> Decimal:
    """Return half of the unit of the last printed place."""
    return Decimal(5).scaleb(int(figure.as_tuple().exponent) - 1)


def month_from_cumulative(row: Record, vintages: Iterable[Record]) -> Decimal | None:
    """Return the figure of a single month, from the cumulative ones of the month and the month before."""
    year, month = row["period"].split("-")
    cumulative = to_decimal(row["cumulative"])
    if month == "01" or cumulative is None:
        return cumulative
    previous_period = f"{year}-{int(month) - 1:02d}"
    candidates = [vintage for vintage in vintages if vintage["period"] == previous_period]
    if not candidates:
        return None
    newest = max(candidates, key=lambda vintage: vintage["published_on"])
    previous = to_decimal(newest["cumulative"])
    return None if previous is None else cumulative - previous


def to_decimal(value: Any) -> Decimal | None:
    """Return a figure of a row as a decimal. In JSON, figures without decimals are integers."""
    return None if value is None else Decimal(value)
