"""Wiring: settings, reader, routes and error handlers become one application."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

from fastapi import APIRouter, FastAPI
from starlette.exceptions import HTTPException

from app import __api_version__, settings
from app.api.context import Desk
from app.api.exception_handlers import _on_crash, _on_http_exception, _on_not_modified, _on_problem
from app.api.openapi.docs_router import _add_docs, openapi
from app.api.routers import catalog, citations, documents, feeds, jsonstat, sdmx
from app.api.routers.datasets import dataset_router
from app.api.routers.service import service_router
from app.api.routers.site import home_router, places_of
from app.datasets import DATASETS
from app.db.connect import reader_for
from app.errors import Problem
from app.http.conditional import NotModified
from app.http.file_cache import Shelf
from app.http.gateway import Front
from app.query.params.parse_cache import Memo
from app.query.repository import Store
from app.settings import Settings

VIEWS: tuple[Callable[[], APIRouter], ...] = (
    home_router,
    catalog.catalogue_router,
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
