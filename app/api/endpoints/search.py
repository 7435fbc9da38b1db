"""What `/v1/search` answers: the rows of all datasets that hold some words, the best first."""

from typing import Any

from app.api.cache_headers import fresh_headers
from app.api.context import Desk
from app.api.endpoints.common import bounded
from app.api.links import link_header
from app.api.problems import unavailable
from app.datasets import DATASETS
from app.db.data_state import REVISION
from app.db.reader import Rows, Unavailable
from app.http.result import JSON, Answer
from app.model.dataset import Dataset
from app.model.rows import from_json, to_json
from app.query.fulltext.highlights import highlights, read_names, strings
from app.query.params.cursor import Cursor, encode
from app.query.params.query_string import split_query
from app.query.params.search_query import Search, read_search
from app.query.repository import TRIES
from app.query.sql.search import search_count, search_select, search_shape, search_values
from app.renderers.urls import quoted

LONGEST_TITLE = 120


async def search_all(desk: Desk, query: bytes) -> Answer:
    """One page of hits as JSON."""
    asked = read_search(split_query(query, desk.settings.max_parameters), DATASETS, desk.settings)
    identity = f"search?{asked.given}"
    fresh_headers(desk, None, identity, desk.store.state.revision, desk.today())
    try:
        rows, total, revision = await _found(desk, asked)
    except Unavailable as error:
        raise unavailable(error) from None
    backward = asked.cursor is not None and asked.cursor.backward
    more, rows = len(rows) > asked.limit, rows[: asked.limit]
    rows = rows[::-1] if backward else rows
    links = _links(desk.settings.public_base_url, asked, rows, more)
    meta: dict[str, Any] = {"total": total} if total is not None else {}
    meta |= {"limit": asked.limit, "offset": None if asked.cursor else asked.offset, "revision": revision}
    body = to_json({"data": [_hit(asked, row) for row in rows], "meta": meta, "links": links}).encode()
    headers = fresh_headers(desk, None, identity, revision, desk.today())
    return Answer(JSON, bounded(desk, body), {**headers, "Link": link_header(links)})


async def _found(desk: Desk, asked: Search) -> tuple[Rows, int | None, str]:
    """Rows, one more than is shown, their number without paging, and the revision that both are of."""
    shape, values = search_shape(asked), search_values(asked, DATASETS)
    page = {**values, "limit": asked.limit + 1, "offset": asked.offset}
    for _ in range(TRIES):
        [(total, revision)] = await desk.store.fetch(
            ("search count", shape.names, shape.indexed),
            lambda: search_count(shape, DATASETS).add_columns(REVISION.label("revision")),
            values,
        )
        rows = await desk.store.fetch(
            ("search", shape), lambda: search_select(shape, DATASETS).add_columns(REVISION.label("revision")), page
        )
        # No rows tell no revision: then it must still be the one of the count.
        seen = rows[0][-1] if rows else (await desk.store.refresh()).revision
        if seen == (revision or seen):
            return rows, total if asked.count else None, seen
    raise Unavailable("the data does not stand still")


def _hit(asked: Search, row: tuple[Any, ...]) -> dict[str, Any]:
    name, key, text, names, score = row[:5]
    dataset, record = DATASETS[name], from_json(text)
    return {
        "dataset": name,
        "id": key,
        "title": title_of(dataset, record),
        "score": score,
        "highlights": highlights(dataset, record, asked.fulltext, read_names(names)),
    }


def title_of(dataset: Dataset, record: dict[str, Any]) -> str:
    """The first text of a row that full text looks into, clipped; its id where there is none."""
    text: str = next((text for name in dataset.search for text in strings(record, name)), record["id"])
    return text if len(text) <= LONGEST_TITLE else f"{text[:LONGEST_TITLE]}…"


def _links(base: str, asked: Search, rows: Rows, more: bool) -> dict[str, str | None]:
    given = [(name, f"{name}={quoted(value)}") for name, value in asked.given]
    rest = "&".join(text for name, text in given if name not in ("cursor", "offset"))
    backward = asked.cursor is not None and asked.cursor.backward
    onwards = bool(rows) if backward else more
    back = more if backward else asked.cursor is not None or asked.offset > 0

    def turn(wanted: bool, row: tuple[Any, ...] | None, backward: bool) -> str | None:
        if not wanted or row is None:
            return None
        return f"{base}/v1/search?{rest}&cursor={encode(Cursor(tuple(row[4:7]), backward), asked.made_for)}"

    return {
        "self": f"{base}/v1/search?{'&'.join(text for _, text in given)}",
        "next": turn(onwards, rows[-1] if rows else None, False),
        "prev": turn(back, rows[0] if rows else None, True),
        "first": f"{base}/v1/search?{rest}",
    }
