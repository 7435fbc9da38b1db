"""The indicators as an SDMX 2.1 service (REST API 1.5) below `/sdmx/2.1`."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import Any

from app.api.cache_headers import current_cache_headers
from app.api.context import AppContext
from app.api.endpoints.common import refuse_parameters
from app.api.endpoints.file_names import download_disposition
from app.api.endpoints.observations import (
    TooManyObservations,
    fetch_indicators_and_areas,
    fetch_newest_issue_date,
    stream_observations,
)
from app.api.endpoints.snapshot import render_consistently
from app.api.problems import problem_response
from app.concurrency import run_in_executor
from app.errors import Problem
from app.http.negotiation import accepts_any, not_acceptable
from app.http.request import CacheableRequest
from app.http.response import JSON, ApiResponse
from app.model.rows import Record, to_json
from app.query.params.query_string import ParameterPairs, parse_query_string
from app.query.sql.first_last import FirstLast
from app.query.sql.groups import GroupShape
from app.query.sql.select import count_shape
from app.renderers.catalog.statistical_services import SDMX_REST
from app.renderers.sdmx.artefacts import all_artefacts
from app.renderers.sdmx.availability import (
    build_availability,
    parse_availability_query,
    parse_components,
    write_availability_message,
)
from app.renderers.sdmx.codelists import AGENCY, FLOW, OBSERVATIONS, VERSION, build_codelists, indicator_units
from app.renderers.sdmx.data_query import (
    SdmxDataQuery,
    check_flow,
    check_provider,
    no_results,
    parse_data_query,
    parse_schema_query,
)
from app.renderers.sdmx.errors import SDMX_PATH
from app.renderers.sdmx.format_parameter import DATA_CHOICE, FORMAT, STRUCTURE_CHOICE, FormatChoice
from app.renderers.sdmx.media_types import SCHEMA_FORMATS, ChosenFormat, negotiate_format
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
Endpoint = Callable[[AppContext, CacheableRequest, Mapping[str, str]], Coroutine[Any, Any, ApiResponse]]
Respond = Callable[[AppContext, ChosenFormat, ParameterPairs, Mapping[str, str]], Awaitable[ApiResponse]]
"""Makes the response in a format; the other arguments are the remaining parameters, and those of the path."""


def in_chosen_format(choice: FormatChoice, respond: Respond) -> Endpoint:
    """Return an endpoint that responds in the format that the client chose, and refuses in it, too."""

    async def endpoint(context: AppContext, request: CacheableRequest, path: Mapping[str, str]) -> ApiResponse:
        pairs = parse_query_string(request.query_string, context.settings.max_parameters)
        chosen, others = choice.choose(pairs, accept_header(request))
        try:
            return await respond(context, chosen, others, path)
        except Problem as problem:
            # Those who chose by a parameter cannot say so in `Accept`.
            accept = chosen.media_type.encode()
            return problem_response(problem, request.path, accept, context.settings.public_base_url)

    return endpoint


async def respond_with_data(
    context: AppContext, chosen: ChosenFormat, pairs: ParameterPairs, path: Mapping[str, str]
) -> ApiResponse:
    """Return the data of a key. Raises Problem (400, 403, 404, 413, 501, 503), NotModified."""
    check_flow(path["flow"])
    check_provider(path.get("provider", "all"))
    key = path.get("key", "all")

    async def render() -> bytes:
        indicators, areas = await fetch_indicators_and_areas(context)
        lists = build_codelists(indicators, areas)
        query = parse_data_query(key, lists, pairs, context.settings.max_in_values)
        datasets = await fetch_datasets(context, query, indicators)
        if not datasets:
            raise no_results("No observation matches the query.")
        message = Message(await build_header(context), query.layout, tuple(datasets), lists, chosen.labels)
        return await run_in_executor(EXECUTOR, lambda: None, write_data_message, message, chosen.name)

    etag_key = f"sdmx/data/{key}/{chosen.content_type}/{chosen.labels}?{pairs}"
    response = await render_consistently(context, etag_key, chosen.content_type, render, OBSERVATIONS)
    if chosen.sdmx_format.family == "csv":
        # Programs show the other formats, and save this one: without a name it would be called like the key.
        named = (*pairs, ("key", key)) if key != "all" else pairs
        stem = f"{FLOW}-{context.repository.version.revision[:8]}"
        response.headers["Content-Disposition"] = download_disposition(stem, named, ".csv")
    return response


def accept_header(request: CacheableRequest) -> str | None:
    """Return the `Accept` header, None where there is none."""
    return request.accept.decode("latin-1") or None


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


async def respond_with_availability(
    context: AppContext, chosen: ChosenFormat, pairs: ParameterPairs, path: Mapping[str, str]
) -> ApiResponse:
    """Return which data a key finds. Raises Problem (400, 403, 404, 413, 501, 503), NotModified."""
    check_flow(path["flow"])
    check_provider(path.get("provider", "all"))
    components, key = parse_components(path.get("component", "all")), path.get("key", "all")
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
            EXECUTOR, lambda: None, write_availability_message, chosen.name, availability, components, header
        )

    etag_key = f"sdmx/available/{key}/{components}/{chosen.content_type}?{pairs}"
    return await render_consistently(context, etag_key, chosen.content_type, render, OBSERVATIONS)


async def respond_with_structures(
    context: AppContext, chosen: ChosenFormat, pairs: ParameterPairs, path: Mapping[str, str]
) -> ApiResponse:
    """Return structures. Raises Problem (400, 404, 501, 503), NotModified."""
    query = parse_structure_query(path, pairs)
    url = absolute_url(context.settings.public_base_url, SDMX_PATH)

    async def render() -> bytes:
        artefacts = select_artefacts(all_artefacts(*await fetch_indicators_and_areas(context)), query)
        return await run_in_executor(
            EXECUTOR,
            lambda: None,
            write_structure_message,
            chosen.name,
            artefacts,
            await build_header(context),
            url,
        )

    etag_key = f"sdmx/{path}/{chosen.content_type}?{pairs}"
    return await render_consistently(context, etag_key, chosen.content_type, render, OBSERVATIONS)


async def get_schema(context: AppContext, request: CacheableRequest, path: Mapping[str, str]) -> ApiResponse:
    """Return the XML schema of structure-specific data. Raises Problem (400, 404, 406, 503), NotModified."""
    pairs = parse_query_string(request.query_string, context.settings.max_parameters)
    namespace, layout = parse_schema_query(path, pairs)
    chosen = negotiate_format(accept_header(request), SCHEMA_FORMATS)

    async def render() -> bytes:
        return write_schema(namespace, layout, build_codelists(*await fetch_indicators_and_areas(context)))

    etag_key = f"sdmx/schema/{namespace}/{chosen.content_type}"
    return await render_consistently(context, etag_key, chosen.content_type, render)


async def get_directory(context: AppContext, request: CacheableRequest, _: Mapping[str, str]) -> ApiResponse:
    """Return what the service has, with an address of each. Raises Problem (400, 406), NotModified."""
    refuse_parameters(request.query_string)
    if not accepts_any(request.accept, JSON):
        raise not_acceptable(JSON)
    headers = await current_cache_headers(context, None, "sdmx", context.today())
    return ApiResponse(JSON, to_json(build_directory(context.settings.public_base_url)).encode(), headers)


def build_directory(base: str) -> Record:
    """Return the directory of the service; `base` stands before its links."""
    url = f"{base}{SDMX_PATH}"
    return {
        "title": "The economic indicators as an SDMX 2.1 web service",
        "title_zh": "经济指标的SDMX 2.1服务",
        "dataflow": f"{AGENCY},{FLOW},{VERSION}",
        "conforms_to": SDMX_REST,
        "links": {
            "self": url,
            "dataflow": f"{url}/dataflow",
            "structure": f"{url}/structure",
            "availability": f"{url}/availableconstraint/{FLOW}",
            "schema": f"{url}/schema/dataflow/{AGENCY}/{FLOW}",
            "data": f"{url}/data/{FLOW}",
            "csv": f"{url}/data/{FLOW}?{FORMAT}=csv",
            "describedby": f"{base}/openapi.json",
            "docs": f"{base}/docs",
        },
    }


get_data = in_chosen_format(DATA_CHOICE, respond_with_data)
get_availability = in_chosen_format(STRUCTURE_CHOICE, respond_with_availability)
get_structure = in_chosen_format(STRUCTURE_CHOICE, respond_with_structures)
