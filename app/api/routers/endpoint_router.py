"""The router in which addresses are declared: the one table behind FastAPI's routes and the gateway's dispatch."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from app.api.context import AppContext
from app.api.responses import get_context, to_starlette_response
from app.http.request import CacheableRequest
from app.http.response import ApiResponse
from app.query.params.appended import without_appended

Endpoint = Callable[[AppContext, CacheableRequest, Mapping[str, str]], Coroutine[Any, Any, ApiResponse]]
"""Makes the response to a request; the last argument holds the parameters of the path."""


@dataclass(frozen=True, slots=True)
class EndpointRoute:
    """One address: its path template, and the endpoint that answers it."""

    path: str
    endpoint: Endpoint
    json_endpoint: Endpoint | None
    """Answers the request whose `Accept` prefers JSON; its response always has a whole body."""
    json_only: bool
    ignores_appended: bool = False
    """Whether the parameters of `app.query.params.appended` are dropped from the query string."""


class EndpointRouter(APIRouter):
    """A router all of whose addresses begin with its prefix.

    `add_endpoint` declares an address whose endpoint returns an `ApiResponse`. An ordinary FastAPI function
    (`@router.get`) may stand beside it.
    """

    def __init__(self, *, prefix: str = "", tags: list[Any] | None = None) -> None:
        super().__init__(prefix=prefix, tags=tags)
        self.endpoint_routes: list[EndpointRoute] = []
        self.operations: dict[str, dict[str, Any]] = {}
        """What the OpenAPI document says about GET, by path."""

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **operation: Any) -> None:
        """Add a route. One without path parameters comes first, so that `/{id}` never matches its path."""
        super().add_api_route(path, endpoint, **operation)
        self.routes.sort(key=lambda route: "{" in getattr(route, "path", ""))

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Pass over all routes at once for a path outside the prefix."""
        if not scope["path"].startswith(self.prefix):
            return Match.NONE, {}
        return super().matches(scope)

    def add_endpoint(
        self,
        path: str,
        endpoint: Endpoint,
        *,
        json_endpoint: Endpoint | None = None,
        json_only: bool = False,
        ignores_appended: bool = False,
        is_described: bool = True,
        **operation: Any,
    ) -> None:
        """Declare an address below the prefix.

        `json_endpoint` answers where JSON is preferred, on the gateway's fast path. An address that is `json_only`
        refuses every other `Accept`, and its endpoint is its JSON endpoint. An address for people, a probe or a feed
        `ignores_appended` parameters: its endpoint, the caches and the links never see what other programs append to
        addresses. `operation` describes it; one that is not `is_described` is left out of the OpenAPI document,
        because `describe` tells of several addresses at once.
        """
        if json_only:
            json_endpoint = endpoint

        async def handler(request: Request) -> Response:
            scope, query_string = request.scope, request.scope["query_string"]
            if ignores_appended:
                query_string = without_appended(query_string)
            cacheable_request = CacheableRequest(
                scope["path"], scope["path"].encode(), query_string, dict(scope["headers"])
            )
            response = await endpoint(get_context(request), cacheable_request, request.path_params)
            return to_starlette_response(response, request)

        self.get(path, **operation)(handler)
        if is_described and operation.get("include_in_schema", True):
            self.describe(path, **operation)
        self.endpoint_routes.append(
            EndpointRoute(f"{self.prefix}{path}", endpoint, json_endpoint, json_only, ignores_appended)
        )

    def describe(self, path: str, **operation: Any) -> None:
        """Describe addresses that routes outside the document answer; a path parameter may stand for their suffix."""
        self.operations[f"{self.prefix}{path}"] = {"tags": self.tags, **operation}
