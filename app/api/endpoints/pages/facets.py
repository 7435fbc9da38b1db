"""The counts of values beside a table: links that narrow the query, and lists to choose from in its form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from app.api.endpoints.pages.page import PageRequest
from app.model.dataset import Dataset
from app.query.group_table import facet_values, merge_groups
from app.query.params.dataset_query import DatasetQuery, FilterCondition
from app.query.sql.groups import GroupShape
from app.query.sql.select import count_shape
from app.renderers.row_names import Names
from app.renderers.site.addresses import PAGING, without
from app.renderers.site.cells import field_label
from app.renderers.site.filter_form import Choice
from app.renderers.site.filter_words import value_in_words
from app.renderers.urls import quote_query

MAX_FACET_VALUES = 15
MAX_CHOICES = 60
"""A field with more values than this has a text input, no list to choose from."""
FacetGroups = Mapping[str, Sequence[Mapping[str, Any]]]
"""By field, its values with their labels and counts, as `/facets` has them."""


class LabelledGroup(NamedTuple):
    """A value as a filter takes it (None for no value), what readers call it, and its number of rows."""

    code: str | None
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one field in the rows of a query."""

    name: str
    label: str
    values: Markup
    """The items of a list: each value with its number of rows links to the page that shows only these."""
    more: int
    """How many values are not shown."""


async def fetch_facet_groups(
    request: PageRequest, dataset: Dataset, query: DatasetQuery
) -> dict[str, list[dict[str, Any]]]:
    """Return the values of the counted fields, each counted without its own filter. Raises DatabaseUnavailable."""
    context = request.context
    max_groups, today = context.settings.max_groups, context.today()
    fields_by_conditions: dict[tuple[FilterCondition, ...], list[str]] = {}
    for name in dataset.counted_fields:
        others = tuple(each for each in query.conditions if each.field != name)
        fields_by_conditions.setdefault(others, []).append(name)
    found = {}
    for conditions, fields in fields_by_conditions.items():
        counted = replace(query, conditions=conditions, cursor=None, plan_key=None)
        rows_shape = count_shape(dataset, counted)
        shapes = [GroupShape(rows_shape, (name,)) for name in fields]
        groupings, _ = await context.repository.fetch_groups(dataset, counted, shapes, max_groups, today)
        for name, shape, rows in zip(fields, shapes, groupings, strict=True):
            found[name] = facet_values(dataset, name, merge_groups(dataset, shape, rows), max_groups)
    return {name: found[name] for name in dataset.counted_fields}


def group_references(dataset: Dataset, groups_by_field: FacetGroups) -> Iterator[tuple[str, str]]:
    """Yield dataset and id of the rows that are counted as values."""
    for name, groups in groups_by_field.items():
        if target := dataset.fields_by_name[name].info.references:
            yield from ((target, group["value"]) for group in groups if group["value"] is not None)


def label_groups(
    request: PageRequest, dataset: Dataset, groups_by_field: FacetGroups, names: Names
) -> dict[str, list[LabelledGroup]]:
    """Return the counted values of each field with what readers call them."""
    missing, language = request.text("空缺", "missing"), request.language
    labelled = {}
    for name, groups in groups_by_field.items():
        spec, values = dataset.fields_by_name[name], []
        key = "value" if spec.info.enum else "label"
        for group in groups:
            code = None if group["value"] is None else str(group[key])
            label = missing if code is None else value_in_words(spec, code, names, language)
            values.append(LabelledGroup(code, label, group["count"]))
        labelled[name] = values
    return labelled


def value_parameter(dataset: Dataset, name: str) -> str:
    """Return the parameter that selects a value of a field."""
    return f"{name}__has" if dataset.fields_by_name[name].kind in ("list", "objects") else name


def facet_choices(groups_by_field: Mapping[str, Sequence[LabelledGroup]]) -> dict[str, tuple[Choice, ...]]:
    """Return the lists to choose from: the values of the counted fields that have few."""
    return {
        name: tuple([Choice(code, label, number) for code, label, number in groups if code is not None])
        for name, groups in groups_by_field.items()
        if len(groups) <= MAX_CHOICES
    }


def build_facets(
    request: PageRequest, dataset: Dataset, groups_by_field: Mapping[str, Sequence[LabelledGroup]]
) -> list[Facet]:
    """Return the counted fields of a query. A field with one value for all rows tells nothing and is left out."""
    values, facets = dict(request.pairs), []
    for name, groups in groups_by_field.items():
        parameter, null_parameter = value_parameter(dataset, name), f"{name}__isnull"
        rest = request.addresses.page(f"/{dataset.name}", without(request.pairs, parameter, null_parameter, *PAGING))
        start = f"{rest}{'&' if '?' in rest else '?'}"
        items, any_selected = [], False
        for code, label, number in groups[:MAX_FACET_VALUES]:
            key, value = (null_parameter, "true") if code is None else (parameter, code)
            is_selected = values.get(key) == value
            any_selected |= is_selected
            items.append(
                facet_item(rest if is_selected else f"{start}{key}={quote_query(value)}", label, number, is_selected)
            )
        if len(groups) > 1 or any_selected:
            label = field_label(dataset.fields_by_name[name].info, request.language)
            facets.append(Facet(name, label, Markup("".join(items)), max(0, len(groups) - MAX_FACET_VALUES)))
    return facets


def facet_item(link: str, label: str, number: int, is_selected: bool) -> str:
    """Return a value in a list of counts. A page has some hundred of them, so no template code runs for them."""
    current = ' aria-current="true"' if is_selected else ""
    return f'<li><a href="{escape(link)}"{current}>{escape(label)}</a> <span class="count">{number:,}</span></li>\n'
