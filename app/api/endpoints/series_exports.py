"""A series as a table: CSV, NDJSON, XLSX, Parquet. Each row says which indicator and area it is about."""

from app.api.cache_headers import current_cache_headers
from app.api.context import AppContext
from app.api.endpoints.derivations import DERIVATION_NOTES, derived_columns
from app.api.endpoints.exports import build_provenance, export_rendered
from app.api.endpoints.file_names import download_disposition
from app.api.endpoints.reference_names import add_name_columns, add_names_member
from app.api.endpoints.series import (
    OBSERVATIONS,
    SERIES_COLUMNS,
    Series,
    fetch_points,
    parse_series_query,
    series_area,
)
from app.api.problems import service_unavailable
from app.db.reader import DatabaseUnavailable
from app.http.request import CacheableRequest
from app.http.response import ApiResponse
from app.model.rows import Record, to_json
from app.query.params.dataset_query import DatasetQuery
from app.query.params.query_string import parse_query_string
from app.query.repository import retry_until_consistent
from app.renderers.representations import TableFormat
from app.renderers.tabular.export_spec import ExportSpec


async def export_series(
    context: AppContext, indicator_id: str, request: CacheableRequest, table_format: TableFormat
) -> ApiResponse:
    """Return the rows of a series in a table format. Raises Problem (400, 404, 503), NotModified."""
    pairs = parse_query_string(request.query_string, context.settings.max_parameters)
    controls = table_format.extra_parameters
    query, derivations = parse_series_query(context, indicator_id, pairs, control_params=controls)
    today = context.today()
    etag_key = f"indicators/{indicator_id}/series{table_format.suffix}?{sorted(pairs)}"

    async def attempt() -> ApiResponse | None:
        headers = await current_cache_headers(context, OBSERVATIONS, etag_key, today)
        revision = context.repository.version.revision
        series = await fetch_points(context, indicator_id, query, derivations, today)
        spec = build_spec(context, query, derivations, series)
        rows = await render_rows(context, query, spec, series)
        if (await context.repository.refresh()).revision != revision or series.revision != revision:
            return None
        headers["Content-Disposition"] = download_disposition(
            f"{indicator_id}-series-{revision[:8]}", pairs, table_format.suffix
        )
        if query.lang:
            headers["Content-Language"] = query.lang
        return await export_rendered(context, spec, table_format, rows, headers)

    try:
        return await retry_until_consistent(attempt)
    except DatabaseUnavailable as error:
        raise service_unavailable(error) from None


def build_spec(context: AppContext, query: DatasetQuery, derivations: tuple[str, ...], series: Series) -> ExportSpec:
    """Return what the table contains, with the name of the indicator and the formulas among its provenance."""
    indicator = series.indicator
    unit = f", {indicator['unit_zh']}" if indicator["unit_zh"] else ""
    told = [("indicator", f"{indicator['name_zh']} · {indicator['name_en']} ({indicator['id']}{unit})")]
    for name in derivations:
        note = DERIVATION_NOTES[name]
        told.append(
            (", ".join(note["fields"]), f"{note['formula']}. Rounding: {note['rounding']}. Null: {note['null']}.")
        )
    return ExportSpec(
        OBSERVATIONS,
        SERIES_COLUMNS,
        query.lang,
        query.bom,
        rerender=True,
        expand=query.expand,
        extra=derived_columns(derivations),
        provenance=(*told, *build_provenance(context, OBSERVATIONS)),
    )


async def render_rows(context: AppContext, query: DatasetQuery, spec: ExportSpec, series: Series) -> list[bytes]:
    """Return the rows as JSON, with their names where the query wants them. Raises DatabaseUnavailable."""
    about: Record = {"indicator_id": series.indicator["id"], "area_id": series_area(query)}
    rows = [to_json({**about, **point}).encode() for point in series.points]
    if query.expand is not None:
        return await add_names_member(context, OBSERVATIONS, SERIES_COLUMNS, rows)
    columns = tuple(spec.name_columns.values())
    return await add_name_columns(context, columns, rows) if columns else rows
