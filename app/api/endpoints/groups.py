"""What `facets` and `aggregate` answer."""

import asyncio
from collections.abc import Sequence
from typing import Any

from app.api.cache_headers import fresh_headers
from app.api.context import Desk
from app.api.endpoints.common import bounded
from app.api.problems import unavailable
from app.db.reader import Rows, Unavailable
from app.errors import Fault, bad_request
from app.http.result import JSON, Answer
from app.model.dataset import Dataset
from app.model.rows import to_json
from app.query.group_table import facet, table, united
from app.query.params.grouping import Grouping, read_aggregate, read_facets
from app.query.params.query_string import split_query
from app.query.sql.groups import GroupShape
from app.query.sql.select import count_shape

MOST_HERE = 500
"""More groups than these are put together in a thread, so that no other request waits for them."""


async def facets(desk: Desk, dataset: Dataset, query: bytes) -> Answer:
    """The values of some fields with their counts."""
    asked = read_facets(dataset, split_query(query, desk.settings.max_parameters), desk.settings)
    rows = count_shape(dataset, asked.ask)
    shapes = [GroupShape(rows, (name,)) for name in asked.by]

    def body(found: list[Rows]) -> dict[str, Any]:
        tallies = [united(dataset, shape, rows) for shape, rows in zip(shapes, found, strict=True)]
        data = {name: facet(dataset, name, groups, asked.limit) for name, groups in zip(asked.by, tallies, strict=True)}
        groups = {name: len(groups) for name, groups in zip(asked.by, tallies, strict=True)}
        return {
            "data": data,
            "meta": {"total": sum(row[1] for row in found[0]), "groups": groups, "limit": asked.limit},
        }

    return await _answer(desk, dataset, "facets", asked, shapes, body)


async def aggregate(desk: Desk, dataset: Dataset, query: bytes) -> Answer:
    """Figures of each group of rows."""
    asked = read_aggregate(dataset, split_query(query, desk.settings.max_parameters), desk.settings)
    sums = tuple(dict.fromkeys(m.field for m in asked.metrics if m.kind in ("sum", "avg")))
    ends = tuple(dict.fromkeys(m.field for m in asked.metrics if m.kind in ("min", "max")))
    counted = not sums or any(m.kind == "count" for m in asked.metrics)
    shape = GroupShape(count_shape(dataset, asked.ask), asked.by, sums, ends, counted)

    def body(found: list[Rows]) -> dict[str, Any]:
        groups = united(dataset, shape, found[0])
        data = table(dataset, asked, shape, groups)
        return {"data": data, "meta": {"total": len(groups), "limit": asked.limit, "offset": asked.offset}}

    return await _answer(desk, dataset, "aggregate", asked, [shape], body)


async def _answer(
    desk: Desk, dataset: Dataset, address: str, asked: Grouping, shapes: Sequence[GroupShape], make: Any
) -> Answer:
    today, most = desk.today(), desk.settings.max_groups
    identity, revision = f"{dataset.name}/{address}?{asked.ask.given}", desk.store.state.revision
    headers = fresh_headers(desk, dataset, identity, revision, today)
    try:
        found, seen = await desk.store.groups(dataset, asked.ask, shapes, most + 1, today)
    except Unavailable as error:
        raise unavailable(error) from None
    if any(len(rows) > most for rows in found):
        detail = f"makes more than {most} groups; choose fields with fewer values, or fewer rows by filters"
        raise bad_request([Fault("by", detail)])
    if seen != revision:
        headers = fresh_headers(desk, dataset, identity, seen, today)

    def render() -> bytes:
        body = make(found)
        body["meta"] = {"dataset": dataset.name, **body["meta"], "revision": seen}
        return to_json(body).encode()

    few = sum(map(len, found)) <= MOST_HERE
    body = render() if few else await asyncio.to_thread(render)
    return Answer(JSON, bounded(desk, body), headers)
