"""The observations as a JSON-stat 2.0 cube at `/v1/observations.jsonstat`."""

from contextlib import aclosing
from dataclasses import replace

from app.api.context import AppContext
from app.api.endpoints.observations import (
    TooManyObservations,
    fetch_indicators_and_areas,
    fetch_newest_issue_date,
    fetch_publisher,
    stream_observations,
)
from app.api.endpoints.sdmx import EXECUTOR
from app.api.endpoints.snapshot import render_consistently
from app.api.links import query_suffix
from app.concurrency import run_in_executor
from app.errors import Fault, Problem, bad_request
from app.http.response import ApiResponse
from app.model.rows import Record
from app.query.params.dataset_query import parse_dataset_query
from app.query.params.query_string import parse_query_string
from app.renderers.representations import JSON, JSON_STAT
from app.renderers.sdmx.codelists import OBSERVATIONS
from app.renderers.sdmx.data_query import SORT
from app.renderers.sdmx.jsonstat import Cube, count_cells, write_jsonstat
from app.renderers.urls import absolute_url

PATH = f"/v1/{OBSERVATIONS.name}{JSON_STAT.suffix}"
JSON_STAT_PARAMS = ("q", "filter", "filter-lang", "lang")
MAX_CELLS_PER_ROW = 10
"""The number of cells allowed for each row: a cube has a cell for every combination, with or without data."""


async def get_json_stat(context: AppContext, query_string: bytes) -> ApiResponse:
    """Return the observations of a query as a cube. Raises Problem (400, 503), NotModified."""
    pairs = parse_query_string(query_string, context.settings.max_parameters)
    max_rows = context.settings.max_statistics_rows
    query = parse_dataset_query(OBSERVATIONS, pairs, JSON_STAT_PARAMS, context.settings)
    query = replace(query, sort=SORT, limit=max_rows + 1, count=False)
    href = absolute_url(context.settings.public_base_url, PATH) + query_suffix(query.raw_parameters)

    async def render() -> bytes:
        try:
            async with aclosing(stream_observations(context, query)) as observations:
                rows: list[Record] = [row async for row in observations]
        except TooManyObservations:
            raise cube_too_large(max_rows, "rows") from None
        indicators, areas = await fetch_indicators_and_areas(context)
        updated = max((row["published_on"] for row in rows), default=None) or await fetch_newest_issue_date(context)
        with_vintages, publisher = query.options.get("vintages") == "all", await fetch_publisher(context)
        cube = Cube(rows, indicators, areas, with_vintages, query.lang or "en", href, updated, publisher)
        if count_cells(cube.dimensions) > max_rows * MAX_CELLS_PER_ROW:
            raise cube_too_large(max_rows * MAX_CELLS_PER_ROW, "cells")
        return await run_in_executor(EXECUTOR, lambda: None, write_jsonstat, cube)

    return await render_consistently(context, f"{PATH}?{query.raw_parameters}", JSON, render)


def cube_too_large(limit: int, unit: str) -> Problem:
    """Return the 400 for a cube that is too large."""
    return bad_request([Fault("filters", f"one cube has at most {limit} {unit}; filter the rows, or use .csv")])
