"""Responses that several statements make: rendered from a single revision of the data, with validators."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing

import sqlalchemy as sa

from app.api.cache_headers import current_cache_headers
from app.api.context import AppContext
from app.api.problems import service_unavailable
from app.db.data_state import DatasetStats, DataState, load_stats
from app.db.reader import DatabaseUnavailable
from app.http.response import ApiResponse
from app.model.dataset import Dataset
from app.model.rows import Record, from_json
from app.query.params.dataset_query import DatasetQuery
from app.query.repository import retry_until_consistent

STATS_SELECT = sa.select(DataState.__table__.c.facts)  # type: ignore[attr-defined]  # SQLModel sets it on tables


async def render_consistently(
    context: AppContext,
    etag_key: str,
    media_type: str,
    render: Callable[[], Awaitable[bytes]],
    dataset: Dataset | None = None,
) -> ApiResponse:
    """Return a response whose body is rendered from a single revision of the data.

    `etag_key` names the query and the representation. `dataset` is given if the response depends on the current day in
    the way that the rows of that dataset do. Raises NotModified, Problem (503), and what `render` raises.
    """
    today = context.today()

    async def attempt() -> ApiResponse | None:
        headers = await current_cache_headers(context, dataset, etag_key, today)
        revision = context.repository.version.revision
        body = await render()
        if (await context.repository.refresh()).revision != revision:
            return None
        return ApiResponse(media_type, body, headers)

    try:
        return await retry_until_consistent(attempt)
    except DatabaseUnavailable as error:
        raise service_unavailable(error) from None


async def fetch_stats(context: AppContext) -> Mapping[str, DatasetStats]:
    """Return the statistics of the datasets by name. Raises DatabaseUnavailable."""
    rows = await context.repository.fetch("stats", lambda: STATS_SELECT, {})
    return load_stats(rows[0][0]) if rows else {}


async def fetch_records(context: AppContext, dataset: Dataset, query: DatasetQuery) -> list[Record]:
    """Return all rows of a query. Raises DatabaseUnavailable."""
    records: list[Record] = []
    async with aclosing(context.repository.stream_rows(dataset, query, context.today(), "row_json")) as batches:
        async for batch in batches:
            records += map(from_json, batch)
    return records
