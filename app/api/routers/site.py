"""The way in: `/` as HTML or JSON, the API catalogue, what crawlers read."""

import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from app.api.context import Desk
from app.api.endpoints.common import refuse_parameters
from app.api.endpoints.snapshot import settled
from app.api.responses import desk_of, query_of, to_response
from app.api.routers.catalog import catalogue_of
from app.api.schemas.operations import LISTED, SUFFIXED, json_content, operation, schema_ref
from app.datasets import DATASETS
from app.errors import Problem
from app.http.negotiation import accepted
from app.http.result import JSON, Answer
from app.model.dataset import Dataset
from app.model.rows import to_json
from app.query.sql.permalinks import changed_select, permanent_select
from app.renderers.catalog.schemaorg import schema_catalogue
from app.renderers.site import html, sitemap
from app.renderers.site.linkset import API_CATALOG, DOCUMENTS, LINKSET, Place, api_catalog, landing, link_header
from app.renderers.site.sitemap import Located

HTML = "text/html; charset=utf-8"
OFFERS = {"json": JSON, "html": "text/html"}
PERMANENT = ("issues", "documents")
"""The datasets whose rows have permanent links in the sitemap."""
TEXT = {"schema": {"type": "string"}}
HOME = operation(
    "The way in",
    {**json_content(schema_ref("Home")), "text/html": TEXT},
    [],
    description="All that is on offer: HTML for a browser, JSON with links for a program.",
    problems=LISTED,
    headers=("Link",),
)
CATALOG = operation(
    "The API catalogue",
    {LINKSET: {"schema": schema_ref("Linkset")}},
    [],
    description="The APIs there are and what describes them, as a linkset (RFC 9727, RFC 9264).",
    problems=SUFFIXED,
    headers=("Link",),
)
ROBOTS = operation("What crawlers may read", {"text/plain": TEXT}, [], description="RFC 9309.", problems=SUFFIXED)
SITEMAP = operation(
    "The sitemap",
    {"application/xml": TEXT},
    [],
    description="Permanent addresses and when they last changed (sitemaps.org); beyond 50,000 a sitemap index.",
    problems=SUFFIXED,
)


def home_router() -> APIRouter:
    """The addresses at the root."""
    router = APIRouter(tags=["home"])

    @router.get("/", **HOME)
    async def home(request: Request) -> Response:
        desk, places = desk_of(request), offered(request)
        refuse_parameters(query_of(request))
        chosen = accepted(request.headers.get("accept"), OFFERS)
        answer = await (_page(desk, places) if chosen == "html" else _landing(desk, places))
        answer.headers["Link"] = link_header(places, DATASETS, desk.settings.public_base_url)
        return to_response(request, answer)

    @router.get(API_CATALOG, **CATALOG)
    async def catalog(request: Request) -> Response:
        desk, places = desk_of(request), offered(request)
        refuse_parameters(query_of(request))
        base = desk.settings.public_base_url

        async def make() -> bytes:
            return to_json(api_catalog(places, DATASETS, base)).encode()

        answer = await settled(desk, API_CATALOG, LINKSET, make)
        answer.headers["Link"] = f'<{base}{API_CATALOG}>; rel="api-catalog"'
        return to_response(request, answer)

    @router.get("/robots.txt", **ROBOTS)
    async def robots(request: Request) -> Response:
        refuse_parameters(query_of(request))
        text = sitemap.robots(desk_of(request).settings.public_base_url)
        return Response(text, media_type="text/plain")

    add_sitemap(router)
    return router


def add_sitemap(router: APIRouter) -> None:
    """The sitemap, and its parts where it is an index."""

    @router.get(sitemap.SITEMAP, **SITEMAP)
    async def get_sitemap(request: Request) -> Response:
        desk, places = desk_of(request), offered(request)
        refuse_parameters(query_of(request))
        base = desk.settings.public_base_url

        async def make() -> bytes:
            return sitemap.sitemap(base, await located(desk, places), loaded_at(desk)).encode()

        return to_response(request, await settled(desk, sitemap.SITEMAP, "application/xml", make))

    @router.get("/sitemap-{number}.xml", include_in_schema=False)
    async def part(request: Request) -> Response:
        desk, places = desk_of(request), offered(request)
        refuse_parameters(query_of(request))
        base, number = desk.settings.public_base_url, request.path_params["number"]

        async def make() -> bytes:
            known = re.fullmatch(r"[1-9][0-9]{0,4}", number)
            text = sitemap.part(base, await located(desk, places), int(number)) if known else None
            if text is None:
                raise Problem(404, f"There is no such part of the sitemap; {sitemap.SITEMAP} lists what there is.")
            return text.encode()

        return to_response(request, await settled(desk, f"/sitemap-{number}.xml", "application/xml", make))


async def _landing(desk: Desk, places: Sequence[Place]) -> Answer:
    async def make() -> bytes:
        return to_json(landing(places, await catalogue_of(desk), desk.store.state.totals)).encode()

    return await settled(desk, "/ json", JSON, make)


async def _page(desk: Desk, places: Sequence[Place]) -> Answer:
    async def make() -> bytes:
        catalogue = await catalogue_of(desk)
        linked_data = to_json(schema_catalogue(catalogue))
        return html.page([*DOCUMENTS, *places], catalogue, desk.store.state.totals, linked_data).encode()

    answer = await settled(desk, "/ html", HTML, make)
    answer.headers |= {"Content-Security-Policy": html.policy(), "Referrer-Policy": "no-referrer"}
    answer.headers["Content-Language"] = "zh, en"
    return answer


def places_of(routers: Iterable[APIRouter]) -> list[Place]:
    """Every address of some routers that needs no key; of those with keys that have examples one of each title."""
    found: dict[tuple[str, str], Place] = {}
    for route in (route for router in routers for route in router.routes):
        if isinstance(route, APIRoute) and route.include_in_schema:
            content: dict[str, Any] = route.responses[200]["content"]
            path, title, part = filled(route), route.summary or "", str(route.tags[0])
            if "{" not in path:
                found.setdefault((part, title), Place(path, title, next(iter(content)), part))
    return list(found.values())


def filled(route: APIRoute) -> str:
    """The address of a route with the examples of its keys, and of what must be asked."""
    path, query = route.path, []
    for parameter in (route.openapi_extra or {}).get("parameters", ()):
        name, example = parameter["name"], quote(str(parameter.get("example", "")), safe=",.+")
        if parameter["in"] == "path" and example:
            path = path.replace(f"{{{name}}}", example)
        elif parameter["required"] and example:
            query.append(f"{name}={example}")
    return f"{path}{'?' if query else ''}{'&'.join(query)}"


def offered(request: Request) -> list[Place]:
    """What `create_app` gathered with `places_of`."""
    places: list[Place] = request.app.state.places
    return places


def loaded_at(desk: Desk) -> str:
    """When the data was loaded last."""
    return desk.store.state.loaded_at.isoformat()


async def located(desk: Desk, places: Sequence[Place]) -> list[Located]:
    """What the sitemap lists: pages, the catalogue, the datasets, and the permanent links of issues and documents."""
    catalogue = await catalogue_of(desk)
    found = [Located("/", catalogue.modified()), Located("/docs", None)]
    found += [Located(place.path, catalogue.modified()) for place in places if place.relation == "service-meta"]
    found += [Located(f"/v1/{entry.dataset.name}", entry.facts.modified) for entry in catalogue.entries]
    for name in PERMANENT:
        found += [Located(f"/v1/{name}/{quote(key, safe='')}", day) for key, day in await days(desk, DATASETS[name])]
    return found


async def days(desk: Desk, dataset: Dataset) -> list[tuple[str, str]]:
    """The ids of all rows, each with the day of its publication or of its last change."""
    rows = await desk.store.fetch(("permanent", dataset.name), lambda: permanent_select(dataset), {})
    changes = await desk.store.fetch(("changed", dataset.name), lambda: changed_select(dataset), {})
    last: dict[str, str] = dict(changes)
    return [(key, max(day, last.get(key, day))) for key, day in rows]
