"""The list of datasets, search, series, health and readiness."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.api.endpoints import series
from app.api.endpoints.directory import list_datasets
from app.api.endpoints.search import search_all
from app.api.problems import unavailable
from app.api.responses import desk_of, query_of, to_response
from app.api.schemas import datasets as dataset_schemas
from app.api.schemas import groups as group_schemas
from app.api.schemas.operations import LISTED, SUFFIXED, json_content, operation, schema_ref
from app.db.reader import Unavailable

SEARCH = operation(
    "Search all datasets",
    json_content(schema_ref("SearchPage")),
    dataset_schemas.search_parameters(),
    description="The rows of all datasets that hold some words, the best first.",
    problems=LISTED,
    headers=("Link",),
)
SERIES = operation(
    "One indicator over time",
    json_content(schema_ref("Series")),
    group_schemas.series_parameters(series.OBSERVATIONS, series.TAKEN, series.DERIVE),
    description="All measures of one indicator and area by month, on request with what can be derived from them.",
)
LIST = operation(
    "List the datasets",
    json_content(schema_ref("DatasetList")),
    [],
    description="Every dataset with its titles, its number of rows and its links.",
    problems=LISTED,
)
HEALTH = operation(
    "Whether the process is alive",
    json_content(schema_ref("Health")),
    [],
    description="Answers as long as the process does; asks no database.",
    problems=(400, 414),
    kept=False,
)
READINESS = operation(
    "Whether the database answers",
    json_content(schema_ref("Readiness")),
    [],
    description="Asks the database which data it holds.",
    problems=SUFFIXED,
    kept=False,
)


def service_router() -> APIRouter:
    """The list of datasets, and whether the service is alive and ready."""
    router = APIRouter(tags=["service"])

    @router.get("/v1", **LIST)
    async def datasets(request: Request) -> Response:
        return to_response(request, await list_datasets(desk_of(request), query_of(request)))

    @router.get("/v1/search", **SEARCH)
    async def everywhere(request: Request) -> Response:
        return to_response(request, await search_all(desk_of(request), query_of(request)))

    @router.get("/v1/indicators/{id}/series", **SERIES)
    async def one_series(request: Request) -> Response:
        key = request.path_params["id"]
        return to_response(request, await series.get_series(desk_of(request), key, query_of(request)))

    @router.get("/healthz", **HEALTH)
    async def health() -> Response:
        return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})

    @router.get("/readyz", **READINESS)
    async def ready(request: Request) -> Response:
        try:
            state = await desk_of(request).store.refresh()
        except Unavailable as error:
            raise unavailable(error) from None
        return JSONResponse({"status": "ok", "revision": state.revision}, headers={"Cache-Control": "no-store"})

    return router
