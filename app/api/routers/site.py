"""The addresses at the root: the home page, the API catalogue, robots.txt, the sitemap."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.routing import APIRoute

from app.api.endpoints.site import get_api_catalog, get_home, get_robots, get_sitemap, get_sitemap_part
from app.api.routers.endpoint_router import EndpointRouter
from app.api.schemas.json_schema import schema_ref
from app.api.schemas.operations import COLLECTION_PROBLEMS, json_content, operation
from app.renderers.site.linkset import API_CATALOG, LINKSET, ServiceLink
from app.renderers.site.sitemap import SITEMAP

TEXT = {"schema": {"type": "string"}}


def site_router() -> EndpointRouter:
    """Return the router of the root."""
    router = EndpointRouter(tags=["home"])
    router.add_endpoint(
        "/",
        lambda context, request, _: get_home(context, request.query_string, request.accept),
        ignores_appended=True,
        **operation(
            "The way in",
            {**json_content(schema_ref("Home")), "text/html": TEXT},
            [],
            description="All that is on offer: HTML for a browser, JSON with links for a program.",
            problems=COLLECTION_PROBLEMS,
            headers=("Link",),
        ),
    )
    router.add_endpoint(
        API_CATALOG,
        lambda context, request, _: get_api_catalog(context, request.query_string),
        **operation(
            "The API catalogue",
            {LINKSET: {"schema": schema_ref("Linkset")}},
            [],
            description="The APIs and what describes them, as a linkset (RFC 9727, RFC 9264).",
            problems=COLLECTION_PROBLEMS,
            headers=("Link",),
        ),
    )
    router.add_endpoint(
        "/robots.txt",
        lambda context, request, _: get_robots(context, request.query_string),
        ignores_appended=True,
        **operation(
            "What crawlers may read", {"text/plain": TEXT}, [], description="RFC 9309.", problems=COLLECTION_PROBLEMS
        ),
    )
    router.add_endpoint(
        SITEMAP,
        lambda context, request, _: get_sitemap(context, request.query_string),
        ignores_appended=True,
        **operation(
            "The sitemap",
            {"application/xml": TEXT},
            [],
            description="Permalinks and when they last changed (sitemaps.org); beyond 50,000 a sitemap index.",
            problems=COLLECTION_PROBLEMS,
        ),
    )
    router.add_endpoint(
        "/sitemap-{number}.xml",
        lambda context, request, parameters: get_sitemap_part(context, parameters["number"], request.query_string),
        ignores_appended=True,
        include_in_schema=False,
    )
    return router


def collect_links(routers: Iterable[APIRouter]) -> list[ServiceLink]:
    """Return a link to every address that needs no id. Of those with an example for their id, one for each title."""
    links: dict[tuple[str, str], ServiceLink] = {}
    for route in (route for router in routers for route in router.routes):
        if not isinstance(route, APIRoute) or not route.include_in_schema:
            continue
        content: dict[str, Any] = route.responses.get(200, {}).get("content", {})
        path, title = example_url(route), route.summary or route.name
        tag = str(route.tags[0]) if route.tags else ""
        if "{" not in path and content and tag:
            links.setdefault((tag, title), ServiceLink(path, title, next(iter(content)), tag))
    return list(links.values())


def example_url(route: APIRoute) -> str:
    """Return the address of a route, with the examples of its path parameters and of its required parameters."""
    path, query = route.path, []
    for parameter in (route.openapi_extra or {}).get("parameters", ()):
        name, example = parameter["name"], quote(str(parameter.get("example", "")), safe=",.+")
        if parameter["in"] == "path" and example:
            path = path.replace(f"{{{name}}}", example)
        elif parameter.get("required") and example:
            query.append(f"{name}={example}")
    return f"{path}{'?' if query else ''}{'&'.join(query)}"
