"""The OpenAPI description of an operation, as the keyword arguments of its route."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from starlette.responses import Response

from app.api.schemas import datasets
from app.api.schemas.service import ALWAYS, JSON_FORMS, KEPT_HEADERS, PROBLEMS
from app.model.dataset import Dataset
from app.query.params.dataset_query import PAGE
from app.renderers.representations import JSON
from app.renderers.tabular.formats import Format

PROBLEM = "application/problem+json"
LISTED = (400, 406, 414, 503)
"""The problems of an address without a key in it."""
SUFFIXED = (400, 414, 503)
"""Of one whose suffix beats `Accept`."""
KEYED = (400, 404, 414, 503)
"""Of one that has a key and a suffix."""


def operation(
    summary: str,
    content: dict[str, Any],
    parameters: list[dict[str, Any]],
    *,
    description: str = "",
    problems: Iterable[int] = tuple(PROBLEMS),
    headers: Iterable[str] = (),
    kept: bool = True,
) -> dict[str, Any]:
    """The keyword arguments of a route: its summary, its answers, its exact parameters.

    `headers` are those of a 200 beside what every answer carries; `kept`: it has validators. Examples are
    added when the document is made, see `app.openapi`; a format of its own brings one in its `content`.
    """
    names = (*ALWAYS, *(KEPT_HEADERS if kept else ()), *headers)
    answered: dict[int | str, dict[str, Any]] = {
        200: {"description": summary, "content": content, "headers": header_refs(names)}
    }
    if kept:
        answered[304] = {"description": "You have this answer already.", "headers": header_refs((*ALWAYS, "ETag"))}
    return {
        "summary": summary,
        "description": description or f"{summary}.",
        "response_class": Response,
        "responses": {**answered, **{status: problem_response(status) for status in problems}},
        "openapi_extra": {"parameters": parameters},
    }


@cache
def problem_response(status: int) -> dict[str, Any]:
    """A problem document as the answer of an operation; one for all of them, for they are many."""
    name, text = PROBLEMS[status]
    content = {
        "schema": {"$ref": "#/components/schemas/Problem"},
        "examples": {name: {"$ref": f"#/components/examples/{name}"}},
    }
    names = (*ALWAYS, "Retry-After") if status == 503 else ALWAYS
    return {"description": text, "content": {PROBLEM: content}, "headers": header_refs(tuple(names))}


@cache
def header_refs(names: tuple[str, ...]) -> dict[str, Any]:
    """The headers of an answer; one mapping for all answers that have the same."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def json_content(schema: dict[str, Any]) -> dict[str, Any]:
    """JSON of a schema."""
    return {JSON: {"schema": schema}}


def schema_ref(name: str) -> dict[str, Any]:
    """A schema among the document's components."""
    return {"$ref": f"#/components/schemas/{name}"}


def form_content(name: str) -> dict[str, Any]:
    """The content of a form, by its name among the offers."""
    return {"schema": JSON_FORMS.get(name, {"type": "string"})}


def format_content(form: Format) -> dict[str, Any]:
    """The content of a format: text, or bytes."""
    return {form.media_type: {"schema": {"type": "string", **({"format": "binary"} if form.whole else {})}}}


def by_accept(offers: Mapping[str, str]) -> str:
    """What else an address of JSON answers.

    It is told in words: with one media type a generated client has one type to hand out. The other forms
    are described where they have an address of their own.
    """
    others = ", ".join(f"`{media_type}`" for name, media_type in offers.items() if name != "json")
    return f"`Accept` may also name the media types of the addresses with suffixes: {others}."


def path_parameter() -> dict[str, Any]:
    """The id in the path."""
    return {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}, "description": "The row's id."}


def item_parameters(dataset: Dataset) -> list[dict[str, Any]]:
    """The id, `fields`, and the option that a computed field needs."""
    today = dataset.perspective.today if dataset.perspective else None
    wanted = ("fields", today)
    return [path_parameter(), *(known for known in datasets.parameters(dataset, PAGE) if known["name"] in wanted)]
