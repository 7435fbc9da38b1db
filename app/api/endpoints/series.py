"""One indicator over time, and on request figures derived from the printed ones.

Derived figures are never in printed fields: they are under `derived`, which a row has only on request, and
`meta.derived` has their formulas and rounding. All arithmetic is decimal.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, NamedTuple

from app.api.cache_headers import conditional_cache_headers
from app.api.context import AppContext
from app.api.endpoints.common import enforce_max_size
from app.api.problems import service_unavailable
from app.datasets import DATASETS
from app.db.reader import DatabaseUnavailable
from app.errors import Fault, Problem, bad_request, did_you_mean
from app.http.response import JSON, ApiResponse
from app.model.rows import Record, from_json, to_json
from app.model.values import clip
from app.query.page import Page
from app.query.params.dataset_query import DatasetQuery, FilterCondition, parameter_names, parse_dataset_query
from app.query.params.name_hints import unknown_name
from app.query.params.query_string import ParameterPairs, parse_query_string
from app.query.repository import VersionedRow, retry_until_consistent

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
BALANCE_INDICATORS = ("rmb_deposits", "household_deposits", "rmb_loans")
"""Indicators whose cumulative column has a balance, which is not a sum of months."""
CONSTANT_PRICE_INDICATORS = ("industrial_value_added",)
"""Indicators whose printed change is at constant prices (National Bureau of Statistics, notes on industrial value
added), so that it does not lead back from a figure at current prices."""
DERIVATIONS = ("prior_year", "monthly_from_cumulative")
DERIVATION_NOTES: Mapping[str, Mapping[str, Any]] = {
    "prior_year": {
        "derived": True,
        "fields": ["prior_year", "prior_year_cumulative"],
        "formula": "value / (1 + value_yoy / 100); cumulative / (1 + cumulative_yoy / 100)",
        "rounding": "half to even, to the places of the printed figure",
        "null": "where a figure is missing, for an index, which already is a ratio to the previous year, and for an "
        "indicator whose change is at constant prices (industrial_value_added)",
    },
    "monthly_from_cumulative": {
        "derived": True,
        "fields": ["monthly_from_cumulative"],
        "formula": "cumulative - cumulative of the month before in the same year; January: cumulative",
        "rounding": "none, the difference is exact",
        "null": "where a figure is missing, and for an index or a balance; of several vintages of the month "
        "before, the latest seen counts, and with vintages=all the latest published by the same day",
    },
}
EXACT_DECIMAL = Context(prec=60, rounding=ROUND_HALF_EVEN)


async def get_series(context: AppContext, indicator_id: str, query_string: bytes) -> ApiResponse:
    """Return the observations of one indicator in one area, by month. Raises Problem (400, 404, 503), NotModified."""
    query, derivations = parse_series_query(
        context, indicator_id, parse_query_string(query_string, context.settings.max_parameters)
    )
    today = context.today()
    etag_key, revision = f"indicators/{indicator_id}/series?{query.raw_parameters}", context.repository.version.revision
    headers = conditional_cache_headers(context, OBSERVATIONS, etag_key, revision, today)
    try:
        series = await fetch_points(context, indicator_id, query, derivations, today)
    except DatabaseUnavailable as error:
        raise service_unavailable(error) from None
    if series.revision != revision:
        headers = conditional_cache_headers(context, OBSERVATIONS, etag_key, series.revision, today)
    meta = build_meta(series.indicator, query, series.total, derivations, series.revision)
    body = {"data": series.points, "meta": meta}
    return ApiResponse(JSON, enforce_max_size(context, to_json(body).encode()), headers)


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
            point["derived"] = derive_fields(row, known_vintages, derivations, indicator)
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
    area_id = next(condition.values[0] for condition in query.conditions if condition.field == "area_id")
    names = {f"indicator_{name}": indicator[name] for name in ("id", "name_zh", "name_en", "unit", "unit_zh")}
    notes = {"derived": {name: DERIVATION_NOTES[name] for name in derivations}} if derivations else {}
    return {"dataset": OBSERVATIONS.name, **names, "area_id": area_id, "total": total, **notes, "revision": revision}


def parse_series_query(
    context: AppContext, indicator_id: str, pairs: ParameterPairs, extra_params: tuple[str, ...] = ()
) -> tuple[DatasetQuery, tuple[str, ...]]:
    """Return the query for the observations, and the derivations; the caller parses `extra_params`.

    Raises Problem (400), which lists every fault.
    """
    faults: list[Fault] = []
    derivations: tuple[str, ...] = ()
    passed_pairs: list[tuple[str, str]] = []
    for name, value in pairs:
        if name == "derive":
            derivations = _parse_derive(value, faults)
        elif name in PASSED_PARAMETERS:
            passed_pairs.append((name, value))
        elif name not in extra_params:
            faults.append(Fault(clip(name), unknown_name(name, ["derive", *extra_params, *PASSED_PARAMETERS])))
    query = DatasetQuery()
    try:
        query = parse_dataset_query(OBSERVATIONS, tuple(passed_pairs), (), context.settings)
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


def derive_fields(row: Record, vintages: Iterable[Record], derivations: Iterable[str], indicator: Record) -> Record:
    """Return the derived fields of one row, an observation of `indicator`."""
    is_index = indicator["unit"] == "index"
    has_prior_year = not is_index and indicator["id"] not in CONSTANT_PRICE_INDICATORS
    fields: Record = {}
    if "prior_year" in derivations:
        for name, measure in (("prior_year", "value"), ("prior_year_cumulative", "cumulative")):
            change = to_decimal(row[f"{measure}_yoy"])
            fields[name] = prior_year_value(to_decimal(row[measure]), change) if has_prior_year else None
    if "monthly_from_cumulative" in derivations:
        fields["monthly_from_cumulative"] = (
            None if is_index or is_balance(indicator) else month_from_cumulative(row, vintages)
        )
    return fields


def is_balance(indicator: Record) -> bool:
    """Whether the cumulative column of an indicator has a balance, which is not a sum of months."""
    return indicator["id"] in BALANCE_INDICATORS or "余额" in indicator["name_zh"]


def prior_year_value(value: Decimal | None, change: Decimal | None) -> Decimal | None:
    """Return the figure of the year before, from a figure and its change in per cent.

    It is rounded half to even to the decimal places of the figure.
    """
    if value is None or change is None or change == -100:
        return None
    prior = EXACT_DECIMAL.divide(value * 100, 100 + change)
    return prior.quantize(Decimal(1).scaleb(int(value.as_tuple().exponent)), context=EXACT_DECIMAL)


def month_from_cumulative(row: Record, vintages: Iterable[Record]) -> Decimal | None:
    """Return the figure of a single month, from the cumulative ones of the month and the month before."""
    year, month = row["period"].split("-")
    cumulative = to_decimal(row["cumulative"])
    if month == "01" or cumulative is None:
        return cumulative
    previous_period = f"{year}-{int(month) - 1:02d}"
    candidates = [vintage for vintage in vintages if vintage["period"] == previous_period]
    if not candidates:
        return None
    newest = max(candidates, key=lambda vintage: vintage["published_on"])
    previous = to_decimal(newest["cumulative"])
    return None if previous is None else cumulative - previous


def to_decimal(value: Any) -> Decimal | None:
    """Return a figure of a row as a decimal. In JSON, figures without decimals are integers."""
    return None if value is None else Decimal(value)
