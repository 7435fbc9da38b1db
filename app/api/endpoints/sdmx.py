"""The indicators as an SDMX 2.1 service (REST API 1.5) below `/sdmx/2.1`."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing

from app.api.context import AppContext
from app.api.endpoints.observations import (
    TooManyObservations,
    fetch_indicators_and_areas,
    fetch_newest_issue_date,
    stream_observations,
)
from app.api.endpoints.snapshot import render_consistently
from app.concurrency import run_in_executor
from app.errors import Problem
from app.http.request import CacheableRequest
from app.http.response import ApiResponse
from app.model.rows import Record
from app.query.params.query_string import parse_query_string
from app.query.sql.first_last import FirstLast
from app.query.sql.groups import GroupShape
from app.query.sql.select import count_shape
from app.renderers.sdmx.artefacts import all_artefacts
from app.renderers.sdmx.availability import (
    build_availability,
    parse_availability_query,
    parse_components,
    write_availability_message,
)
from app.renderers.sdmx.codelists import AGENCY, OBSERVATIONS, build_codelists, indicator_units
from app.renderers.sdmx.data_query import (
    SdmxDataQuery,
    check_flow,
    check_provider,
    no_results,
    parse_data_query,
    parse_schema_query,
)
from app.renderers.sdmx.errors import SDMX_PATH
from app.renderers.sdmx.media_types import (
    DATA_FORMATS,
    LABELS,
    SCHEMA_FORMATS,
    STRUCTURE_FORMATS,
    AcceptedFormat,
    negotiate_format,
)
from app.renderers.sdmx.message import Message, MessageHeader
from app.renderers.sdmx.observations import DataSet, to_observations
from app.renderers.sdmx.structure_message import write_structure_message
from app.renderers.sdmx.structure_query import parse_structure_query, select_artefacts
from app.renderers.sdmx.writers import write_data_message
from app.renderers.sdmx.xml_schema import write_schema
from app.renderers.urls import absolute_url

EXECUTOR = ThreadPoolExecutor(1, thread_name_prefix="statistics")
MIDNIGHT = "T00:00:00+08:00"
"""The start of a day in the time zone of the gazette."""


async def get_data(context: AppContext, request: CacheableRequest, path: Mapping[str, str]) -> ApiResponse:
    """Return the data of a key. Raises Problem (400, 403, 404, 406, 413, 501, 503), NotModified."""
    pairs = parse_query_string(request.query_string, context.settings.max_parameters)
    check_flow(path["flow"])
    check_provider(path.get("provider", "all"))
    accepted = negotiate_format(accept_header(request), DATA_FORMATS)
    labels, key = csv_labels(accepted), path.get("key", "all")

    async def render() -> bytes:
        indicators, areas = await fetch_indicators_and_areas(context)
        lists = build_codelists(indicators, areas)
        query = parse_data_query(key, lists, pairs, context.settings.max_in_values)
        datasets = await fetch_datasets(context, query, indicators)
        if not datasets:
            raise no_results("No observation matches the query.")
        message = Message(await build_header(context), query.layout, tuple(datasets), lists, labels)
        return await run_in_executor(EXECUTOR, lambda: None, write_data_message, message, accepted.sdmx_format.name)

    etag_key = f"sdmx/data/{key}/{accepted.sdmx_format.name}/{labels}?{pairs}"
    return await render_consistently(context, etag_key, accepted.sdmx_format.content_type, render, OBSERVATIONS)


def accept_header(request: CacheableRequest) -> str | None:
    """Return the `Accept` header, None where there is none."""
    return request.accept.decode("latin-1") or None


def csv_labels(accepted: AcceptedFormat) -> str:
    """Return what SDMX-CSV writes for codes. Raises Problem (406)."""
    labels = accepted.parameters.get("labels", LABELS[0]) if accepted.sdmx_format.family == "csv" else LABELS[0]
    if labels not in LABELS:
        raise Problem(406, f"SDMX-CSV is written with labels={' or labels='.join(LABELS)}.")
    return labels


async def build_header(context: AppContext) -> MessageHeader:
    """Return the header of a message about the data as it is now. Raises DatabaseUnavailable."""
    return MessageHeader(
        f"{AGENCY}-{context.repository.version.revision[:8]}", f"{await fetch_newest_issue_date(context)}{MIDNIGHT}"
    )


async def fetch_datasets(context: AppContext, query: SdmxDataQuery, indicators: list[Record]) -> list[DataSet]:
    """Return the observations in one data set, or in one for each vintage.

    Raises DatabaseUnavailable, Problem (413).
    """
    max_rows, units = context.settings.max_statistics_rows, indicator_units(indicators)
    first_last = (
        FirstLast(("indicator_id", "area_id"), "period", query.first_count, query.last_count)
        if query.first_count or query.last_count
        else None
    )
    datasets: dict[str, DataSet] = {}
    try:
        async with aclosing(stream_observations(context, query.dataset_query(max_rows), first_last)) as rows:
            async for row in rows:
                vintage = row["published_on"] if query.with_history else ""
                if vintage not in datasets:
                    datasets[vintage] = (
                        DataSet("Replace", f"{vintage}{MIDNIGHT}") if vintage else DataSet("Information")
                    )
                datasets[vintage].observations += to_observations(row, query.measures, units)
    except TooManyObservations:
        raise Problem(
            413, f"A response has at most {max_rows} rows of observations. Narrow the key or the time."
        ) from None
    return list(datasets.values())


async def get_availability(context: AppContext, request: CacheableRequest, path: Mapping[str, str]) -> ApiResponse:
    """Return which data a key finds. Raises Problem (400, 403, 404, 406, 413, 501, 503), NotModified."""
    pairs = parse_query_string(request.query_string, context.settings.max_parameters)
    check_flow(path["flow"])
    check_provider(path.get("provider", "all"))
    components, key = parse_components(path.get("component", "all")), path.get("key", "all")
    sdmx_format = negotiate_format(accept_header(request), STRUCTURE_FORMATS).sdmx_format
    max_groups = context.settings.max_groups

    async def render() -> bytes:
        lists = build_codelists(*await fetch_indicators_and_areas(context))
        query = parse_availability_query(key, lists, pairs, context.settings.max_in_values)
        dataset_query = query.dataset_query(max_groups)
        shape = GroupShape(count_shape(OBSERVATIONS, dataset_query), ("indicator_id", "area_id"), extremes=("period",))
        [rows], _ = await context.repository.fetch_groups(
            OBSERVATIONS, dataset_query, [shape], max_groups + 1, context.today()
        )
        if not rows:
            raise no_results("No observation matches the query.")
        if len(rows) > max_groups:
            raise Problem(413, f"There are more than {max_groups} pairs of an indicator and an area. Narrow the key.")
        availability, header = build_availability(rows, query), await build_header(context)
        return await run_in_executor(
            EXECUTOR, lambda: None, write_availability_message, sdmx_format.name, availability, components, header
        )

    etag_key = f"sdmx/available/{key}/{components}/{sdmx_format.name}?{pairs}"
    return await render_consistently(context, etag_key, sdmx_format.content_type, render, OBSERVATIONS)


async def get_structure(context: AppContext, request: CacheableRequest, path: Mapping[str, str]) -> ApiResponse:
    """Return structures. Raises Problem (400, 404, 406, 501, 503), NotModified."""
    pairs = parse_query_string(request.query_string, context.settings.max_parameters)
    query = parse_structure_query(path, pairs)
    sdmx_format = negotiate_format(accept_header(request), STRUCTURE_FORMATS).sdmx_format
    url = absolute_url(context.settings.public_base_url, SDMX_PATH)

    async def render() -> bytes:
        artefacts = select_artefacts(all_artefacts(*await fetch_indicators_and_areas(context)), query)
        return await run_in_executor(
            EXECUTOR,
            lambda: None,
            write_structure_message,
            sdmx_format.name,
            artefacts,
            await build_header(context),
            url,
        )

    return await render_consistently(
        context, f"sdmx/{path}/{sdmx_format.name}?{pairs}", sdmx_format.content_type, render, OBSERVATIONS
    )


async def get_schema(context: AppContext, request: CacheableRequest, path: Mapping[str, str]) -> ApiResponse:
    """Return the XML schema of structure-specific data. Raises Problem (400, 404, 406, 503), NotModified."""
    pairs = parse_query_string(request.query_string, context.settings.max_parameters)
    namespace, layout = parse_schema_query(path, pairs)
    sdmx_format = negotiate_format(accept_header(request), SCHEMA_FORMATS).sdmx_format

    async def render() -> bytes:
        return write_schema(namespace, layout, build_codelists(*await fetch_indicators_and_areas(context)))

    return await render_consistently(context, f"sdmx/schema/{namespace}", sdmx_format.content_type, render)
