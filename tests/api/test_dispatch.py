"""Which endpoint answers a path: the table read from the routers, beside ordinary FastAPI routes."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from app.api.context import AppContext
from app.api.dispatch import RouteTable
from app.api.routers.datasets import dataset_router
from app.api.routers.endpoint_router import EndpointRouter
from app.datasets import DATASETS
from app.db.reader import DatabaseUnavailable
from app.http.request import CacheableRequest
from app.http.response import JSON, ApiResponse
from app.main import create_app
from app.model.dataset import Dataset
from app.settings import Settings
from tests.support.service import client_for


async def endpoint(context: AppContext, request: CacheableRequest, parameters: Mapping[str, str]) -> ApiResponse:  # noqa: ARG001
    return ApiResponse(JSON, b"{}", dict(parameters))


PATHS = (
    "",
    ".csv",
    ".csl",
    ".csl.json",
    "/facets",
    "/{id}.csv",
    "/{id}.csl.json",
    "/{id}.csl",
    "/{id}/series",
    "/{id}",
)


@pytest.fixture(scope="module")
def table() -> RouteTable:
    router = EndpointRouter(prefix="/v1/eggs")
    for path in PATHS:
        router.add_endpoint(path, endpoint, json_only=path == "/facets")

    @router.get("/latest")
    async def latest() -> None: ...

    return RouteTable([router], FastAPI().routes)


@pytest.mark.parametrize(
    ("path", "template", "key"),
    [
        ("/v1/eggs", "/v1/eggs", None),
        ("/v1/eggs.csv", "/v1/eggs.csv", None),
        ("/v1/eggs/facets", "/v1/eggs/facets", None),
        ("/v1/eggs/a.b", "/v1/eggs/{id}", "a.b"),
        ("/v1/eggs/a.csv", "/v1/eggs/{id}.csv", "a"),
        ("/v1/eggs/a.csl.json", "/v1/eggs/{id}.csl.json", "a"),
        ("/v1/eggs/a.csv.csl", "/v1/eggs/{id}.csl", "a.csv"),
        ("/v1/eggs/.csv", "/v1/eggs/{id}", ".csv"),
        ("/v1/eggs/a/series", "/v1/eggs/{id}/series", "a"),
        ("/v1/eggs/latest", None, None),
        ("/v1/eggs/a/b", None, None),
        ("/v1/eggs/a/b/series", None, None),
        ("/v1/eggs/", None, None),
        ("/v1/spoons/a", None, None),
        ("/", None, None),
        ("", None, None),
    ],
)
def test_a_path_has_one_endpoint(table: RouteTable, path: str, template: str | None, key: str | None) -> None:
    route, parameters = table.find(path)
    assert (route and route.path) == template
    assert parameters.get("id") == key


@given(st.text(alphabet="a.bcsvlj/on", max_size=12))
def test_fastapi_finds_the_same_endpoint(table: RouteTable, rest: str) -> None:
    """The table agrees with Starlette's own matching of the routes it was read from."""
    router = EndpointRouter(prefix="/v1/eggs")
    for path in PATHS:
        router.add_endpoint(path, endpoint)
    path = f"/v1/eggs/{rest}"
    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    matches = [route for route in router.routes if route.matches(scope)[0].name == "FULL"]
    route, _ = table.find(path)
    # FastAPI takes the first of several matches: there the longest suffix is declared first.
    assert (route is None) == (not matches)
    if route is not None:
        assert route.path in [getattr(match, "path", "") for match in matches]


def test_an_ordinary_route_beside_the_endpoints_is_answered(
    monkeypatch: pytest.MonkeyPatch, loaded_sqlite: str
) -> None:
    def with_ordinary_routes(dataset: Dataset) -> EndpointRouter:
        router = dataset_router(dataset)

        # Declared after `/{id}`, whose template matches its path as well.
        @router.get("/latest")
        async def latest(limit: int = 1) -> dict[str, int]:
            return {"limit": limit}

        return router

    monkeypatch.setattr("app.main.dataset_router", with_ordinary_routes)
    with client_for(loaded_sqlite) as client:
        for name in DATASETS:
            assert client.get(f"/v1/{name}/latest?limit=3").json() == {"limit": 3}
        refused = client.get("/v1/areas/latest?limit=x")
        assert refused.status_code == 400
        assert refused.headers["content-type"] == "application/problem+json"
        assert [fault["parameter"] for fault in refused.json()["errors"]] == ["limit"]
        assert client.get("/v1/areas/latest", headers={"If-None-Match": "*"}).status_code == 304
        assert client.get("/v1/areas/330300").json()["id"] == "330300"


def test_a_database_that_cannot_be_opened_ends_the_start_with_one_line(tmp_path: Path) -> None:
    sent: list[Any] = []
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path}/none.db"))

    async def receive() -> Any:
        return {"type": "lifespan.startup"}

    async def send(message: Any) -> None:
        sent.append(message)

    with pytest.raises(DatabaseUnavailable):
        asyncio.run(app({"type": "lifespan"}, receive, send))
    assert sent == [{"type": "lifespan.startup.failed", "message": "the database file is missing"}]
