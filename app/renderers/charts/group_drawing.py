"""Choose the drawing for groups: ranked bars, columns over time, bars made of parts, or a grid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from app.model.dataset import Dataset, FieldSpec
from app.query.params.grouping import Metric
from app.renderers.charts.bars import RankedBars
from app.renderers.charts.figures import Figure, Group, format_figure, join_rest, to_decimal
from app.renderers.charts.grid import Grid, max_columns
from app.renderers.charts.picture import Drawing, EmptyDrawing
from app.renderers.charts.stack import MAX_PARTS, StackedBars
from app.renderers.charts.timeline import parse_period
from app.renderers.charts.timeplot import TimePlot, TimePoint
from app.renderers.charts.wording import metric_label
from app.renderers.row_names import Names
from app.renderers.site.cells import field_label
from app.renderers.site.filter_words import is_time, value_in_words
from app.renderers.site.language import Language, Text, translator

MAX_BARS, MAX_ASKED_BARS = 20, 60
"""How many bars there are at most: unless a limit asks for more, and at all."""
LIST_KINDS = ("list", "objects")
AVERAGE_PLACES = Decimal("0.01")
NO_ROWS = Text("没有符合条件的记录。", "No rows match.")
NO_FIGURES = Text("原文没有这些数值。", "The print has no such figures.")
Row = Mapping[str, Any]
"""A row of `aggregate`: the values of the fields of `by`, and the figure of each metric."""


@dataclass(frozen=True, slots=True)
class GroupedFigures:
    """The rows of `aggregate` for one metric, in the order of `by` unless they `are_sorted` as callers asked."""

    dataset: Dataset
    by: tuple[str, ...]
    metric: Metric
    rows: Sequence[Row]
    are_sorted: bool = False
    limit: int | None = None
    """How many bars were asked for."""

    @property
    def specs(self) -> list[FieldSpec]:
        """Return the fields of `by`."""
        return [self.dataset.fields_by_name[name] for name in self.by]

    @property
    def is_additive(self) -> bool:
        """Whether figures of several groups can be added up."""
        return self.metric.kind in ("count", "sum")

    @property
    def max_bars(self) -> int:
        """Return how many bars there may be."""
        return MAX_BARS if self.limit is None else min(self.limit, MAX_ASKED_BARS)

    def can_join(self, spec: FieldSpec) -> bool:
        """Whether the groups behind the first are summed up. Members of lists would be counted twice."""
        return self.is_additive and spec.kind not in LIST_KINDS and self.limit is None


def build_group_drawing(figures: GroupedFigures, names: Names, language: Language, width: float) -> Drawing:
    """Return the drawing of groups by one or two fields."""
    if figures.metric.kind == "avg":
        name = figures.metric.name
        figures = replace(figures, rows=[{**row, name: shorten(row[name])} for row in figures.rows])
    if not figures.rows:
        return EmptyDrawing(NO_ROWS.in_language(language))
    if all(row[figures.metric.name] is None for row in figures.rows):
        return EmptyDrawing(NO_FIGURES.in_language(language))
    if len(figures.by) == 1:
        return _time_columns(figures, language) or _ranked_bars(figures, names, language)
    return _two_fields(figures, names, language, width)


def shorten(average: Figure) -> Figure:
    """Return an average with two decimals at most; JSON has six."""
    if average is None:
        return None
    text = format(Decimal(average).quantize(AVERAGE_PLACES), "f")
    return Decimal(text.rstrip("0").rstrip("."))


def group_label(spec: FieldSpec, value: Any, names: Names, language: Language) -> str:
    """Return the label of a value of a field."""
    if value is None:
        return "空缺" if language == "zh" else "missing"
    if isinstance(value, bool):
        value = "true" if value else "false"
    return value_in_words(spec, format_figure(value) if isinstance(value, Decimal) else str(value), names, language)


def _heads(figures: GroupedFigures, spec: FieldSpec, language: Language) -> tuple[str, str]:
    return field_label(spec.info, language), metric_label(figures.dataset, figures.metric, language)


def _ranked_bars(figures: GroupedFigures, names: Names, language: Language) -> Drawing:
    [spec], name, text = figures.specs, figures.metric.name, translator(language)
    rows = figures.rows if figures.are_sorted else sorted(figures.rows, key=lambda row: _largest_first(row[name]))
    groups = [Group(group_label(spec, row[spec.name], names, language), row[name]) for row in rows]
    shown, hidden = join_rest(groups, figures.max_bars, figures.can_join(spec), text)
    return RankedBars(shown, _heads(figures, spec, language), hidden)


def _largest_first(value: Figure) -> tuple[bool, Decimal]:
    return value is None, -to_decimal(value)


def _time_columns(figures: GroupedFigures, language: Language) -> Drawing | None:
    """Return columns over time if the field is one of time, of which there are at least two different values."""
    [spec], name, text = figures.specs, figures.metric.name, translator(language)
    if figures.are_sorted or figures.limit is not None or not is_time(spec):
        return None
    points = [(parse_period(str(row[spec.name])), row[name]) for row in figures.rows if row[spec.name] is not None]
    periods = [period for period, _ in points if period is not None]
    if len(periods) < max(len(points), 2) or len({period.unit for period in periods}) > 1:
        return None
    without = [row[name] for row in figures.rows if row[spec.name] is None]
    head, label = _heads(figures, spec, language)
    remarks = [
        text(f"{head}空缺的：{label} {format_figure(value)}。", f"{head} missing: {format_figure(value)}.")
        for value in without
    ]
    sorted_points = sorted(zip(periods, (value for _, value in points), strict=True), key=lambda pair: pair[0].position)
    return TimePlot(
        [TimePoint(period, value) for period, value in sorted_points],
        label,
        head,
        is_line=False,
        zero_filled=figures.is_additive,
        remarks=tuple(remarks),
    )


@dataclass(frozen=True, slots=True)
class Side:
    """The groups of one of two fields in their order; `hidden` of them have no place."""

    spec: FieldSpec
    labels: Sequence[str]
    positions: Mapping[Any, int]
    hidden: int


def _two_fields(figures: GroupedFigures, names: Names, language: Language, width: float) -> Drawing:
    """Return bars made of parts where the parts are few and can be added up, else a grid."""
    first_spec, second_spec = figures.specs
    number_of_rows, number_of_parts = (len({row[spec.name] for row in figures.rows}) for spec in figures.specs)
    is_stack = (
        figures.is_additive
        and second_spec.kind not in LIST_KINDS
        and number_of_parts <= MAX_PARTS
        and all((row[figures.metric.name] or 0) >= 0 for row in figures.rows)
    )
    if is_stack:
        rows = _side(figures, first_spec, figures.max_bars, names, language)
        parts = _side(figures, second_spec, MAX_PARTS, names, language)
        cells = _cells(figures, rows, parts)
        groups = [Group(label, _total(values)) for label, values in zip(rows.labels, cells, strict=True)]
        heads, part_head = _heads(figures, first_spec, language), field_label(second_spec.info, language)
        return StackedBars(groups, parts.labels, cells, heads, part_head, rows.hidden)
    is_turned = is_time(first_spec) > is_time(second_spec) or (
        is_time(first_spec) == is_time(second_spec) and number_of_rows < number_of_parts
    )
    row_spec, column_spec = (second_spec, first_spec) if is_turned else (first_spec, second_spec)
    rows = _side(figures, row_spec, figures.max_bars, names, language)
    columns = _side(figures, column_spec, max_columns(width), names, language)
    return Grid(
        rows.labels,
        columns.labels,
        _cells(figures, rows, columns),
        field_label(row_spec.info, language),
        f"{field_label(column_spec.info, language)} · {metric_label(figures.dataset, figures.metric, language)}",
        rows.hidden,
        columns.hidden,
    )


def _side(figures: GroupedFigures, spec: FieldSpec, max_groups: int, names: Names, language: Language) -> Side:
    """Return the groups of one field: in the order of time or of codes, else the largest first."""
    totals: dict[Any, Decimal] = {}
    for row in figures.rows:
        value, amount = row[spec.name], to_decimal(row[figures.metric.name])
        before = totals.get(value)
        totals[value] = amount if before is None else before + amount if figures.is_additive else max(before, amount)
    values = list(totals) if figures.are_sorted else sorted(totals, key=_side_order(spec, totals))
    kept = values[:max_groups]
    labels = [group_label(spec, value, names, language) for value in kept]
    return Side(spec, labels, {value: place for place, value in enumerate(kept)}, len(values) - len(kept))


def _side_order(spec: FieldSpec, totals: Mapping[Any, Decimal]) -> Any:
    codes = {member.value: place for place, member in enumerate(spec.info.enum or ())}

    def key(value: Any) -> tuple[bool, Any, str]:
        if is_time(spec):
            return value is None, str(value), ""
        return value is None, codes.get(value, 0) if codes else -totals[value], str(value)

    return key


def _cells(figures: GroupedFigures, rows: Side, columns: Side) -> list[list[Figure]]:
    """Return the figures by row and column."""
    cells: list[list[Figure]] = [[None] * len(columns.labels) for _ in rows.labels]
    for row in figures.rows:
        place, column = rows.positions.get(row[rows.spec.name]), columns.positions.get(row[columns.spec.name])
        if place is not None and column is not None:
            cells[place][column] = row[figures.metric.name]
    return cells


def _total(values: Sequence[Figure]) -> Figure:
    known = [value for value in values if value is not None]
    return sum(known[1:], known[0]) if known else 0


def referenced_groups(dataset: Dataset, by: Sequence[str], rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Return dataset and id of the rows that groups refer to."""
    fields = [(name, dataset.fields_by_name[name].info.references) for name in by]
    return [(target, str(row[name])) for name, target in fields if target for row in rows if row[name] is not None]
