"""All rows of a query in one file: CSV, NDJSON, XLSX, Parquet."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import BinaryIO

from app.api.cache_headers import current_cache_headers
from app.api.context import AppContext
from app.api.endpoints.file_names import day_parameters, download_disposition
from app.api.endpoints.items import find_item
from app.api.endpoints.reference_names import needs_names, stream_with_names
from app.api.endpoints.text_exports import TextExport
from app.api.problems import service_unavailable
from app.db.reader import DatabaseBusy, DatabaseUnavailable
from app.errors import Fault, Problem, bad_request
from app.http.file_cache import BuildersBusy, CachedFile, InMemoryFile
from app.http.request import CacheableRequest
from app.http.response import ApiResponse
from app.model.dataset import Dataset
from app.query.params.dataset_query import TABLE_PARAMS, DatasetQuery, parse_dataset_query
from app.query.params.query_string import parse_query_string
from app.query.repository import retry_until_consistent
from app.renderers.representations import CSVW, TABLE_FORMATS, TableFormat
from app.renderers.tabular.export_spec import ExportSpec, TooManyRows
from app.renderers.tabular.writers import TEXT_WRITERS, provenance_lines, write_export_file

SMALL_FILE_ROWS = 5000
"""A file with so many rows does not wait for its turn behind larger ones."""


def export_parameters(table_format: TableFormat) -> tuple[str, ...]:
    """Return the parameters of a table format besides filters. There is no `cursor`, because an export is not paged."""
    special = {name for each in TABLE_FORMATS.values() for name in each.extra_parameters}
    return tuple(name for name in TABLE_PARAMS if name not in special or name in table_format.extra_parameters)


async def export_collection(
    context: AppContext, dataset: Dataset, request: CacheableRequest, table_format: TableFormat
) -> ApiResponse:
    """Return all rows of a query in a table format. Raises Problem (400, 503), NotModified."""
    query = parse_dataset_query(
        dataset,
        parse_query_string(request.query_string, context.settings.max_parameters),
        export_parameters(table_format),
        context.settings,
    )
    if query.fields is not None:
        query = replace(query, fields=dataset.with_day(query.fields))
    today = context.today()
    etag_key = f"{dataset.name}{table_format.suffix}?{sorted(query.raw_parameters)}"

    async def attempt() -> ApiResponse | None:
        headers = await current_cache_headers(context, dataset, etag_key, today)
        revision = context.repository.version.revision
        headers["Content-Disposition"] = download_disposition(
            f"{dataset.name}-{revision[:8]}", day_parameters(dataset, query, today), table_format.suffix
        )
        if table_format.name == "csv" and query.fields is None and query.lang != "zh":
            csvw_url = f"{context.settings.public_base_url}/v1/{dataset.name}{CSVW.suffix}"
            headers["Link"] = f'<{csvw_url}>; rel="describedby"; type="{CSVW.media_type}"'
        if query.lang:
            headers["Content-Language"] = query.lang
        file_key = build_file_key(context, headers)
        if table_format.needs_file:
            response = await _export_file(context, dataset, query, today, table_format, headers)
        else:
            response = await _export_text(context, dataset, query, today, table_format, headers, request)
        try:
            is_current = (await context.repository.refresh()).revision == revision
        except BaseException:
            await response.aclose()
            raise
        if is_current:
            return response
        # The rows may be of another revision than the entity tag.
        await response.aclose()
        context.file_cache.evict(file_key)
        return None

    try:
        return await retry_until_consistent(attempt)
    except DatabaseUnavailable as error:
        raise service_unavailable(error) from None


def build_file_key(context: AppContext, headers: Mapping[str, str]) -> str:
    """Return the key under which a file is cached: a database that takes the place of another has other files."""
    return f"{context.repository.version.cache_key} {headers['ETag']}"


def build_export_spec(context: AppContext, dataset: Dataset, query: DatasetQuery) -> ExportSpec:
    """Return what the export of a query contains."""
    return ExportSpec(
        dataset, query.fields, query.lang, query.bom, expand=query.expand, provenance=build_provenance(context, dataset)
    )


def build_provenance(context: AppContext, dataset: Dataset) -> tuple[tuple[str, str], ...]:
    return provenance_lines(dataset, context.repository.version.revision, context.settings.licence)


async def _export_text(
    context: AppContext,
    dataset: Dataset,
    query: DatasetQuery,
    today: date,
    table_format: TableFormat,
    headers: dict[str, str],
    request: CacheableRequest,
) -> ApiResponse:
    cached = context.file_cache.lend(build_file_key(context, headers))
    if cached is not None:
        return ApiResponse(table_format.content_type, headers=headers, file=cached)
    writer = TEXT_WRITERS[table_format.name](build_export_spec(context, dataset, query))

    async def build_file(build: Callable[[BinaryIO], Awaitable[None]]) -> CachedFile:
        is_small = await _count_rows(context, dataset, query, today) <= SMALL_FILE_ROWS
        return await get_or_build_file(context, headers, build, is_small)

    export = TextExport(context, dataset, query, today, table_format, writer)
    try:
        return await export.respond(request, headers, build_file)
    except DatabaseUnavailable as error:
        raise service_unavailable(error) from None


async def _export_file(
    context: AppContext,
    dataset: Dataset,
    query: DatasetQuery,
    today: date,
    table_format: TableFormat,
    headers: dict[str, str],
) -> ApiResponse:
    rows = await _count_rows(context, dataset, query, today)
    if table_format.max_rows is not None and rows > table_format.max_rows:
        raise bad_request(
            [
                Fault(
                    "limit",
                    f"a file can have {table_format.max_rows} rows, but there are {rows}; set a limit, or use .csv",
                )
            ]
        )

    async def build(file: BinaryIO) -> None:
        spec = build_export_spec(context, dataset, query)

        def read(row_column: str) -> AsyncGenerator[list[bytes], None]:
            rows = context.repository.stream_rows(dataset, query, today, row_column)
            return stream_with_names(context, dataset, query, rows) if needs_names(query) else rows

        await write_export_file(table_format, spec, file, read)

    with disk_space_problem():
        file = await get_or_build_file(context, headers, build, rows <= SMALL_FILE_ROWS)
    return ApiResponse(table_format.media_type, headers=headers, file=file)


async def get_or_build_file(
    context: AppContext, headers: Mapping[str, str], build: Callable[[BinaryIO], Awaitable[None]], is_small: bool
) -> CachedFile:
    """Return the file of a response, which is built unless it is cached. Raises Problem (400, 503), OSError."""
    try:
        return await context.file_cache.get_or_build(build_file_key(context, headers), build, is_small)
    except BuildersBusy:
        raise service_unavailable(DatabaseBusy()) from None
    except DatabaseUnavailable as error:
        raise service_unavailable(error) from None
    except TooManyRows:
        raise bad_request(
            [Fault("limit", "there are more rows than a file can have; set a limit, or use .csv")]
        ) from None


@contextmanager
def disk_space_problem() -> Iterator[None]:
    """Raise Problem (503) for an OSError: a file cannot be written."""
    try:
        yield
    except OSError:
        detail = "There is no disk space for the file at the moment. Use .csv, which needs none."
        raise Problem(503, detail, headers={"Retry-After": "60"}) from None


async def _count_rows(context: AppContext, dataset: Dataset, query: DatasetQuery, today: date) -> int:
    """Return the number of rows that an export has. Raises Problem (503)."""
    try:
        total = await context.repository.count(dataset, query, today)
    except DatabaseUnavailable as error:
        raise service_unavailable(error) from None
    rows = max(total - query.offset, 0)
    return rows if query.limit is None else min(rows, query.limit)


async def export_item(
    context: AppContext, dataset: Dataset, key: str, query_string: bytes, table_format: TableFormat
) -> ApiResponse:
    """Return a row in a table format. Raises Problem (400, 404, 503), NotModified."""
    can_expand = "expand" in table_format.extra_parameters
    item = await find_item(context, dataset, key, query_string, table_format.suffix, can_expand)
    provenance = build_provenance(context, dataset)
    spec = ExportSpec(dataset, item.fields, rerender=True, expand=item.expand, provenance=provenance)
    headers = item.headers
    pairs = parse_query_string(query_string, context.settings.max_parameters)
    headers["Content-Disposition"] = download_disposition(item.row_id, pairs, table_format.suffix)
    return await export_rendered(context, spec, table_format, [item.row_json], headers)


async def export_rendered(
    context: AppContext, spec: ExportSpec, table_format: TableFormat, rows: list[bytes], headers: dict[str, str]
) -> ApiResponse:
    """Return a few rendered rows, as JSON, in a table format. Raises Problem (503)."""
    if not table_format.needs_file:
        writer = TEXT_WRITERS[table_format.name](spec)
        text = InMemoryFile(writer.render_header() + writer.render_rows(rows))
        return ApiResponse(table_format.content_type, headers=headers, file=text)

    async def stream() -> AsyncGenerator[list[bytes], None]:
        yield rows

    async def build(file: BinaryIO) -> None:
        await write_export_file(table_format, spec, file, lambda _: stream())

    with disk_space_problem():
        file = await get_or_build_file(context, headers, build, is_small=True)
    return ApiResponse(table_format.media_type, headers=headers, file=file)
