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


def parameters(operation: Json) -> list[Json]:
    shared = document()["components"]["parameters"]
    return [shared[p["$ref"].rpartition("/")[2]] if "$ref" in p else p for p in operation["parameters"]]


def address(path: str, operation: Json) -> str:
    """Return the address of an operation, with examples for keys and required parameters."""
    query = []
    for parameter in parameters(operation):
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", quote(str(parameter["example"]), safe=",+."))
        elif parameter["required"]:
            value = parameter.get("example") or parameter["schema"]["items"]["enum"][0]
            query.append(f"{parameter['name']}={value}")
    return path + ("?" + "&".join(query) if query else "")
