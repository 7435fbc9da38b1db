"""The home page, the API catalogue, and what crawlers read."""

import re
from urllib.parse import quote

from app.api.context import AppContext
from app.api.endpoints.catalog import build_catalogue
from app.api.endpoints.common import refuse_parameters
from app.api.endpoints.pages.home import get_home_page
from app.api.endpoints.pages.page import parse_page_request
from app.api.endpoints.snapshot import render_consistently
from app.datasets import DATASETS
from app.errors import Problem
from app.http.negotiation import negotiate
from app.http.response import JSON, ApiResponse
from app.model.dataset import Dataset
from app.model.rows import to_json
from app.query.params.query_string import parse_query_string
from app.query.sql.permalinks import last_changes_select, permalinks_select
from app.renderers.site import sitemap
from app.renderers.site.linkset import (
    API_CATALOG,
    LINKSET,
    build_api_catalog,
    build_landing,
    build_link_header,
)
from app.renderers.site.sitemap import SitemapUrl

HOME_MEDIA_TYPES = {"json": JSON, "html": "text/html"}
PERMALINK_DATASETS = ("issues", "documents")
"""The datasets the pages of whose rows are in the sitemap."""


async def get_home(context: AppContext, query_string: bytes, accept: bytes) -> ApiResponse:
    """Return the home page as HTML, or its links as JSON. Raises Problem (400, 406, 503), NotModified."""
    links = context.service_links
    if negotiate(accept, HOME_MEDIA_TYPES) == "html":
        pairs = parse_query_string(query_string, context.settings.max_parameters)
        response = await get_home_page(parse_page_request(context, "/", pairs))
        response.headers["Link"] = build_link_header(links, DATASETS, context.settings.public_base_url)
        return response
    refuse_parameters(query_string)

    async def render_json() -> bytes:
        catalogue = await build_catalogue(context)
        return to_json(build_landing(links, catalogue, context.repository.version.totals)).encode()

    response = await render_consistently(context, "/ json", JSON, render_json)
    response.headers["Link"] = build_link_header(links, DATASETS, context.settings.public_base_url)
    return response


async def get_api_catalog(context: AppContext, query_string: bytes) -> ApiResponse:
    """Return the API catalogue (RFC 9727). Raises Problem (400, 503), NotModified."""
    refuse_parameters(query_string)
    base = context.settings.public_base_url

    async def render() -> bytes:
        return to_json(build_api_catalog(context.service_links, DATASETS, base)).encode()

    response = await render_consistently(context, API_CATALOG, LINKSET, render)
    response.headers["Link"] = f'<{base}{API_CATALOG}>; rel="api-catalog"'
    return response


async def get_robots(context: AppContext, query_string: bytes) -> ApiResponse:
    """Return robots.txt (RFC 9309). Raises Problem (400)."""
    refuse_parameters(query_string)
    return ApiResponse("text/plain; charset=utf-8", sitemap.render_robots(context.settings.public_base_url).encode())


async def get_sitemap(context: AppContext, query_string: bytes) -> ApiResponse:
    """Return the sitemap, or its index. Raises Problem (400, 503), NotModified."""
    refuse_parameters(query_string)

    async def render() -> bytes:
        loaded_at = context.repository.version.loaded_at.isoformat()
        return sitemap.render_sitemap(
            context.settings.public_base_url, await build_sitemap_urls(context), loaded_at
        ).encode()

    return await render_consistently(context, sitemap.SITEMAP, "application/xml", render)


async def get_sitemap_part(context: AppContext, number: str, query_string: bytes) -> ApiResponse:
    """Return a part of the sitemap, counted from 1. Raises Problem (400, 404, 503), NotModified."""
    refuse_parameters(query_string)

    async def render() -> bytes:
        text = None
        if re.fullmatch(r"[1-9][0-9]{0,4}", number):
            base = context.settings.public_base_url
            text = sitemap.render_sitemap_part(base, await build_sitemap_urls(context), int(number))
        if text is None:
            raise Problem(404, f"The sitemap has no such part. {sitemap.SITEMAP} lists its parts.")
        return text.encode()

    return await render_consistently(context, f"/sitemap-{number}.xml", "application/xml", render)


async def build_sitemap_urls(context: AppContext) -> list[SitemapUrl]:
    """Return what the sitemap lists: pages, the catalogue, the datasets, and the permalinks of issues and documents."""
    catalogue = await build_catalogue(context)
    urls = [SitemapUrl(path, catalogue.modified()) for path in ("/", "/datasets")]
    urls += [SitemapUrl("/about", None), SitemapUrl("/docs", None)]
    urls += [
        SitemapUrl(link.path, catalogue.modified()) for link in context.service_links if link.relation == "service-meta"
    ]
    urls += [SitemapUrl(f"/{entry.dataset.name}", entry.stats.modified) for entry in catalogue.entries]
    for name in PERMALINK_DATASETS:
        urls += [
            SitemapUrl(f"/{name}/{quote(key, safe='')}", day)
            for key, day in await fetch_row_dates(context, DATASETS[name])
        ]
    return urls


async def fetch_row_dates(context: AppContext, dataset: Dataset) -> list[tuple[str, str]]:
    """Return the ids of all rows, each with the day of its publication or of its last change."""
    rows = await context.repository.fetch(("permanent", dataset.name), lambda: permalinks_select(dataset), {})
    changes = await context.repository.fetch(("changed", dataset.name), lambda: last_changes_select(dataset), {})
    last: dict[str, str] = dict(changes)
    return [(key, max(day, last.get(key, day))) for key, day in rows]
