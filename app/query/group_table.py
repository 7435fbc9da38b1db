"""Groups from the database put together: list members counted each, sums and averages exact, order, labels.

A row here is one of `groups_select`: the values of the fields of `by`, then the group's figures. The answer
is made of such rows as they are; only list fields need rows that are put together from others first.
"""

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from app.db.reader import Rows
from app.model.column_types import MILLION
from app.model.dataset import Dataset, FieldSpec
from app.query.params.grouping import Grouping, Metric
from app.query.sql.groups import GroupShape

Value = str | int | None
"""A value as it is stored."""
Row = Sequence[Any]
Figure = Callable[[Row], Any]
LISTS = ("list", "objects")


class Layout:
    """Where the figures stand in the rows of a shape."""

    def __init__(self, shape: GroupShape) -> None:
        self.rows = len(shape.by)
        """The number of rows."""
        self.sums = {name: self.rows + 1 + 3 * n for n, name in enumerate(shape.sums)}
        """By field: the number of values, and behind it the two halves of their sum."""
        start = self.rows + 1 + 3 * len(shape.sums)
        self.ends = {name: start + 2 * n for n, name in enumerate(shape.ends)}
        """By field: the least value, and behind it the greatest."""

    def figure(self, dataset: Dataset, metric: Metric) -> Figure:
        """What reads a metric from a row, as it is served; it gives null where there is no value."""
        if metric.kind == "count":
            at = self.rows
            return lambda row: row[at]
        spec = dataset.by_name[metric.field]
        if metric.kind in ("min", "max"):
            at = self.ends[metric.field] + (metric.kind == "max")
            return lambda row: served(spec, row[at])
        at = self.sums[metric.field]
        if metric.kind == "sum":
            return lambda row: served(spec, total(row, at)) if row[at] else None
        factor = 1 if spec.kind == "number" else MILLION
        return lambda row: places(half_even(total(row, at) * factor, row[at])) if row[at] else None

    def add(self, row: list[Any], other: Row) -> None:
        """Take the figures of another row into a row."""
        row[self.rows] += other[self.rows]
        for at in self.sums.values():
            number, whole = row[at] + other[at], total(row, at) + total(other, at)
            row[at : at + 3] = number, 0, whole
        for at in self.ends.values():
            row[at], row[at + 1] = _end(min, row[at], other[at]), _end(max, row[at + 1], other[at + 1])


def total(row: Row, at: int) -> int:
    """The sum that stands in two halves behind its number of values."""
    return (int(row[at + 1] or 0) << 32) + int(row[at + 2] or 0)


def _end(choose: Callable[[Any, Any], Any], old: Value, new: Value) -> Value:
    return new if old is None else old if new is None else choose(old, new)


def united(dataset: Dataset, shape: GroupShape, rows: Rows) -> Sequence[Row]:
    """The groups; a row whose list holds two members stands in two groups, one with an empty list in none."""
    specs = [dataset.by_name[name] for name in shape.by]
    if not any(spec.kind in LISTS for spec in specs):
        return rows
    layout, groups = Layout(shape), dict[tuple[Value, ...], list[Any]]()
    for row in rows:
        for group in _members(specs, row):
            known = groups.get(group)
            if known is None:
                groups[group] = [*group, *row[len(specs) :]]
            else:
                layout.add(known, row)
    return list(groups.values())


def _members(specs: list[FieldSpec], row: Row) -> Iterator[tuple[Value, ...]]:
    def of(spec: FieldSpec, value: Value) -> list[Value]:
        if spec.kind not in LISTS or value is None:
            return [value]
        members = json.loads(str(value))
        if spec.kind == "objects":
            members = [member[spec.fact.members[0]] for member in members]
        return list(dict.fromkeys(members))

    return itertools.product(*(of(spec, value) for spec, value in zip(specs, row, strict=False)))


def facet(dataset: Dataset, name: str, groups: Sequence[Row], limit: int) -> list[dict[str, Any]]:
    """The values of one field with their counts, the most frequent first, then by value, null last."""
    spec = dataset.by_name[name]
    ordered = sorted(groups, key=lambda row: (-row[1], *_place(row[0])))
    return [{"value": served(spec, row[0]), "label": label(spec, row[0]), "count": row[1]} for row in ordered[:limit]]


def table(dataset: Dataset, asked: Grouping, shape: GroupShape, groups: Sequence[Row]) -> list[dict[str, Any]]:
    """The groups from `offset` on, at most `limit`, as rows of the answer; by the values of `by` where `sort` ties."""
    layout, number = Layout(shape), len(asked.by)
    columns: dict[str, Figure] = {name: _value(dataset.by_name[name], at) for at, name in enumerate(asked.by)}
    columns |= {metric.name: layout.figure(dataset, metric) for metric in asked.metrics}
    ordered = sorted(groups, key=lambda row: [_place(value) for value in row[:number]])
    for name, descending in reversed(asked.sort):
        read = columns[name]
        valued = sorted((row for row in ordered if read(row) is not None), key=read, reverse=descending)
        ordered = [*valued, *(row for row in ordered if read(row) is None)]
    shown = ordered[asked.offset : asked.offset + asked.limit]
    return [{name: read(row) for name, read in columns.items()} for row in shown]


def _value(spec: FieldSpec, at: int) -> Figure:
    return lambda row: served(spec, row[at])


def _place(value: Any) -> tuple[bool, Any]:
    """A sort key with null last."""
    return (value is None, 0 if value is None else value)


def served(spec: FieldSpec, value: Value) -> Any:
    """A stored value as it is served: decimals as such, flags as true or false."""
    if isinstance(value, int):
        return exact(value) if spec.kind == "number" else bool(value) if spec.kind == "boolean" else value
    return value


def label(spec: FieldSpec, value: Value) -> str | None:
    """What a person reads: an enumeration's Chinese label, else the value as text."""
    if value is None:
        return None
    if spec.fact.enum:
        return next((member.label_zh for member in spec.fact.enum if member.value == value), str(value))
    shown = served(spec, value)
    return (
        format(shown, "f")
        if isinstance(shown, Decimal)
        else str(shown).lower()
        if shown is True or shown is False
        else str(shown)
    )


def exact(millionths: int) -> Decimal:
    """A decimal without zeros at its end."""
    text = format(places(millionths), "f").rstrip("0").rstrip(".")
    return Decimal(text)


def places(millionths: int) -> Decimal:
    """A decimal with six places, whatever its size."""
    whole, rest = divmod(abs(millionths), MILLION)
    return Decimal(f"{'-' if millionths < 0 else ''}{whole}.{rest:06d}")


def half_even(dividend: int, divisor: int) -> int:
    """A quotient rounded to the nearest whole number, from the middle to the even one."""
    quotient, rest = divmod(dividend, divisor)
    return quotient + (2 * rest > divisor or (2 * rest == divisor and quotient % 2 == 1))
