"""Schemas of the rows and pages of the datasets, derived from their declarations."""

from collections.abc import Iterable, Sequence

from app.api.schemas.json_schema import (
    TEXT,
    VALUE_TYPES,
    Json,
    enum_name,
    nullable,
    schema_name,
    schema_ref,
    strict_object,
)
from app.datasets import DATASETS
from app.model.dataset import SOURCE_MEMBERS, Choice, Dataset, Deprecation, FieldSpec
from app.query.params.dataset_query import HIGHLIGHTS_FIELD
from app.renderers.representations import FEEDS, TABLE_FORMATS
from app.renderers.tabular.name_columns import NAMES, member_columns

PAGE_META: Json = {
    "total": {"type": "integer", "minimum": 0},
    "limit": {"type": "integer"},
    "offset": {"type": ["integer", "null"]},
    "revision": TEXT,
}
"""What every page says about itself. `total` is left out if the caller wants no count."""
ANSWERED_DAY: Json = {
    option: {**VALUE_TYPES["date"], "description": "The day for which the answer holds, where it depends on one."}
    for option in sorted({dataset.today_option for dataset in DATASETS.values() if dataset.today_option})
}
"""What an answer says about its day, in the datasets whose rows depend on one."""
PAGE_RELATIONS = ("self", "next", "prev", "first")


def value_schema(spec: FieldSpec) -> Json:
    """Return the schema of a field's value in a row."""
    if spec.kind == "list":
        schema: Json = {"type": "array", "items": TEXT}
    elif spec.kind == "objects":
        schema = {
            "type": "array",
            "items": strict_object({name: member_schema(spec, name) for name in spec.info.members}),
        }
    elif spec.info.enum:
        reference = schema_ref(enum_name(spec.info.enum))
        schema = reference if spec.nullable else {"allOf": [reference]}
    else:
        schema = VALUE_TYPES[spec.kind]
    schema = nullable(schema) if spec.nullable else schema
    title = f"{spec.info.label_zh} · {spec.info.label_en}" + (f" ({spec.info.unit})" if spec.info.unit else "")
    remarks = ["Editorial: written by us."] if spec.info.editorial else []
    remarks += [deprecation_text(spec.info.deprecated)] if spec.info.deprecated else []
    description = {"description": " ".join(remarks)} if remarks else {}
    return {**schema, "title": title, **description, **({"deprecated": True} if spec.info.deprecated else {})}


def member_schema(spec: FieldSpec, name: str) -> Json:
    """Return the schema of a member of the objects that a field lists."""
    kind = spec.info.member_kinds.get(name, "string")
    if kind == "list":
        return nullable({"type": "array", "items": TEXT})
    return nullable(VALUE_TYPES[kind]) if kind in VALUE_TYPES else {}


def enum_schema(choices: type[Choice]) -> Json:
    """Return the schema of an enumeration: its codes, and their labels in words."""
    labels = "; ".join(f"`{choice.value}` {choice.label_zh} · {choice.label_en}" for choice in choices)
    return {"type": "string", "enum": [choice.value for choice in choices], "description": f"{labels}."}


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
            properties[name] = schema_ref("Source")
        else:
            cells = dict.fromkeys(dataset.printed_fields, TEXT)
            properties[name] = {"type": ["object", "null"], "properties": cells, "additionalProperties": False}
    properties[NAMES] = names_schema(dataset)
    properties[HIGHLIGHTS_FIELD] = highlights_schema([*dataset.search_fields])
    return {
        "type": "object",
        "description": f"{dataset.title_zh} · {dataset.title_en}. {dataset.description_en}",
        "properties": properties,
        "additionalProperties": False,
    }


def names_schema(dataset: Dataset, fields: Sequence[str] | None = None) -> Json:
    """Return the schema of `names`. No member is required, because `fields=` selects some."""
    members = {
        column.member: {"type": "array", "items": TEXT}
        if dataset.fields_by_name[column.field].kind == "list"
        else nullable(TEXT)
        for column in member_columns(dataset, fields)
    }
    title = "What the row refers to, by name; only with `expand=names`."
    return {"type": "object", "properties": members, "additionalProperties": False, "title": title}


def highlights_schema(fields: list[str]) -> Json:
    """Return the schema of `highlights`. An empty list of fields stands for any field."""
    text = {"type": "string", "description": "HTML: matches are in `<mark>`, everything else is escaped."}
    field = {"type": "string", **({"enum": fields} if fields else {})}
    items = strict_object({"field": field, "text": text})
    return {"type": "array", "items": items, "title": "Where the text of `q` was found; only with `q`."}


def page_schema(dataset: Dataset) -> Json:
    """Return the schema of a page of rows."""
    rows = {"type": "array", "items": schema_ref(schema_name(dataset))}
    return strict_object({"data": rows, "meta": schema_ref("PageMeta"), "links": schema_ref("PageLinks")})


def page_meta_schema() -> Json:
    """Return the schema of what a page says about itself."""
    members = {"dataset": TEXT, **PAGE_META, **ANSWERED_DAY}
    return strict_object(members, ["dataset", "limit", "offset", "revision"])


def links_schema(relations: Iterable[str]) -> Json:
    """Return the schema of links by relation. A link that leads nowhere is null."""
    return strict_object(dict.fromkeys(relations, nullable(TEXT)))


def page_links_schema() -> Json:
    """Return the schema of the links of a page of rows."""
    return links_schema((*PAGE_RELATIONS, *TABLE_FORMATS, *FEEDS))


def problem_schema() -> Json:
    """Return the schema of a problem document (RFC 9457)."""
    fault = {"parameter": TEXT, "detail": TEXT, "allowed": {"type": ["array", "null"], "items": TEXT}}
    members: Json = dict.fromkeys(("type", "title", "detail", "instance"), TEXT)
    members |= {"status": {"type": "integer"}, "errors": {"type": "array", "items": strict_object(fault)}}
    return strict_object(members, ["type", "title", "status", "detail", "instance"])
