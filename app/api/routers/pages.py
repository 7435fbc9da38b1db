"""The addresses of the pages for people: those of the API without `/v1`."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from app.api.context import AppContext
from app.api.endpoints.pages.about import get_about_page, get_datasets_page
from app.api.endpoints.pages.dataset_page import get_dataset_page
from app.api.endpoints.pages.embed import get_groups_embed, get_indicator_embed
from app.api.endpoints.pages.page import (
    PageBuilder,
    page_location,
    parse_page_request,
    redirect,
)
from app.api.endpoints.pages.row_page import get_row_page
from app.api.endpoints.pages.search import get_search_page
from app.api.routers.endpoint_router import Endpoint, EndpointRouter
from app.datasets import DATASETS
from app.errors import Problem
from app.http.negotiation import negotiate
from app.http.request import CacheableRequest
from app.http.response import ApiResponse
from app.model.dataset import Dataset
from app.query.params.query_string import parse_query_string
from app.renderers.site.addresses import PageAddresses
from app.renderers.site.assets import ASSETS_BY_PATH, PREFIX
from app.renderers.site.filter_form import tidy
from app.renderers.site.language import DEFAULT_LANGUAGE

PAGE_MEDIA_TYPES = {"html": "text/html"}
IMMUTABLE = "public, max-age=31536000, immutable"


def pages_router() -> EndpointRouter:
    """Return the router of the pages."""
    router = EndpointRouter(tags=["pages"])
    router.add_endpoint(f"{PREFIX}{{id}}", get_asset, include_in_schema=False)
    add_page(router, "/about", lambda request, _: get_about_page(request))
    add_page(router, "/datasets", lambda request, _: get_datasets_page(request))
    add_page(router, "/search", lambda request, _: get_search_page(request))
    add_page(
        router, "/embed/indicators/{id}", lambda request, parameters: get_indicator_embed(request, parameters["id"])
    )
    add_page(
        router,
        "/embed/{dataset}/{picture}",
        lambda request, parameters: get_groups_embed(request, parameters["dataset"], parameters["picture"]),
    )
    for dataset in DATASETS.values():
        add_dataset_pages(router, dataset)
    return router


def add_dataset_pages(router: EndpointRouter, dataset: Dataset) -> None:
    """Add the page of a dataset and the pages of its rows."""
    add_page(router, f"/{dataset.name}", lambda request, _: get_dataset_page(request, dataset))
    add_page(
        router, f"/{dataset.name}/{{id}}", lambda request, parameters: get_row_page(request, dataset, parameters["id"])
    )


def add_page(router: EndpointRouter, path: str, build: PageBuilder) -> None:
    """Add a page at an address."""
    router.add_endpoint(path, page_endpoint(build), ignores_appended=True, include_in_schema=False)


def page_endpoint(build: PageBuilder) -> Endpoint:
    """Return the endpoint of a page.

    The query that a form sends is tidied first: the page stands at the address without its empty inputs.
    """

    async def endpoint(context: AppContext, request: CacheableRequest, parameters: Mapping[str, str]) -> ApiResponse:
        negotiate(request.accept, PAGE_MEDIA_TYPES)
        addresses = PageAddresses(context.settings.public_base_url, DEFAULT_LANGUAGE)
        untidy = parse_qsl(request.query_string.decode("latin-1"), keep_blank_values=True, encoding="utf-8")
        if (tidied := tidy(untidy)) != untidy:
            return redirect(page_location(addresses, request.path, tuple(tidied)))
        pairs = parse_query_string(request.query_string, context.settings.max_parameters)
        return await build(parse_page_request(context, request.path, pairs), parameters)

    return endpoint


async def get_asset(_: AppContext, request: CacheableRequest, parameters: Mapping[str, str]) -> ApiResponse:
    """Return a file that pages load. Its address changes with its content. Raises Problem (404)."""
    asset = ASSETS_BY_PATH.get(f"{PREFIX}{parameters['id']}")
    if asset is None or request.query_string:
        raise Problem(404, "There is no such file.")
    return ApiResponse(asset.media_type, asset.content, {"Cache-Control": IMMUTABLE})
