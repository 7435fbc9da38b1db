"""The OpenAPI description of an operation, as the keyword arguments of its route."""

from collections.abc import Iterable, Mapping
from functools import cache

from starlette.responses import Response

from app.api.problems import PROBLEM_JSON
from app.api.schemas.datasets import collection_parameters
from app.api.schemas.json_schema import TEXT, Json
from app.api.schemas.service import CACHE_HEADER_NAMES, COMMON_HEADER_NAMES, JSON_REPRESENTATIONS, PROBLEMS
from app.model.dataset import Dataset
from app.renderers.representations import JSON, TableFormat

COLLECTION_ERRORS = (400, 406, 414, 503)
"""The problems of an address without an id in it."""
SUFFIX_ERRORS = (400, 414, 503)
"""The problems of an address with a suffix, which ignores `Accept`."""
ITEM_ERRORS = (400, 404, 414, 503)
"""The problems of an address with an id and a suffix."""


def operation(
    summary: str,
    content: Json,
    parameters: list[Json],
    *,
    description: str = "",
    problems: Iterable[int] = tuple(PROBLEMS),
    headers: Iterable[str] = (),
    cacheable: bool = True,
) -> Json:
    """Return the keyword arguments of a route that describe it: summary, parameters, responses.

    `headers` names the headers of a 200 beside those of every response. A response that is `cacheable` has validators.
    `app.api.openapi.document` adds an example to a `content` that has none.
    """
    names = (*COMMON_HEADER_NAMES, *(CACHE_HEADER_NAMES if cacheable else ()), *headers)
    responses: dict[int | str, Json] = {
        200: {"description": summary, "content": content, "headers": header_refs(names)}
    }
    if cacheable:
        not_modified_headers = header_refs((*COMMON_HEADER_NAMES, "ETag"))
        responses[304] = {"description": "The response has not changed.", "headers": not_modified_headers}
    return {
        "summary": summary,
        "description": description or f"{summary}.",
        "response_class": Response,
        "responses": {**responses, **{status: problem_description(status) for status in problems}},
        "openapi_extra": {"parameters": parameters},
    }


@cache
def problem_description(status: int) -> Json:
    """Return the description of a problem response. All operations share it."""
    name, text = PROBLEMS[status]
    content = {
        "schema": {"$ref": "#/components/schemas/Problem"},
        "examples": {name: {"$ref": f"#/components/examples/{name}"}},
    }
    names = (*COMMON_HEADER_NAMES, "Retry-After") if status == 503 else COMMON_HEADER_NAMES
    return {"description": text, "content": {PROBLEM_JSON: content}, "headers": header_refs(tuple(names))}


@cache
def header_refs(names: tuple[str, ...]) -> Json:
    """Return references to header components. Responses with the same headers share them."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def json_content(schema: Json) -> Json:
    """Return the content of a JSON response."""
    return {JSON: {"schema": schema}}


def schema_ref(name: str) -> Json:
    """Return a reference to a schema among the document's components."""
    return {"$ref": f"#/components/schemas/{name}"}


def representation_content(name: str) -> Json:
    """Return the content of a representation by its name."""
    return {"schema": JSON_REPRESENTATIONS.get(name, TEXT)}


def table_content(table_format: TableFormat) -> Json:
    """Return the content of a table format: text or bytes."""
    return {
        table_format.media_type: {
            "schema": {"type": "string", **({"format": "binary"} if table_format.needs_file else {})}
        }
    }


def describe_accept(media_types: Mapping[str, str]) -> str:
    """Return a sentence about the other representations of an address whose declared content is JSON.

    With one declared media type, a generated client returns one type. The other representations are described at
    their own addresses.
    """
    others = ", ".join(f"`{media_type}`" for name, media_type in media_types.items() if name != "json")
    return f"`Accept` may also name the media types of the addresses with suffixes: {others}."


def path_parameter() -> Json:
    """Return the parameter for the id in the path."""
    return {"name": "id", "in": "path", "required": True, "schema": TEXT, "description": "The row's id."}


def item_parameters(dataset: Dataset) -> list[Json]:
    """Return the parameters of an item: the id, `fields`, and the day that computed fields depend on."""
    names = ("fields", dataset.as_of_view.today_option if dataset.as_of_view else None)
    known = collection_parameters(dataset, ("fields",))  # an item has no `highlights`, as a page with `q` has
    return [path_parameter(), *(parameter for parameter in known if parameter["name"] in names)]
