"""The OpenAPI description of an operation, as the keyword arguments of its route."""

from collections.abc import Iterable, Mapping
from functools import cache

from starlette.responses import Response

from app.api.problems import PROBLEM_JSON
from app.api.schemas.json_schema import TEXT, Component, Json, schema_name, schema_ref
from app.api.schemas.parameters import SHARED_CONTROLS, fields_parameter, option_parameters
from app.api.schemas.service import (
    CACHE_HEADER_NAMES,
    COMMON_HEADER_NAMES,
    EXAMPLES_OF_PROBLEMS,
    JSON_REPRESENTATIONS,
    PROBLEMS,
)
from app.model.dataset import Dataset
from app.renderers.representations import JSON, PICTURE, TABLE_FORMATS, TableFormat

NAMED_PROBLEMS = (400, 404)
"""The problems that operations name. All others share one description."""
COLLECTION_PROBLEMS = (400,)
"""Of these, those of an address without an id in it."""


def operation(
    summary: str,
    content: Json,
    parameters: list[Json],
    *,
    description: str = "",
    problems: Iterable[int] = NAMED_PROBLEMS,
    headers: Iterable[str] = (),
    in_parts: bool = False,
    shared: tuple[str, str] | None = None,
) -> Json:
    """Return the keyword arguments of a route that describe it: summary, parameters, responses.

    `headers` names the headers of a 200 beside those of every response. A file `in_parts` answers `Range` with a 206.
    `shared` makes the 200 a component: its key, and its description for all operations that have it.
    `app.api.openapi.document` adds an example to a `content` that has none.
    """
    names = (*COMMON_HEADER_NAMES, *CACHE_HEADER_NAMES, *headers, *(("Accept-Ranges",) if in_parts else ()))
    success: Json = {"description": summary, "content": content, "headers": header_refs(names)}
    if shared:
        key, text = shared
        ending = ".deprecating" if "Deprecation" in names else ""
        success = Component("responses", f"{key}{ending}", {**success, "description": text})
    responses: dict[int | str, Json] = {200: success, **({206: PART} if in_parts else {}), 304: NOT_MODIFIED}
    return {
        "summary": summary,
        "description": description or f"{summary}.",
        "response_class": Response,
        "responses": responses | problem_responses(problems),
        "openapi_extra": {"parameters": parameters},
    }


def problem_responses(statuses: Iterable[int]) -> dict[int | str, Json]:
    """Return the problem responses of an operation: those that it names, and one for all other statuses."""
    return {**{status: named_problem(status) for status in statuses}, "default": other_problem()}


@cache
def named_problem(status: int) -> Component:
    """Return the description of a problem response that operations name by its status."""
    name, text = EXAMPLES_OF_PROBLEMS[status], f"{PROBLEMS[status][0].upper()}{PROBLEMS[status][1:]}."
    content = {PROBLEM_JSON: {"schema": schema_ref("Problem"), "examples": problem_example(name)}}
    return Component(
        "responses", name, {"description": text, "content": content, "headers": header_refs(COMMON_HEADER_NAMES)}
    )


@cache
def other_problem() -> Component:
    """Return the description of all other problem responses."""
    texts = "; ".join(f"{status}: {text}" for status, text in PROBLEMS.items() if status not in NAMED_PROBLEMS)
    shown = [name for status, name in EXAMPLES_OF_PROBLEMS.items() if status not in NAMED_PROBLEMS]
    examples = {key: example for name in shown for key, example in problem_example(name).items()}
    content = {PROBLEM_JSON: {"schema": schema_ref("Problem"), "examples": examples}}
    headers = header_refs((*COMMON_HEADER_NAMES, "Retry-After"))
    return Component(
        "responses", "Problem", {"description": f"Another problem. {texts}.", "content": content, "headers": headers}
    )


def problem_example(name: str) -> Json:
    """Return a reference to the example of a problem."""
    return {name: {"$ref": f"#/components/examples/{name}"}}


@cache
def header_refs(names: tuple[str, ...]) -> Json:
    """Return references to header components. Responses with the same headers share them."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


NOT_MODIFIED = Component(
    "responses",
    "NotModified",
    {"description": "The response has not changed.", "headers": header_refs((*COMMON_HEADER_NAMES, "ETag"))},
)


def json_content(schema: Json) -> Json:
    """Return the content of a JSON response."""
    return {JSON: {"schema": schema}}


def representation_content(name: str) -> Json:
    """Return the content of a representation by its name."""
    return {"schema": JSON_REPRESENTATIONS.get(name, TEXT)}


def table_content(formats: Iterable[TableFormat]) -> Json:
    """Return the content of some table formats: text or bytes."""
    return {
        table.media_type: {"schema": {"type": "string", **({"format": "binary"} if table.needs_file else {})}}
        for table in formats
    }


PART = Component(
    "responses",
    "Part",
    {
        "description": "The range of bytes that `Range` asks for.",
        "content": table_content(TABLE_FORMATS.values()),
        "headers": header_refs((*COMMON_HEADER_NAMES, *CACHE_HEADER_NAMES, "Content-Range")),
    },
)


def picture_content() -> Json:
    """Return the content of a picture."""
    return {PICTURE.media_type: {"schema": TEXT}}


def describe_accept(media_types: Mapping[str, str]) -> str:
    """Return a sentence about the other representations of an address whose declared content is JSON.

    With one declared media type, a generated client returns one type. The other representations are described at
    their own addresses.
    """
    return f"With `Accept` also as {', '.join(name for name in media_types if name != 'json')}, see the suffixes."


def path_parameter(dataset: Dataset) -> Component:
    """Return the parameter for the id in the path. The document adds an example."""
    number = " Also its document number, percent-encoded." if "document_number" in dataset.fields_by_name else ""
    parameter = {"name": "id", "in": "path", "required": True, "schema": TEXT, "description": f"The row's id.{number}"}
    return Component("parameters", f"{schema_name(dataset)}.row.id", parameter)


def item_parameters(dataset: Dataset) -> list[Json]:
    """Return the parameters of an item: the id, `fields`, `expand`, and the day that computed fields depend on."""
    days = [parameter for parameter in option_parameters(dataset) if parameter["name"] == dataset.today_option]
    return [path_parameter(dataset), fields_parameter(dataset), SHARED_CONTROLS["expand"], *days]


FORMAT_PARAMETER = Component(
    "parameters",
    "format",
    {
        "name": "format",
        "in": "path",
        "required": True,
        "schema": schema_ref("TableFormat"),
        "description": "The format.",
        "example": "csv",
    },
)
"""The suffix of a table format in a path, without its dot."""
