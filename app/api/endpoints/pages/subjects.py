"""The datasets whose pages show more than a table: each has a module and a template of its own."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.api.endpoints.pages.checks import load_checks
from app.api.endpoints.pages.commitments import load_commitments
from app.api.endpoints.pages.diary import load_diary
from app.api.endpoints.pages.page import PageRequest
from app.api.endpoints.pages.villages import load_villages
from app.api.endpoints.pages.water import load_water_sections
from app.model.dataset import Dataset
from app.query.params.dataset_query import DatasetQuery


@dataclass(frozen=True, slots=True)
class Subject:
    """What the page of a dataset shows above its table.

    `load` takes the values of the generic page and returns those that the template needs besides.
    """

    template: str
    load: Callable[[PageRequest, Dataset, DatasetQuery, Mapping[str, Any]], Awaitable[dict[str, Any]]]
    depends_on_today: bool = False


SUBJECTS: Mapping[str, Subject] = {
    "commitments": Subject("commitments.html", load_commitments, depends_on_today=True),
    "water-sections": Subject("water-sections.html", load_water_sections),
    "urban-villages": Subject("urban-villages.html", load_villages),
    "events": Subject("events.html", load_diary),
    "checks": Subject("checks.html", load_checks),
}
"""By dataset."""
