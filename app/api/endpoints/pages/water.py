"""The page of the water-quality sections: each from its present class to its targets, by year."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from app.api.endpoints.pages.page import PageRequest
from app.api.endpoints.related import fetch_names, fetch_where_in
from app.datasets import DATASETS
from app.model.dataset import Dataset
from app.model.rows import Record, parse_rows
from app.query.params.dataset_query import DatasetQuery
from app.renderers.row_names import references
from app.renderers.site.cells import reference_link, row_path
from app.renderers.site.filter_words import value_in_words

TARGETS = DATASETS["water-targets"]
MAX_YEARS = 8


@dataclass(frozen=True, slots=True)
class Course:
    """A section on its way: what it is now, what is promised for each year, what its table names as the target."""

    name: str
    link: str
    watershed: Markup
    baseline: str
    promises: tuple[tuple[str, str], ...]
    """For each year, the promise in words and the page of its row; both empty where there is none."""
    target: str


async def load_water_sections(
    request: PageRequest,
    dataset: Dataset,
    query: DatasetQuery,  # noqa: ARG001
    values: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the course of each section on the page. Raises DatabaseUnavailable."""
    sections = parse_rows(dataset, values["rows"])
    names = await fetch_names(request.context, references(dataset, sections))
    targets = await fetch_where_in(
        request.context, TARGETS, "section_id", [row["id"] for row in sections], sort=TARGETS.default_sort
    )
    years = sorted({row["year_to"] or row["year_from"] for row in targets} - {None})[:MAX_YEARS]
    targets_by_section: dict[str, list[Record]] = {}
    for target in targets:
        targets_by_section.setdefault(target["section_id"], []).append(target)
    courses = []
    for row in sections:
        own = targets_by_section.get(row["id"], [])
        watershed = row["watershed_id"]
        link = (
            reference_link("watersheds", watershed, names, request.language, request.addresses.base)
            if watershed
            else ""
        )
        courses.append(
            Course(
                row["name"],
                request.addresses.page(row_path(dataset.name, row["id"])),
                Markup(link),
                words(request, dataset, "baseline_class", row["baseline_class"]),
                tuple(promise_of(request, own, year) for year in years),
                words(request, dataset, "target_class", row["target_class"]),
            )
        )
    baseline_years = sorted({row["baseline_year"] for row in sections} - {None})
    return {"years": years, "courses": courses, "baseline_years": baseline_years}


def promise_of(request: PageRequest, targets: list[Record], year: int) -> tuple[str, str]:
    """Return what is promised for a year, and the page of that promise."""
    for row in targets:
        if (row["year_from"] or row["year_to"]) <= year <= (row["year_to"] or row["year_from"]):
            parts = [words(request, TARGETS, "commitment", row["commitment"])]
            if row["target_class"]:
                parts.append(words(request, TARGETS, "target_class", row["target_class"]))
            promise = request.text("", " ").join(parts)
            if row["certainty"] == "strive":
                promise = request.text(f"力争{promise}", f"strive to {promise}")
            return promise, request.addresses.page(row_path(TARGETS.name, row["id"]))
    return "", ""


def words(request: PageRequest, dataset: Dataset, field: str, value: str | None) -> str:
    """Return the label of a code, or a dash."""
    return "—" if value is None else value_in_words(dataset.fields_by_name[field], value, {}, request.language)
