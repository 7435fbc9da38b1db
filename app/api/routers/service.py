"""The addresses of the service as a whole: the datasets, search, a series, health and readiness."""

from app.api.endpoints import series
from app.api.endpoints.directory import list_datasets
from app.api.endpoints.health import get_health, get_readiness
from app.api.endpoints.search import search_all
from app.api.routers.endpoint_router import EndpointRouter
from app.api.schemas import groups as group_schemas
from app.api.schemas.operations import COLLECTION_ERRORS, SUFFIX_ERRORS, json_content, operation, schema_ref
from app.api.schemas.service import search_parameters


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
        "/healthz",
        get_health,
        json_endpoint=get_health,
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
        **operation(
            "Whether the database answers",
            json_content(schema_ref("Readiness")),
            [],
            description="Asks the database which data it holds.",
            problems=SUFFIX_ERRORS,
            cacheable=False,
        ),
    )
    return router
