"""The page of the government diary: its entries by day, each person a link to all of theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from app.api.endpoints.pages.page import PageRequest
from app.model.dataset import Dataset
from app.model.rows import Record, parse_rows
from app.query.params.dataset_query import DatasetQuery
from app.renderers.site.addresses import PAGING, without
from app.renderers.site.cells import row_path
from app.renderers.urls import quote_query

WEEKDAYS_ZH = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class DiaryEntry:
    """An entry: who took part (name, title, page of the person) and what it was."""

    people: tuple[tuple[str, str, str], ...]
    activity: str
    link: str
    notes: str


@dataclass(frozen=True, slots=True)
class DiaryDay:
    """The entries of one day."""

    day: str
    name: str
    entries: tuple[DiaryEntry, ...]


async def load_diary(
    request: PageRequest,
    dataset: Dataset,
    query: DatasetQuery,  # noqa: ARG001
    values: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the entries of the page by day, in the order of the query."""
    rows = parse_rows(dataset, values["rows"])
    rest = without(request.pairs, *PAGING)
    person_link = request.addresses.around_value(f"/{dataset.name}", rest, "participants__has")
    return {
        "days": [
            DiaryDay(day, day_name(request, day), tuple(entry(request, dataset, row, person_link) for row in entries))
            for day, entries in groupby(rows, key=lambda row: str(row["date"]))
        ]
    }


def day_name(request: PageRequest, day: str) -> str:
    """Return a day in words, with its weekday."""
    parsed = date.fromisoformat(day)
    weekday = f"星期{WEEKDAYS_ZH[parsed.weekday()]}"
    return request.text(
        f"{parsed.year}年{parsed.month}月{parsed.day}日 {weekday}",
        f"{parsed:%A}, {parsed.day} {parsed:%B} {parsed.year}",
    )


def entry(request: PageRequest, dataset: Dataset, row: Record, person_link: tuple[str, str]) -> DiaryEntry:
    """Return one entry. `person_link` is what stands around a name in the link to a person's entries."""
    before, after = person_link
    people = tuple(
        [
            (person["name"], person["title"] or "", f"{before}{quote_query(person['name'])}{after}")
            for person in row["participants"] or ()
            if person["name"]
        ]
    )
    link = request.addresses.page(row_path(dataset.name, row["id"]))
    return DiaryEntry(people, row["activity"], link, row["notes"] or "")
