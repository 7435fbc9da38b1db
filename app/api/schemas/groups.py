"""Schemas and parameters of `facets`, `aggregate`, `series` and `queryables`."""

from app.api.schemas.datasets import collection_parameters, operand_schema
from app.api.schemas.json_schema import (
    OFFSET_SCHEMA,
    TEXT,
    VALUE_TYPES,
    Json,
    default_limit,
    enum_list,
    nullable,
    query_parameter,
    strict_object,
)
from app.model.dataset import Dataset, FieldSpec
from app.query.params.controls import DEFAULT_LIMIT, MAX_LIMIT
from app.query.params.dataset_query import ROW_FILTER_PARAMS
from app.query.params.grouping import groupable_fields, metric_names

FIGURE: Json = {"type": ["number", "null"]}
GROUP_VALUE: Json = {"type": ["string", "integer", "number", "boolean", "null"]}
LIMIT_SCHEMA: Json = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
BY_DESCRIPTION = "The fields to group by. Each member of a list is counted, and null is a group of its own."
METRIC_DESCRIPTION = "The figures of each group, such as `count` or `sum:value`. The default is `count`."
SORT_DESCRIPTION = "Columns of the result; `-` sorts descending. Nulls come last, and the values of `by` break ties."

DERIVE_DESCRIPTION = "Fields to calculate from the printed ones, under `derived`. `meta.derived` has the formulas."


def facet_parameters(dataset: Dataset) -> list[Json]:
    """Return the query parameters of `facets`."""
    return [
        query_parameter("by", _by_schema(dataset), BY_DESCRIPTION, required=True),
        query_parameter("limit", LIMIT_SCHEMA, "The number of values to return for each field."),
        *collection_parameters(dataset, ROW_FILTER_PARAMS),
    ]


def aggregate_parameters(dataset: Dataset) -> list[Json]:
    """Return the query parameters of `aggregate`."""
    metrics = metric_names(dataset)
    sort_keys = [key for column in _aggregate_columns(dataset) for key in (column, f"-{column}")]
    return [
        query_parameter("by", _by_schema(dataset), BY_DESCRIPTION),
        query_parameter("metric", enum_list(metrics, default_limit("max_metrics")), METRIC_DESCRIPTION),
        query_parameter("sort", enum_list(sort_keys, default_limit("max_sort_keys")), SORT_DESCRIPTION),
        query_parameter("limit", LIMIT_SCHEMA, "The number of groups to return."),
        query_parameter("offset", OFFSET_SCHEMA, "The number of groups to skip."),
        *collection_parameters(dataset, ROW_FILTER_PARAMS),
    ]


def _by_schema(dataset: Dataset) -> Json:
    return enum_list(groupable_fields(dataset), default_limit("max_by_fields"))


def _aggregate_columns(dataset: Dataset) -> list[str]:
    return [*groupable_fields(dataset), *(metric.replace(":", "_") for metric in metric_names(dataset))]


def facet_schema(dataset: Dataset) -> Json:
    """Return the schema of a response of `facets`."""
    entry = strict_object({"value": GROUP_VALUE, "label": nullable(TEXT), "count": {"type": "integer"}})
    facets: Json = {name: {"type": "array", "items": entry} for name in groupable_fields(dataset)}
    counts: Json = {"type": "object", "additionalProperties": {"type": "integer"}}
    meta = {
        "dataset": {"type": "string", "const": dataset.name},
        "total": {"type": "integer", "description": "The number of rows that were counted."},
        "groups": {**counts, "description": "The number of values of each field."},
        "limit": {"type": "integer"},
        "revision": {"type": "string"},
    }
    data = {"type": "object", "properties": facets, "additionalProperties": False}
    return strict_object({"data": data, "meta": strict_object(meta)})


def aggregate_schema(dataset: Dataset) -> Json:
    """Return the schema of a response of `aggregate`: each row has the fields of `by` and the chosen metrics."""
    properties = dict.fromkeys(_aggregate_columns(dataset), GROUP_VALUE)
    row = {"type": "object", "properties": properties, "additionalProperties": False}
    meta = {
        "dataset": {"type": "string", "const": dataset.name},
        "total": {"type": "integer", "description": "The number of groups."},
        "limit": {"type": "integer"},
        "offset": {"type": "integer"},
        "revision": {"type": "string"},
    }
    return strict_object({"data": {"type": "array", "items": row}, "meta": strict_object(meta)})


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
        "properties": {spec.name: queryable_schema(spec) for spec in dataset.fields if spec.kind != "object"},
        "additionalProperties": False,
    }


def queryable_schema(spec: FieldSpec) -> Json:
    """Return the schema of a field in a filter. The members of a list are text."""
    if spec.kind in ("list", "objects"):
        schema: Json = {"type": "array", "items": TEXT}
    else:
        schema = dict(operand_schema(spec, "eq") if spec.info.enum else VALUE_TYPES[spec.kind])
    schema["title"] = f"{spec.info.label_zh} · {spec.info.label_en}" + (
        f" ({spec.info.unit})" if spec.info.unit else ""
    )
    return schema


def series_parameters(observations: Dataset, passed: list[str], derive: tuple[str, ...]) -> list[Json]:
    """Return the parameters of `series`: the indicator, those passed on to the observations, and `derive`."""
    indicator = {"name": "id", "in": "path", "required": True, "schema": TEXT, "description": "The indicator."}
    filters = [dict(parameter) for parameter in collection_parameters(observations, ()) if parameter["name"] in passed]
    for parameter in filters:
        if parameter["name"] == "area_id":
            parameter["schema"] = {**parameter["schema"], "default": "330300"}
    return [indicator, *filters, query_parameter("derive", enum_list(list(derive)), DERIVE_DESCRIPTION)]


def series_schema(observation: Json, fields: tuple[str, ...], notes: Json) -> Json:
    """Return the schema of a response of `series`.

    `observation` is the schema of an observation, of which a row has some `fields`; `notes` describe the derived ones.
    """
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
    meta["properties"]["derived"] = {"type": "object", "properties": {name: {"type": "object"} for name in notes}}
    row = strict_object({name: observation["properties"][name] for name in fields})
    row["properties"]["derived"] = derived
    return strict_object({"data": {"type": "array", "items": row}, "meta": meta})
