"""The OpenAPI description of an operation, as the keyword arguments of its route."""

from collections.abc import Iterable, Mapping
from functools import cache

from starlette.responses import Response

from app.api.problems import PROBLEM_JSON
from app.api.schemas.json_schema import TEXT, Component, Json, schema_name, schema_ref
from app.api.schemas.parameters import fields_parameter, option_parameters
from app.api.schemas.service import CACHE_HEADER_NAMES, COMMON_HEADER_NAMES, JSON_REPRESENTATIONS, PROBLEMS
from app.model.dataset import Dataset
from app.renderers.representations import JSON, PICTURE, TableFormat

NAMED_PROBLEMS = (400, 404)
"""The problems that operations name. All others share one description."""
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
    shared: tuple[str, str] | None = None,
) -> Json:
    """Return the keyword arguments of a route that describe it: summary, parameters, responses.

    `headers` names the headers of a 200 beside those of every response. A response that is `cacheable` has validators.
    `shared` makes the 200 a component: its key, and its description for all operations that have it.
    `app.api.openapi.document` adds an example to a `content` that has none.
    """
    names = (*COMMON_HEADER_NAMES, *(CACHE_HEADER_NAMES if cacheable else ()), *headers)
    success: Json = {"description": summary, "content": content, "headers": header_refs(names)}
    if shared:
        key, text = shared
        ending = ".deprecating" if "Deprecation" in names else ""
        success = Component("responses", f"{key}{ending}", {**success, "description": text})
    responses: dict[int | str, Json] = {200: success, **({304: NOT_MODIFIED} if cacheable else {})}
    return {
        "summary": summary,
        "description": description or f"{summary}.",
        "response_class": Response,
        "responses": responses | problem_responses(problems),
        "openapi_extra": {"parameters": parameters},
    }


def problem_responses(statuses: Iterable[int]) -> dict[int | str, Json]:
    """Return the problem responses of an operation: those that it names, and one for all other statuses."""
    named: dict[int | str, Json] = {status: named_problem(status) for status in statuses if status in NAMED_PROBLEMS}
    return {**named, "default": other_problem()}


@cache
def named_problem(status: int) -> Component:
    """Return the description of a problem response that operations name by its status."""
    name, text = PROBLEMS[status]
    content = {PROBLEM_JSON: {"schema": schema_ref("Problem"), "examples": problem_example(name)}}
    return Component(
        "responses", name, {"description": text, "content": content, "headers": header_refs(COMMON_HEADER_NAMES)}
    )


@cache
def other_problem() -> Component:
    """Return the description of all other problem responses."""
    others = {status: problem for status, problem in PROBLEMS.items() if status not in NAMED_PROBLEMS}
    texts = " ".join(f"{status}: {text}" for status, (_, text) in others.items())
    examples = {key: example for name, _ in others.values() for key, example in problem_example(name).items()}
    content = {PROBLEM_JSON: {"schema": schema_ref("Problem"), "examples": examples}}
    headers = header_refs((*COMMON_HEADER_NAMES, "Retry-After"))
    return Component(
        "responses", "Problem", {"description": f"Another problem. {texts}", "content": content, "headers": headers}
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
    """Return the parameters of an item: the id, `fields`, and the day that computed fields depend on."""
    today = dataset.as_of_view.today_option if dataset.as_of_view else None
    days = [parameter for parameter in option_parameters(dataset) if parameter["name"] == today]
    return [path_parameter(dataset), fields_parameter(dataset), *days]


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
