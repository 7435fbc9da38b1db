"""Groups of the rows of a query: `facets` and `aggregate`."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any

from app.api.cache_headers import conditional_cache_headers
from app.api.context import AppContext
from app.api.endpoints.common import answered_day, enforce_max_size
from app.api.endpoints.related import fetch_names
from app.api.problems import service_unavailable
from app.db.reader import DatabaseUnavailable, Rows
from app.errors import Fault, bad_request
from app.http.response import JSON, ApiResponse
from app.model.dataset import Dataset
from app.model.rows import to_json
from app.query.group_table import aggregate_rows, facet_values, merge_groups
from app.query.params.grouping import GroupQuery, parse_aggregate_query, parse_facets_query
from app.query.params.query_string import parse_query_string
from app.query.sql.groups import GroupShape
from app.query.sql.select import count_shape
from app.renderers.tabular.name_columns import NAMES, name_columns, name_members

MAX_GROUPS_IN_EVENT_LOOP = 500
"""More groups than this are rendered in a thread, so that they do not hold up other requests."""


async def get_facets(context: AppContext, dataset: Dataset, query_string: bytes) -> ApiResponse:
    """Return the values of some fields with their counts. Raises Problem (400, 503), NotModified."""
    group_query = parse_facets_query(
        dataset, parse_query_string(query_string, context.settings.max_parameters), context.settings
    )
    shapes = facet_shapes(dataset, group_query)

    def render_body(groupings: list[Rows]) -> dict[str, Any]:
        merged = [merge_groups(dataset, shape, rows) for shape, rows in zip(shapes, groupings, strict=True)]
        groups_by_field = dict(zip(group_query.by, merged, strict=True))
        data = {
            name: facet_values(dataset, name, groups, group_query.limit) for name, groups in groups_by_field.items()
        }
        counts = {name: len(groups) for name, groups in groups_by_field.items()}
        total = sum(row[1] for row in groupings[0])
        return {"data": data, "meta": {"total": total, "groups": counts, "limit": group_query.limit}}

    async def name_values(body: dict[str, Any]) -> None:
        """Replace the labels of referenced rows by their names. Raises DatabaseUnavailable."""
        targets = {name: dataset.fields_by_name[name].info.references for name in body["data"]}
        shown = [(target, entry) for name, target in targets.items() if target for entry in body["data"][name]]
        names = await fetch_names(
            context, ((target, entry["value"]) for target, entry in shown if entry["value"] is not None)
        )
        for target, entry in shown:
            if name := names.get((target, entry["value"])):
                entry["label"] = name.zh

    return await _respond(context, dataset, "facets", group_query, shapes, render_body, name_values)


async def get_aggregate(context: AppContext, dataset: Dataset, query_string: bytes) -> ApiResponse:
    """Return the figures of each group of rows. Raises Problem (400, 503), NotModified."""
    group_query = parse_aggregate_query(
        dataset, parse_query_string(query_string, context.settings.max_parameters), context.settings
    )
    shape = aggregate_shape(dataset, group_query)

    def render_body(groupings: list[Rows]) -> dict[str, Any]:
        groups = merge_groups(dataset, shape, groupings[0])
        data = aggregate_rows(dataset, group_query, shape, groups)
        meta = {"total": len(groups), "limit": group_query.limit, "offset": group_query.offset}
        return {"data": data, "meta": meta}

    async def add_names(body: dict[str, Any]) -> None:
        """Add `names` to the groups, for the ids by which they are grouped. Raises DatabaseUnavailable."""
        columns = [column for name in group_query.by for column in name_columns(dataset, name)]
        wanted = {(column.references, group[column.field]) for group in body["data"] for column in columns}
        names = await fetch_names(context, wanted)
        for group in body["data"]:
            group[NAMES] = name_members(columns, group, names)

    complete = add_names if group_query.expand else None
    return await _respond(context, dataset, "aggregate", group_query, [shape], render_body, complete)


def facet_shapes(dataset: Dataset, group_query: GroupQuery) -> list[GroupShape]:
    """Return the groupings that count the values of each field."""
    query_rows = count_shape(dataset, group_query.query)
    return [GroupShape(query_rows, (name,)) for name in group_query.by]


def aggregate_shape(dataset: Dataset, group_query: GroupQuery) -> GroupShape:
    """Return the grouping that has the figures of all metrics."""
    metrics = group_query.metrics
    sums = tuple(dict.fromkeys(metric.field for metric in metrics if metric.kind in ("sum", "avg")))
    extremes = tuple(dict.fromkeys(metric.field for metric in metrics if metric.kind in ("min", "max")))
    with_count = not sums or any(metric.kind == "count" for metric in metrics)
    return GroupShape(count_shape(dataset, group_query.query), group_query.by, sums, extremes, with_count)


async def fetch_groupings(
    context: AppContext, dataset: Dataset, group_query: GroupQuery, shapes: Sequence[GroupShape], today: date
) -> tuple[list[Rows], str]:
    """Return the rows of each grouping, and the single revision of the data that all were read from.

    Raises Problem (400) for too many groups, and DatabaseUnavailable.
    """
    max_groups = context.settings.max_groups
    groupings, revision = await context.repository.fetch_groups(
        dataset, group_query.query, shapes, max_groups + 1, today
    )
    if any(len(rows) > max_groups for rows in groupings):
        detail = f"makes more than {max_groups} groups; choose fields with fewer values, or filter the rows"
        raise bad_request([Fault("by", detail)])
    return groupings, revision


async def _respond(
    context: AppContext,
    dataset: Dataset,
    name: str,
    group_query: GroupQuery,
    shapes: Sequence[GroupShape],
    render_body: Callable[[list[Rows]], dict[str, Any]],
    complete: Callable[[dict[str, Any]], Awaitable[None]] | None = None,
) -> ApiResponse:
    today = context.today()
    etag_key = f"{dataset.name}/{name}?{group_query.query.raw_parameters}"
    known_revision = context.repository.version.revision
    headers = conditional_cache_headers(context, dataset, etag_key, known_revision, today)
    try:
        groupings, revision = await fetch_groupings(context, dataset, group_query, shapes, today)
    except DatabaseUnavailable as error:
        raise service_unavailable(error) from None
    if revision != known_revision:
        headers = conditional_cache_headers(context, dataset, etag_key, revision, today)

    is_small = sum(map(len, groupings)) <= MAX_GROUPS_IN_EVENT_LOOP
    body = render_body(groupings) if is_small else await asyncio.to_thread(render_body, groupings)
    if complete:
        try:
            await complete(body)
        except DatabaseUnavailable as error:
            raise service_unavailable(error) from None
    day = answered_day(dataset, group_query.query.options, today)
    body["meta"] = {"dataset": dataset.name, **body["meta"], **day, "revision": revision}
    text = to_json(body) if is_small else await asyncio.to_thread(to_json, body)
    return ApiResponse(JSON, enforce_max_size(context, text.encode()), headers)
