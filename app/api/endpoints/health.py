"""Whether the process is alive, whether the database answers, and which version this is."""

import asyncio
import os
from collections.abc import Mapping

from app.api.context import AppContext
from app.api.problems import service_unavailable
from app.db.reader import DatabaseUnavailable
from app.errors import Problem
from app.http.request import CacheableRequest
from app.http.response import JSON, ApiResponse
from app.model.rows import to_json
from app.query.repository import DataVersion
from app.version import VERSION

NO_STORE = {"Cache-Control": "no-store"}
READINESS_SECONDS = 1.5
"""How long the database may take before it counts as one that does not answer."""


def can_open_files() -> bool:
    """Return whether the process can still open a file. Without that it takes no connection either."""
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError:
        return False
    return True


async def get_health(context: AppContext, request: CacheableRequest, _: Mapping[str, str]) -> ApiResponse:  # noqa: ARG001
    """Return that the process is alive. Asks no database."""
    return ApiResponse(JSON, b'{"status":"ok"}', dict(NO_STORE))


async def get_readiness(context: AppContext, request: CacheableRequest, _: Mapping[str, str]) -> ApiResponse:  # noqa: ARG001
    """Return the revision of the data, within `READINESS_SECONDS`. Raises Problem (503)."""
    if not can_open_files():
        context.file_cache.close()
        detail = "The service can open no more files at the moment. Try again soon."
        raise Problem(503, detail, headers={"Retry-After": "5"})
    refresh = asyncio.ensure_future(context.repository.refresh())
    try:
        await asyncio.wait([refresh], timeout=READINESS_SECONDS)
        if not refresh.done():
            raise service_unavailable(DatabaseUnavailable("the database does not answer"))
        version = refresh.result()
    except DatabaseUnavailable as error:
        raise service_unavailable(error) from None
    finally:
        if not refresh.done():
            # Not waited for: a statement that cannot be cancelled must not hold up the answer.
            refresh.add_done_callback(_ignore_result)
            refresh.cancel()
    return ApiResponse(JSON, to_json({"status": "ok", "revision": version.revision}).encode(), dict(NO_STORE))


async def get_version(context: AppContext, request: CacheableRequest, _: Mapping[str, str]) -> ApiResponse:  # noqa: ARG001
    """Return name and version of this service. Asks no database."""
    return ApiResponse(JSON, to_json({"name": "gazette", "version": VERSION}).encode(), dict(NO_STORE))


def _ignore_result(refresh: "asyncio.Future[DataVersion]") -> None:
    if not refresh.cancelled():
        refresh.exception()
