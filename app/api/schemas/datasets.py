"""Schemas and parameters of the datasets, derived from their declarations."""

from collections.abc import Iterable, Iterator
from functools import cache

from app.api.schemas.json_schema import (
    OFFSET_SCHEMA,
    PAGE_OFFSET_SCHEMA,
    TEXT,
    VALUE_TYPES,
    Json,
    default_limit,
    enum_list,
    nullable,
    query_parameter,
    strict_object,
)
from app.model.dataset import SOURCE_MEMBERS, Dataset, Deprecation, FieldSpec
from app.query.params.controls import DEFAULT_LIMIT, MAX_LIMIT, SCORE_KEY
from app.query.params.dataset_query import HIGHLIGHTS_FIELD
from app.renderers.representations import FEEDS, TABLE_FORMATS

Q_DESCRIPTION = (
    "Full-text search in Chinese, English and the pinyin of names. All words must occur; "
    '`"a phrase"`, `-word` excludes, `a OR b`. The best matches come first.'
)
FILTER_DESCRIPTION = (
    "A CQL2-Text expression over the fields in `/queryables`: `=` `<>` `<` `<=` `>` `>=`, `AND` `OR` `NOT`, `LIKE` "
    "`BETWEEN` `IN` `IS NULL`, `CASEI`, fields on both sides, `DATE('…')`; for lists `A_CONTAINS` `A_OVERLAPS` "
    "`A_CONTAINEDBY` `A_EQUALS`."
)
SORT_DESCRIPTION = "Sort keys; `-` sorts descending. Nulls come last, and the id breaks ties. `score` needs `q`."
OFFSET_DESCRIPTION = "The number of rows to skip."
CURSOR_DESCRIPTION = "Where to continue: a value from the `links` of a page."
COUNT_DESCRIPTION = "`false` leaves out `meta.total`."
OPERATOR_DESCRIPTIONS = {
    "eq": "equals",
    "ne": "differs from (nulls do not match)",
    "in": "is one of a comma-separated list",
    "gt": "is greater than",
    "gte": "is at least",
    "lt": "is less than",
    "lte": "is at most",
    "contains": "contains the text, ignoring ASCII case",
    "startswith": "starts with the text, ignoring ASCII case",
    "isnull": "is null",
    "has": "contains the member",
}


def value_schema(spec: FieldSpec) -> Json:
    """Return the schema of a field's value in a row."""
    if spec.kind == "list":
        schema: Json = {"type": "array", "items": TEXT}
    elif spec.kind == "objects":
        schema = {"type": "array", "items": {"type": "object", "required": list(spec.info.members)}}
    else:
        schema = dict(VALUE_TYPES[spec.kind])
        if spec.info.enum:
            schema["enum"] = [member.value for member in spec.info.enum]
    schema = nullable(schema) if spec.nullable else schema
    title = f"{spec.info.label_zh} · {spec.info.label_en}" + (f" ({spec.info.unit})" if spec.info.unit else "")
    remarks = ["Editorial: written by us."] if spec.info.editorial else []
    remarks += [deprecation_text(spec.info.deprecated)] if spec.info.deprecated else []
    description = {"description": " ".join(remarks)} if remarks else {}
    return {**schema, "title": title, **description, **({"deprecated": True} if spec.info.deprecated else {})}


def deprecation_text(deprecated: Deprecation) -> str:
    """Return the sentences that announce the end of a field and name its replacement."""
    return (
        f"Deprecated since {deprecated.since}. It works until at least {deprecated.until}. "
        f"Use {deprecated.replacement} instead."
    )


def source_schema() -> Json:
    """Return the schema of `source`. No member is required, because `fields=source.page_from` selects one."""
    integers = {"type": ["array", "null"], "items": {"type": "integer"}}
    properties = {
        name: integers if kind == "integers" else nullable(VALUE_TYPES[kind]) for name, kind in SOURCE_MEMBERS.items()
    }
    return {"type": "object", "properties": properties, "additionalProperties": False}


def row_schema(dataset: Dataset) -> Json:
    """Return the schema of a row. No member is required, because `fields=` selects some."""
    properties: Json = {}
    for name in dataset.members:
        spec = dataset.fields_by_name.get(name)
        if spec is not None:
            properties[name] = value_schema(spec)
        elif name == "source":
            properties[name] = {"$ref": "#/components/schemas/Source"}
        else:
            cells = dict.fromkeys(dataset.printed_fields, TEXT)
            properties[name] = {"type": ["object", "null"], "properties": cells, "additionalProperties": False}
    properties[HIGHLIGHTS_FIELD] = highlights_schema([*dataset.search_fields])
    return {
        "type": "object",
        "title": dataset.title_en,
        "description": dataset.description_en,
        "properties": properties,
        "additionalProperties": False,
    }


def highlights_schema(fields: list[str]) -> Json:
    """Return the schema of `highlights`. An empty list of fields stands for any field."""
    text = {"type": "string", "description": "HTML: matches are in `<mark>`, everything else is escaped."}
    field = {"type": "string", **({"enum": fields} if fields else {})}
    items = strict_object({"field": field, "text": text})
    return {"type": "array", "items": items, "title": "Where the text of `q` was found; only with `q`."}


def page_schema(dataset: Dataset) -> Json:
    """Return the schema of a page of rows."""
    row = {"$ref": f"#/components/schemas/{schema_name(dataset)}"}
    meta = {"dataset": {"type": "string", "const": dataset.name}}
    return paged_list_schema(row, meta, ("self", "next", "prev", "first", *TABLE_FORMATS, *FEEDS))


def paged_list_schema(item: Json, dataset_meta: Json, relations: Iterable[str]) -> Json:
    """Return the schema of a page; `dataset_meta` are the members of `meta` before its total."""
    meta: Json = {
        **dataset_meta,
        "total": {"type": "integer", "minimum": 0},
        "limit": {"type": "integer"},
        "offset": {"type": ["integer", "null"]},
        "revision": TEXT,
    }
    return strict_object(
        {
            "data": {"type": "array", "items": item},
            "meta": strict_object(meta, [name for name in meta if name != "total"]),
            "links": strict_object(dict.fromkeys(relations, nullable(TEXT))),
        }
    )


def schema_name(dataset: Dataset) -> str:
    """Return the name of a dataset's row schema among the components."""
    return dataset.model.__name__


def problem_schema() -> Json:
    """Return the schema of a problem document (RFC 9457)."""
    fault = {"parameter": TEXT, "detail": TEXT, "allowed": {"type": ["array", "null"], "items": TEXT}}
    members: Json = dict.fromkeys(("type", "title", "detail", "instance"), TEXT)
    members |= {"status": {"type": "integer"}, "errors": {"type": "array", "items": strict_object(fault)}}
    return strict_object(members, ["type", "title", "status", "detail", "instance"])


def collection_parameters(dataset: Dataset, control_names: tuple[str, ...]) -> list[Json]:
    """Return the query parameters of a collection: the controls with these names, then options and filters."""
    is_paged = "cursor" in control_names
    controls = [_control_parameter(dataset, name, is_paged) for name in control_names]
    return [*controls, *option_and_filter_parameters(dataset)]


@cache
def option_and_filter_parameters(dataset: Dataset) -> tuple[Json, ...]:
    """Return the parameters that every collection of a dataset has. They are many, so they are cached."""
    return (*_option_parameters(dataset), *_filter_parameters(dataset))


def _filter_parameters(dataset: Dataset) -> Iterator[Json]:
    for spec in dataset.fields:
        label = f"{spec.info.label_en} ({spec.info.label_zh})"
        for op in spec.operators:
            name = spec.name if op == "eq" else f"{spec.name}__{op}"
            more = {"deprecated": True} if spec.info.deprecated else {}
            yield query_parameter(name, operand_schema(spec, op), f"{label} {OPERATOR_DESCRIPTIONS[op]}.", **more)


def operand_schema(spec: FieldSpec, op: str) -> Json:
    """Return the schema of a filter's value. An enumeration takes the code or the Chinese label."""
    if op == "isnull":
        return {"type": "boolean"}
    if op in ("has", "contains", "startswith"):
        return TEXT
    if op == "in":
        return {"type": "string", "minLength": 1}
    if spec.info.enum:
        codes = [member.value for member in spec.info.enum]
        return {"type": "string", "enum": [*codes, *(m.label_zh for m in spec.info.enum if m.label_zh not in codes)]}
    return VALUE_TYPES[spec.kind]


def _option_parameters(dataset: Dataset) -> Iterator[Json]:
    for option in dataset.as_of_view.options if dataset.as_of_view else ():
        schema = {"type": "string", "enum": list(option.enum)} if option.enum else VALUE_TYPES["date"]
        yield query_parameter(option.name, schema, option.description)


@cache
def _control_parameter(dataset: Dataset, name: str, is_paged: bool) -> Json:
    sortable = [spec.name for spec in dataset.fields if spec.sortable]
    limit: Json = {"type": "integer", "minimum": 1}
    limit |= {"maximum": MAX_LIMIT, "default": DEFAULT_LIMIT} if is_paged else {}
    members = [
        *dataset.members,
        *((HIGHLIGHTS_FIELD,) if is_paged else ()),
        *(f"source.{member}" for member in SOURCE_MEMBERS),
        *(f"printed.{cell}" for cell in dataset.printed_fields),
    ]
    sort_keys = [key for field in (*sortable, SCORE_KEY) for key in (field, f"-{field}")]
    controls: dict[str, tuple[Json, str]] = {
        "q": (TEXT, Q_DESCRIPTION),
        "filter": ({"type": "string", "minLength": 1}, FILTER_DESCRIPTION),
        "sort": (enum_list(sort_keys, default_limit("max_sort_keys")), SORT_DESCRIPTION),
        "limit": (limit, "The number of rows to return."),
        "offset": (PAGE_OFFSET_SCHEMA if is_paged else OFFSET_SCHEMA, OFFSET_DESCRIPTION),
        "cursor": (TEXT, CURSOR_DESCRIPTION),
        "fields": (enum_list(members), "Return only these members. Dotted names reach into `source` and `printed`."),
        "count": ({"type": "boolean", "default": True}, COUNT_DESCRIPTION),
        "bom": ({"type": "boolean", "default": False}, "Begin with a byte order mark, which Excel needs."),
        "lang": ({"type": "string", "enum": ["zh", "en"]}, "`zh`: Chinese headings and enumeration labels."),
    }
    schema, description = controls[name]
    return query_parameter(name, schema, description)
