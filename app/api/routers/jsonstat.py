"""The observations as a JSON-stat 2.0 cube at `/v1/observations.jsonstat`."""

from contextlib import aclosing
from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.context import Desk
from app.api.endpoints.observations import TooMany, names_of, newest_issue, observed
from app.api.endpoints.snapshot import settled
from app.api.responses import desk_of, query_of, to_response
from app.api.routers.sdmx import THREADS
from app.api.schemas import datasets
from app.api.schemas.operations import operation
from app.concurrency import in_thread
from app.errors import Fault, Problem, bad_request
from app.http.result import Answer
from app.model.rows import Record
from app.query.params.dataset_query import read_ask
from app.query.params.query_string import split_query
from app.renderers.catalog.statistical_services import JSONSTAT_SUFFIX
from app.renderers.representations import JSON
from app.renderers.sdmx.codelists import OBSERVATIONS
from app.renderers.sdmx.data_query import SORT
from app.renderers.sdmx.jsonstat import Cube, cells_of, jsonstat
from app.renderers.urls import absolute, quoted

PATH = f"/v1/{OBSERVATIONS.name}{JSONSTAT_SUFFIX}"
CONTROLS = ("q", "filter", "lang")
DENSITY = 10
"""How many cells there may be for each figure: a cube holds all combinations, also those without data."""


def jsonstat_router() -> APIRouter:
    """The one address."""
    router = APIRouter(tags=[OBSERVATIONS.name])
    described = operation(
        f"{OBSERVATIONS.title_en} as JSON-stat",
        {JSON: {"schema": {"type": "object"}}},
        datasets.parameters(OBSERVATIONS, CONTROLS),
        description="The same question as a JSON-stat 2.0 dataset: indicator, area, period (issue) and measure.",
        problems=(400, 414, 503),
    )

    @router.get(PATH, **described)
    async def cube(request: Request) -> Response:
        return to_response(request, await cube_answer(desk_of(request), query_of(request)))

    return router


async def cube_answer(desk: Desk, query: bytes) -> Answer:
    """The cube of a question; raises Problem (400, 503), NotModified."""
    given = split_query(query, desk.settings.max_parameters)
    most = desk.settings.max_statistics_rows
    ask = read_ask(OBSERVATIONS, given, CONTROLS, desk.settings)
    ask = replace(ask, sort=SORT, limit=most + 1, count=False)
    href = absolute(desk.settings.public_base_url, PATH)
    if given:
        href += "?" + "&".join(f"{quoted(name)}={quoted(value)}" for name, value in given)

    async def make() -> bytes:
        try:
            async with aclosing(observed(desk, ask)) as found:
                rows: list[Record] = [row async for row in found]
        except TooMany:
            raise too_many(most, "rows") from None
        indicators, areas = await names_of(desk)
        dated = max((row["published_on"] for row in rows), default=None) or await newest_issue(desk)
        cube = Cube(rows, indicators, areas, ask.options.get("vintages") == "all", ask.lang or "en", href, dated)
        if cells_of(cube.dimensions) > most * DENSITY:
            raise too_many(most * DENSITY, "cells")
        return await in_thread(THREADS, lambda: None, jsonstat, cube)

    return await settled(desk, f"{PATH}?{given}", JSON, make)


def too_many(most: int, what: str) -> Problem:
    """The 400 for a cube that is too large."""
    return bad_request([Fault("filters", f"one cube has at most {most} {what}; choose fewer, or take .csv")])
