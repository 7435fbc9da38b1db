"""Query parameters of the datasets, derived from their declarations."""

from collections.abc import Iterable
from functools import cache

from app.api.schemas.json_schema import (
    NON_EMPTY_TEXT,
    OFFSET_SCHEMA,
    PAGE_OFFSET_SCHEMA,
    TEXT,
    VALUE_TYPES,
    Bound,
    Component,
    Json,
    choice_of,
    enum_name,
    list_of,
    query_parameter,
    schema_name,
    schema_ref,
    shared_query_parameter,
)
from app.datasets import DATASETS
from app.model.dataset import SOURCE_MEMBERS, Choice, Dataset, FieldSpec
from app.query.params.controls import DEFAULT_LIMIT, EXPANSIONS, MAX_LIMIT, SCORE_KEY
from app.query.params.dataset_query import HIGHLIGHTS_FIELD

SAMPLE_DATASET = "urban-villages"
"""The dataset from which examples are that are alike in all datasets."""
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
OFFSET_DESCRIPTION = "The number of rows to skip; none by default."
CURSOR_DESCRIPTION = "Where to continue: a value from the `links` of a page."
COUNT_DESCRIPTION = "`false` leaves out `meta.total`."
FIELDS_DESCRIPTION = "Return only these members. Dotted names reach into `source` and `printed`."
EXPAND_DESCRIPTION = (
    "`names`: each row has `names`, the names of the rows that it refers to, by the fields with their ids. Of files, "
    "only NDJSON."
)
FILTERS_DESCRIPTION = "Filters. Each member is a query parameter of its own: `field=value`."
OPERATORS_DESCRIPTION = "More filters. Each member is a query parameter of its own: `field__op=value`."
OPERATOR_MEANINGS = {
    "ne": "differs; nulls do not match",
    "in": "is in a comma-separated list",
    "gt": "is greater",
    "gte": "is at least",
    "lt": "is less",
    "lte": "is at most",
    "contains": "contains the text, ignoring ASCII case",
    "startswith": "starts with the text, ignoring ASCII case",
    "isnull": "is null, or is not",
    "has": "contains the member",
}
"""What `field__op=value` asks of the field."""
LIST_MEMBERS = {
    "integer": "-?[0-9]{1,18}",
    "number": r"-?[0-9]+(\.[0-9]+)?",
    "date": "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])",
    "month": "[0-9]{4}-(0[1-9]|1[0-2])",
}
"""Patterns of what `in` takes, by the kind of its field."""
PAGE_LIMIT: Json = {"type": "integer", "minimum": 0, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
SHARED_CONTROLS: dict[str, Component] = {
    control["name"]: control
    for control in (
        shared_query_parameter("q", TEXT, Q_DESCRIPTION),
        shared_query_parameter("filter", NON_EMPTY_TEXT, FILTER_DESCRIPTION),
        shared_query_parameter("filter-lang", schema_ref("FilterLanguage"), "The language of `filter`: there is one."),
        shared_query_parameter("cursor", NON_EMPTY_TEXT, CURSOR_DESCRIPTION),
        shared_query_parameter("expand", choice_of(EXPANSIONS), EXPAND_DESCRIPTION),
        shared_query_parameter("count", {"type": "boolean", "default": True}, COUNT_DESCRIPTION),
        shared_query_parameter(
            "bom", {"type": "boolean"}, "CSV only: begin with a byte order mark, which Excel needs."
        ),
        shared_query_parameter(
            "lang",
            schema_ref("Language"),
            "`zh`: Chinese headings and labels, names behind ids. Of files, only CSV and XLSX.",
        ),
    )
}
"""The parameters besides filters that mean the same everywhere, by name."""
PAGE_LIMIT_PARAMETER = shared_query_parameter(
    "page.limit", PAGE_LIMIT, "The number of rows to return; 0 for the total alone."
)
EXPORT_LIMIT_PARAMETER = shared_query_parameter(
    "export.limit", {"type": "integer", "minimum": 0}, "The number of rows to return; all by default."
)
PAGE_OFFSET_PARAMETER = shared_query_parameter("page.offset", PAGE_OFFSET_SCHEMA, OFFSET_DESCRIPTION)
EXPORT_OFFSET_PARAMETER = shared_query_parameter("export.offset", OFFSET_SCHEMA, OFFSET_DESCRIPTION)


DATASET_PARAMETER = Component(
    "parameters",
    "dataset",
    {
        "name": "dataset",
        "in": "path",
        "required": True,
        "description": "The dataset.",
        "schema": choice_of(DATASETS),
        "example": SAMPLE_DATASET,
    },
)
ANY_ID_PARAMETER = Component(
    "parameters",
    "any.id",
    {"name": "id", "in": "path", "required": True, "description": "The row's id.", "schema": TEXT},
)


def collection_parameters(dataset: Dataset, control_names: tuple[str, ...], as_json: bool = True) -> list[Json]:
    """Return the query parameters of a collection: the controls with these names, then options and filters.

    What answers JSON has a parameter for each `field=value`. Everything else has them as the members of `filters`.
    """
    has_highlights = {"fields", "cursor"} <= set(control_names)
    controls = [_control_parameter(dataset, name, "cursor" in control_names, has_highlights) for name in control_names]
    filters = equality_parameters(dataset) if as_json else (filters_parameter(dataset),)
    return [*controls, *option_parameters(dataset), *filters, operators_parameter(dataset)]


def _control_parameter(dataset: Dataset, name: str, is_paged: bool, has_highlights: bool) -> Json:
    match name:
        case "sort":
            return sort_parameter(dataset)
        case "limit":
            return PAGE_LIMIT_PARAMETER if is_paged else EXPORT_LIMIT_PARAMETER
        case "offset":
            return PAGE_OFFSET_PARAMETER if is_paged else EXPORT_OFFSET_PARAMETER
        case "fields":
            return page_fields_parameter(dataset) if has_highlights else fields_parameter(dataset)
    return SHARED_CONTROLS[name]


@cache
def sort_parameter(dataset: Dataset) -> Component:
    """Return the parameter that sorts rows."""
    name = schema_name(dataset)
    schema = list_of(schema_ref(f"{name}SortKey"), Bound.of("max_sort_keys"))
    return shared_query_parameter(f"{name}.sort", schema, SORT_DESCRIPTION)


def sort_key_schema(dataset: Dataset) -> Json:
    """Return the enumeration of the keys by which rows may be sorted."""
    names = [spec.name for spec in dataset.fields if spec.sortable]
    return choice_of(key for field in (*names, SCORE_KEY) for key in (field, f"-{field}"))


def member_schema(dataset: Dataset) -> Json:
    """Return the enumeration of what `fields` may name in every row."""
    inner = [
        *(f"source.{member}" for member in SOURCE_MEMBERS),
        *(f"printed.{cell}" for cell in dataset.printed_fields),
    ]
    return choice_of([*dataset.members, *inner])


@cache
def fields_parameter(dataset: Dataset) -> Component:
    """Return the parameter that selects members of a row."""
    schema = list_of(schema_ref(f"{schema_name(dataset)}Member"))
    return shared_query_parameter(f"{schema_name(dataset)}.fields", schema, FIELDS_DESCRIPTION)


@cache
def page_fields_parameter(dataset: Dataset) -> Component:
    """Return the parameter that selects members of the rows of a page, which have `highlights` if `q` is given."""
    highlights = {"type": "string", "const": HIGHLIGHTS_FIELD}
    items = {"anyOf": [schema_ref(f"{schema_name(dataset)}Member"), highlights]}
    schema = list_of(items)
    return shared_query_parameter(f"{schema_name(dataset)}.page.fields", schema, FIELDS_DESCRIPTION)


@cache
def option_parameters(dataset: Dataset) -> tuple[Component, ...]:
    """Return the parameters of a dataset's as-of view."""
    options = dataset.as_of_view.options if dataset.as_of_view else ()
    return tuple(
        shared_query_parameter(
            f"{schema_name(dataset)}.{option.name}",
            choice_of(option.enum) if option.enum else VALUE_TYPES["date"],
            option.description,
        )
        for option in options
    )


@cache
def equality_parameters(dataset: Dataset) -> tuple[Component, ...]:
    """Return a parameter `field=value` for each field that may equal a value."""
    return tuple(
        shared_query_parameter(
            f"{schema_name(dataset)}.{spec.name}",
            operand_schema(spec, "eq"),
            filter_description(spec, "eq"),
            **_deprecated(spec),
        )
        for spec in dataset.fields
        if "eq" in spec.operators
    )


def named_filters(dataset: Dataset, names: Iterable[str]) -> list[Json]:
    """Return the filters with these names as a parameter each, for an address that takes only some."""
    filters = {name: (spec, op) for spec in dataset.fields for op in spec.operators if (name := filter_name(spec, op))}
    return [
        query_parameter(name, operand_schema(*filters[name]), filter_description(*filters[name]))
        for name in names
        if name in filters
    ]


def filter_name(spec: FieldSpec, op: str) -> str:
    """Return the name of the parameter that filters a field by an operator."""
    return spec.name if op == "eq" else f"{spec.name}__{op}"


def filter_description(spec: FieldSpec, op: str) -> str:
    """Return what a filter does."""
    labels = f" {choice_labels(spec.info.enum)}" if spec.info.enum else ""
    meaning = f": {OPERATOR_MEANINGS[op]}" if op != "eq" else ""
    return f"{spec.info.label_en} ({spec.info.label_zh}){meaning}.{labels}"


def filters_parameter(dataset: Dataset) -> Component:
    """Return the parameter whose members are the filters `field=value`."""
    return _exploded_parameter(dataset, "filters", FILTERS_DESCRIPTION)


def operators_parameter(dataset: Dataset) -> Component:
    """Return the parameter whose members are the filters `field__op=value`.

    There are some hundred in a dataset, so the document names them once and not at each address.
    """
    return _exploded_parameter(dataset, "operators", OPERATORS_DESCRIPTION)


def _exploded_parameter(dataset: Dataset, name: str, description: str) -> Component:
    key, schema = f"{schema_name(dataset)}.{name}", schema_ref(f"{schema_name(dataset)}{name.title()}")
    return shared_query_parameter(key, schema, description, style="form", explode=True, example={})


def filters_schema(dataset: Dataset) -> Json:
    """Return the schema of the filters `field=value` of a dataset as the members of an object."""
    return _filters_object(
        {spec.name: operand_schema(spec, "eq") | _deprecated(spec) for spec in dataset.fields if "eq" in spec.operators}
    )


def operators_schema(dataset: Dataset) -> Json:
    """Return the schema of the filters `field__op=value` of a dataset as the members of an object."""
    return _filters_object(
        {
            filter_name(spec, op): operand_schema(spec, op) | _deprecated(spec)
            for spec in dataset.fields
            for op in spec.operators
            if op != "eq"
        }
    )


def _filters_object(properties: Json) -> Json:
    bound = Bound.of("max_filters")
    return {"type": "object", "properties": properties, "additionalProperties": False, "maxProperties": bound}


def operand_schema(spec: FieldSpec, op: str) -> Json:
    """Return the schema of a filter's value. The service also takes the Chinese labels of an enumeration."""
    if op == "isnull":
        return {"type": "boolean"}
    if op in ("has", "contains", "startswith"):
        return TEXT
    if op == "in":
        if spec.info.enum:
            return schema_ref(f"{enum_name(spec.info.enum)}List")
        return schema_ref(f"{spec.kind.title()}List") if spec.kind in LIST_MEMBERS else NON_EMPTY_TEXT
    if spec.info.enum:
        return schema_ref(enum_name(spec.info.enum))
    return NON_EMPTY_TEXT if op == "eq" and spec.kind == "string" else VALUE_TYPES[spec.kind]


def list_schemas() -> Json:
    """Return the schemas of comma-separated lists by their names, for fields that are no text."""
    return {f"{kind.title()}List": list_schema(member) for kind, member in LIST_MEMBERS.items()}


def list_schema(member: str) -> Json:
    """Return the schema of a comma-separated list. `member` is the pattern of its members."""
    return {"type": "string", "pattern": f"^({member})(,({member}))*$"}


def choice_list_schema(choices: type[Choice]) -> Json:
    """Return the schema of a comma-separated list of codes."""
    return list_schema("|".join(choice.value for choice in choices))


def choice_labels(choices: type[Choice]) -> str:
    """Return the codes of an enumeration with their Chinese labels, as a sentence."""
    return f"{', '.join(f'`{choice.value}` {choice.label_zh}' for choice in choices)}."


def _deprecated(spec: FieldSpec) -> Json:
    return {"deprecated": True} if spec.info.deprecated else {}
