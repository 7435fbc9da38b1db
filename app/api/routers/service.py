"""The addresses of the service as a whole: the datasets, search, a series, health and readiness."""

from collections.abc import Coroutine, Mapping
from typing import Any

from app.api.context import AppContext
from app.api.endpoints import series
from app.api.endpoints.derivations import DERIVATIONS
from app.api.endpoints.directory import list_datasets
from app.api.endpoints.health import get_health, get_readiness, get_version
from app.api.endpoints.pictures import get_series_picture
from app.api.endpoints.search import search_all
from app.api.endpoints.series_exports import export_series
from app.api.routers.datasets import in_accept_order, negotiated_endpoint
from app.api.routers.endpoint_router import Endpoint, EndpointRouter
from app.api.schemas import groups as group_schemas
from app.api.schemas.json_schema import Json, schema_ref
from app.api.schemas.operations import (
    COLLECTION_PROBLEMS,
    FORMAT_PARAMETER,
    describe_accept,
    json_content,
    operation,
    picture_content,
    table_content,
)
from app.api.schemas.parameters import SHARED_CONTROLS
from app.api.schemas.service import search_parameters
from app.http.request import CacheableRequest
from app.http.response import ApiResponse
from app.renderers.representations import PICTURE, TABLE_FORMATS, TableFormat

Parameters = Mapping[str, str]
ApiCall = Coroutine[Any, Any, ApiResponse]


def series_picture_endpoint(context: AppContext, request: CacheableRequest, parameters: Parameters) -> ApiCall:
    """Return the picture of a series."""
    return get_series_picture(context, parameters["id"], request.query_string)


def series_endpoint(context: AppContext, request: CacheableRequest, parameters: Parameters) -> ApiCall:
    """Return a series as JSON."""
    return series.get_series(context, parameters["id"], request.query_string)


def series_export_endpoint(table: TableFormat) -> Endpoint:
    """Return the endpoint of a series in a table format."""
    return lambda context, request, parameters: export_series(context, parameters["id"], request, table)


def series_parameters(control_names: tuple[str, ...]) -> list[Json]:
    """Return the parameters of a series in a form that takes some controls."""
    own = group_schemas.series_parameters(series.OBSERVATIONS, series.PASSED_PARAMETERS, DERIVATIONS)
    return [*own, *(SHARED_CONTROLS[name] for name in control_names)]


def add_series(router: EndpointRouter) -> None:
    """Add one indicator over time: as JSON and by `Accept` or suffix as a table, and as a picture."""
    endpoints = {"json": series_endpoint} | {
        table.name: series_export_endpoint(table) for table in TABLE_FORMATS.values()
    }
    media_types = in_accept_order(endpoints)
    router.add_endpoint(
        "/v1/indicators/{id}/series",
        negotiated_endpoint(endpoints, media_types),
        json_endpoint=endpoints["json"],
        **operation(
            "One indicator over time",
            json_content(schema_ref("Series")),
            series_parameters(series.JSON_PARAMS),
            description="All measures of one indicator and area by month, on request with what can be derived "
            f"from them. {describe_accept(media_types)}",
        ),
    )
    for table in TABLE_FORMATS.values():
        router.add_endpoint(
            f"/v1/indicators/{{id}}/series{table.suffix}", endpoints[table.name], include_in_schema=False
        )
    names = ", ".join(table.title for table in TABLE_FORMATS.values())
    controls = dict.fromkeys(name for table in TABLE_FORMATS.values() for name in table.extra_parameters)
    router.describe(
        "/v1/indicators/{id}/series.{format}",
        **operation(
            "One indicator over time, as a file",
            table_content(TABLE_FORMATS.values()),
            [FORMAT_PARAMETER, *series_parameters(tuple(controls))],
            description=f"The rows of a series as {names}. Each says which indicator and area it is about; derived "
            "figures have columns of their own.",
            headers=("Content-Disposition",),
            in_parts=True,
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
        ),
    )


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
            problems=COLLECTION_PROBLEMS,
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
            problems=COLLECTION_PROBLEMS,
            headers=("Link",),
        ),
    )
    add_series(router)
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
            problems=COLLECTION_PROBLEMS,
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
            problems=COLLECTION_PROBLEMS,
        ),
    )
    router.add_endpoint(
        "/version",
        get_version,
        json_endpoint=get_version,
        ignores_appended=True,
        **operation(
            "The version of this service",
            json_content(schema_ref("Version")),
            [],
            description="The version that `info.version`, the header `API-Version` and the catalogue tell too.",
            problems=COLLECTION_PROBLEMS,
        ),
    )
    return router
