"""The addresses of the service as a whole: the datasets, search, a series, health and readiness."""

from collections.abc import Coroutine, Mapping
from typing import Any

from app.api.context import AppContext
from app.api.endpoints import series
from app.api.endpoints.directory import list_datasets
from app.api.endpoints.health import get_health, get_readiness, get_version
from app.api.endpoints.pictures import get_series_picture
from app.api.endpoints.search import search_all
from app.api.routers.endpoint_router import EndpointRouter
from app.api.schemas import groups as group_schemas
from app.api.schemas.json_schema import schema_ref
from app.api.schemas.operations import (
    COLLECTION_ERRORS,
    ITEM_ERRORS,
    SUFFIX_ERRORS,
    json_content,
    operation,
    picture_content,
)
from app.api.schemas.service import search_parameters
from app.http.request import CacheableRequest
from app.http.response import ApiResponse
from app.renderers.representations import PICTURE


def series_picture_endpoint(
    context: AppContext, request: CacheableRequest, parameters: Mapping[str, str]
) -> Coroutine[Any, Any, ApiResponse]:
    """Return the picture of a series."""
    return get_series_picture(context, parameters["id"], request.query_string)


def service_router() -> EndpointRouter:
    """Return the router of the service."""
    router = EndpointRouter(tags=["service"])
    router.add_endpoint(
        "/v1",
        lambda context, request, _: list_datasets(context, request.query_string),
        json_only=True,
        **operation(
            "List the datasets",
            json_content(schema_ref("DatasetList")),
            [],
            description="Every dataset with its titles, its number of rows and its links.",
            problems=COLLECTION_ERRORS,
        ),
    )
    router.add_endpoint(
        "/v1/search",
        lambda context, request, _: search_all(context, request.query_string),
        json_only=True,
        **operation(
            "Search all datasets",
            json_content(schema_ref("SearchPage")),
            search_parameters(),
            description="The rows of all datasets that contain some words, the best first.",
            problems=COLLECTION_ERRORS,
            headers=("Link",),
        ),
    )
    router.add_endpoint(
        "/v1/indicators/{id}/series",
        lambda context, request, parameters: series.get_series(context, parameters["id"], request.query_string),
        json_only=True,
        **operation(
            "One indicator over time",
            json_content(schema_ref("Series")),
            group_schemas.series_parameters(series.OBSERVATIONS, series.PASSED_PARAMETERS, series.DERIVATIONS),
            description="All measures of one indicator and area by month, on request with what can be derived "
            "from them.",
        ),
    )
    router.add_endpoint(
        f"/v1/indicators/{{id}}/series{PICTURE.suffix}",
        series_picture_endpoint,
        json_endpoint=series_picture_endpoint,
        **operation(
            "One indicator over time, as a picture",
            picture_content(),
            group_schemas.series_picture_parameters(series.OBSERVATIONS, series.PASSED_PARAMETERS),
            description="One measure of one indicator and area: columns while there are few months, else a line.",
            problems=ITEM_ERRORS,
        ),
    )
    router.add_endpoint(
        "/healthz",
        get_health,
        json_endpoint=get_health,
        ignores_appended=True,
        **operation(
            "Whether the process is alive",
            json_content(schema_ref("Health")),
            [],
            description="Answers as long as the process does; asks no database.",
            problems=(400, 414),
            cacheable=False,
        ),
    )
    router.add_endpoint(
        "/readyz",
        get_readiness,
        json_endpoint=get_readiness,
        ignores_appended=True,
        **operation(
            "Whether the database answers",
            json_content(schema_ref("Readiness")),
            [],
            description="Asks the database which data it holds.",
            problems=SUFFIX_ERRORS,
            cacheable=False,
        ),
    )
    router.add_endpoint(
        "/version",
        get_version,
        json_endpoint=get_version,
        **operation(
            "The version of this service",
            json_content(schema_ref("Version")),
            [],
            description="The version that `info.version`, the header `API-Version` and the catalogue tell too.",
            problems=(400, 414),
            cacheable=False,
        ),
    )
    return router
