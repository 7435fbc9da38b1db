"""A cache in front of `parse_dataset_query`: most of a query is decided by the names of its parameters.

Applications repeat the same query with different values. Everything that does not depend on those values (sort
keys, fields, checks of names and numbers) is parsed once for each *signature*, by `parse_dataset_query`, and kept
as a template. A later query with the same signature only has its values parsed. Values that do not fit the template
are parsed again by `parse_dataset_query`, which raises the problem, if there is one: nothing is rejected here.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from app.model.chinese import simplify
from app.model.dataset import Dataset
from app.model.values import BadValue, StoredValue
from app.query.params.controls import key_types, parse_offset, parse_page_limit
from app.query.params.cursor import BadCursor, decode_cursor, scope_digest
from app.query.params.dataset_query import (
    PAGE_PARAMS,
    DatasetQuery,
    FilterCondition,
    parse_dataset_query,
    resolve_filter,
)
from app.query.params.query_string import ParameterPairs
from app.query.params.value_hints import get_operand_parser
from app.settings import Settings

MAX_TEMPLATES = 1000
SINGLE_VALUE_OPERATORS = ("eq", "ne", "gt", "gte", "lt", "lte", "has", "contains", "startswith")
PAGING_PARAMS = ("limit", "offset", "cursor")
"""Parameters whose values are not part of a signature."""
UNCACHED_PARAMS = ("q", "filter")
"""Parameters that keep a query from being cached: nearly every value of them would need its own template."""


@dataclass(frozen=True, slots=True)
class ConditionTemplate:
    """One condition: the position of its parameter, and the parser of its value (None if the value is fixed)."""

    position: int
    condition: FilterCondition
    parse: Callable[[str], StoredValue] | None

    def bind(self, pairs: ParameterPairs) -> FilterCondition:
        """Return the condition for the values of a query. Raises BadValue, also for a text in two spellings."""
        if self.parse is None:
            return self.condition
        text = pairs[self.position][1]
        if simplify(text) != text:
            raise BadValue("has two spellings, and so another statement")
        return FilterCondition(self.condition.field, self.condition.op, (self.parse(text),))


@dataclass(frozen=True, slots=True)
class QueryTemplate:
    """A parsed query, and the positions of the values in which other queries with its signature differ."""

    query: DatasetQuery
    conditions: tuple[ConditionTemplate, ...]
    scope_parts: tuple[str, str]
    """The parts of a cursor's scope without the filters."""
    filter_positions: tuple[int, ...]
    """The positions of the parameters that select rows, in the order in which they enter a cursor's scope."""
    key_types: tuple[type, ...]
    limit_position: int | None
    offset_position: int | None
    max_offset: int
    cursor_position: int | None
    plan_key: int

    def bind(self, pairs: ParameterPairs) -> DatasetQuery:
        """Return the query for these values. Raises BadValue or BadCursor for a value that does not fit."""
        query, cursor = self.query, None
        cursor_scope = scope_digest(
            *self.scope_parts, *["=".join(pairs[position]) for position in self.filter_positions]
        )
        if self.cursor_position is not None:
            cursor = decode_cursor(pairs[self.cursor_position][1], cursor_scope, self.key_types)
        return DatasetQuery(
            conditions=tuple([condition.bind(pairs) for condition in self.conditions]),
            sort=query.sort,
            limit=query.limit if self.limit_position is None else parse_page_limit(pairs[self.limit_position][1]),
            offset=0 if self.offset_position is None else parse_offset(pairs[self.offset_position][1], self.max_offset),
            cursor=cursor,
            fields=query.fields,
            expand=query.expand,
            count=query.count,
            options=query.options,
            raw_parameters=pairs,
            cursor_scope=cursor_scope,
            plan_key=self.plan_key
            if cursor is None
            else (self.plan_key, cursor.backward, *[value is None for value in cursor.key]),
        )


class ParseCache:
    """The query templates of one process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._templates: dict[tuple[str, ...], QueryTemplate] = {}
        self._plan_keys = itertools.count(1)

    def parse_page_query(self, dataset: Dataset, pairs: ParameterPairs) -> DatasetQuery:
        """Return the query for a page, as `parse_dataset_query` does. Raises Problem (400)."""
        signature = parameter_signature(dataset, pairs)
        template = self._templates.get(signature)
        if template is not None:
            try:
                return template.bind(pairs)
            except (BadValue, BadCursor):
                return parse_dataset_query(dataset, pairs, PAGE_PARAMS, self.settings)
        query = parse_dataset_query(dataset, pairs, PAGE_PARAMS, self.settings)
        if not any(name in UNCACHED_PARAMS for name, _ in pairs):
            if len(self._templates) >= MAX_TEMPLATES:
                self._templates.clear()
            self._templates[signature] = build_template(dataset, query, next(self._plan_keys), self.settings.max_offset)
        return query


def parameter_signature(dataset: Dataset, pairs: ParameterPairs) -> tuple[str, ...]:
    """Return the names of the parameters, with the values of those that are more than one bound value."""
    signature = [dataset.name]
    for name, value in pairs:
        signature.append(name)
        if not is_bind_only(dataset, name):
            signature.append(value)
    return tuple(signature)


@lru_cache(maxsize=4096)
def is_bind_only(dataset: Dataset, name: str) -> bool:
    """Return whether a parameter's value is only bound to the statement, and does not change its SQL."""
    resolved = None if name in PAGE_PARAMS else resolve_filter(dataset, name)
    return name in PAGING_PARAMS or (resolved is not None and resolved[1] in SINGLE_VALUE_OPERATORS)


def build_template(dataset: Dataset, query: DatasetQuery, plan_key: int, max_offset: int) -> QueryTemplate:
    """Build the template of a parsed query."""
    names = [name for name, _ in query.raw_parameters]
    row_filters = sorted((name for name in names if name not in PAGE_PARAMS), key=lambda name: f"{name}=")
    condition_positions = [
        position for position, name in enumerate(names) if name not in PAGE_PARAMS and resolve_filter(dataset, name)
    ]
    paging_positions = {name: names.index(name) for name in PAGING_PARAMS if name in names}
    return QueryTemplate(
        query=query,
        conditions=tuple(
            _build_condition_template(dataset, names[position], position, condition)
            for position, condition in zip(condition_positions, query.conditions, strict=True)
        ),
        scope_parts=(dataset.name, repr(query.sort)),
        filter_positions=tuple(names.index(name) for name in row_filters),
        key_types=tuple(key_types(dataset, query.sort)),
        limit_position=paging_positions.get("limit"),
        offset_position=paging_positions.get("offset"),
        max_offset=max_offset,
        cursor_position=paging_positions.get("cursor"),
        plan_key=plan_key,
    )


def _build_condition_template(
    dataset: Dataset, name: str, position: int, condition: FilterCondition
) -> ConditionTemplate:
    if not is_bind_only(dataset, name):
        return ConditionTemplate(position, condition, None)
    spec = dataset.fields_by_name[condition.field]
    return ConditionTemplate(position, condition, get_operand_parser(spec, condition.op))
