"""One page of a dataset as JSON."""

from datetime import date
from typing import Any

import orjson

from app.api.cache_headers import conditional_cache_headers
from app.api.context import AppContext
from app.api.endpoints.common import answered_day, enforce_max_size, query_key
from app.api.endpoints.reference_names import add_names_member
from app.api.links import link_header, page_links
from app.api.problems import service_unavailable
from app.db.reader import DatabaseUnavailable
from app.http.response import JSON, ApiResponse
from app.model.dataset import Dataset
from app.model.rows import from_json, select_fields, to_json
from app.query.fulltext.highlights import build_highlights, parse_readings
from app.query.fulltext.search_expression import SearchExpression
from app.query.page import Page
from app.query.params.dataset_query import HIGHLIGHTS_FIELD, DatasetQuery
from app.query.params.query_string import parse_query_string
from app.query.repository import retry_until_consistent
from app.renderers.tabular.name_columns import with_names


async def get_collection(context: AppContext, dataset: Dataset, query_string: bytes) -> ApiResponse:
    """Return one page of rows. Raises Problem (400, 503), NotModified."""
    query = context.parse_cache.parse_page_query(
        dataset, parse_query_string(query_string, context.settings.max_parameters)
    )
    today = context.today()
    etag_key, revision = f"{dataset.name}?{query_key(query.raw_parameters)}", context.repository.version.revision
    headers = conditional_cache_headers(context, dataset, etag_key, revision, today, response_exists=True)
    try:
        if query.expand is None:
            page = await context.repository.fetch_page(dataset, query, today)
        else:
            page = await fetch_named_page(context, dataset, query, today)
    except DatabaseUnavailable as error:
        raise service_unavailable(error) from None
    if page.revision != revision:
        headers = conditional_cache_headers(context, dataset, etag_key, page.revision, today)
    rows = page.rows
    members = with_names(query.fields, query.expand)
    if query.fulltext is not None:
        rows = await add_highlights(context, dataset, query.fulltext, rows, members)
    elif members is not None:
        rows = [to_json(select_fields(from_json(row), members)).encode() for row in rows]
    links = page_links(context.settings.public_base_url, dataset, query, page)
    meta: dict[str, Any] = {"dataset": dataset.name}
    if page.total is not None:
        meta["total"] = page.total
    meta |= {
        "limit": query.limit,
        "offset": None if query.cursor else query.offset,
        **answered_day(dataset, query.options, today),
        "revision": page.revision,
    }
    meta_and_links = orjson.dumps({"meta": meta, "links": links})
    body = b'{"data":[%b],%b' % (b",".join(rows), meta_and_links[1:])
    return ApiResponse(
        JSON, enforce_max_size(context, body), {**headers, "Link": link_header(context.settings.public_base_url, links)}
    )


async def fetch_named_page(context: AppContext, dataset: Dataset, query: DatasetQuery, today: date) -> Page:
    """Return a page whose rows have `names`, all read from a single revision. Raises DatabaseUnavailable."""

    async def attempt() -> Page | None:
        page = await context.repository.fetch_page(dataset, query, today)
        rows = await add_names_member(context, dataset, query.fields, page.rows)
        is_current = (await context.repository.refresh()).revision == page.revision
        return page._replace(rows=rows) if is_current else None

    return await retry_until_consistent(attempt)


async def add_highlights(
    context: AppContext,
    dataset: Dataset,
    expression: SearchExpression,
    rows: list[bytes],
    members: tuple[str, ...] | None,
) -> list[bytes]:
    """Return rows with their highlights, cut to the selected members if any are. Raises Problem (503)."""
    records = [from_json(row) for row in rows]
    readings = await fetch_readings_by_row(context, dataset, [record["id"] for record in records])
    highlighted = []
    for record in records:
        record_readings = parse_readings(readings.get(record["id"], ""))
        record[HIGHLIGHTS_FIELD] = build_highlights(dataset, record, expression, record_readings)
        highlighted.append(to_json(record if members is None else select_fields(record, members)).encode())
    return highlighted


async def fetch_readings_by_row(context: AppContext, dataset: Dataset, row_ids: list[str]) -> dict[str, str]:
    """Return the stored readings of the names in rows, by row id. Raises Problem (503)."""
    try:
        return await context.repository.fetch_readings(dataset, row_ids) if dataset.name_fields and row_ids else {}
    except DatabaseUnavailable as error:
        raise service_unavailable(error) from None
