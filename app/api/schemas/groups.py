"""The OpenAPI description of `facets`, `aggregate`, `series` and `queryables`."""

from typing import Any

from app.api.schemas.datasets import VALUE_TYPES, Json, operand_schema, parameters
from app.model.dataset import Dataset, FieldSpec
from app.query.params.controls import DEFAULT_LIMIT, MAX_LIMIT
from app.query.params.dataset_query import NARROWING
from app.query.params.grouping import groupable, metric_names

LIMIT: Json = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
OFFSET: Json = {"type": "integer", "minimum": 0, "format": "int64", "default": 0}
BY = "Fields whose values make the groups; each member of a list counts, and null is a group of its own."
METRIC = "Figures of each group, such as `count` or `sum:value`; without it `count`."
SORT = "Columns of the answer, `-` descends; nulls come last; the values of `by` break ties."


def parameter(name: str, schema: Json, description: str, required: bool = False) -> Json:
    """One query parameter; lists are separated by commas."""
    form = {"style": "form", "explode": False} if schema["type"] == "array" else {}
    return {"name": name, "in": "query", "required": required, "description": description, "schema": schema, **form}


def words(known: list[str]) -> Json:
    """A list of some of these words."""
    return {"type": "array", "items": {"type": "string", "enum": known}, "minItems": 1, "uniqueItems": True}


def facet_parameters(dataset: Dataset) -> list[Json]:
    """Every query parameter of `facets`."""
    own = [
        parameter("by", words(groupable(dataset)), BY, required=True),
        parameter("limit", LIMIT, "How many values of each field."),
    ]
    return [*own, *parameters(dataset, NARROWING)]


def aggregate_parameters(dataset: Dataset) -> list[Json]:
    """Every query parameter of `aggregate`."""
    metrics = metric_names(dataset)
    columns = [*groupable(dataset), *(metric.replace(":", "_") for metric in metrics)]
    own = [
        parameter("by", words(groupable(dataset)), BY),
        parameter("metric", words(metrics), METRIC),
        parameter("sort", words([key for column in columns for key in (column, f"-{column}")]), SORT),
        parameter("limit", LIMIT, "How many groups."),
        parameter("offset", OFFSET, "How many groups to leave out."),
    ]
    return [*own, *parameters(dataset, NARROWING)]


def closed(properties: Json, **more: Any) -> Json:
    """An object that has all of these members and no others."""
    return {
        "type": "object",
        "required": list(properties),
        "properties": dict(properties),
        "additionalProperties": False,
        **more,
    }


def facet_schema(dataset: Dataset) -> Json:
    """The JSON Schema of an answer of `facets`."""
    value = {"type": ["string", "integer", "number", "boolean", "null"]}
    entry = closed({"value": value, "label": {"type": ["string", "null"]}, "count": {"type": "integer"}})
    lists: Json = {name: {"type": "array", "items": entry} for name in groupable(dataset)}
    counts: Json = {"type": "object", "additionalProperties": {"type": "integer"}}
    meta = {
        "dataset": {"type": "string", "const": dataset.name},
        "total": {"type": "integer", "description": "The rows that were counted."},
        "groups": {**counts, "description": "How many values each field has."},
        "limit": {"type": "integer"},
        "revision": {"type": "string"},
    }
    return closed(
        {"data": {"type": "object", "properties": lists, "additionalProperties": False}, "meta": closed(meta)}
    )


def aggregate_schema(dataset: Dataset) -> Json:
    """The JSON Schema of an answer of `aggregate`: a row holds the fields of `by` and the metrics asked for."""
    value = {"type": ["string", "integer", "number", "boolean", "null"]}
    names = [*groupable(dataset), *(metric.replace(":", "_") for metric in metric_names(dataset))]
    row = {"type": "object", "properties": dict.fromkeys(names, value), "additionalProperties": False}
    meta = {
        "dataset": {"type": "string", "const": dataset.name},
        "total": {"type": "integer", "description": "The groups there are."},
        "limit": {"type": "integer"},
        "offset": {"type": "integer"},
        "revision": {"type": "string"},
    }
    return closed({"data": {"type": "array", "items": row}, "meta": closed(meta)})


def queryables_schema(dataset: Dataset, address: str) -> Json:
    """What `filter` may name, as a JSON Schema (OGC API – Features, Part 3, section 6.2); `address` is its own."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": f"{dataset.title_zh} · {dataset.title_en}",
        "description": dataset.description_en,
        "properties": {spec.name: queryable(spec) for spec in dataset.fields if spec.kind != "object"},
        "additionalProperties": False,
    }


def queryable(spec: FieldSpec) -> Json:
    """The JSON Schema of a field in a filter; lists take their members as text."""
    if spec.kind in ("list", "objects"):
        schema: Json = {"type": "array", "items": {"type": "string"}}
    else:
        schema = dict(operand_schema(spec, "eq") if spec.fact.enum else VALUE_TYPES[spec.kind])
    schema["title"] = f"{spec.fact.zh} · {spec.fact.en}" + (f" ({spec.fact.unit})" if spec.fact.unit else "")
    return schema


def series_parameters(observations: Dataset, taken: list[str], derive: tuple[str, ...]) -> list[Json]:
    """The parameters of `series`: the indicator, those it hands on to the observations, and what to derive."""
    text = "Fields made from the printed ones, under `derived`; `meta.derived` tells their formulas."
    path = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}, "description": "The indicator."}
    listed = [dict(known) for known in parameters(observations, ()) if known["name"] in taken]
    for known in listed:
        if known["name"] == "area_id":
            known["schema"] = {**known["schema"], "default": "330300"}
    return [path, *listed, parameter("derive", words(list(derive)), text)]


def series_schema(row: Json, members: tuple[str, ...], notes: Json) -> Json:
    """The JSON Schema of an answer of `series`; `row` is that of an observation, `notes` the derived fields'."""
    figure = {"type": ["number", "null"]}
    names = [field for note in notes.values() for field in note["fields"]]
    derived = {"type": "object", "properties": dict.fromkeys(names, figure), "additionalProperties": False}
    properties = {name: row["properties"][name] for name in members}
    text = {"type": ["string", "null"]}
    meta = closed(
        {
            "dataset": {"type": "string"},
            **{f"indicator_{name}": text for name in ("id", "name_zh", "name_en", "unit", "unit_zh")},
            "area_id": {"type": "string"},
            "total": {"type": "integer"},
            "revision": {"type": "string"},
        }
    )
    meta["properties"]["derived"] = {"type": "object", "properties": {name: {"type": "object"} for name in notes}}
    shown = closed(properties)
    shown["properties"]["derived"] = derived
    return closed({"data": {"type": "array", "items": shown}, "meta": meta})
