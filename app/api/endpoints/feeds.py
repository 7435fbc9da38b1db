"""The newest rows of a query as Atom or JSON Feed."""

import asyncio
from dataclasses import replace

from app.api.context import AppContext
from app.api.endpoints.common import EPOCH
from app.api.endpoints.related import fetch_by_ids, fetch_captions, fetch_where_in
from app.api.endpoints.snapshot import fetch_records, render_consistently
from app.api.links import query_suffix
from app.http.response import ApiResponse
from app.model.dataset import Dataset
from app.model.rows import Record, from_json
from app.query.page import Page
from app.query.params.cursor import encode_cursor
from app.query.params.dataset_query import FEED_PARAMS, DatasetQuery, FilterCondition, parse_dataset_query
from app.query.params.query_string import parse_query_string
from app.renderers.feeds import WRITERS
from app.renderers.feeds.entries import CHANGES, DOCUMENTS, ISSUES, RelatedRows, build_entries, document_of, issue_of
from app.renderers.feeds.feed import Feed, Link, build_identifier, newest_first
from app.renderers.representations import Representation
from app.renderers.site.addresses import PageAddresses
from app.renderers.site.assets import ASSETS
from app.renderers.site.language import DEFAULT_LANGUAGE
from app.renderers.urls import absolute_url


async def get_feed(
    context: AppContext, dataset: Dataset, query_string: bytes, representation: Representation
) -> ApiResponse:
    """Return a page of rows as a feed. Raises Problem (400, 503), NotModified."""
    pairs = parse_query_string(query_string, context.settings.max_parameters)
    query = replace(
        parse_dataset_query(dataset, pairs, FEED_PARAMS, context.settings, default_sort=newest_first(dataset)),
        count=False,
    )

    async def render() -> bytes:
        page = await context.repository.fetch_page(dataset, query, context.today())
        rows = [from_json(row) for row in page.rows]
        newest_issues = await fetch_records(context, ISSUES, DatasetQuery(sort=newest_first(ISSUES), limit=1))
        related = await fetch_related_rows(context, dataset, rows)

        def write() -> bytes:
            return WRITERS[representation.name](
                build_feed(context, dataset, query, page, representation, rows, newest_issues, related)
            )

        return await asyncio.to_thread(write)

    etag_key = f"{dataset.name}{representation.suffix}?{query.raw_parameters}"
    return await render_consistently(context, etag_key, representation.content_type, render, dataset)


def build_feed(
    context: AppContext,
    dataset: Dataset,
    query: DatasetQuery,
    page: Page,
    representation: Representation,
    rows: list[Record],
    newest_issues: list[Record],
    related: RelatedRows,
) -> Feed:
    """Return a page as a feed, named after the gazette of the newest issue."""
    base = context.settings.public_base_url
    filters = [(name, value) for name, value in query.raw_parameters if name not in ("cursor", "limit", "sort")]
    path = absolute_url(base, f"/v1/{dataset.name}")
    filter_text = "，".join(f"{name}={value}" for name, value in filters)
    service = context.settings.catalogue_title_zh
    name = newest_issues[0]["title"] if newest_issues else service
    entries = build_entries(base, dataset, rows, related)
    return Feed(
        identifier=build_identifier(dataset.name, "", *(f"{name}={value}" for name, value in sorted(filters))),
        title=f"{name} · {dataset.title_zh}{f'（{filter_text}）' if filter_text else ''}",
        subtitle=dataset.description_zh,
        updated=max(
            (entry.updated for entry in entries), default=newest_issues[0]["published_on"] if newest_issues else EPOCH
        ),
        author=service if dataset.provenance else (newest_issues[0]["publisher"] if newest_issues else None) or name,
        home=absolute_url(base, f"/{dataset.name}") + query_suffix(filters),
        links=feed_links(f"{path}{representation.suffix}", query, page, representation),
        entries=entries,
        style=PageAddresses(base, DEFAULT_LANGUAGE).api(ASSETS["feed.css"].path),
    )


def feed_links(path: str, query: DatasetQuery, page: Page, representation: Representation) -> list[Link]:
    """Return the links of a page of a feed: itself, the first page, and its neighbours."""
    without_cursor = [pair for pair in query.raw_parameters if pair[0] != "cursor"]
    links = [
        Link("self", path + query_suffix(query.raw_parameters), representation.media_type),
        Link("first", path + query_suffix(without_cursor), representation.media_type),
    ]
    for relation, cursor in (("previous", page.previous_cursor), ("next", page.next_cursor)):
        if cursor is not None:
            pairs = [*without_cursor, ("cursor", encode_cursor(cursor, query.cursor_scope))]
            links.append(Link(relation, path + query_suffix(pairs), representation.media_type))
    return links


async def fetch_related_rows(context: AppContext, dataset: Dataset, rows: list[Record]) -> RelatedRows:
    """Return the rows that the entries of some rows need besides. Raises DatabaseUnavailable."""
    documents: dict[str, Record] = {}
    if dataset is not DOCUMENTS:
        documents = await fetch_by_ids(context, DOCUMENTS, [key for row in rows if (key := document_of(row))])
    first_change = await fetch_records(context, CHANGES, DatasetQuery(sort=(("at", False), ("id", False)), limit=1))
    return RelatedRows(
        issues=await fetch_by_ids(context, ISSUES, [key for row in rows if (key := issue_of(row))]),
        documents=documents,
        last_changed=await fetch_last_changes(context, dataset, [row["id"] for row in rows]),
        names=await fetch_captions(context, dataset, rows),
        log_start=str(first_change[0]["at"]) if first_change else EPOCH,
    )


async def fetch_last_changes(context: AppContext, dataset: Dataset, row_ids: list[str]) -> dict[str, str]:
    """Return the day of the last change of rows, by row id. Rows without a logged change are left out.

    Raises DatabaseUnavailable.
    """
    if dataset is CHANGES:
        return {}
    of_dataset = (FilterCondition("dataset", "eq", (dataset.name,)),)
    changes = await fetch_where_in(context, CHANGES, "row_id", row_ids, of_dataset, (("at", False), ("id", False)))
    return {change["row_id"]: change["at"] for change in changes}
