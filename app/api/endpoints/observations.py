"""Rows for the statistical formats: a limited number of observations, and the rows that name and date them."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from app.api.context import AppContext
from app.api.endpoints.common import EPOCH
from app.api.endpoints.snapshot import fetch_records
from app.datasets import DATASETS
from app.model.rows import Record, from_json
from app.query.params.dataset_query import DatasetQuery
from app.query.sql.first_last import FirstLast
from app.renderers.catalog.catalogue import build_imprint
from app.renderers.sdmx.codelists import AREAS, INDICATORS, OBSERVATIONS

NEWEST_ISSUE_QUERY = DatasetQuery(sort=(("published_on", True), ("id", True)), limit=1, count=False)
ISSUES = DATASETS["issues"]


class TooManyObservations(Exception):
    """A query matches more observations than a response may have."""


async def fetch_indicators_and_areas(context: AppContext) -> tuple[list[Record], list[Record]]:
    """Return the indicators and the areas, in their default orders. Raises DatabaseUnavailable."""
    indicators = await fetch_records(context, INDICATORS, DatasetQuery(sort=INDICATORS.default_sort))
    return indicators, await fetch_records(context, AREAS, DatasetQuery(sort=AREAS.default_sort))


async def fetch_newest_issue_date(context: AppContext) -> str:
    """Return the day on which the newest issue was published. Raises DatabaseUnavailable."""
    page = await context.repository.fetch_page(ISSUES, NEWEST_ISSUE_QUERY, context.today())
    return str(from_json(page.rows[0])["published_on"]) if page.rows else EPOCH


async def fetch_publisher(context: AppContext) -> str:
    """Return who publishes the gazette, as its newest issue says. Raises DatabaseUnavailable."""
    newest = await fetch_records(context, ISSUES, NEWEST_ISSUE_QUERY)
    return build_imprint(newest[0] if newest else None).publisher


async def stream_observations(
    context: AppContext, query: DatasetQuery, first_last: FirstLast | None = None
) -> AsyncGenerator[Record, None]:
    """Yield the observations of a query whose limit is one more than the number of rows allowed.

    Raises DatabaseUnavailable, and TooManyObservations when the limit is reached.
    """
    assert query.limit is not None, "the query has a limit"
    count, today = 0, context.today()
    rows = context.repository.stream_rows(OBSERVATIONS, query, today, "row_json")
    if first_last is not None:
        rows = context.repository.stream_first_last(OBSERVATIONS, query, first_last, today)
    async with aclosing(rows) as batches:
        async for batch in batches:
            count += len(batch)
            if count >= query.limit:
                raise TooManyObservations
            for row in batch:
                yield from_json(row)
