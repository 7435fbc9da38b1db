"""Parse the parameters of `facets` and `aggregate` into a validated query."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.errors import Fault, Problem, bad_request, did_you_mean
from app.model.dataset import Dataset, FieldSpec
from app.model.values import BadValue, clip
from app.query.params.controls import DEFAULT_LIMIT, MAX_LIMIT, Sort, parse_expand, parse_limit, parse_offset
from app.query.params.dataset_query import ROW_FILTER_PARAMS, DatasetQuery, parse_dataset_query
from app.query.params.query_string import ParameterPairs
from app.settings import Settings

FACETS_PARAMS = ("by", "limit")
AGGREGATE_PARAMS = ("by", "metric", "sort", "limit", "offset", "expand")
METRIC_FIELD_KINDS = {
    "count": (),
    "sum": ("integer", "number"),
    "avg": ("integer", "number"),
    "min": ("integer", "number", "date", "month", "string"),
    "max": ("integer", "number", "date", "month", "string"),
}
"""The kinds of field that each metric takes; `count` takes no field."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure that is computed for each group."""

    kind: str
    field: str = ""

    @property
    def name(self) -> str:
        """Return the name of the figure in the response."""
        return f"{self.kind}_{self.field}" if self.field else self.kind


@dataclass(frozen=True, slots=True)
class GroupQuery:
    """A validated request for groups; `query` selects the rows that are grouped."""

    query: DatasetQuery
    by: tuple[str, ...]
    metrics: tuple[Metric, ...] = (Metric("count"),)
    sort: Sort = ()
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    expand: str | None = None


@cache
def groupable_fields(dataset: Dataset) -> list[str]:
    """Return the names of the fields that `by` takes."""
    return [spec.name for spec in dataset.fields if spec.info.queryable and spec.kind not in ("prose", "object")]


@cache
def metric_names(dataset: Dataset) -> list[str]:
    """Return all metrics that a dataset allows, as callers write them (`sum:value`)."""
    field_metrics = [
        (kind, spec)
        for kind, kinds in METRIC_FIELD_KINDS.items()
        for spec in dataset.fields
        if _takes_field(spec, kinds)
    ]
    return ["count", *(f"{kind}:{spec.name}" for kind, spec in field_metrics)]


def _takes_field(spec: FieldSpec, kinds: Iterable[str]) -> bool:
    return spec.info.queryable and spec.kind in kinds and spec.info.enum is None


def parse_facets_query(
    dataset: Dataset, pairs: ParameterPairs, settings: Settings, extra_params: tuple[str, ...] = ()
) -> GroupQuery:
    """Parse the parameters of `facets`; the caller parses `extra_params`.

    Raises Problem (400) that lists every fault.
    """
    parser = _GroupQueryParser(dataset, pairs, FACETS_PARAMS, settings, extra_params)
    if "by" not in parser.values:
        fault = Fault("by", "is missing; name the fields whose values are counted", tuple(groupable_fields(dataset)))
        parser.faults.append(fault)
    return parser.build()


def parse_aggregate_query(
    dataset: Dataset, pairs: ParameterPairs, settings: Settings, extra_params: tuple[str, ...] = ()
) -> GroupQuery:
    """Parse the parameters of `aggregate`; the caller parses `extra_params`.

    Raises Problem (400) that lists every fault.
    """
    return _GroupQueryParser(dataset, pairs, AGGREGATE_PARAMS, settings, extra_params).build()


class _GroupQueryParser:
    """Parses the parameters of a grouping and collects their faults, together with those of the row filters."""

    def __init__(
        self,
        dataset: Dataset,
        pairs: ParameterPairs,
        group_params: tuple[str, ...],
        settings: Settings,
        extra_params: tuple[str, ...],
    ) -> None:
        self.dataset = dataset
        self.settings = settings
        self.values = {name: value for name, value in pairs if name in group_params}
        self.faults: list[Fault] = []
        self.query = DatasetQuery()
        try:
            self.query = parse_dataset_query(
                dataset, pairs, ROW_FILTER_PARAMS, settings, extra_params=(*group_params, *extra_params)
            )
        except Problem as problem:
            self.faults += problem.errors

    def build(self) -> GroupQuery:
        by = self._try("by", self._parse_by, ())
        metrics = self._try("metric", self._parse_metrics, (Metric("count"),))
        self._check_units(by, metrics)
        names = [*by, *(metric.name for metric in metrics)]
        group_query = GroupQuery(
            query=self.query,
            by=by,
            metrics=metrics,
            sort=self._try("sort", lambda text: self._parse_sort(text, names), ()),
            limit=self._try("limit", lambda text: parse_limit(text, MAX_LIMIT), DEFAULT_LIMIT),
            offset=self._try("offset", parse_offset, 0),
            expand=self._try("expand", parse_expand, None),
        )
        if self.faults:
            raise bad_request(self.faults)
        return group_query

    def _check_units(self, by: tuple[str, ...], metrics: tuple[Metric, ...]) -> None:
        """Refuse to add up figures of several units: rows of one unit are chosen, or grouped by what gives the unit."""
        chosen = {condition.field for condition in self.query.conditions if condition.op == "eq"}
        for metric in metrics:
            spec = self.dataset.fields_by_name.get(metric.field or "")
            unit_by = spec.info.unit_by if spec and metric.kind in ("sum", "avg") else ""
            if unit_by and unit_by not in by and unit_by not in chosen:
                detail = f"'{metric.kind}:{metric.field}' would mix units: add by={unit_by}, or ask for one {unit_by}"
                self.faults.append(Fault("metric", detail))

    def _try(self, name: str, parse: Any, default: Any) -> Any:
        if name not in self.values:
            return default
        try:
            return parse(self.values[name])
        except BadValue as error:
            self.faults.append(Fault(name, str(error), error.allowed))
            return default

    def _parse_by(self, text: str) -> tuple[str, ...]:
        return _parse_names(
            text, groupable_fields(self.dataset), "a field that rows can be grouped by", self.settings.max_by_fields
        )

    def _parse_metrics(self, text: str) -> tuple[Metric, ...]:
        words = _parse_names(text, metric_names(self.dataset), "a metric", self.settings.max_metrics)
        return tuple(Metric(*word.split(":")) for word in words)

    def _parse_sort(self, text: str, names: list[str]) -> Sort:
        keys = [word.removeprefix("-") for word in text.split(",")]
        words = _parse_names(",".join(keys), names, "a column of the response", self.settings.max_sort_keys)
        return tuple(zip(words, [word.startswith("-") for word in text.split(",")], strict=True))


def _parse_names(text: str, known: list[str], description: str, maximum: int) -> tuple[str, ...]:
    words = text.split(",") if text else []
    if not words:
        raise BadValue("is empty; name at least one", tuple(known))
    for n, word in enumerate(words):
        if word not in known:
            raise BadValue(f"'{clip(word)}' is not {description}.{did_you_mean(word, known)}", tuple(known))
        if word in words[:n]:
            raise BadValue(f"names '{word}' twice")
    if len(words) > maximum:
        raise BadValue(f"names {len(words)}; at most {maximum} are allowed")
    return tuple(words)
