"""The indicators as an SDMX 2.1 service (REST API 1.5) below `/sdmx/2.1`."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.context import Desk
from app.api.endpoints.observations import TooMany, names_of, newest_issue, observed
from app.api.endpoints.snapshot import settled
from app.api.prefix_router import PrefixRouter
from app.api.responses import desk_of, query_of, to_response
from app.api.schemas.sdmx import availability_operations, data_operations, schema_operations, structure_operations
from app.concurrency import in_thread
from app.errors import Problem
from app.http.result import Answer
from app.model.rows import Record
from app.query.params.query_string import split_query
from app.query.sql.first_last import Ends
from app.query.sql.groups import GroupShape
from app.query.sql.select import count_shape
from app.renderers.sdmx.artefacts import catalogue
from app.renderers.sdmx.availability import availability_message, available, components_of, read_availability_ask
from app.renderers.sdmx.codelists import AGENCY, OBSERVATIONS, codelists, units_of
from app.renderers.sdmx.data_query import (
    DataAsk,
    check_flow,
    check_provider,
    no_results,
    read_data_ask,
    read_schema_ask,
)
from app.renderers.sdmx.errors import PATH
from app.renderers.sdmx.media_types import DATA, LABELS, SCHEMAS, STRUCTURES, Wanted, wanted
from app.renderers.sdmx.message import Heading, Message
from app.renderers.sdmx.observations import DataSet, points_of
from app.renderers.sdmx.structure_message import structure_message
from app.renderers.sdmx.structure_query import chosen, read_structure_ask
from app.renderers.sdmx.writers import written
from app.renderers.sdmx.xml_schema import schema as schema_of
from app.renderers.urls import absolute

THREADS = ThreadPoolExecutor(1, thread_name_prefix="statistics")
MIDNIGHT = "T00:00:00+08:00"
"""The beginning of a day where the gazette is published."""


def sdmx_router() -> APIRouter:
    """The addresses of data and schemas, then those of structures, which take any resource."""
    router = PrefixRouter(prefix=PATH, tags=["sdmx"])

    async def data(request: Request) -> Response:
        return to_response(request, await data_answer(desk_of(request), request))

    async def structure(request: Request) -> Response:
        return to_response(request, await structure_answer(desk_of(request), request))

    async def availability(request: Request) -> Response:
        return to_response(request, await availability_answer(desk_of(request), request))

    async def schema(request: Request) -> Response:
        return to_response(request, await schema_answer(desk_of(request), request))

    handled = (
        (schema_operations(), schema),
        (availability_operations(), availability),
        (data_operations(), data),
        (structure_operations(), structure),
    )
    for operations, handler in handled:
        for path, described in operations.items():
            router.get(path, **described)(handler)
            # Some clients, pysdmx's among them, end every path in a slash.
            router.get(f"{path}/", include_in_schema=False)(handler)
    return router


async def data_answer(desk: Desk, request: Request) -> Answer:
    """The data of a key; raises Problem (400, 403, 404, 406, 413, 501, 503), NotModified."""
    path, pairs = request.path_params, split_query(query_of(request), desk.settings.max_parameters)
    check_flow(path["flow"])
    check_provider(path.get("provider", "all"))
    as_wanted = wanted(request.headers.get("accept"), DATA)
    labels, key = labels_of(as_wanted), path.get("key", "all")

    async def make() -> bytes:
        indicators, areas = await names_of(desk)
        lists = codelists(indicators, areas)
        asked = read_data_ask(key, lists, pairs, desk.settings.max_in_values)
        datasets = await datasets_of(desk, asked, indicators)
        if not datasets:
            raise no_results("No observation matches the query.")
        message = Message(await heading_of(desk), asked.layout, tuple(datasets), lists, labels)
        return await in_thread(THREADS, lambda: None, written, message, as_wanted.form.name)

    identity = f"sdmx/data/{key}/{as_wanted.form.name}/{labels}?{pairs}"
    return await settled(desk, identity, as_wanted.form.content_type, make, OBSERVATIONS)


def labels_of(asked: Wanted) -> str:
    """What SDMX-CSV is to write for codes; raises Problem (406)."""
    labels = asked.parameters.get("labels", LABELS[0]) if asked.form.family == "csv" else LABELS[0]
    if labels not in LABELS:
        raise Problem(406, f"SDMX-CSV is written with labels={' or labels='.join(LABELS)}.")
    return labels


async def heading_of(desk: Desk) -> Heading:
    """The heading of a message of the data as they are now; raises Unavailable."""
    return Heading(f"{AGENCY}-{desk.store.state.revision[:8]}", f"{await newest_issue(desk)}{MIDNIGHT}")


async def datasets_of(desk: Desk, asked: DataAsk, indicators: list[Record]) -> list[DataSet]:
    """The observations, in one data set or one a vintage; raises Unavailable, Problem (413)."""
    most, units = desk.settings.max_statistics_rows, units_of(indicators)
    ends = Ends(("indicator_id", "area_id"), "period", asked.first, asked.last) if asked.first or asked.last else None
    found: dict[str, DataSet] = {}
    try:
        async with aclosing(observed(desk, asked.ask(most), ends)) as rows:
            async for row in rows:
                vintage = row["published_on"] if asked.history else ""
                if vintage not in found:
                    found[vintage] = DataSet("Replace", f"{vintage}{MIDNIGHT}") if vintage else DataSet("Information")
                found[vintage].points += points_of(row, asked.measures, units)
    except TooMany:
        raise Problem(
            413, f"One answer holds at most {most} rows of observations; narrow the key or the time."
        ) from None
    return list(found.values())


async def availability_answer(desk: Desk, request: Request) -> Answer:
    """What data a key finds; raises Problem (400, 403, 404, 406, 413, 501, 503), NotModified."""
    path, pairs = request.path_params, split_query(query_of(request), desk.settings.max_parameters)
    check_flow(path["flow"])
    check_provider(path.get("provider", "all"))
    components, key = components_of(path.get("component", "all")), path.get("key", "all")
    form, most = wanted(request.headers.get("accept"), STRUCTURES).form, desk.settings.max_groups

    async def make() -> bytes:
        lists = codelists(*await names_of(desk))
        asked = read_availability_ask(key, lists, pairs, desk.settings.max_in_values)
        ask = asked.ask(most)
        shape = GroupShape(count_shape(OBSERVATIONS, ask), ("indicator_id", "area_id"), ends=("period",))
        [rows], _ = await desk.store.groups(OBSERVATIONS, ask, [shape], most + 1, desk.today())
        if not rows:
            raise no_results("No observation matches the query.")
        if len(rows) > most:
            raise Problem(413, f"There are more than {most} indicators in areas; narrow the key.")
        found, heading = available(rows, asked), await heading_of(desk)
        return await in_thread(THREADS, lambda: None, availability_message, form.name, found, components, heading)

    identity = f"sdmx/available/{key}/{components}/{form.name}?{pairs}"
    return await settled(desk, identity, form.content_type, make, OBSERVATIONS)


async def structure_answer(desk: Desk, request: Request) -> Answer:
    """Structures; raises Problem (400, 404, 406, 501, 503), NotModified."""
    path, pairs = request.path_params, split_query(query_of(request), desk.settings.max_parameters)
    asked = read_structure_ask(path, pairs)
    form = wanted(request.headers.get("accept"), STRUCTURES).form
    url = absolute(desk.settings.public_base_url, PATH)

    async def make() -> bytes:
        artefacts = chosen(catalogue(*await names_of(desk)), asked)
        return await in_thread(
            THREADS, lambda: None, structure_message, form.name, artefacts, await heading_of(desk), url
        )

    return await settled(desk, f"sdmx/{path}/{form.name}?{pairs}", form.content_type, make, OBSERVATIONS)


async def schema_answer(desk: Desk, request: Request) -> Answer:
    """The schema of structure-specific data; raises Problem (400, 404, 406, 503), NotModified."""
    path, pairs = request.path_params, split_query(query_of(request), desk.settings.max_parameters)
    namespace, layout = read_schema_ask(path, pairs)
    form = wanted(request.headers.get("accept"), SCHEMAS).form

    async def make() -> bytes:
        return schema_of(namespace, layout, codelists(*await names_of(desk)))

    return await settled(desk, f"sdmx/schema/{namespace}", form.content_type, make)
