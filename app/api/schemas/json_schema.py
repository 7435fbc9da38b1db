"""The parts that all schemas and parameters of the OpenAPI document are made of."""

from collections.abc import Iterable
from typing import Any, Self

from app.model.dataset import Choice, Dataset
from app.settings import Settings

Json = dict[str, Any]


class Component(Json):
    """A parameter or response that stands once among the components of the document.

    Operations hold it like any other; `app.api.openapi.components` writes it once and replaces it by references.
    """

    def __init__(self, section: str, key: str, value: Json) -> None:
        super().__init__(value)
        self.section = section
        self.key = key


class Bound(int):
    """A bound that a setting holds. It is the setting's default; the document has the value of its server."""

    setting: str

    @classmethod
    def of(cls, setting: str) -> Self:
        """Return the bound of a setting."""
        bound = cls(Settings.model_fields[setting].default)
        bound.setting = setting
        return bound


VALUE_TYPES: dict[str, Json] = {
    "string": {"type": "string"},
    "prose": {"type": "string"},
    "integer": {"type": "integer", "format": "int64"},
    "number": {"type": "number", "format": "decimal"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "month": {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"},
}
"""The schema of a value by the kind of its field."""
TEXT: Json = {"type": "string"}
NON_EMPTY_TEXT: Json = {"type": "string", "minLength": 1}
OFFSET_SCHEMA: Json = {"type": "integer", "minimum": 0, "format": "int64"}
"""It has no `default`: some generated clients would always send it, and with `cursor` it is refused."""
PAGE_OFFSET_SCHEMA: Json = {**OFFSET_SCHEMA, "maximum": Bound.of("max_offset")}


def nullable(schema: Json) -> Json:
    """Return a schema that also allows null."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def schema_ref(name: str) -> Json:
    """Return a reference to a schema among the document's components."""
    return {"$ref": f"#/components/schemas/{name}"}


def schema_name(dataset: Dataset) -> str:
    """Return the name of a dataset's row schema among the components."""
    return dataset.model.__name__


def enum_name(choices: type[Choice]) -> str:
    """Return the name of an enumeration's schema among the components."""
    return choices.__name__


def strict_object(properties: Json, required: list[str] | None = None) -> Json:
    """Return the schema of an object without other properties. All are required, unless `required` lists some."""
    return {
        "type": "object",
        "required": list(properties) if required is None else required,
        "properties": properties,
        "additionalProperties": False,
    }


def choice_of(values: Iterable[str]) -> Json:
    """Return the schema of an enumeration."""
    return {"type": "string", "enum": list(values)}


def list_of(items: Json, max_items: int | None = None) -> Json:
    """Return the schema of a non-empty list.

    A list with `max_items` refuses a longer one, and a value that is named twice.
    """
    bounds: Json = {} if max_items is None else {"maxItems": max_items, "uniqueItems": True}
    return {"type": "array", "items": items, "minItems": 1, **bounds}


def query_parameter(name: str, schema: Json, description: str, required: bool = False, **more: Any) -> Json:
    """Return a query parameter. The items of a list are separated by commas."""
    style = {"style": "form", "explode": False} if schema.get("type") == "array" else {}
    return {
        "name": name,
        "in": "query",
        **({"required": True} if required else {}),
        "description": description,
        "schema": schema,
        **style,
        **more,
    }


def shared_query_parameter(key: str, schema: Json, description: str, **more: Any) -> Component:
    """Return a query parameter that is a component. Its name is what follows the last dot of the key."""
    return Component("parameters", key, query_parameter(key.rpartition(".")[2], schema, description, **more))
