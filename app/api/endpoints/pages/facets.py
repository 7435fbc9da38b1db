"""The counts of values beside a table: links that narrow the query, and lists to choose from in its form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.api.endpoints.pages.page import PageRequest
from app.model.dataset import Dataset
from app.query.group_table import facet_values, merge_groups
from app.query.params.dataset_query import DatasetQuery
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


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value with its number of rows, and the page that shows only these, or all again if it is selected."""

    label: str
    count: int
    link: str
    is_selected: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one field in the rows of a query."""

    name: str
    label: str
    values: Sequence[FacetValue]
    more: int
    """How many values are not shown."""


async def fetch_facet_groups(
    request: PageRequest, dataset: Dataset, query: DatasetQuery
) -> dict[str, list[dict[str, Any]]]:
    """Return the values of the counted fields, each counted without its own filter. Raises DatabaseUnavailable."""
    context, groups_by_field = request.context, {}
    for name in dataset.counted_fields:
        others = tuple(each for each in query.conditions if each.field != name)
        counted = replace(query, conditions=others, cursor=None, plan_key=None)
        shape = GroupShape(count_shape(dataset, counted), (name,))
        max_groups = context.settings.max_groups
        [rows], _ = await context.repository.fetch_groups(dataset, counted, [shape], max_groups, context.today())
        groups_by_field[name] = facet_values(dataset, name, merge_groups(dataset, shape, rows), max_groups)
    return groups_by_field


def group_code(dataset: Dataset, name: str, group: Mapping[str, Any]) -> str:
    """Return a value as a filter takes it."""
    is_code = dataset.fields_by_name[name].info.enum is not None
    return str(group["value"] if is_code else group["label"])


def value_parameter(dataset: Dataset, name: str) -> str:
    """Return the parameter that selects a value of a field."""
    return f"{name}__has" if dataset.fields_by_name[name].kind in ("list", "objects") else name


def facet_choices(
    dataset: Dataset, groups_by_field: FacetGroups, names: Names, request: PageRequest
) -> dict[str, tuple[Choice, ...]]:
    """Return the lists to choose from: the values of the counted fields that have few."""
    return {
        name: tuple(
            Choice(group_code(dataset, name, group), group_label(request, dataset, name, group, names), group["count"])
            for group in groups
            if group["value"] is not None
        )
        for name, groups in groups_by_field.items()
        if len(groups) <= MAX_CHOICES
    }


def group_label(request: PageRequest, dataset: Dataset, name: str, group: Mapping[str, Any], names: Names) -> str:
    """Return the label of a value of a field."""
    if group["value"] is None:
        return request.text("空缺", "missing")
    code = group_code(dataset, name, group)
    return value_in_words(dataset.fields_by_name[name], code, names, request.language)


def build_facets(request: PageRequest, dataset: Dataset, groups_by_field: FacetGroups, names: Names) -> list[Facet]:
    """Return the counted fields of a query. A field with one value for all rows tells nothing and is left out."""
    values, facets = dict(request.pairs), []
    for name, groups in groups_by_field.items():
        parameter, null_parameter = value_parameter(dataset, name), f"{name}__isnull"
        rest = request.addresses.page(f"/{dataset.name}", without(request.pairs, parameter, null_parameter, *PAGING))
        more = f"{rest}{'&' if '?' in rest else '?'}"
        shown = []
        for group in groups[:MAX_FACET_VALUES]:
            is_null = group["value"] is None
            key, value = (null_parameter, "true") if is_null else (parameter, group_code(dataset, name, group))
            is_selected = values.get(key) == value
            link = rest if is_selected else f"{more}{key}={quote_query(value)}"
            label = group_label(request, dataset, name, group, names)
            shown.append(FacetValue(label, group["count"], link, is_selected))
        if len(groups) > 1 or any(value.is_selected for value in shown):
            label = field_label(dataset.fields_by_name[name].info, request.language)
            facets.append(Facet(name, label, shown, max(0, len(groups) - MAX_FACET_VALUES)))
    return facets
