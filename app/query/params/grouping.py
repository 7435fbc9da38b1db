"""Parameters of `facets` and `aggregate` in, a checked grouping out, and its SQL.

Sums never pass through floating point. SQLite refuses one that leaves 64 bits; then each value is added up
in two halves, its upper bits and its lower 32, which are put together afterwards.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.errors import Fault, Problem, bad_request, nearest
from app.model.dataset import Dataset, FieldSpec
from app.model.values import BadValue, clip
from app.query.params.controls import DEFAULT_LIMIT, MAX_LIMIT, Sort, read_limit, read_offset
from app.query.params.dataset_query import NARROWING, Ask, read_ask
from app.query.params.query_string import Pairs
from app.settings import Settings

FACETS = ("by", "limit")
AGGREGATE = ("by", "metric", "sort", "limit", "offset")
METRICS = {
    "count": (),
    "sum": ("integer", "number"),
    "avg": ("integer", "number"),
    "min": ("integer", "number", "date", "month", "string"),
    "max": ("integer", "number", "date", "month", "string"),
}
"""The kinds of field that each metric takes; `count` takes none."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure of each group."""

    kind: str
    field: str = ""

    @property
    def name(self) -> str:
        """Its name in the answer."""
        return f"{self.kind}_{self.field}" if self.field else self.kind


@dataclass(frozen=True, slots=True)
class Grouping:
    """A grouping that passed every check; `ask` chooses the rows."""

    ask: Ask
    by: tuple[str, ...]
    metrics: tuple[Metric, ...] = (Metric("count"),)
    sort: Sort = ()
    limit: int = DEFAULT_LIMIT
    offset: int = 0


@cache
def groupable(dataset: Dataset) -> list[str]:
    """The fields that `by` takes."""
    return [spec.name for spec in dataset.fields if spec.kind not in ("prose", "object")]


@cache
def metric_names(dataset: Dataset) -> list[str]:
    """Every metric that a dataset allows, as a caller writes it."""
    takes = [(kind, spec) for kind, kinds in METRICS.items() for spec in dataset.fields if _measurable(spec, kinds)]
    return ["count", *(f"{kind}:{spec.name}" for kind, spec in takes)]


def _measurable(spec: FieldSpec, kinds: Iterable[str]) -> bool:
    return spec.kind in kinds and spec.fact.enum is None


def read_facets(dataset: Dataset, pairs: Pairs, settings: Settings) -> Grouping:
    """What `facets` is asked for; raises Problem (400) that lists every fault."""
    reader = _Reader(dataset, pairs, FACETS, settings)
    if "by" not in reader.values:
        fault = Fault("by", "is missing; name the fields whose values are counted", tuple(groupable(dataset)))
        reader.faults.append(fault)
    return reader.grouping()


def read_aggregate(dataset: Dataset, pairs: Pairs, settings: Settings) -> Grouping:
    """What `aggregate` is asked for; raises Problem (400) that lists every fault."""
    return _Reader(dataset, pairs, AGGREGATE, settings).grouping()


class _Reader:
    """Collects the faults of a grouping's own parameters beside those of the question."""

    def __init__(self, dataset: Dataset, pairs: Pairs, own: tuple[str, ...], settings: Settings) -> None:
        self.dataset = dataset
        self.settings = settings
        self.values = {name: value for name, value in pairs if name in own}
        self.faults: list[Fault] = []
        self.ask = Ask()
        try:
            self.ask = read_ask(dataset, pairs, NARROWING, settings, beside=own)
        except Problem as problem:
            self.faults += problem.errors

    def grouping(self) -> Grouping:
        by = self._try("by", self._by, ())
        metrics = self._try("metric", self._metrics, (Metric("count"),))
        names = [*by, *(metric.name for metric in metrics)]
        found = Grouping(
            ask=self.ask,
            by=by,
            metrics=metrics,
            sort=self._try("sort", lambda text: self._sort(text, names), ()),
            limit=self._try("limit", lambda text: read_limit(text, MAX_LIMIT), DEFAULT_LIMIT),
            offset=self._try("offset", read_offset, 0),
        )
        if self.faults:
            raise bad_request(self.faults)
        return found

    def _try(self, name: str, read: Any, default: Any) -> Any:
        if name not in self.values:
            return default
        try:
            return read(self.values[name])
        except BadValue as error:
            self.faults.append(Fault(name, str(error), error.allowed))
            return default

    def _by(self, text: str) -> tuple[str, ...]:
        return _words(text, groupable(self.dataset), "field that rows are grouped by", self.settings.max_by_fields)

    def _metrics(self, text: str) -> tuple[Metric, ...]:
        words = _words(text, metric_names(self.dataset), "metric", self.settings.max_metrics)
        return tuple(Metric(*word.split(":")) for word in words)

    def _sort(self, text: str, names: list[str]) -> Sort:
        keys = [word.removeprefix("-") for word in text.split(",")]
        words = _words(",".join(keys), names, "column of the answer", self.settings.max_sort_keys)
        return tuple(zip(words, [word.startswith("-") for word in text.split(",")], strict=True))


def _words(text: str, known: list[str], what: str, most: int) -> tuple[str, ...]:
    words = text.split(",") if text else []
    if not words:
        raise BadValue("is empty; name at least one", tuple(known))
    for n, word in enumerate(words):
        if word not in known:
            raise BadValue(f"'{clip(word)}' is no {what}.{nearest(word, known)}", tuple(known))
        if word in words[:n]:
            raise BadValue(f"names '{word}' twice")
    if len(words) > most:
        raise BadValue(f"names {len(words)}; at most {most} are allowed")
    return tuple(words)
