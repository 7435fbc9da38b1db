"""The OpenAPI document and its examples."""

import json
from functools import cache
from typing import Any
from urllib.parse import quote

from app.api.openapi import examples
from app.main import create_app
from app.settings import Settings

Json = dict[str, Any]


@cache
def document() -> Json:
    made: Json = json.loads(json.dumps(create_app(Settings()).app.api.openapi()))
    return made


@cache
def known() -> examples.Examples:
    return examples.build_examples()


def resolved(part: Json) -> Json:
    """Return a part of the document, or the component that it refers to."""
    if "$ref" not in part:
        return part
    section, key = part["$ref"].removeprefix("#/components/").split("/")
    found: Json = document()["components"][section][key]
    return found


def parameters(operation: Json) -> list[Json]:
    return [resolved(parameter) for parameter in operation.get("parameters", ())]


def response(operation: Json, status: str) -> Json:
    return resolved(operation["responses"][status])


def addresses(path: str, operation: Json) -> list[str]:
    """Return the addresses of an operation, one for each format, with examples for keys and required parameters."""
    query, known = [], {parameter["name"]: parameter for parameter in parameters(operation)}
    for name, parameter in known.items():
        if parameter["in"] == "query" and parameter.get("required"):
            query.append(f"{name}={parameter.get('example') or values_of(parameter['schema'])[0]}")
        elif parameter["in"] == "path" and name != "format":
            path = path.replace(f"{{{name}}}", quote(str(parameter["example"]), safe=",+."))
    filled = path + ("?" + "&".join(query) if query else "")
    formats = values_of(known["format"]["schema"]) if "{format}" in path else [""]
    return [filled.replace("{format}", each) for each in formats]


def values_of(schema: Json) -> list[str]:
    """Return the values of an enumeration, or of the enumeration that a list is of."""
    values: list[str] = resolved(resolved(schema).get("items", schema))["enum"]
    return values


def flat_parameters(operation: Json) -> dict[str, Json]:
    """Return the schemas of all query parameters by name, those that are members of one object included."""
    found: dict[str, Json] = {}
    for parameter in parameters(operation):
        schema = resolved(parameter["schema"])
        if parameter["in"] == "query":
            found |= schema["properties"] if schema["type"] == "object" else {parameter["name"]: schema}
    return found
