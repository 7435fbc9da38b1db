"""From a path to its endpoint, past FastAPI's router: what the gateway asks of the application.

The table is read from the routers, so an address is declared once. A path that an ordinary FastAPI route has, or none,
is left to FastAPI.
"""

from collections.abc import Collection, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from app.api.context import AppContext
from app.api.endpoints.common import refuse_parameters
from app.api.endpoints.pages.problem_page import respond_with_problem
from app.api.routers.endpoint_router import EndpointRoute, EndpointRouter
from app.db.reader import DatabaseUnavailable
from app.errors import Fault, Problem, bad_request
from app.http.content_coding import ENCODERS
from app.http.negotiation import accepts_any, not_acceptable
from app.http.request import CacheableRequest
from app.http.response import JSON, ApiResponse
from app.http.response_sender import Receive, Scope, Send
from app.query.params.appended import without_appended
from app.query.params.query_string import BAD_PERCENT
from app.renderers.representations import FEEDS, MEDIA_TYPES
from app.renderers.sdmx.errors import is_sdmx_path
from app.renderers.urls import with_prefix

JSON_TYPES = (JSON, "application/schema+json")
NO_QUERY_PATHS = ("/healthz", "/readyz", "/version", "/openapi.json", "/docs")
"""Addresses that take no parameters."""
PAGES_OF_FASTAPI = ("/docs",)
"""Addresses for people that an ordinary FastAPI route has. They ignore what other programs append."""
FEED_SUFFIXES = tuple(feed.suffix for feed in FEEDS.values())
PARAMETER = "{id}"
NO_PARAMETERS: Mapping[str, str] = {}


@dataclass(slots=True)
class ItemRoutes:
    """The addresses below one prefix that begin with an id: by what follows it."""

    by_suffix: dict[str, EndpointRoute | None] = field(default_factory=dict)
    suffixes: tuple[str, ...] = ()


class RouteTable:
    """Finds the endpoint of a path. Knows exact paths, and paths with one `{id}` and a suffix."""

    def __init__(self, routers: Iterable[EndpointRouter], ordinary: Iterable[BaseRoute]) -> None:
        self._exact: dict[str, EndpointRoute | None] = {}
        self._items: dict[str, ItemRoutes] = {}
        json_only: list[EndpointRoute] = []
        for router in routers:
            declared = {route.path: route for route in router.endpoint_routes}
            for route in router.routes:
                if isinstance(route, APIRoute):
                    self._add(route.path, declared.get(route.path))
            json_only += [route for route in declared.values() if route.json_only]
        for route in ordinary:
            if isinstance(route, APIRoute):
                self._add(route.path, None)
        for items in self._items.values():
            # The longest suffix first, so that `.csl.json` is not taken for an id that ends in `.csl`.
            items.suffixes = tuple(sorted(filter(None, items.by_suffix), key=len, reverse=True))
        self.json_only_paths = frozenset(route.path for route in json_only if PARAMETER not in route.path)
        self.json_only_words = frozenset(
            route.path.rpartition("/")[2] for route in json_only if route.path.count("/") > 2
        )

    def _add(self, path: str, route: EndpointRoute | None) -> None:
        prefix, parameter, suffix = path.partition(PARAMETER)
        if "{" in prefix + suffix:
            return  # other templates are FastAPI's
        if not parameter:
            self._exact.setdefault(path, route)
        else:
            self._items.setdefault(prefix, ItemRoutes()).by_suffix.setdefault(suffix, route)

    def find(self, path: str) -> tuple[EndpointRoute | None, Mapping[str, str]]:
        """Return the endpoint of a path and the parameters in it; None for what is left to FastAPI."""
        if path in self._exact:
            return self._exact[path], NO_PARAMETERS
        prefix_end = path.find("/", 4) + 1
        items = self._items.get(path[:prefix_end])
        if items is None:
            return None, NO_PARAMETERS
        rest = path[prefix_end:]
        if rest.endswith(items.suffixes):
            for suffix in items.suffixes:
                key = rest.removesuffix(suffix)
                if len(key) < len(rest) and key and "/" not in key:
                    return items.by_suffix[suffix], {"id": key}
        if "/" in rest or not rest:
            return None, NO_PARAMETERS
        return items.by_suffix.get(""), {"id": rest}

    def ignores_appended(self, path: str) -> bool:
        """Whether an address ignores the parameters that other programs append."""
        if path.startswith("/v1/") and not path.endswith(FEED_SUFFIXES):
            return False  # at once, for these are nearly all
        route, _ = self.find(path)
        return path in PAGES_OF_FASTAPI if route is None else route.ignores_appended

    def is_json_only(self, path: str) -> bool:
        """Whether an address serves JSON and nothing else."""
        return path in self.json_only_paths or (
            path.startswith("/v1/") and path.rpartition("/")[2] in self.json_only_words
        )


class ApiApplication:
    """The application behind the gateway (`app.http.gateway.Application`)."""

    def __init__(self, api: FastAPI, context: AppContext, routers: Collection[EndpointRouter]) -> None:
        self.api = api
        self.context = context
        self.data = context.repository
        self.media_types = tuple(MEDIA_TYPES.items())
        self._routes = RouteTable(routers, api.routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._open_database(receive, send)
        await self.api(scope, receive, send)

    async def _open_database(self, receive: Receive, send: Send) -> None:
        """Open the database before FastAPI's lifespan begins: that would tell of a failure by a traceback."""
        try:
            await self.data.reader.open()
        except DatabaseUnavailable as error:
            await receive()
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            raise

    def call_fast_endpoint(self, request: CacheableRequest) -> Coroutine[Any, Any, ApiResponse] | None:
        """Call the JSON endpoint of an address that has one, where JSON is preferred."""
        if not request.wants_json:
            return None
        route, parameters = self._routes.find(request.path)
        if route is None or route.json_endpoint is None:
            return None
        return route.json_endpoint(self.context, request, parameters)

    def call_endpoint(self, request: CacheableRequest) -> Coroutine[Any, Any, ApiResponse] | None:
        """Call the endpoint of an address."""
        route, parameters = self._routes.find(request.path)
        return None if route is None else route.endpoint(self.context, request, parameters)

    def problem_response(self, problem: Problem, path: str, accept: bytes) -> ApiResponse:
        """Return a problem in the form of its address."""
        return respond_with_problem(self.context, problem, path, accept)

    def check_request(self, request: CacheableRequest) -> Problem | None:
        """Return what is wrong with a request that no endpoint should see: its address, or what it accepts.

        Parameters that the address ignores are dropped from the request.
        """
        raw_path, path = request.raw_path, request.path
        max_bytes = self.context.settings.max_url_bytes
        if len(raw_path) + len(request.query_string) > max_bytes:
            return Problem(414, f"The address is longer than {max_bytes} bytes. Ask for less at once.")
        if (b"%" in raw_path or not raw_path.isascii()) and (fault := path_fault(raw_path)):
            return bad_request([Fault("path", fault)])
        if request.query_string and self._routes.ignores_appended(path):
            request.query_string = without_appended(request.query_string)
        if request.query_string and path in NO_QUERY_PATHS:
            try:
                refuse_parameters(request.query_string)
            except Problem as problem:
                return problem
        if len(path) > 1 and path.endswith("/") and not is_sdmx_path(path):
            address = with_prefix(self.context.settings.public_base_url, path.rstrip("/")[:200])
            return Problem(404, f"Addresses do not end in a slash. Ask for '{address}'.")
        if request.identity_forbidden and not request.coding:
            codings = ", ".join(ENCODERS)
            return Problem(406, f"None of the requested content codings is available. Available are: {codings}.")
        if not request.wants_json and self._routes.is_json_only(path) and not accepts_any(request.accept, *JSON_TYPES):
            return not_acceptable(*JSON_TYPES)
        return None


def path_fault(raw_path: bytes) -> str | None:
    """Return what is wrong with the encoding of a path, if anything is."""
    if BAD_PERCENT.search(raw_path.decode("latin-1")):
        return "has an invalid percent-encoding; a literal % is written %25"
    try:
        return "holds a NUL character" if "\x00" in unquote_to_bytes(raw_path).decode("utf-8") else None
    except UnicodeDecodeError:
        return "is not valid UTF-8"
