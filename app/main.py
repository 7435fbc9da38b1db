"""Wiring: settings, context, routers and gateway become one application."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

from fastapi import FastAPI

from app.api.context import AppContext
from app.api.dispatch import ApiApplication
from app.api.exception_handlers import add_exception_handlers
from app.api.routers.catalog import catalog_router
from app.api.routers.datasets import dataset_router
from app.api.routers.descriptions import describe_common_addresses
from app.api.routers.docs import add_docs, build_openapi
from app.api.routers.pages import pages_router
from app.api.routers.sdmx import sdmx_router
from app.api.routers.service import service_router
from app.api.routers.site import collect_links, site_router
from app.datasets import DATASETS
from app.db.connect import create_reader
from app.db.reader import WaitLimits
from app.http.client_limits import ClientCounter, parse_networks
from app.http.file_cache import FileCache
from app.http.gateway import GatewayMiddleware
from app.http.response_cache import ResponseCache
from app.query.params.parse_cache import ParseCache
from app.query.repository import Repository
from app.settings import Settings, current_day, setting_warnings
from app.version import VERSION

settings_logger = logging.getLogger("gazette.settings")


def now() -> datetime:
    """Return the current moment."""
    return datetime.now(UTC)


def _read_settings() -> Settings:
    """Return the settings of the environment, and log which are probably misspelt, for a server of another kind."""
    settings = Settings.from_environment()
    for warning in setting_warnings():
        settings_logger.warning("%s", warning)
    return settings


def create_app(
    config: Settings | None = None, today: Callable[[], date] = current_day, clock: Callable[[], datetime] = now
) -> GatewayMiddleware[ApiApplication]:
    """Return the application. `today` (in Asia/Shanghai) and `clock` tell it the time."""
    settings = config or _read_settings()
    routers = [service_router(), site_router(), catalog_router(), sdmx_router(), pages_router()]
    routers += [describe_common_addresses(), *(dataset_router(dataset) for dataset in DATASETS.values())]
    limits = WaitLimits(settings.statement_seconds, settings.export_turn_seconds, settings.export_stall_seconds)
    reader = create_reader(settings.database_url, limits)
    context = AppContext(
        Repository(reader),
        settings,
        today,
        clock,
        ParseCache(settings),
        FileCache(settings.export_cache_bytes, settings.export_turn_seconds, settings.export_cache_files),
        collect_links(routers),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await context.repository.refresh()  # the application has opened the database
        watcher = asyncio.create_task(context.repository.watch())
        gc.collect()
        gc.freeze()  # what exists by now stays: the collector need not look at it again and again
        yield
        watcher.cancel()
        await asyncio.wait([watcher])
        context.file_cache.close()
        await reader.close()

    api = FastAPI(
        title="Municipal gazette",
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    api.state.context = context
    api.state.routers = routers
    for router in routers:
        api.include_router(router)
    add_docs(api)
    add_exception_handlers(api)
    api.openapi = lambda: build_openapi(api)  # type: ignore[method-assign]  # FastAPI's documented way
    return GatewayMiddleware(
        ApiApplication(api, context, routers),
        ResponseCache(settings.answer_cache_bytes),
        ClientCounter(settings.max_slow_requests, settings.max_slow_requests_per_client),
        parse_networks(settings.trusted_proxies),
    )
