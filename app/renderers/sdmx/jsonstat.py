"""Observations as a cube in JSON-stat 2.0 (https://json-stat.org/full/)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.datasets.observations import MEASURES, ObsStatus
from app.model.dataset import Fact
from app.model.rows import Record, to_json
from app.renderers.sdmx.codelists import OBSERVATIONS, STATUSES, unit_label

DIMENSIONS: Mapping[str, str] = {"indicator": "indicator_id", "area": "area_id", "period": "period"}
"""The dimensions with the fields that they are; the measures come last."""
MEASURE, VINTAGE = "measure", "issue"
CHINESE = "zh"


@dataclass(frozen=True, slots=True)
class Cube:
    """The rows of a question and what names them; `vintages`: issues are a dimension of their own."""

    rows: Sequence[Record]
    indicators: Sequence[Record]
    areas: Sequence[Record]
    vintages: bool
    lang: str
    href: str
    updated: str

    @property
    def dimensions(self) -> dict[str, list[str]]:
        """Every dimension with its categories, in order."""
        held = {name: {row[field] for row in self.rows} for name, field in DIMENSIONS.items()}
        issues = {row["issue_id"]: row["published_on"] for row in self.rows} if self.vintages else {}
        return {
            "indicator": [row["id"] for row in self.indicators if row["id"] in held["indicator"]],
            "area": [row["id"] for row in self.areas if row["id"] in held["area"]],
            "period": sorted(held["period"]),
            **({VINTAGE: sorted(issues, key=lambda issue: (issues[issue], issue))} if self.vintages else {}),
            MEASURE: list(MEASURES),
        }


def cells_of(dimensions: Mapping[str, Sequence[str]]) -> int:
    """How many cells a cube has, empty ones included."""
    size = 1
    for categories in dimensions.values():
        size *= len(categories)
    return size


def jsonstat(cube: Cube) -> bytes:
    """The dataset response."""
    dimensions = cube.dimensions
    values, statuses = _cells(cube, dimensions)
    label = OBSERVATIONS.title_zh if cube.lang == CHINESE else OBSERVATIONS.title_en
    response: dict[str, Any] = {
        "version": "2.0",
        "class": "dataset",
        "href": cube.href,
        "label": label,
        "source": "市人民政府公报" if cube.lang == CHINESE else "The municipal gazette",
        "updated": cube.updated,
        "note": [_note(cube.lang)],
        "id": list(dimensions),
        "size": [len(categories) for categories in dimensions.values()],
        "role": {"time": ["period"], "geo": ["area"], "metric": ["indicator", MEASURE]},
        "dimension": {name: _dimension(cube, name, categories) for name, categories in dimensions.items()},
        "value": values,
        "status": statuses,
        "extension": {"status": {"label": {STATUSES[ObsStatus.missing]: _word(cube.lang, ObsStatus.missing)}}},
    }
    return to_json(response).encode()


def _note(lang: str) -> str:
    if lang == CHINESE:
        return "status为O：原文印作“—”；value为null而无status：无此数据。当月、累计的单位是指标的单位。"
    return (
        "A status of O: the gazette prints a dash. A null without a status: there is no such figure. "
        "The unit of a month's or accumulated figure is that of its indicator."
    )


def _word(lang: str, member: ObsStatus) -> str:
    return member.label_zh if lang == CHINESE else member.label_en


def _cells(cube: Cube, dimensions: Mapping[str, Sequence[str]]) -> tuple[list[Decimal | None], dict[str, str]]:
    """The value of every cell in row-major order, and the statuses of those printed as missing."""
    fields = [*DIMENSIONS.values(), *(["issue_id"] if cube.vintages else [])]
    places = [{category: n for n, category in enumerate(categories)} for categories in dimensions.values()]
    values: list[Decimal | None] = [None] * cells_of(dimensions)
    statuses: dict[str, str] = {}
    for row in cube.rows:
        at = 0
        for field, known in zip(fields, places, strict=False):
            at = at * len(known) + known[row[field]]
        for n, measure in enumerate(MEASURES):
            cell = at * len(MEASURES) + n
            values[cell] = row[measure]
            if row[f"{measure}_status"] == ObsStatus.missing:
                statuses[str(cell)] = STATUSES[ObsStatus.missing]
    return values, dict(sorted(statuses.items(), key=lambda cell: int(cell[0])))


def _dimension(cube: Cube, name: str, categories: Sequence[str]) -> dict[str, Any]:
    category: dict[str, Any] = {"index": list(categories), "label": _labels(cube, name, categories)}
    if name == "indicator":
        category["unit"] = _indicator_units(cube, categories)
    elif name == MEASURE:
        units = {measure: _fact(measure).unit for measure in categories}
        category["unit"] = {
            measure: {"label": unit, "decimals": _decimals(cube.rows, [measure])}
            for measure, unit in units.items()
            if unit
        }
    return {"label": _heading(cube.lang, name), "category": category}


def _heading(lang: str, name: str) -> str:
    facts = {MEASURE: Fact("口径", "Measure"), VINTAGE: _fact("issue_id")}
    fact = facts[name] if name in facts else _fact(DIMENSIONS[name])
    return fact.zh if lang == CHINESE else fact.en


def _labels(cube: Cube, name: str, categories: Iterable[str]) -> dict[str, str]:
    if name == MEASURE:
        return {each: _fact(each).zh if cube.lang == CHINESE else _fact(each).en for each in categories}
    if name in ("indicator", "area"):
        rows = {row["id"]: row for row in (cube.indicators if name == "indicator" else cube.areas)}
        return {each: _name(rows[each], cube.lang) for each in categories}
    return {each: each for each in categories}


def _name(row: Record, lang: str) -> str:
    name: str = row["name_zh"] if lang == CHINESE else row["name_en"] or row["name_zh"]
    return name


def _indicator_units(cube: Cube, categories: Iterable[str]) -> dict[str, Any]:
    """The unit of each indicator, with the most decimals that its figures have."""
    known = {row["id"]: row for row in cube.indicators}
    figures = [measure for measure in MEASURES if _fact(measure).unit is None]
    found = {}
    for each in categories:
        unit = unit_label(known[each]["unit"], cube.lang)
        if unit:
            rows = [row for row in cube.rows if row["indicator_id"] == each]
            found[each] = {"label": unit, "decimals": _decimals(rows, figures)}
    return found


def _decimals(rows: Iterable[Record], measures: Sequence[str]) -> int:
    """The most places of the figures as they are printed."""
    exponents = (
        int(row[name].as_tuple().exponent) for row in rows for name in measures if isinstance(row[name], Decimal)
    )
    return -min(exponents, default=0)


def _fact(field: str) -> Fact:
    return OBSERVATIONS.by_name[field].fact
