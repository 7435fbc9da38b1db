"""The page of an indicator: its picture over time, the measure to show, the year before, earlier issues' figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.api.endpoints.derivations import is_balance
from app.api.endpoints.pages.page import PageRequest
from app.api.endpoints.related import fetch_names
from app.api.endpoints.series import (
    CITY_AREA_ID,
    MEASURES,
    OBSERVATIONS,
    PASSED_PARAMETERS,
    fetch_points,
    parse_series_query,
)
from app.errors import Fault, bad_request
from app.model.dataset import Dataset
from app.model.rows import Record
from app.query.group_table import facet_values, merge_groups
from app.query.params.dataset_query import DatasetQuery, FilterCondition
from app.query.sql.groups import GroupShape
from app.query.sql.select import count_shape
from app.renderers.charts.wording import measure_label, unit_name
from app.renderers.site.addresses import query_text, without
from app.renderers.site.cells import format_number, row_path

INDICATOR_PARAMETERS = ("measure", *PASSED_PARAMETERS)
SPREADSHEET = (("lang", "zh"), ("bom", "true"))
"""What a CSV file needs for Excel."""
PRIOR_YEAR_FIELDS = {"value": "prior_year", "cumulative": "prior_year_cumulative"}
"""The derived figure of the year before, by measure."""


@dataclass(frozen=True, slots=True)
class Point:
    """A month of the series, as the table shows it; figures are as printed."""

    period: str
    figures: tuple[str, ...]
    prior_year: str
    issue: str
    issue_link: str


async def load_indicator(
    request: PageRequest,
    dataset: Dataset,  # noqa: ARG001
    row: Record,
    values: Mapping[str, Any],  # noqa: ARG001
) -> dict[str, Any]:
    """Return what the page of an indicator shows besides its fields. Raises Problem (400), DatabaseUnavailable."""
    context, parameters = request.context, dict(request.pairs)
    measure = parameters.get("measure", "value")
    if measure not in MEASURES:
        raise bad_request([Fault("measure", "is not a measure of the series", MEASURES)])
    passed = tuple(pair for pair in request.pairs if pair[0] in PASSED_PARAMETERS)
    query, derivations = parse_series_query(context, row["id"], (*passed, ("derive", "prior_year")))
    series = await fetch_points(context, row["id"], query, derivations, context.today())
    has_measure = any(point[measure] is not None for point in series.points)
    if "measure" not in parameters and not has_measure:
        measure = next((each for each in MEASURES if any(point[each] is not None for point in series.points)), measure)
    areas = await fetch_area_choices(request, row["id"])
    names = await fetch_names(
        context, [*(("issues", point["issue_id"]) for point in series.points), *(("areas", area) for area, _ in areas)]
    )
    picture_pairs = [*passed, ("measure", measure), ("lang", request.language)]
    path, addresses = row_path("indicators", row["id"]), request.addresses
    other_pairs = without(request.pairs, "measure")
    all_vintages = parameters.get("vintages") == "all"
    return {
        "measure": measure,
        "measures": [
            (
                each,
                measure_label(each, is_balance(row), request.language),
                addresses.page(path, [*other_pairs, ("measure", each)]),
            )
            for each in MEASURES
        ],
        "picture": addresses.api(f"/v1{path}/series.svg", picture_pairs),
        "embed": addresses.page(f"/embed{path}", [*passed, ("measure", measure)]),
        "unit": unit_name(row, request.language),
        "is_change": measure.endswith("_yoy"),
        "points": [to_point(request, point, measure, names) for point in reversed(series.points)],
        "has_prior_year": measure in PRIOR_YEAR_FIELDS,
        "areas": [(area, names[("areas", area)], count) for area, count in areas if ("areas", area) in names],
        "area_id": parameters.get("area_id", CITY_AREA_ID),
        "series_csv": addresses.api(f"/v1{path}/series.csv", [*passed, *SPREADSHEET]),
        "series_json": addresses.absolute_api(f"/v1{path}/series{query_text(passed)}"),
        "vintages_link": addresses.page(
            path, without(request.pairs, "vintages") if all_vintages else [*request.pairs, ("vintages", "all")]
        ),
        "all_vintages": all_vintages,
    }


def to_point(request: PageRequest, point: Record, measure: str, names: Mapping[Any, Any]) -> Point:
    """Return a month of the series for the table."""
    prior: Decimal | None = point["derived"].get(PRIOR_YEAR_FIELDS.get(measure, ""))
    issue = names.get(("issues", point["issue_id"]))
    return Point(
        point["period"],
        tuple("—" if point[each] is None else format_number(point[each]) for each in MEASURES),
        "—" if prior is None else format_number(prior),
        request.text(issue.zh, issue.en) if issue else point["issue_id"],
        request.addresses.page(row_path("issues", point["issue_id"])),
    )


async def fetch_area_choices(request: PageRequest, indicator_id: str) -> list[tuple[str, int]]:
    """Return the areas that an indicator is printed for, with their numbers of months. Raises DatabaseUnavailable."""
    context = request.context
    query = DatasetQuery(conditions=(FilterCondition("indicator_id", "eq", (indicator_id,)),))
    shape = GroupShape(count_shape(OBSERVATIONS, query), ("area_id",))
    max_groups = context.settings.max_groups
    [rows], _ = await context.repository.fetch_groups(OBSERVATIONS, query, [shape], max_groups, context.today())
    groups = facet_values(OBSERVATIONS, "area_id", merge_groups(OBSERVATIONS, shape, rows), max_groups)
    return [(group["value"], group["count"]) for group in groups]
