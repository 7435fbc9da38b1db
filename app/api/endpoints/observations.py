"""What the statistical views read: observations within bounds, and the rows that name and date them."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from app.api.context import Desk
from app.api.endpoints.snapshot import records
from app.datasets import DATASETS
from app.model.rows import Record, from_json
from app.query.params.dataset_query import Ask
from app.query.sql.first_last import Ends
from app.renderers.sdmx.codelists import AREAS, INDICATORS, OBSERVATIONS

ISSUES_LAST = Ask(sort=(("published_on", True), ("id", True)), limit=1, count=False)
ISSUES = DATASETS["issues"]
EPOCH = "1970-01-01"


class TooMany(Exception):
    """There are more rows than one answer may hold."""


async def names_of(desk: Desk) -> tuple[list[Record], list[Record]]:
    """The indicators and the areas, in their default orders; raises Unavailable."""
    indicators = await records(desk, INDICATORS, Ask(sort=INDICATORS.default_sort))
    return indicators, await records(desk, AREAS, Ask(sort=AREAS.default_sort))


async def newest_issue(desk: Desk) -> str:
    """The day on which the newest issue was published, which dates what is made of the data; raises Unavailable."""
    page = await desk.store.page(ISSUES, ISSUES_LAST, desk.today())
    return str(from_json(page.rows[0])["published_on"]) if page.rows else EPOCH


async def observed(desk: Desk, ask: Ask, ends: Ends | None = None) -> AsyncGenerator[Record, None]:
    """The observations of a question whose limit is one above the most rows allowed.

    Raises Unavailable, and TooMany when the limit is reached: what has been read by then is to be dropped.
    """
    assert ask.limit is not None, "the question is limited"
    found, today = 0, desk.today()
    rows = desk.store.stream(OBSERVATIONS, ask, today, "row_json")
    if ends is not None:
        rows = desk.store.ends(OBSERVATIONS, ask, ends, today)
    async with aclosing(rows) as batches:
        async for batch in batches:
            found += len(batch)
            if found >= ask.limit:
                raise TooMany
            for row in batch:
                yield from_json(row)
