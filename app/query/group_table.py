"""Turn the groups from the database into rows of a response: list members, exact sums and averages, order, labels.

A group row has the columns of `groups_select`: the values of the fields of `by`, then the group's figures. Rows are
used as they are, except with list fields: each member of a list forms a group, so rows have to be merged first.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import orjson

from app.db.reader import Rows
from app.model.column_types import MILLION
from app.model.dataset import Dataset, FieldSpec
from app.model.values import StoredValue
from app.query.params.grouping import GroupQuery, Metric
from app.query.sql.groups import GroupShape

GroupRow = Sequence[Any]
CellReader = Callable[[GroupRow], Any]
LIST_KINDS = ("list", "objects")


class GroupColumns:
    """The positions of the figures in the rows of a group shape."""

    def __init__(self, shape: GroupShape) -> None:
        self.count_position = len(shape.by)
        """The position of the number of rows."""
        self.sum_positions = {name: self.count_position + 1 + 3 * n for n, name in enumerate(shape.sums)}
        """By field, the position of the number of values; the two halves of their sum follow."""
        start = self.count_position + 1 + 3 * len(shape.sums)
        self.extreme_positions = {name: start + 2 * n for n, name in enumerate(shape.extremes)}
        """By field, the position of the smallest value; the largest one follows."""

    def metric_reader(self, dataset: Dataset, metric: Metric) -> CellReader:
        """Return the function that reads a metric from a row as a JSON value, None if the group has no values."""
        if metric.kind == "count":
            position = self.count_position
            return lambda row: row[position]
        spec = dataset.fields_by_name[metric.field]
        if metric.kind in ("min", "max"):
            position = self.extreme_positions[metric.field] + (metric.kind == "max")
            return lambda row: to_json_value(spec, row[position])
        position = self.sum_positions[metric.field]
        if metric.kind == "sum":
            return lambda row: to_json_value(spec, join_sum(row, position)) if row[position] else None
        factor = 1 if spec.kind == "number" else MILLION
        return lambda row: (
            to_decimal(divide_half_even(join_sum(row, position) * factor, row[position])) if row[position] else None
        )

    def add(self, row: list[Any], other: GroupRow) -> None:
        """Add the figures of another row to a row."""
        row[self.count_position] += other[self.count_position]
        for position in self.sum_positions.values():
            number, total = row[position] + other[position], join_sum(row, position) + join_sum(other, position)
            row[position : position + 3] = number, 0, total
        for position in self.extreme_positions.values():
            row[position], row[position + 1] = (
                _extreme(min, row[position], other[position]),
                _extreme(max, row[position + 1], other[position + 1]),
            )


def join_sum(row: GroupRow, position: int) -> int:
    """Return a sum whose two halves follow its number of values at a position."""
    return (int(row[position + 1] or 0) << 32) + int(row[position + 2] or 0)


def _extreme(choose: Callable[[Any, Any], Any], old: StoredValue | None, new: StoredValue | None) -> StoredValue | None:
    return new if old is None else old if new is None else choose(old, new)


def merge_groups(dataset: Dataset, shape: GroupShape, rows: Rows) -> Sequence[GroupRow]:
    """Return the groups. A row counts in one group for each member of its list, and in none if the list is empty."""
    specs = [dataset.fields_by_name[name] for name in shape.by]
    if not any(spec.kind in LIST_KINDS for spec in specs):
        return rows
    columns, groups = GroupColumns(shape), dict[tuple[StoredValue | None, ...], list[Any]]()
    for row in rows:
        for group in _group_keys(specs, row):
            group_row = groups.get(group)
            if group_row is None:
                groups[group] = [*group, *row[len(specs) :]]
            else:
                columns.add(group_row, row)
    return list(groups.values())


def _group_keys(specs: list[FieldSpec], row: GroupRow) -> Iterator[tuple[StoredValue | None, ...]]:
    def values_of(spec: FieldSpec, value: StoredValue | None) -> list[StoredValue | None]:
        if spec.kind not in LIST_KINDS or value is None:
            return [value]
        members = orjson.loads(str(value))
        if spec.kind == "objects":
            members = [member[spec.info.members[0]] for member in members]
        return list(dict.fromkeys(members))

    return itertools.product(*(values_of(spec, value) for spec, value in zip(specs, row, strict=False)))


def facet_values(dataset: Dataset, name: str, groups: Sequence[GroupRow], limit: int) -> list[dict[str, Any]]:
    """Return the values of one field with their counts: the most frequent first, then by value, null last."""
    spec = dataset.fields_by_name[name]
    sorted_groups = sorted(groups, key=lambda row: (-row[1], *_nulls_last(row[0])))
    return [
        {"value": to_json_value(spec, row[0]), "label": value_label(spec, row[0]), "count": row[1]}
        for row in sorted_groups[:limit]
    ]


def aggregate_rows(
    dataset: Dataset, query: GroupQuery, shape: GroupShape, groups: Sequence[GroupRow]
) -> list[dict[str, Any]]:
    """Return at most `limit` groups from `offset` on, as rows of the response; ties are sorted by `by`."""
    group_columns, number = GroupColumns(shape), len(query.by)
    columns: dict[str, CellReader] = {
        name: _value_reader(dataset.fields_by_name[name], position) for position, name in enumerate(query.by)
    }
    columns |= {metric.name: group_columns.metric_reader(dataset, metric) for metric in query.metrics}
    sorted_groups = sorted(groups, key=lambda row: [_nulls_last(value) for value in row[:number]])
    for name, descending in reversed(query.sort):
        read = columns[name]
        valued = sorted((row for row in sorted_groups if read(row) is not None), key=read, reverse=descending)
        sorted_groups = [*valued, *(row for row in sorted_groups if read(row) is None)]
    page = sorted_groups[query.offset : query.offset + query.limit]
    return [{name: read(row) for name, read in columns.items()} for row in page]


def _value_reader(spec: FieldSpec, position: int) -> CellReader:
    return lambda row: to_json_value(spec, row[position])


def _nulls_last(value: Any) -> tuple[bool, Any]:
    """Return a sort key that puts null last."""
    return (value is None, 0 if value is None else value)


def to_json_value(spec: FieldSpec, value: StoredValue | None) -> Any:
    """Return a stored value as it is served: numbers as Decimals, booleans as bools."""
    if isinstance(value, int):
        return to_short_decimal(value) if spec.kind == "number" else bool(value) if spec.kind == "boolean" else value
    return value


def value_label(spec: FieldSpec, value: StoredValue | None) -> str | None:
    """Return the label of a value: the Chinese label of an enumeration, otherwise the value as text."""
    if value is None:
        return None
    if spec.info.enum:
        return next((member.label_zh for member in spec.info.enum if member.value == value), str(value))
    json_value = to_json_value(spec, value)
    return (
        format(json_value, "f")
        if isinstance(json_value, Decimal)
        else str(json_value).lower()
        if json_value is True or json_value is False
        else str(json_value)
    )


def to_short_decimal(millionths: int) -> Decimal:
    """Return a decimal without trailing zeros."""
    text = format(to_decimal(millionths), "f").rstrip("0").rstrip(".")
    return Decimal(text)


def to_decimal(millionths: int) -> Decimal:
    """Return a decimal with six places, whatever its size."""
    whole, rest = divmod(abs(millionths), MILLION)
    return Decimal(f"{'-' if millionths < 0 else ''}{whole}.{rest:06d}")


def divide_half_even(dividend: int, divisor: int) -> int:
    """Return a quotient rounded to the nearest integer, ties to even."""
    quotient, rest = divmod(dividend, divisor)
    return quotient + (2 * rest > divisor or (2 * rest == divisor and quotient % 2 == 1))
