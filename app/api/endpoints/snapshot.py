"""How a view is answered: rendered from one revision of the data, with validators, kept in memory like the rest."""

from collections.abc import Awaitable, Callable
from contextlib import aclosing

from app.api.cache_headers import revision_headers
from app.api.context import Desk
from app.api.problems import unavailable
from app.db.reader import Unavailable
from app.http.result import Answer
from app.model.dataset import Dataset
from app.model.rows import Record, from_json
from app.query.params.dataset_query import Ask
from app.query.repository import TRIES


async def settled(
    desk: Desk, identity: str, media_type: str, make: Callable[[], Awaitable[bytes]], dataset: Dataset | None = None
) -> Answer:
    """The body that `make` gives, all of it from one revision of the data.

    `identity` names the question and the representation; `dataset` is given where the answer depends on
    what day it is, as that dataset does. Raises NotModified, Problem (503, and what `make` raises).
    """
    today = desk.today()
    try:
        for _ in range(TRIES):
            headers = await revision_headers(desk, dataset, identity, today)
            revision = desk.store.state.revision
            body = await make()
            if (await desk.store.refresh()).revision == revision:
                return Answer(media_type, body, headers)
        raise Unavailable("the data does not stand still")
    except Unavailable as error:
        raise unavailable(error) from None


async def records(desk: Desk, dataset: Dataset, ask: Ask) -> list[Record]:
    """All rows of a question; raises Unavailable."""
    found: list[Record] = []
    async with aclosing(desk.store.stream(dataset, ask, desk.today(), "row_json")) as batches:
        async for batch in batches:
            found += map(from_json, batch)
    return found
