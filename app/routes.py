"""HTTP: one router a dataset, generated from its declaration, and the addresses beside them."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app import answers, describe, describe_groups, exports, groups, queryables, search, series
from app.answers import Answer, Desk
from app.dataset import Dataset
from app.db.reader import Unavailable
from app.formats.offers import TABLES
from app.formats.plan import FORMATS, Format
from app.negotiation import accepted
from app.query.ask import PAGE
from app.sending import Filed, Streamed, unless_gone, wanted_range

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


def to_response(request: Request, answer: Answer) -> Response:
    """An answer as Starlette sends it."""
    if answer.whole is not None:
        asked = wanted_range(request, answer.headers)
        return Filed(answer.whole, answer.headers, answer.media_type, asked)
    if answer.stream is not None:
        return Streamed(answer.stream, answer.headers, answer.media_type)
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
    """The addresses of one dataset: collection, its other formats, schema, item."""
    router = APIRouter(prefix=f"/v1/{dataset.name}", tags=[dataset.name])

    @router.get("", **operation(f"List {dataset.title_en}", page_content(dataset), describe.parameters(dataset, PAGE)))
    async def collection(request: Request) -> Response:
        form = FORMATS.get(accepted(request.headers.get("accept"), TABLES))
        if form is not None:
            return await exported(request, exports.table(desk_of(request), dataset, query_of(request), form))
        return to_response(request, await answers.collection(desk_of(request), dataset, query_of(request)))

    @router.get("/schema", **operation(f"Fields of {dataset.title_en}", json_content({"type": "object"}), []))
    async def schema(request: Request) -> Response:
        return to_response(request, await answers.schema(desk_of(request), dataset, query_of(request)))

    add_groups(router, dataset)
    for form in FORMATS.values():
        add_format(router, dataset, form)

    @router.get("/{id}", **operation(f"One of {dataset.title_en}", item_content(dataset), item_parameters(dataset)))
    async def item(request: Request) -> Response:
        form = FORMATS.get(accepted(request.headers.get("accept"), TABLES))
        desk, key = desk_of(request), request.path_params["id"]
        if form is not None:
            return await exported(request, exports.item(desk, dataset, key, query_of(request), form))
        return to_response(request, await answers.item(desk, dataset, key, query_of(request)))

    return router


def add_groups(router: APIRouter, dataset: Dataset) -> None:
    """The addresses of a dataset that count and add up, and the fields that `filter` may name."""
    title = dataset.title_en
    counted = json_content(describe_groups.facet_schema(dataset))
    grouped = json_content(describe_groups.aggregate_schema(dataset))
    named = {queryables.SCHEMA_JSON: {"schema": {"type": "object"}}}

    @router.get("/facets", **operation(f"Values of {title}", counted, describe_groups.facet_parameters(dataset)))
    async def facets(request: Request) -> Response:
        return to_response(request, await groups.facets(desk_of(request), dataset, query_of(request)))

    @router.get("/aggregate", **operation(f"Groups of {title}", grouped, describe_groups.aggregate_parameters(dataset)))
    async def aggregate(request: Request) -> Response:
        return to_response(request, await groups.aggregate(desk_of(request), dataset, query_of(request)))

    @router.get("/queryables", **operation(f"What a filter of {title} may name", named, []))
    async def fields(request: Request) -> Response:
        return to_response(request, await queryables.queryables(desk_of(request), dataset, query_of(request)))


def add_format(router: APIRouter, dataset: Dataset, form: Format) -> None:
    """The addresses of a dataset that end in a format's suffix."""
    summary, content = f"{dataset.title_en} as {form.title}", format_content(form)
    parameters = describe.parameters(dataset, exports.controls_of(form))

    @router.get(form.suffix, **operation(summary, content, parameters))
    async def table(request: Request) -> Response:
        return await exported(request, exports.table(desk_of(request), dataset, query_of(request), form))

    @router.get(f"/{{id}}{form.suffix}", **operation(f"One of {summary}", content, item_parameters(dataset)))
    async def item_table(request: Request) -> Response:
        key = request.path_params["id"]
        return await exported(request, exports.item(desk_of(request), dataset, key, query_of(request), form))


async def exported(request: Request, work: Awaitable[Answer]) -> Response:
    """The answer of an export, which stops when the client is gone."""
    return to_response(request, await unless_gone(request, work))


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


def format_content(form: Format) -> dict[str, Any]:
    """The content of a format: text, or bytes."""
    return {form.media_type: {"schema": {"type": "string", **({"format": "binary"} if form.whole else {})}}}


FORMAT_CONTENT = {name: content for form in FORMATS.values() for name, content in format_content(form).items()}


def page_content(dataset: Dataset) -> dict[str, Any]:
    """A page as JSON, or all rows of the same question in another format."""
    return {**json_content({"$ref": f"#/components/schemas/{describe.component(dataset)}Page"}), **FORMAT_CONTENT}


def item_content(dataset: Dataset) -> dict[str, Any]:
    """A row as JSON or in another format."""
    return {**json_content({"$ref": f"#/components/schemas/{describe.component(dataset)}"}), **FORMAT_CONTENT}


def item_parameters(dataset: Dataset) -> list[dict[str, Any]]:
    """The id, `fields`, and the option that a computed field needs."""
    path = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}, "description": "The row's id."}
    today = dataset.perspective.today if dataset.perspective else None
    wanted = ("fields", today)
    return [path, *(known for known in describe.parameters(dataset, PAGE) if known["name"] in wanted)]


SEARCH_CONTENT = json_content({"$ref": "#/components/schemas/SearchPage"})


SERIES_PARAMETERS = describe_groups.series_parameters(series.OBSERVATIONS, series.TAKEN, series.DERIVE)
SERIES_CONTENT = json_content(
    describe_groups.series_schema(describe.row_schema(series.OBSERVATIONS), series.MEMBERS, dict(series.NOTES))
)


def service_router() -> APIRouter:
    """The list of datasets, and whether the service is alive and ready."""
    router = APIRouter(tags=["service"])

    @router.get("/v1", **operation("List the datasets", json_content({"type": "object"}), []))
    async def datasets(request: Request) -> Response:
        return to_response(request, await answers.datasets(desk_of(request), query_of(request)))

    @router.get("/v1/search", **operation("Search all datasets", SEARCH_CONTENT, describe.search_parameters()))
    async def everywhere(request: Request) -> Response:
        return to_response(request, await search.everywhere(desk_of(request), query_of(request)))

    @router.get("/v1/indicators/{id}/series", **operation("One indicator over time", SERIES_CONTENT, SERIES_PARAMETERS))
    async def one_series(request: Request) -> Response:
        key = request.path_params["id"]
        return to_response(request, await series.series(desk_of(request), key, query_of(request)))

    @router.get("/healthz", summary="Whether the process is alive", response_class=JSONResponse)
    async def health() -> Response:
        return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})

    @router.get("/readyz", summary="Whether the database answers", response_class=JSONResponse)
    async def ready(request: Request) -> Response:
        try:
            state = await desk_of(request).store.refresh()
        except Unavailable as error:
            raise answers.unavailable(error) from None
        return JSONResponse({"status": "ok", "revision": state.revision}, headers={"Cache-Control": "no-store"})

    return router
