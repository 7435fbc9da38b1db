"""The OpenAPI description of each dataset, from its declaration: exact parameters, exact answers."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from app.model.dataset import SOURCE, Dataset, Deprecation, FieldSpec
from app.query.params.controls import DEFAULT_LIMIT, MAX_LIMIT, SCORE
from app.query.params.dataset_query import HIGHLIGHTS
from app.renderers.representations import FEEDS
from app.renderers.tabular.formats import FORMATS

Json = dict[str, Any]

VALUE_TYPES: dict[str, Json] = {
    "string": {"type": "string"},
    "prose": {"type": "string"},
    "integer": {"type": "integer", "format": "int64"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "month": {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"},
}
Q_TEXT = (
    'Full text: Chinese, English, pinyin of names; all words must be there, `"a phrase"`, `-word` excludes, '
    "`a OR b`; the best first."
)
FILTER_TEXT = (
    "CQL2-Text over the fields in `/queryables`: `=` `<>` `<` `<=` `>` `>=`, `AND` `OR` `NOT`, `LIKE` `BETWEEN` `IN` "
    "`IS NULL`, `CASEI`, fields on both sides, `DATE('…')`, for lists `A_CONTAINS` `A_OVERLAPS` `A_CONTAINEDBY` "
    "`A_EQUALS`."
)
SORT_TEXT = "Sort keys; `-` descends; nulls come last; the id breaks ties; `score` only with `q`."
OP_TEXT = {
    "eq": "equals",
    "ne": "differs from (nulls are left out)",
    "in": "is one of a comma-separated list",
    "gt": "is greater than",
    "gte": "is at least",
    "lt": "is less than",
    "lte": "is at most",
    "contains": "holds the text, ASCII case folded",
    "startswith": "begins with the text, ASCII case folded",
    "isnull": "is null",
    "has": "has the member",
}


def nullable(schema: Json) -> Json:
    """A schema that also allows null."""
    if "enum" in schema:
        return {**schema, "type": [schema["type"], "null"], "enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]}


def value_schema(spec: FieldSpec) -> Json:
    """The JSON Schema of a field's value in an answer."""
    if spec.kind == "list":
        schema: Json = {"type": "array", "items": {"type": "string"}}
    elif spec.kind == "objects":
        schema = {"type": "array", "items": {"type": "object", "required": list(spec.fact.members)}}
    else:
        schema = dict(VALUE_TYPES[spec.kind])
        if spec.fact.enum:
            schema["enum"] = [member.value for member in spec.fact.enum]
    schema = nullable(schema) if spec.nullable else schema
    title = f"{spec.fact.zh} · {spec.fact.en}" + (f" ({spec.fact.unit})" if spec.fact.unit else "")
    remarks = ["Editorial: written by us."] if spec.fact.editorial else []
    remarks += [going(spec.fact.deprecated)] if spec.fact.deprecated else []
    described = {"description": " ".join(remarks)} if remarks else {}
    return {**schema, "title": title, **described, **({"deprecated": True} if spec.fact.deprecated else {})}


def going(deprecated: Deprecation) -> str:
    """That a field will go, and what to use instead."""
    return (
        f"Deprecated since {deprecated.since}, works until {deprecated.until} at least; instead: {deprecated.instead}"
    )


def source_schema() -> Json:
    """The JSON Schema of `source`; with `fields=source.page_from` only the members named are there."""
    kinds = {"integers": {"type": ["array", "null"], "items": {"type": "integer"}}}
    properties = {name: kinds.get(kind) or nullable(VALUE_TYPES[kind]) for name, kind in SOURCE.items()}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def row_schema(dataset: Dataset) -> Json:
    """The JSON Schema of a row; with `fields=` only the members named are there, so none is required."""
    properties: Json = {}
    for name in dataset.members:
        spec = dataset.by_name.get(name)
        if spec is not None:
            properties[name] = value_schema(spec)
        elif name == "source":
            properties[name] = {"$ref": "#/components/schemas/Source"}
        else:
            cells = {field: {"type": "string"} for field in dataset.printed}
            properties[name] = {"type": ["object", "null"], "properties": cells, "additionalProperties": False}
    properties[HIGHLIGHTS] = highlights_schema([*dataset.search])
    return {
        "type": "object",
        "title": dataset.title_en,
        "description": dataset.description_en,
        "properties": properties,
        "additionalProperties": False,
    }


def highlights_schema(fields: list[str]) -> Json:
    """The JSON Schema of `highlights`."""
    text = {"type": "string", "description": "HTML: hits in `<mark>`, all else escaped."}
    field = {"type": "string", **({"enum": fields} if fields else {})}
    entry = _closed({"field": field, "text": text}, ["field", "text"])
    return {"type": "array", "items": entry, "title": "Where the text of `q` was found; only with `q`."}


def page_schema(dataset: Dataset) -> Json:
    """The JSON Schema of a page."""
    link = {"type": ["string", "null"]}
    meta: Json = {
        "dataset": {"type": "string", "const": dataset.name},
        "total": {"type": "integer", "minimum": 0},
        "limit": {"type": "integer"},
        "offset": {"type": ["integer", "null"]},
        "revision": {"type": "string"},
    }
    links = dict.fromkeys(("self", "next", "prev", "first", *FORMATS, *FEEDS), link)
    parts = {
        "data": {"type": "array", "items": {"$ref": f"#/components/schemas/{component(dataset)}"}},
        "meta": _closed(meta, [name for name in meta if name != "total"]),
        "links": _closed(links, list(links)),
    }
    return _closed(parts, list(parts))


def _closed(properties: Json, required: list[str]) -> Json:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


def component(dataset: Dataset) -> str:
    """The name of a dataset's row schema."""
    return dataset.model.__name__


def problem_schema() -> Json:
    """The JSON Schema of a problem document (RFC 9457)."""
    fault = {
        "parameter": {"type": "string"},
        "detail": {"type": "string"},
        "allowed": {"type": ["array", "null"], "items": {"type": "string"}},
    }
    members: Json = {name: {"type": "string"} for name in ("type", "title", "detail", "instance")}
    members |= {"status": {"type": "integer"}, "errors": {"type": "array", "items": _closed(fault, list(fault))}}
    return _closed(members, ["type", "title", "status", "detail", "instance"])


def parameters(dataset: Dataset, controls: tuple[str, ...]) -> list[Json]:
    """Every query parameter of a collection, typed and with its allowed values."""
    listed = shared_parameters(dataset)
    return [*(_control(dataset, name, "cursor" in controls) for name in controls), *listed]


@cache
def shared_parameters(dataset: Dataset) -> tuple[Json, ...]:
    """Options and filters, which every collection of a dataset has: described once, for they are many."""
    return (*_option_parameters(dataset), *_filter_parameters(dataset))


def _query(name: str, schema: Json, description: str, **more: Any) -> Json:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema, **more}


def _filter_parameters(dataset: Dataset) -> Iterator[Json]:
    for spec in dataset.fields:
        label = f"{spec.fact.en} ({spec.fact.zh})"
        for op in spec.ops:
            name = spec.name if op == "eq" else f"{spec.name}__{op}"
            more = {"deprecated": True} if spec.fact.deprecated else {}
            yield _query(name, operand_schema(spec, op), f"{label} {OP_TEXT[op]}.", **more)


def operand_schema(spec: FieldSpec, op: str) -> Json:
    """The JSON Schema of what a filter takes; enumerations take the code or the Chinese label."""
    if op == "isnull":
        return {"type": "boolean"}
    if op in ("has", "contains", "startswith"):
        return {"type": "string"}
    if op == "in":
        return {"type": "string", "minLength": 1}
    if spec.fact.enum:
        codes = [member.value for member in spec.fact.enum]
        return {"type": "string", "enum": [*codes, *(m.label_zh for m in spec.fact.enum if m.label_zh not in codes)]}
    return VALUE_TYPES[spec.kind]


def _option_parameters(dataset: Dataset) -> Iterator[Json]:
    for option in dataset.perspective.options if dataset.perspective else ():
        schema = {"type": "string", "enum": list(option.enum)} if option.enum else VALUE_TYPES["date"]
        yield _query(option.name, schema, option.description)


@cache
def _control(dataset: Dataset, name: str, paged: bool) -> Json:
    sortable = [spec.name for spec in dataset.fields if spec.sortable]
    lists: Json = {"style": "form", "explode": False}
    limit: Json = {"type": "integer", "minimum": 1}
    limit |= {"maximum": MAX_LIMIT, "default": DEFAULT_LIMIT} if paged else {}
    lit = (HIGHLIGHTS,) if paged else ()
    inner = [*(f"source.{member}" for member in SOURCE), *(f"printed.{cell}" for cell in dataset.printed)]
    members = [*dataset.members, *lit, *inner]
    keys = [key for field in (*sortable, SCORE) for key in (field, f"-{field}")]
    described: dict[str, tuple[Json, str, Json]] = {
        "q": ({"type": "string"}, Q_TEXT, {}),
        "filter": ({"type": "string", "minLength": 1}, FILTER_TEXT, {}),
        "sort": (_words(keys), SORT_TEXT, lists),
        "limit": (limit, "How many rows.", {}),
        "offset": ({"type": "integer", "minimum": 0, "format": "int64", "default": 0}, "How many to leave out.", {}),
        "cursor": ({"type": "string"}, "Where to go on; taken from `links` of a page.", {}),
        "fields": (_words(members), "Only these members; dotted names reach into `source` and `printed`.", lists),
        "count": ({"type": "boolean", "default": True}, "`false` leaves `meta.total` out.", {}),
        "bom": ({"type": "boolean", "default": False}, "Begin with the byte order mark that Excel wants.", {}),
        "lang": ({"type": "string", "enum": ["zh", "en"]}, "`zh`: Chinese headings and enumeration labels.", {}),
    }
    schema, text, more = described[name]
    return _query(name, schema, text, **more)


def _words(words: list[str]) -> Json:
    return {"type": "array", "items": {"type": "string", "enum": words}, "minItems": 1, "uniqueItems": True}


def search_parameters() -> list[Json]:
    """The query parameters of `/v1/search`."""
    limit = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
    return [
        {**_query("q", {"type": "string"}, Q_TEXT), "required": True, "example": "城中村"},
        _query("dataset", {"type": "string"}, "Only these datasets: a comma-separated list."),
        _query("limit", limit, "How many hits."),
        _query("offset", {"type": "integer", "minimum": 0, "format": "int64", "default": 0}, "How many to leave out."),
        _query("cursor", {"type": "string"}, "Where to go on; taken from `links` of a page."),
        _query("count", {"type": "boolean", "default": True}, "`false` leaves `meta.total` out."),
    ]


def search_schema(names: list[str]) -> Json:
    """The JSON Schema of a page of hits; the score is a whole number, comparable within one answer only."""
    hit: Json = {
        "dataset": {"type": "string", "enum": names},
        "id": {"type": "string"},
        "title": {"type": "string"},
        "score": {"type": "integer", "minimum": 0},
        "highlights": highlights_schema([]),
    }
    meta: Json = {
        "total": {"type": "integer", "minimum": 0},
        "limit": {"type": "integer"},
        "offset": {"type": ["integer", "null"]},
        "revision": {"type": "string"},
    }
    links = {name: {"type": ["string", "null"]} for name in ("self", "next", "prev", "first")}
    parts = {
        "data": {"type": "array", "items": _closed(hit, list(hit))},
        "meta": _closed(meta, [name for name in meta if name != "total"]),
        "links": _closed(links, list(links)),
    }
    return _closed(parts, list(parts))
