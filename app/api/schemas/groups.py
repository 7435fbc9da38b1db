"""Schemas and parameters of `facets`, `aggregate`, `series` and `queryables`."""

from functools import cache

from app.api.schemas.datasets import ANSWERED_DAY, enum_schema, links_schema, names_schema, row_schema
from app.api.schemas.json_schema import (
    OFFSET_SCHEMA,
    TEXT,
    VALUE_TYPES,
    Bound,
    Component,
    Json,
    choice_of,
    list_of,
    nullable,
    query_parameter,
    schema_name,
    schema_ref,
    shared_query_parameter,
    strict_object,
)
from app.api.schemas.parameters import (
    PAGE_LIMIT,
    SHARED_CONTROLS,
    collection_parameters,
    named_filters,
    option_parameters,
)
from app.datasets.observations import MEASURES
from app.model.dataset import Dataset, FieldSpec
from app.query.params.controls import MAX_LIMIT
from app.query.params.dataset_query import ROW_FILTER_PARAMS
from app.query.params.grouping import groupable_fields, metric_names
from app.renderers.charts.group_drawing import MAX_BARS
from app.renderers.charts.picture import DEFAULT_WIDTH, MAX_HEIGHT, MAX_WIDTH, MIN_HEIGHT, MIN_WIDTH
from app.renderers.representations import PICTURE, TABLE_FORMATS
from app.renderers.site.language import DEFAULT_LANGUAGE, LANGUAGES

FIGURE: Json = {"type": ["number", "null"]}
GROUP_VALUE: Json = {"type": ["string", "integer", "number", "boolean", "null"]}
BY_DESCRIPTION = "Fields to group by. Each member of a list counts; null is a group of its own."
METRIC_DESCRIPTION = "The figures of each group; `count` by default."
SORT_DESCRIPTION = "Columns of the result, such as `count` or `-sum_value`. Nulls come last, `by` breaks ties."
PICTURE_BY_DESCRIPTION = "The field to group by, or two: the second divides the groups of the first."
BARS_DESCRIPTION = "The number of bars, the largest first unless `sort` says otherwise. The rest is counted in a note."
MEASURE_DESCRIPTION = "The figure to draw. The default is `value`, for a balance `cumulative`."
DERIVE_DESCRIPTION = "Fields to calculate from the printed ones, under `derived`. `meta.derived` has the formulas."

FACET_LIMIT = shared_query_parameter("facets.limit", PAGE_LIMIT, "The number of values to return for each field.")
GROUP_SORT = shared_query_parameter(
    "groups.sort",
    list_of({"type": "string", "pattern": "^-?[a-z_]+$"}, Bound.of("max_sort_keys")),
    SORT_DESCRIPTION,
)
GROUP_LIMIT = shared_query_parameter("groups.limit", PAGE_LIMIT, "The number of groups to return.")
GROUP_OFFSET = shared_query_parameter("groups.offset", OFFSET_SCHEMA, "The number of groups to skip.")
PICTURE_LIMIT = shared_query_parameter(
    "picture.limit", {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": MAX_BARS}, BARS_DESCRIPTION
)
PICTURE_CONTROLS = (
    shared_query_parameter("picture.lang", choice_of(LANGUAGES) | {"default": DEFAULT_LANGUAGE}, "The language."),
    shared_query_parameter(
        "picture.width",
        {"type": "integer", "minimum": MIN_WIDTH, "maximum": MAX_WIDTH, "default": DEFAULT_WIDTH},
        "The width in pixels. Texts keep their size.",
    ),
    shared_query_parameter(
        "picture.height",
        {"type": "integer", "minimum": MIN_HEIGHT, "maximum": MAX_HEIGHT},
        "The least height in pixels. By default, as high as the figures need.",
    ),
)
"""The parameters that every picture has: language and size."""


def facet_parameters(dataset: Dataset) -> list[Json]:
    """Return the query parameters of `facets`."""
    return [facet_by_parameter(dataset), FACET_LIMIT, *collection_parameters(dataset, ROW_FILTER_PARAMS)]


def aggregate_parameters(dataset: Dataset) -> list[Json]:
    """Return the query parameters of `aggregate`."""
    controls = [by_parameter(dataset), metric_parameter(dataset), GROUP_SORT, SHARED_CONTROLS["expand"]]
    return [*controls, GROUP_LIMIT, GROUP_OFFSET, *collection_parameters(dataset, ROW_FILTER_PARAMS)]


@cache
def facet_by_parameter(dataset: Dataset) -> Component:
    """Return the parameter for the fields whose values `facets` counts."""
    return shared_query_parameter(
        f"{schema_name(dataset)}.facets.by", _by_schema(dataset), BY_DESCRIPTION, required=True
    )


@cache
def by_parameter(dataset: Dataset) -> Component:
    """Return the parameter for the fields by which `aggregate` groups."""
    return shared_query_parameter(f"{schema_name(dataset)}.by", _by_schema(dataset), BY_DESCRIPTION)


def _by_schema(dataset: Dataset) -> Json:
    return list_of(schema_ref(f"{schema_name(dataset)}Group"), Bound.of("max_by_fields"))


def group_field_schema(dataset: Dataset) -> Json:
    """Return the enumeration of the fields to group by."""
    return choice_of(groupable_fields(dataset))


@cache
def metric_parameter(dataset: Dataset) -> Component:
    """Return the parameter for the figures of each group."""
    name = schema_name(dataset)
    schema = list_of(schema_ref(f"{name}Metric"), Bound.of("max_metrics"))
    return shared_query_parameter(f"{name}.metric", schema, METRIC_DESCRIPTION)


def facets_schema() -> Json:
    """Return the schema of a response of `facets`: a list of values for each field of `by`."""
    entry = strict_object({"value": GROUP_VALUE, "label": nullable(TEXT), "count": {"type": "integer"}})
    data = {"type": "object", "additionalProperties": {"type": "array", "items": entry}}
    counts: Json = {"type": "object", "additionalProperties": {"type": "integer"}}
    meta = {
        "dataset": TEXT,
        "total": {"type": "integer", "description": "The number of rows that were counted."},
        "groups": {**counts, "description": "The number of values of each field."},
        "limit": {"type": "integer"},
        "revision": TEXT,
    }
    return strict_object({"data": data, "meta": _meta_schema(meta)})


def _meta_schema(members: Json) -> Json:
    """Return the schema of `meta`, in which the day stands where the rows depend on one."""
    return strict_object({**members, **ANSWERED_DAY}, list(members))


def groups_schema() -> Json:
    """Return the schema of a response of `aggregate`: each row has the fields of `by` and the chosen figures.

    With `expand=names` it also has the object `names`.
    """
    names = {"type": "object", "additionalProperties": nullable(TEXT)}
    row = {"type": "object", "additionalProperties": {"anyOf": [GROUP_VALUE, names]}}
    meta = {
        "dataset": TEXT,
        "total": {"type": "integer", "description": "The number of groups."},
        "limit": {"type": "integer"},
        "offset": {"type": "integer"},
        "revision": TEXT,
    }
    return strict_object({"data": {"type": "array", "items": row}, "meta": _meta_schema(meta)})


def queryables_schema(dataset: Dataset, url: str) -> Json:
    """Return the fields that `filter` accepts as a JSON Schema (OGC API – Features, Part 3, section 6.2).

    `url` is the address of the schema itself.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": url,
        "type": "object",
        "title": f"{dataset.title_zh} · {dataset.title_en}",
        "description": dataset.description_en,
        "properties": {spec.name: queryable_schema(spec) for spec in dataset.fields if spec.operators},
        "additionalProperties": False,
    }


def queryable_schema(spec: FieldSpec) -> Json:
    """Return the schema of a field in a filter. The members of a list are text."""
    if spec.kind in ("list", "objects"):
        schema: Json = {"type": "array", "items": TEXT}
    else:
        schema = enum_schema(spec.info.enum) if spec.info.enum else dict(VALUE_TYPES[spec.kind])
    schema["title"] = f"{spec.info.label_zh} · {spec.info.label_en}" + (
        f" ({spec.info.unit})" if spec.info.unit else ""
    )
    return schema


def series_parameters(observations: Dataset, passed: list[str], derive: tuple[str, ...]) -> list[Json]:
    """Return the parameters of `series`: the indicator, those passed on to the observations, and `derive`."""
    indicator = {"name": "id", "in": "path", "required": True, "schema": TEXT, "description": "The indicator."}
    options = (option for option in option_parameters(observations) if option["name"] in passed)
    filters: list[Json] = [*options, *named_filters(observations, passed)]
    filters = [
        {**each, "schema": {**each["schema"], "default": "330300"}} if each["name"] == "area_id" else each
        for each in filters
    ]
    return [indicator, *filters, query_parameter("derive", list_of(choice_of(derive)), DERIVE_DESCRIPTION)]


def facets_picture_parameters(dataset: Dataset) -> list[Json]:
    """Return the query parameters of the picture of facets."""
    filters = collection_parameters(dataset, ROW_FILTER_PARAMS, as_json=False)
    return [picture_field_parameter(dataset), PICTURE_LIMIT, *PICTURE_CONTROLS, *filters]


def aggregate_picture_parameters(dataset: Dataset) -> list[Json]:
    """Return the query parameters of the picture of an aggregate."""
    controls = [picture_by_parameter(dataset), picture_metric_parameter(dataset), GROUP_SORT]
    filters = collection_parameters(dataset, ROW_FILTER_PARAMS, as_json=False)
    return [*controls, PICTURE_LIMIT, *PICTURE_CONTROLS, *filters]


@cache
def picture_field_parameter(dataset: Dataset) -> Component:
    """Return the parameter for the one field whose values a picture shows."""
    name = schema_name(dataset)
    return shared_query_parameter(
        f"{name}.picture.facets.by", schema_ref(f"{name}Group"), BY_DESCRIPTION, required=True
    )


@cache
def picture_by_parameter(dataset: Dataset) -> Component:
    """Return the parameter for the one or two fields by which a picture groups."""
    name = schema_name(dataset)
    schema = {**_by_schema(dataset), "maxItems": 2}
    return shared_query_parameter(f"{name}.picture.by", schema, PICTURE_BY_DESCRIPTION, required=True)


@cache
def picture_metric_parameter(dataset: Dataset) -> Component:
    """Return the parameter for the figure that a picture shows."""
    figures = [
        name
        for name in metric_names(dataset)
        if ":" not in name or dataset.fields_by_name[name.partition(":")[2]].kind in ("integer", "number")
    ]
    schema = choice_of(figures) | {"default": "count"}
    return shared_query_parameter(f"{schema_name(dataset)}.picture.metric", schema, "The figure of each group.")


def series_picture_parameters(observations: Dataset, passed: list[str]) -> list[Json]:
    """Return the parameters of the picture of a series."""
    *filters, derive = series_parameters(observations, passed, ("prior_year",))
    measure = query_parameter("measure", choice_of(MEASURES), MEASURE_DESCRIPTION)
    return [*filters, measure, derive, *PICTURE_CONTROLS]


def series_schema(observations: Dataset, about: tuple[str, ...], fields: tuple[str, ...], notes: Json) -> Json:
    """Return the schema of a response of `series`.

    `meta` has the ids that it is `about`, and a row some `fields` of an observation; `notes` describe the derived ones.
    """
    observation = row_schema(observations)
    derived_names = [name for note in notes.values() for name in note["fields"]]
    derived = {"type": "object", "properties": dict.fromkeys(derived_names, FIGURE), "additionalProperties": False}
    meta = strict_object(
        {
            "dataset": TEXT,
            **{f"indicator_{name}": nullable(TEXT) for name in ("id", "name_zh", "name_en", "unit", "unit_zh")},
            "area_id": TEXT,
            "total": {"type": "integer"},
            "revision": TEXT,
        }
    )
    meta["properties"] |= {"names": names_schema(observations, about)}
    meta["properties"]["derived"] = {"type": "object", "properties": {name: {"type": "object"} for name in notes}}
    row = strict_object({name: observation["properties"][name] for name in fields})
    row["properties"] |= {"derived": derived, "names": names_schema(observations, fields)}
    links = links_schema(("self", *TABLE_FORMATS, PICTURE.name))
    return strict_object({"data": {"type": "array", "items": row}, "meta": meta, "links": links})
