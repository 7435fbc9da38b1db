"""Parse request parameters into a validated query. All datasets share one grammar."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple, TypeVar

from app.errors import Fault, add_sentence, bad_request
from app.model.chinese import simplify, spellings
from app.model.dataset import Dataset, FieldSpec
from app.model.values import BadValue, StoredValue, clip, parse_boolean, parse_list, parse_value
from app.query.cql.filter import CqlFilter, parse_filter
from app.query.fulltext.search_expression import SearchExpression, is_blank, parse_search_expression
from app.query.params.controls import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    SCORE_KEY,
    Sort,
    key_types,
    parse_choice,
    parse_expand,
    parse_fields,
    parse_filter_language,
    parse_limit,
    parse_offset,
    parse_sort,
    parse_view_option,
)
from app.query.params.cursor import BadCursor, Cursor, decode_cursor, scope_digest
from app.query.params.name_hints import operator_hint, unknown_name
from app.query.params.query_string import ParameterPairs
from app.query.params.value_hints import get_operand_parser, value_hint
from app.settings import Settings

T = TypeVar("T")
PAGE_PARAMS = ("q", "filter", "filter-lang", "sort", "limit", "offset", "cursor", "fields", "expand", "count")
FEED_PARAMS = ("q", "filter", "filter-lang", "sort", "limit", "cursor")
"""The parameters of a feed. There is no `fields` because entries are always complete, and no `count`."""
TABLE_PARAMS = ("q", "filter", "filter-lang", "sort", "limit", "offset", "fields", "expand", "count", "bom", "lang")
"""The parameters of files, some of which only a few formats take. There is no `cursor`: a file has all rows."""
SEARCH_PARAMS = ("q", "filter")
"""The parameters that select rows, as filters do."""
ROW_FILTER_PARAMS = (*SEARCH_PARAMS, "filter-lang")
"""The parameters of what is counted, beside filters."""
HIGHLIGHTS_FIELD = "highlights"
"""The member that the rows of a page have when `q` is given."""


ORDER_OPERATORS = ("gt", "gte", "lt", "lte")


class FilterCondition(NamedTuple):
    """One filter of a query: a field, an operator, and values in their stored form.

    Only `in` and a text in two spellings have several values. One of them must match; for `ne`, none.
    """

    field: str
    op: str
    values: tuple[StoredValue, ...]


@dataclass(frozen=True, slots=True)
class DatasetQuery:
    """A validated request for rows. A `limit` of None means all rows; the last sort key is always `id`."""

    conditions: tuple[FilterCondition, ...] = ()
    sort: Sort = ()
    limit: int | None = None
    offset: int = 0
    cursor: Cursor | None = None
    filter: CqlFilter | None = None
    fulltext: SearchExpression | None = None
    fields: tuple[str, ...] | None = None
    expand: str | None = None
    count: bool = True
    options: Mapping[str, str] = field(default_factory=dict)
    bom: bool = False
    lang: str | None = None
    raw_parameters: ParameterPairs = ()
    cursor_scope: str = ""
    plan_key: Hashable = field(default=None, compare=False)
    """A key that all queries parsed from one template share; None for a query that has no template."""


def parameter_names(dataset: Dataset, control_params: Iterable[str]) -> list[str]:
    """Return the names of all parameters that a dataset's collection takes."""
    names = [*control_params, *(option.name for option in (dataset.as_of_view.options if dataset.as_of_view else ()))]
    for spec in dataset.fields:
        names += [spec.name] * ("eq" in spec.operators)
        names += [f"{spec.name}__{op}" for op in spec.operators]
    return names


@cache
def filters_by_label(dataset: Dataset) -> Mapping[str, str]:
    """Return the first filter of each field by the field's labels, in lower case."""
    labelled = [
        (label.lower(), spec.name if "eq" in spec.operators else f"{spec.name}__{spec.operators[0]}")
        for spec in dataset.fields
        if spec.operators
        for label in (spec.info.label_zh, spec.info.label_en)
    ]
    return dict(reversed(labelled))


def parse_dataset_query(
    dataset: Dataset,
    pairs: ParameterPairs,
    control_params: tuple[str, ...],
    settings: Settings,
    extra_params: tuple[str, ...] = (),
    default_sort: Sort = (),
) -> DatasetQuery:
    """Parse decoded parameters into a query of a dataset.

    `control_params` are the parameters allowed besides filters and view options (`PAGE_PARAMS`, `TABLE_PARAMS`),
    `extra_params` those that the caller parses itself. `default_sort` replaces the dataset's own default order.
    A blank `q` is as if it were not given. Raises Problem (400) that lists every fault, each with the closest valid
    name.
    """
    parser = _QueryParser(dataset, control_params, settings, extra_params, default_sort)
    if "q" in control_params:
        pairs = without_blank_search(pairs)
    for name, value in pairs:
        parser.add(name, value)
    return parser.build(pairs)


def without_blank_search(pairs: ParameterPairs) -> ParameterPairs:
    """Return the parameters without a `q` that is empty or blank, as an empty form sends it."""
    return tuple(pair for pair in pairs if pair[0] != "q" or not is_blank(pair[1]))


class _QueryParser:
    """Parses one parameter after another and collects the faults."""

    def __init__(
        self,
        dataset: Dataset,
        control_params: tuple[str, ...],
        settings: Settings,
        extra_params: tuple[str, ...],
        default_sort: Sort,
    ) -> None:
        self.dataset = dataset
        self.default_sort = default_sort
        self.control_params = control_params
        self.extra_params = extra_params
        self.settings = settings
        self.faults: list[Fault] = []
        self.conditions: list[FilterCondition] = []
        self.view_options: dict[str, str] = {}
        self.values: dict[str, str] = {}

    def add(self, name: str, value: str) -> None:
        try:
            if name in self.control_params:
                self.values[name] = value
            elif field_and_op := resolve_filter(self.dataset, name):
                self.conditions.append(parse_condition(*field_and_op, value, self.settings.max_in_values))
            elif option := self.dataset.get_view_option(name):
                self.view_options[name] = parse_view_option(option, value)
            elif name not in self.extra_params:
                self._unknown(name)
        except BadValue as error:
            resolved = resolve_filter(self.dataset, name)
            hint = value_hint(*resolved, value) if resolved else ""
            self.faults.append(Fault(clip(name), add_sentence(str(error), hint), error.allowed))

    def _unknown(self, name: str) -> None:
        base, separator, op = name.partition("__")
        spec = self.dataset.fields_by_name.get(base)
        if spec is not None and not spec.info.queryable:
            self.faults.append(Fault(clip(name), self.dataset.explain_day_field(spec)))
        elif spec is None:
            known = parameter_names(self.dataset, (*self.control_params, *self.extra_params))
            self.faults.append(Fault(clip(name), unknown_name(name, known, filters_by_label(self.dataset))))
        else:
            hint = operator_hint(base, op, spec.operators) if separator else ""
            detail = f"'{clip(op) if separator else 'eq'}' is not an operator of {base}."
            allowed = tuple(base if known == "eq" else f"{base}__{known}" for known in spec.operators)
            self.faults.append(Fault(clip(name), f"{detail} {hint}".rstrip(), allowed))

    def build(self, pairs: ParameterPairs) -> DatasetQuery:
        if len(self.conditions) > self.settings.max_filters:
            self.faults.append(Fault("filters", f"at most {self.settings.max_filters} filters may be given"))
        fulltext = self._try("q", lambda text: parse_search_expression(text, self.settings.max_search_alternatives))
        score_key = (SCORE_KEY,) if "q" in self.values else ()
        highlights = (HIGHLIGHTS_FIELD,) if "q" in self.values and "cursor" in self.control_params else ()
        sort = self._try("sort", lambda text: parse_sort(self.dataset, text, self.settings.max_sort_keys, score_key))
        filter_ = self._try("filter", lambda text: parse_filter(self.dataset, text, self.settings))
        self._try("filter-lang", parse_filter_language)
        limit = self._try(
            "limit", lambda text: parse_limit(text, MAX_LIMIT if "cursor" in self.control_params else None)
        )
        max_offset = self.settings.max_offset if "cursor" in self.control_params else None
        offset = self._try("offset", lambda text: parse_offset(text, max_offset))
        fields = self._try("fields", lambda text: parse_fields(self.dataset, text, highlights))
        expand = self._try("expand", parse_expand)
        count = self._try("count", parse_boolean)
        bom = self._try("bom", parse_boolean)
        lang = self._try("lang", lambda text: parse_choice(text, ("zh", "en")))
        sort = sort or self.default_sort or (*((name, True) for name in score_key), *self.dataset.default_sort)
        cursor_scope = self._cursor_scope(pairs, sort)
        cursor = self._try("cursor", lambda text: decode_cursor(text, cursor_scope, key_types(self.dataset, sort)))
        if "cursor" in self.values and "offset" in self.values:
            self.faults.append(Fault("offset", "is not allowed together with 'cursor'; leave one of them out"))
        if self.faults:
            raise bad_request(self.faults)
        if limit is None and "cursor" in self.control_params:
            limit = DEFAULT_LIMIT
        return DatasetQuery(
            conditions=tuple(self.conditions),
            sort=sort,
            limit=limit,
            offset=offset or 0,
            cursor=cursor,
            filter=filter_,
            fulltext=fulltext,
            fields=fields,
            expand=expand,
            count=count != 0,
            options=self.view_options,
            bom=bool(bom),
            lang=lang,
            raw_parameters=pairs,
            cursor_scope=cursor_scope,
        )

    def _try(self, name: str, parse: Callable[[str], T]) -> T | None:
        if name not in self.values:
            return None
        try:
            return parse(self.values[name])
        except BadValue as error:
            self.faults.append(Fault(name, str(error), error.allowed))
        except BadCursor as error:
            self.faults.append(Fault(name, str(error)))
        return None

    def _cursor_scope(self, pairs: ParameterPairs, sort: Sort) -> str:
        filters = sorted(
            [f"{name}={value}" for name, value in pairs if name in SEARCH_PARAMS or name not in self.control_params]
        )
        return scope_digest(self.dataset.name, repr(sort), *filters)


@lru_cache(maxsize=4096)
def resolve_filter(dataset: Dataset, name: str) -> tuple[FieldSpec, str] | None:
    """Return the field and operator that a parameter name stands for, or None if the dataset has none such."""
    base, separator, op = name.partition("__")
    spec = dataset.fields_by_name.get(base)
    if spec is None or (op or "eq") not in spec.operators or (separator and not op):
        return None
    return spec, op or "eq"


def parse_condition(spec: FieldSpec, op: str, text: str, max_values: int) -> FilterCondition:
    """Parse the value of one filter; a text in traditional characters becomes two values. Raises BadValue."""
    if op == "isnull":
        return FilterCondition(spec.name, op, (parse_boolean(text),))
    if op == "in":
        words = parse_list(text)
        if len(words) > max_values:
            raise BadValue(f"has {len(words)} values; at most {max_values} are allowed")
        spelled = (each for word in words for each in spellings(word))
        return FilterCondition(spec.name, op, tuple(dict.fromkeys(parse_value(spec, each) for each in spelled)))
    typed = (simplify(text),) if op in ORDER_OPERATORS else spellings(text)
    return FilterCondition(spec.name, op, tuple(dict.fromkeys(map(get_operand_parser(spec, op), typed))))
