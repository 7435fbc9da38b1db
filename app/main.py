"""Wiring: settings, reader, routes and error handlers become one application."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from app import __api_version__, settings
from app.answers import find_dataset
from app.conditions import NotModified
from app.datasets import DATASETS
from app.db.address import reader_for
from app.desk import Desk
from app.errors import Problem
from app.formats.offers import FEEDS
from app.formats.plan import FORMATS
from app.formats.rows import to_json
from app.front import ALLOW, Front
from app.query.memo import Memo
from app.refusal import rendered
from app.routes import dataset_router, service_router
from app.settings import Settings
from app.shelf import Shelf
from app.store import Store
from app.views import catalogue, citations, documents, feeds, jsonstat, sdmx
from app.views.home import home_router, places_of

VIEWS: tuple[Callable[[], APIRouter], ...] = (
    home_router,
    catalogue.catalogue_router,
    documents.documents_router,
    citations.citations_router,
    feeds.feeds_router,
    sdmx.sdmx_router,
    jsonstat.jsonstat_router,
)
"""The routers of the views, one an audience. They come before the datasets', whose `{id}` takes any ending."""


def now() -> datetime:
    """The current moment."""
    return datetime.now(UTC)


def create_app(
    config: Settings | None = None, today: Callable[[], date] = settings.today, clock: Callable[[], datetime] = now
) -> Front:
    """The application for some settings; `today` and `clock` tell it the time."""
    config = config or Settings.from_environment()
    reader = reader_for(config.database_url, config.statement_seconds)
    desk = Desk(Store(reader), config, today, clock, Memo(config), Shelf(config.export_cache_bytes))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await reader.open()
        await desk.store.refresh()
        watching = asyncio.create_task(desk.store.watch())
        gc.collect()
        gc.freeze()  # what is there by now stays: the collector need not look at it again and again
        yield
        watching.cancel()
        await asyncio.wait([watching])
        desk.shelf.close()
        await reader.close()

    api = FastAPI(
        title="Municipal gazette",
        version=__api_version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    api.state.desk = desk
    routers = [service_router(), *(view() for view in VIEWS)]
    for dataset in DATASETS.values():
        of_one = citations.item_forms() | documents.item_forms(dataset)
        routers.append(dataset_router(dataset, feeds.collection_forms(), of_one))
    api.state.places = places_of(routers)
    for router in routers:
        api.include_router(router)
    _add_docs(api)
    api.openapi = lambda: openapi(api)  # type: ignore[method-assign]  # FastAPI's documented way
    api.add_exception_handler(Problem, _on_problem)
    api.add_exception_handler(NotModified, _on_not_modified)
    api.add_exception_handler(HTTPException, _on_http_exception)
    api.add_exception_handler(Exception, _on_crash)
    return Front(api, desk)


def openapi(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    from app.openapi import document  # with the bundled rows and what reads them: an idle worker needs neither

    return document(api, api.state.desk.settings)


def _add_docs(api: FastAPI) -> None:
    assets = files("fastapi_offline") / "static"
    api.mount("/docs/assets", StaticFiles(directory=str(assets)), name="assets")
    made: list[bytes] = []

    @api.get("/openapi.json", include_in_schema=False)
    async def described() -> Response:
        if not made:  # in a thread, for it takes a second; only its text is kept, which is a tenth of the document
            made.append(await asyncio.to_thread(lambda: to_json(openapi(api)).encode()))
        return Response(made[0], media_type="application/json")

    @api.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title=api.title,
            swagger_js_url="/docs/assets/swagger-ui-bundle.js",
            swagger_css_url="/docs/assets/swagger-ui.css",
            swagger_favicon_url="/docs/assets/favicon.png",
        )


def problem_response(problem: Problem, request: Request) -> Response:
    """A problem as a response, in the form of its address."""
    media_type, body = rendered(problem, request.scope["path"], request.headers.get("accept"))
    headers = {"Content-Language": "en", "Cache-Control": "no-store", **problem.headers}
    return Response(body, problem.status, headers, media_type)


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return problem_response(error, request)


async def _on_not_modified(request: Request, error: Exception) -> Response:  # noqa: ARG001
    assert isinstance(error, NotModified)
    return Response(status_code=304, headers=dict(error.headers))


async def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    path = request.scope["path"]
    if error.status_code == 405:
        problem = Problem(405, f"Only {ALLOW} are allowed; no address writes.", headers={"Allow": ALLOW})
    elif error.status_code == 404:
        problem = not_found(path)
    else:
        problem = Problem(error.status_code, "The request was refused.")
    return problem_response(problem, request)


def not_found(path: str) -> Problem:
    """The 404 for a path that no route has, with the nearest dataset."""
    parts = path.split("/")
    if len(parts) > 2 and parts[1] == "v1":
        name, dot, suffix = parts[2].partition(".")
        try:
            find_dataset(name)
        except Problem as problem:
            return problem
        if dot and len(parts) == 3:
            suffixes = [form.suffix for form in FORMATS.values()] + [offer.suffix for offer in FEEDS.values()]
            known = ", ".join(suffixes)
            return Problem(404, f"There is no format '.{suffix[:20]}'; JSON needs no suffix, and there are: {known}.")
    return Problem(404, "There is nothing at this address; /v1 lists the datasets.")


async def _on_crash(request: Request, error: Exception) -> Response:  # noqa: ARG001
    return problem_response(Problem(500, "The service failed to answer; the failure is logged."), request)
