"""The parts that all schemas and parameters of the OpenAPI document are made of."""

from typing import Any

from app.settings import Settings

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
"""The schema of a value by the kind of its field."""
TEXT: Json = {"type": "string"}
OFFSET_SCHEMA: Json = {"type": "integer", "minimum": 0, "format": "int64", "default": 0}
PAGE_OFFSET_SCHEMA: Json = {**OFFSET_SCHEMA, "maximum": Settings.model_fields["max_offset"].default}


def nullable(schema: Json) -> Json:
    """Return a schema that also allows null."""
    if "enum" in schema:
        return {**schema, "type": [schema["type"], "null"], "enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]}


def strict_object(properties: Json, required: list[str] | None = None) -> Json:
    """Return the schema of an object without other properties. All are required, unless `required` lists some."""
    return {
        "type": "object",
        "required": list(properties) if required is None else required,
        "properties": properties,
        "additionalProperties": False,
    }


def enum_list(values: list[str], max_items: int | None = None) -> Json:
    """Return the schema of a non-empty list from an enumeration.

    A list with `max_items` refuses a longer one, and a value that is named twice.
    """
    bounds: Json = {} if max_items is None else {"maxItems": max_items, "uniqueItems": True}
    return {"type": "array", "items": {"type": "string", "enum": values}, "minItems": 1, **bounds}


def default_limit(name: str) -> int:
    """Return the default of a setting that bounds a list."""
    limit: int = Settings.model_fields[name].default
    return limit


def query_parameter(name: str, schema: Json, description: str, required: bool = False, **more: Any) -> Json:
    """Return a query parameter. The items of a list are separated by commas."""
    style = {"style": "form", "explode": False} if schema["type"] == "array" else {}
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": description,
        "schema": schema,
        **style,
        **more,
    }
