"""Full-text search in all datasets: `/v1/search`."""

from typing import Any

from app.api.cache_headers import conditional_cache_headers
from app.api.context import AppContext
from app.api.endpoints.common import enforce_max_size
from app.api.links import link_header
from app.api.problems import service_unavailable
from app.datasets import DATASETS
from app.db.data_state import REVISION_COLUMN
from app.db.reader import DatabaseUnavailable, Rows
from app.http.response import JSON, ApiResponse
from app.model.dataset import Dataset
from app.model.rows import from_json, to_json
from app.query.fulltext.highlights import build_highlights, field_texts, parse_readings
from app.query.params.cursor import Cursor, encode_cursor
from app.query.params.query_string import parse_query_string
from app.query.params.search_query import SearchQuery, parse_search_query
from app.query.repository import retry_until_consistent
from app.query.sql.search import search_bind_values, search_count, search_select, search_shape
from app.renderers.urls import quote_query

MAX_TITLE_LENGTH = 120


async def search_all(context: AppContext, query_string: bytes) -> ApiResponse:
    """Return one page of hits, the best first. Raises Problem (400, 503), NotModified."""
    query = parse_search_query(
        parse_query_string(query_string, context.settings.max_parameters), DATASETS, context.settings
    )
    etag_key = f"search?{query.raw_parameters}"
    conditional_cache_headers(context, None, etag_key, context.repository.version.revision, context.today())
    try:
        rows, total, revision = await fetch_hits(context, query)
    except DatabaseUnavailable as error:
        raise service_unavailable(error) from None
    is_backward = query.cursor is not None and query.cursor.backward
    has_more, rows = len(rows) > query.limit, rows[: query.limit]
    rows = rows[::-1] if is_backward else rows
    links = _page_links(context.settings.public_base_url, query, rows, has_more)
    meta: dict[str, Any] = {"total": total} if total is not None else {}
    meta |= {"limit": query.limit, "offset": None if query.cursor else query.offset, "revision": revision}
    hits = [build_hit(context.settings.public_base_url, query, row) for row in rows]
    body = to_json({"data": hits, "meta": meta, "links": links}).encode()
    headers = conditional_cache_headers(context, None, etag_key, revision, context.today())
    return ApiResponse(
        JSON, enforce_max_size(context, body), {**headers, "Link": link_header(context.settings.public_base_url, links)}
    )


async def fetch_hits(context: AppContext, query: SearchQuery) -> tuple[Rows, int | None, str]:
    """Return the rows of a page and one more, the total number of rows, and the revision that both were read from.

    Raises DatabaseUnavailable.
    """
    shape, values = search_shape(query), search_bind_values(query, DATASETS)
    page_values = {**values, "limit": query.limit + 1, "offset": query.offset}

    async def attempt() -> tuple[Rows, int | None, str] | None:
        [(total, count_revision)] = await context.repository.fetch(
            ("search count", shape.dataset_names, shape.uses_index),
            lambda: search_count(shape, DATASETS).add_columns(REVISION_COLUMN.label("revision")),
            values,
        )
        rows = await context.repository.fetch(
            ("search", shape),
            lambda: search_select(shape, DATASETS).add_columns(REVISION_COLUMN.label("revision")),
            page_values,
        )
        # Without rows there is no revision of theirs: the revision must not have changed since the count.
        page_revision = rows[0][-1] if rows else (await context.repository.refresh()).revision
        if count_revision not in (None, page_revision):
            return None
        return rows, total if query.count else None, page_revision

    return await retry_until_consistent(attempt)


def build_hit(base: str, query: SearchQuery, row: tuple[Any, ...]) -> dict[str, Any]:
    name, row_id, row_json, readings, score = row[:5]
    dataset, record = DATASETS[name], from_json(row_json)
    return {
        "dataset": name,
        "id": row_id,
        "title": hit_title(dataset, record),
        "score": score,
        "highlights": build_highlights(dataset, record, query.fulltext, parse_readings(readings)),
        "links": {"self": f"{base}/v1/{name}/{quote_query(row_id)}"},
    }


def hit_title(dataset: Dataset, record: dict[str, Any]) -> str:
    """Return the first searched text of a row, shortened if it is long, or its id if there is no text."""
    text: str = next((text for name in dataset.search_fields for text in field_texts(record, name)), record["id"])
    return text if len(text) <= MAX_TITLE_LENGTH else f"{text[:MAX_TITLE_LENGTH]}…"


def _page_links(base: str, query: SearchQuery, rows: Rows, has_more: bool) -> dict[str, str | None]:
    """Return the links of a page. `has_more` tells whether there are more rows in the direction of the cursor."""
    parameters = [(name, f"{name}={quote_query(value)}") for name, value in query.raw_parameters]
    without_position = "&".join(text for name, text in parameters if name not in ("cursor", "offset"))
    is_backward = query.cursor is not None and query.cursor.backward
    has_next = bool(rows) if is_backward else has_more
    has_previous = has_more if is_backward else query.cursor is not None or query.offset > 0
    first = f"{base}/v1/search?{without_position}"

    def page_link(row: tuple[Any, ...], backward: bool) -> str:
        return f"{first}&cursor={encode_cursor(Cursor(tuple(row[4:7]), backward), query.cursor_scope)}"

    return {
        "self": f"{base}/v1/search?{'&'.join(text for _, text in parameters)}",
        "next": page_link(rows[-1], False) if has_next and rows else None,
        "prev": page_link(rows[0], True) if has_previous and rows else None,
        "first": first,
    }
