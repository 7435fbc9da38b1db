"""Groups from the database put together: list members counted each, sums and averages exact, order, labels."""

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.columns import MILLION
from app.dataset import Dataset, FieldSpec
from app.db.reader import Rows
from app.query.groups import Grouping, GroupShape, Metric

Value = str | int | None
"""A value as it is stored."""
Group = tuple[Value, ...]


@dataclass(slots=True)
class Tally:
    """The figures of one group: rows, and by field the number of values, their sum, the least, the greatest."""

    rows: int = 0
    sums: dict[str, tuple[int, int]] = field(default_factory=dict)
    ends: dict[str, tuple[Value, Value]] = field(default_factory=dict)

    def add(self, shape: GroupShape, figures: tuple[Any, ...]) -> None:
        """Take in the figures of a row of `groups_select`, without its fields of `by`."""
        self.rows += figures[0]
        rest = iter(figures[1:])
        for name in shape.sums:
            number, upper, lower = next(rest), next(rest), next(rest)
            before, total = self.sums.get(name, (0, 0))
            self.sums[name] = (before + number, total + (int(upper or 0) << 32) + int(lower or 0))
        for name in shape.ends:
            low, high = self.ends.get(name, (None, None))
            self.ends[name] = (_end(min, low, next(rest)), _end(max, high, next(rest)))

    def figure(self, metric: Metric, spec: FieldSpec | None) -> Any:
        """A metric as it is served; null where there is no value."""
        if metric.kind == "count" or spec is None:
            return self.rows
        if metric.kind in ("min", "max"):
            return served(spec, self.ends[metric.field][metric.kind == "max"])
        number, total = self.sums[metric.field]
        if number == 0:
            return None
        if metric.kind == "sum":
            return served(spec, total)
        return places(half_even(total * (1 if spec.kind == "number" else MILLION), number))


def _end(choose: Callable[[Any, Any], Any], old: Value, new: Value) -> Value:
    return new if old is None else old if new is None else choose(old, new)


def tallied(dataset: Dataset, shape: GroupShape, rows: Rows) -> dict[Group, Tally]:
    """The groups; a row whose list holds two members stands in two groups, one with an empty list in none."""
    specs = [dataset.by_name[name] for name in shape.by]
    lists = any(spec.kind in ("list", "objects") for spec in specs)
    groups: dict[Group, Tally] = {}
    for row in rows:
        key, figures = tuple(row[: len(specs)]), tuple(row[len(specs) :])
        for group in _members(specs, key) if lists else (key,):
            groups.setdefault(group, Tally()).add(shape, figures)
    return groups


def _members(specs: list[FieldSpec], key: Group) -> Iterator[Group]:
    def of(spec: FieldSpec, value: Value) -> list[Value]:
        if spec.kind not in ("list", "objects") or value is None:
            return [value]
        members = json.loads(str(value))
        if spec.kind == "objects":
            members = [member[spec.fact.members[0]] for member in members]
        return list(dict.fromkeys(member if member is None else str(member) for member in members))

    return itertools.product(*(of(spec, value) for spec, value in zip(specs, key, strict=True)))


def facet(dataset: Dataset, name: str, groups: Mapping[Group, Tally], limit: int) -> list[dict[str, Any]]:
    """The values of one field with their counts, the most frequent first, then by value, null last."""
    spec = dataset.by_name[name]
    ordered = sorted(groups.items(), key=lambda item: (-item[1].rows, *_place(item[0][0])))
    return [
        {"value": served(spec, value), "label": label(spec, value), "count": tally.rows}
        for (value,), tally in ordered[:limit]
    ]


def table(dataset: Dataset, asked: Grouping, groups: Mapping[Group, Tally]) -> list[dict[str, Any]]:
    """Every group as a row of the answer, in order; by the values of `by` where `sort` leaves a tie."""
    specs = [dataset.by_name[name] for name in asked.by]
    rows = []
    for group, tally in sorted(groups.items(), key=lambda item: tuple(_place(value) for value in item[0])):
        row = {spec.name: served(spec, value) for spec, value in zip(specs, group, strict=True)}
        figures = {m.name: tally.figure(m, dataset.by_name.get(m.field)) for m in asked.metrics}
        rows.append(row | figures)
    for name, descending in reversed(asked.sort):
        rows.sort(key=lambda row: _place(row[name])[1], reverse=descending)
        rows.sort(key=lambda row: row[name] is None)
    return rows


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
