"""What each address answers, as status-free parts: media type, headers, body. Shared by every way in."""

from typing import Any

import orjson

from app.api.cache_headers import fresh_headers
from app.api.context import Desk
from app.api.endpoints.common import bounded, spelled
from app.api.links import link_header, page_links
from app.api.problems import unavailable
from app.db.reader import Unavailable
from app.http.result import JSON, Answer
from app.model.dataset import Dataset
from app.model.rows import from_json, project, to_json
from app.query.fulltext.highlights import highlights, read_names
from app.query.fulltext.search_expression import FullText
from app.query.params.dataset_query import HIGHLIGHTS, Ask
from app.query.params.query_string import split_query


async def get_collection(desk: Desk, dataset: Dataset, query: bytes) -> Answer:
    """One page as JSON."""
    ask = desk.memo.read_page(dataset, split_query(query, desk.settings.max_parameters))
    today = desk.today()
    identity, revision = f"{dataset.name}?{spelled(ask.given)}", desk.store.state.revision
    headers = fresh_headers(desk, dataset, identity, revision, today, certain=True)
    try:
        page = await desk.store.page(dataset, ask, today)
    except Unavailable as error:
        raise unavailable(error) from None
    if page.revision != revision:
        headers = fresh_headers(desk, dataset, identity, page.revision, today)
    rows = page.rows
    if ask.fulltext is not None:
        rows = await lit(desk, dataset, ask, ask.fulltext, rows)
    elif ask.members is not None:
        rows = [to_json(project(from_json(row), ask.members)).encode() for row in rows]
    links = page_links(desk.settings.public_base_url, dataset, ask, page)
    meta: dict[str, Any] = {"dataset": dataset.name}
    if page.total is not None:
        meta["total"] = page.total
    meta |= {
        "limit": ask.limit,
        "offset": None if ask.cursor else ask.offset,
        "revision": page.revision,
    }
    rest = orjson.dumps({"meta": meta, "links": links})
    body = b'{"data":[%b],%b' % (b",".join(rows), rest[1:])
    return Answer(JSON, bounded(desk, body), {**headers, "Link": link_header(links)})


async def lit(desk: Desk, dataset: Dataset, ask: Ask, asked: FullText, rows: list[bytes]) -> list[bytes]:
    """Rows with their highlights, cut to the members wanted."""
    records = [from_json(row) for row in rows]
    names = await names_of(desk, dataset, [record["id"] for record in records])
    shown = []
    for record in records:
        record[HIGHLIGHTS] = highlights(dataset, record, asked, read_names(names.get(record["id"], "")))
        shown.append(to_json(record if ask.members is None else project(record, ask.members)).encode())
    return shown


async def names_of(desk: Desk, dataset: Dataset, keys: list[str]) -> dict[str, str]:
    """The syllables of the names in rows, where the dataset has any; raises Problem (503)."""
    try:
        return await desk.store.names(dataset, keys) if dataset.names and keys else {}
    except Unavailable as error:
        raise unavailable(error) from None
