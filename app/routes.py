"""HTTP: one router a dataset, generated from its declaration, and the addresses beside them."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from app import answers, describe
from app.answers import Answer, Desk
from app.dataset import Dataset
from app.db.reader import Unavailable
from app.negotiation import accepted_format
from app.query.ask import PAGE, TABLE

PROBLEM = "application/problem+json"
Handler = Callable[[Request], Awaitable[Response]]
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": text, "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for status, text in {
        400: "A parameter is wrong; `errors` names it and what would be right.",
        404: "There is no such dataset or row.",
        406: "None of the formats asked for is on offer.",
        503: "The database does not answer.",
    }.items()
}


def to_response(answer: Answer) -> Response:
    """An answer as Starlette sends it."""
    if answer.stream is not None:
        return StreamingResponse(answer.stream, headers=answer.headers, media_type=answer.media_type)
    return Response(answer.body, headers=answer.headers, media_type=answer.media_type)


def desk_of(request: Request) -> Desk:
    """What answering needs, put there by `create_app`."""
    desk: Desk = request.app.state.desk
    return desk


def query_of(request: Request) -> bytes:
    """The query string as it came."""
    query: bytes = request.scope["query_string"]
    return query


def dataset_router(dataset: Dataset) -> APIRouter:
    """The addresses of one dataset: collection, CSV, schema, item."""
    router = APIRouter(prefix=f"/v1/{dataset.name}", tags=[dataset.name])

    @router.get("", **operation(f"List {dataset.title_en}", page_content(dataset), describe.parameters(dataset, PAGE)))
    async def collection(request: Request) -> Response:
        wanted = accepted_format(request.headers.get("accept"))
        make = answers.table if wanted == "csv" else answers.collection
        return to_response(await make(desk_of(request), dataset, query_of(request)))

    @router.get(".csv", **operation(f"{dataset.title_en} as CSV", CSV_CONTENT, describe.parameters(dataset, TABLE)))
    async def table(request: Request) -> Response:
        return to_response(await answers.table(desk_of(request), dataset, query_of(request)))

    @router.get("/schema", **operation(f"Fields of {dataset.title_en}", json_content({"type": "object"}), []))
    async def schema(request: Request) -> Response:
        return to_response(await answers.schema(desk_of(request), dataset, query_of(request)))

    @router.get("/{id}.csv", **operation(f"One of {dataset.title_en} as CSV", CSV_CONTENT, item_parameters(dataset)))
    async def item_table(request: Request) -> Response:
        key = request.path_params["id"]
        return to_response(await answers.item(desk_of(request), dataset, key, query_of(request), ".csv"))

    @router.get("/{id}", **operation(f"One of {dataset.title_en}", item_content(dataset), item_parameters(dataset)))
    async def item(request: Request) -> Response:
        suffix = ".csv" if accepted_format(request.headers.get("accept")) == "csv" else ""
        key = request.path_params["id"]
        return to_response(await answers.item(desk_of(request), dataset, key, query_of(request), suffix))

    return router


def operation(summary: str, content: dict[str, Any], parameters: list[dict[str, Any]]) -> dict[str, Any]:
    """The keyword arguments of a route: its summary, its answers, its exact parameters."""
    return {
        "summary": summary,
        "response_class": Response,
        "responses": {200: {"description": summary, "content": content}, **PROBLEMS},
        "openapi_extra": {"parameters": parameters},
    }


def json_content(schema: dict[str, Any]) -> dict[str, Any]:
    """JSON of a schema."""
    return {answers.JSON: {"schema": schema}}


CSV_CONTENT = {"text/csv": {"schema": {"type": "string"}}}


def page_content(dataset: Dataset) -> dict[str, Any]:
    """A page as JSON, or the same question as CSV."""
    return {**json_content({"$ref": f"#/components/schemas/{describe.component(dataset)}Page"}), **CSV_CONTENT}


def item_content(dataset: Dataset) -> dict[str, Any]:
    """A row as JSON or CSV."""
    return {**json_content({"$ref": f"#/components/schemas/{describe.component(dataset)}"}), **CSV_CONTENT}


def item_parameters(dataset: Dataset) -> list[dict[str, Any]]:
    """The id, `fields`, and the option that a computed field needs."""
    path = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}, "description": "The row's id."}
    today = dataset.perspective.today if dataset.perspective else None
    wanted = ("fields", today)
    return [path, *(known for known in describe.parameters(dataset, PAGE) if known["name"] in wanted)]


def service_router() -> APIRouter:
    """The list of datasets, and whether the service is alive and ready."""
    router = APIRouter(tags=["service"])

    @router.get("/v1", **operation("List the datasets", json_content({"type": "object"}), []))
    async def datasets(request: Request) -> Response:
        return to_response(await answers.datasets(desk_of(request), query_of(request)))

    @router.get("/healthz", summary="Whether the process is alive", response_class=JSONResponse)
    async def health() -> Response:
        return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})

    @router.get("/readyz", summary="Whether the database answers", response_class=JSONResponse)
    async def ready(request: Request) -> Response:
        try:
            state = await desk_of(request).store.refresh()
        except Unavailable:
            raise answers.unavailable() from None
        return JSONResponse({"status": "ok", "revision": state.revision}, headers={"Cache-Control": "no-store"})

    return router
