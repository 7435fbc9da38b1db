"""Whether the process is alive, and whether the database answers."""

from collections.abc import Mapping

from app.api.context import AppContext
from app.api.problems import service_unavailable
from app.db.reader import DatabaseUnavailable
from app.http.request import CacheableRequest
from app.http.response import JSON, ApiResponse
from app.model.rows import to_json

NO_STORE = {"Cache-Control": "no-store"}


async def get_health(context: AppContext, request: CacheableRequest, _: Mapping[str, str]) -> ApiResponse:  # noqa: ARG001
    """Return that the process is alive. Asks no database."""
    return ApiResponse(JSON, b'{"status":"ok"}', dict(NO_STORE))


async def get_readiness(context: AppContext, request: CacheableRequest, _: Mapping[str, str]) -> ApiResponse:  # noqa: ARG001
    """Return the revision that the database holds. Raises Problem (503)."""
    try:
        version = await context.repository.refresh()
    except DatabaseUnavailable as error:
        raise service_unavailable(error) from None
    return ApiResponse(JSON, to_json({"status": "ok", "revision": version.revision}).encode(), dict(NO_STORE))
