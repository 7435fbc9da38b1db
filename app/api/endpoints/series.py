"""One indicator over time, and on request figures derived from the printed ones.

Derived figures are never in printed fields: they are under `derived`, which a row has only on request, and
`meta.derived` has their formulas and rounding.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from app.api.cache_headers import conditional_cache_headers
from app.api.context import AppContext
from app.api.endpoints.common import enforce_max_size
from app.api.endpoints.derivations import DERIVATION_NOTES, DERIVATIONS, DERIVED, derive_fields
from app.api.endpoints.related import fetch_names
from app.api.links import query_suffix
from app.api.problems import service_unavailable
from app.datasets import DATASETS
from app.db.reader import DatabaseUnavailable
from app.errors import Fault, Problem, bad_request, did_you_mean
from app.http.response import JSON, ApiResponse
from app.model.rows import Record, from_json, to_json
from app.model.values import StoredValue, clip
from app.query.page import Page
from app.query.params.dataset_query import DatasetQuery, FilterCondition, parameter_names, parse_dataset_query
from app.query.params.name_hints import unknown_name
from app.query.params.query_string import ParameterPairs, parse_query_string
from app.query.repository import VersionedRow, retry_until_consistent
from app.renderers.representations import PICTURE, TABLE_FORMATS
from app.renderers.tabular.name_columns import NAMES, member_columns, name_members
from app.renderers.urls import quote_query

OBSERVATIONS = DATASETS["observations"]
INDICATORS = DATASETS["indicators"]
CITY_AREA_ID = "330300"
MEASURES = ("value", "value_yoy", "cumulative", "cumulative_yoy")
SERIES_FIELDS = (
    "period",
    *(name for measure in MEASURES for name in (measure, f"{measure}_status")),
    "issue_id",
    "published_on",
)
PASSED_PARAMETERS = [
    name
    for name in parameter_names(OBSERVATIONS, ())
    if name in ("area_id", "as_of", "vintages") or name.partition("__")[0] == "period"
]
"""The parameters of the observations that a series takes too."""
JSON_PARAMS = ("expand",)
"""The parameters of the JSON form beside those of every form."""
META_REFERENCES = ("indicator_id", "area_id")
"""The ids in `meta`."""
SERIES_COLUMNS = (*META_REFERENCES, *SERIES_FIELDS)
"""The columns of a series as a table. There, each row says what it is about; in JSON `meta` does."""


async def get_series(context: AppContext, indicator_id: str, query_string: bytes) -> ApiResponse:
    """Return the observations of one indicator in one area, by month. Raises Problem (400, 404, 503), NotModified."""
    query, derivations = parse_series_query(
        context,
        indicator_id,
        parse_query_string(query_string, context.settings.max_parameters),
        control_params=JSON_PARAMS,
    )
    today = context.today()
    etag_key, revision = f"indicators/{indicator_id}/series?{query.raw_parameters}", context.repository.version.revision
    headers = conditional_cache_headers(context, OBSERVATIONS, etag_key, revision, today)

    async def attempt() -> tuple[Record, str] | None:
        series = await fetch_points(context, indicator_id, query, derivations, today)
        meta = build_meta(series.indicator, query, series.total, derivations, series.revision)
        body = {"data": series.points, "meta": meta}
        if query.expand is not None:
            await add_names(context, body)
            if (await context.repository.refresh()).revision != series.revision:
                return None
        links = series_links(context.settings.public_base_url, indicator_id, query)
        return {**body, "links": links}, series.revision

    try:
        body, read_revision = await retry_until_consistent(attempt)
    except DatabaseUnavailable as error:
        raise service_unavailable(error) from None
    if read_revision != revision:
        headers = conditional_cache_headers(context, OBSERVATIONS, etag_key, read_revision, today)
    return ApiResponse(JSON, enforce_max_size(context, to_json(body).encode()), headers)


async def add_names(context: AppContext, body: Record) -> None:
    """Add `names` to the points and to `meta`, for the ids that stand there. Raises DatabaseUnavailable."""
    meta, points = body["meta"], body["data"]
    about, of_point = member_columns(OBSERVATIONS, META_REFERENCES), member_columns(OBSERVATIONS, SERIES_FIELDS)
    wanted = {(column.references, meta[column.field]) for column in about}
    wanted |= {(column.references, point[column.field]) for column in of_point for point in points}
    names = await fetch_names(context, wanted)
    meta[NAMES] = name_members(about, meta, names)
    for point in points:
        point[NAMES] = name_members(of_point, point, names)


def series_links(base: str, indicator_id: str, query: DatasetQuery) -> dict[str, str]:
    """Return the links of a series: itself, and the same question in other formats."""
    path = f"{base}/v1/{INDICATORS.name}/{quote_query(indicator_id)}/series"
    shared = [pair for pair in query.raw_parameters if pair[0] not in JSON_PARAMS]
    drawn = [pair for pair in shared if pair[0] != "derive" or pair[1] == "prior_year"]
    links = {"self": f"{path}{query_suffix(query.raw_parameters)}"}
    for table in TABLE_FORMATS.values():
        pairs = query.raw_parameters if set(JSON_PARAMS) <= set(table.extra_parameters) else shared
        links[table.name] = f"{path}{table.suffix}{query_suffix(pairs)}"
    return {**links, PICTURE.name: f"{path}{PICTURE.suffix}{query_suffix(drawn)}"}


class Series(NamedTuple):
    """The points of one indicator in one area, read from a single revision of the data."""

    indicator: Record
    points: list[Record]
    total: int | None
    revision: str


async def fetch_points(
    context: AppContext, indicator_id: str, query: DatasetQuery, derivations: tuple[str, ...], today: date
) -> Series:
    """Return the points of a series, with their derived fields. Raises Problem (400, 404), DatabaseUnavailable."""
    indicator_row, page, earlier_page = await fetch_series(context, indicator_id, query, bool(derivations), today)
    if indicator_row is None:
        raise Problem(404, f"indicators has no row '{clip(indicator_id)}'.")
    if page.next_cursor is not None or earlier_page.next_cursor is not None:
        max_rows = context.settings.max_series_points
        raise bad_request([Fault("period", f"the series has more than {max_rows} rows; ask for fewer months")])
    indicator = from_json(indicator_row.row_json)
    rows = [from_json(row) for row in page.rows]
    points = [{name: row[name] for name in SERIES_FIELDS} for row in rows]
    if derivations:
        vintages = [from_json(row) for row in earlier_page.rows]
        only_published_by_then = query.options.get("vintages") == "all"
        for point, row in zip(points, rows, strict=True):
            known_vintages = [
                vintage
                for vintage in vintages
                if not only_published_by_then or vintage["published_on"] <= row["published_on"]
            ]
            point[DERIVED] = derive_fields(row, known_vintages, derivations, indicator)
    return Series(indicator, points, page.total, page.revision)


async def fetch_series(
    context: AppContext, indicator_id: str, query: DatasetQuery, with_earlier: bool, today: date
) -> tuple[VersionedRow | None, Page, Page]:
    """Return the indicator, the rows of the query, and the rows of all months, from a single revision of the data.

    The rows of all months are those of the query unless `with_earlier`. Raises DatabaseUnavailable.
    """

    async def attempt() -> tuple[VersionedRow | None, Page, Page] | None:
        indicator = await context.repository.find_by_id(INDICATORS, indicator_id, {}, today)
        page = await context.repository.fetch_page(OBSERVATIONS, query, today)
        earlier = (
            await context.repository.fetch_page(OBSERVATIONS, without_period(query), today) if with_earlier else page
        )
        if page.revision == earlier.revision and (indicator is None or indicator.revision == page.revision):
            return indicator, page, earlier
        return None

    return await retry_until_consistent(attempt)


def build_meta(
    indicator: Record, query: DatasetQuery, total: int | None, derivations: Iterable[str], revision: str
) -> Record:
    """Return `meta`: what the series is about, and how its derived fields are calculated."""
    area_id = series_area(query)
    names = {f"indicator_{name}": indicator[name] for name in ("id", "name_zh", "name_en", "unit", "unit_zh")}
    notes = {"derived": {name: DERIVATION_NOTES[name] for name in derivations}} if derivations else {}
    return {"dataset": OBSERVATIONS.name, **names, "area_id": area_id, "total": total, **notes, "revision": revision}


def series_area(query: DatasetQuery) -> StoredValue:
    """Return the id of the area that a series is about."""
    return next(condition.values[0] for condition in query.conditions if condition.field == "area_id")


def parse_series_query(
    context: AppContext,
    indicator_id: str,
    pairs: ParameterPairs,
    extra_params: tuple[str, ...] = (),
    control_params: tuple[str, ...] = (),
) -> tuple[DatasetQuery, tuple[str, ...]]:
    """Return the query for the observations, and the derivations; the caller parses `extra_params`.

    `control_params` are those of the form of the answer: `expand`, `lang`, `bom`. Raises Problem (400), which lists
    every fault.
    """
    faults: list[Fault] = []
    derivations: tuple[str, ...] = ()
    passed_pairs: list[tuple[str, str]] = []
    for name, value in pairs:
        if name == "derive":
            derivations = _parse_derive(value, faults)
        elif name in PASSED_PARAMETERS or name in control_params:
            passed_pairs.append((name, value))
        elif name not in extra_params:
            known = ["derive", *extra_params, *control_params, *PASSED_PARAMETERS]
            faults.append(Fault(clip(name), unknown_name(name, known)))
    query = DatasetQuery()
    try:
        query = parse_dataset_query(OBSERVATIONS, tuple(passed_pairs), control_params, context.settings)
    except Problem as problem:
        faults += problem.errors
    if faults:
        raise bad_request(faults)
    conditions = [FilterCondition("indicator_id", "eq", (indicator_id,))]
    if not any(condition.field == "area_id" for condition in query.conditions):
        conditions.append(FilterCondition("area_id", "eq", (CITY_AREA_ID,)))
    sort = (("period", False), ("published_on", False), ("id", False))
    query = replace(
        query,
        conditions=(*conditions, *query.conditions),
        sort=sort,
        limit=context.settings.max_series_points,
        raw_parameters=pairs,
    )
    return query, derivations


def _parse_derive(text: str, faults: list[Fault]) -> tuple[str, ...]:
    """Return the names in `derive`, and add what is wrong with them to `faults`."""
    names = text.split(",")
    for n, name in enumerate(names):
        if name not in DERIVATIONS:
            faults.append(
                Fault("derive", f"'{clip(name)}' cannot be derived.{did_you_mean(name, DERIVATIONS)}", DERIVATIONS)
            )
        elif name in names[:n]:
            faults.append(Fault("derive", f"names '{name}' twice"))
    return tuple(name for name in DERIVATIONS if name in names)


def without_period(query: DatasetQuery) -> DatasetQuery:
    """Return the query for every month and vintage that a query may use to derive a figure."""
    conditions = tuple(condition for condition in query.conditions if condition.field in ("indicator_id", "area_id"))
    return replace(query, conditions=conditions, options={**query.options, "vintages": "all"}, count=False)
