"""Observations as a cube in JSON-stat 2.0 (https://json-stat.org/full/)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.datasets.observations import MEASURES, ObsStatus
from app.model.dataset import ColumnInfo
from app.model.rows import Record, to_json
from app.renderers.sdmx.codelists import OBSERVATIONS, STATUSES, unit_label

DIMENSIONS: Mapping[str, str] = {"indicator": "indicator_id", "area": "area_id", "period": "period"}
"""Dimensions with their fields. The measures come last."""
MEASURE, VINTAGE = "measure", "issue"
CHINESE = "zh"


@dataclass(frozen=True, slots=True)
class Cube:
    """The rows of a query and the rows that name them. With `has_vintages`, issues are a dimension too."""

    rows: Sequence[Record]
    indicators: Sequence[Record]
    areas: Sequence[Record]
    has_vintages: bool
    lang: str
    href: str
    updated: str
    publisher: str

    @property
    def dimensions(self) -> dict[str, list[str]]:
        """Every dimension with its categories, in order."""
        ids = {name: {row[field] for row in self.rows} for name, field in DIMENSIONS.items()}
        issues = {row["issue_id"]: row["published_on"] for row in self.rows} if self.has_vintages else {}
        return {
            "indicator": [row["id"] for row in self.indicators if row["id"] in ids["indicator"]],
            "area": [row["id"] for row in self.areas if row["id"] in ids["area"]],
            "period": sorted(ids["period"]),
            **({VINTAGE: sorted(issues, key=lambda issue: (issues[issue], issue))} if self.has_vintages else {}),
            MEASURE: list(MEASURES),
        }


def count_cells(dimensions: Mapping[str, Sequence[str]]) -> int:
    """Return the number of cells of a cube, including empty ones."""
    size = 1
    for categories in dimensions.values():
        size *= len(categories)
    return size


def write_jsonstat(cube: Cube) -> bytes:
    """Return the dataset response."""
    dimensions = cube.dimensions
    values, statuses = _cells(cube, dimensions)
    label = OBSERVATIONS.title_zh if cube.lang == CHINESE else OBSERVATIONS.title_en
    response: dict[str, Any] = {
        "version": "2.0",
        "class": "dataset",
        "href": cube.href,
        "label": label,
        "source": _source(cube),
        "updated": cube.updated,
        "note": [_note(cube.lang)],
        "id": list(dimensions),
        "size": [len(categories) for categories in dimensions.values()],
        "role": {"time": ["period"], "geo": ["area"], "metric": ["indicator", MEASURE]},
        "dimension": {name: _dimension(cube, name, categories) for name, categories in dimensions.items()},
        "value": values,
        "status": statuses,
        "extension": {"status": {"label": {STATUSES[ObsStatus.missing]: _status_label(cube.lang, ObsStatus.missing)}}},
    }
    return to_json(response).encode()


def _source(cube: Cube) -> str:
    """Return who made the figures, where the print says so, and the gazette that prints them: `温州市人民政府公报`."""
    makers = dict.fromkeys(row["source"].get("compiled_by") for row in cube.rows if row["source"])
    gazette = f"{cube.publisher}公报" if cube.lang == CHINESE else f"{cube.publisher}公报 (municipal gazette)"
    return "；".join([*(maker for maker in makers if maker), gazette])


def _note(lang: str) -> str:
    if lang == CHINESE:
        return "status为O：原文印作“—”；value为null而无status：无此数据。当月、累计的单位是指标的单位。"
    return (
        "A status of O: the gazette prints a dash. A null without a status: there is no such figure. "
        "The unit of a month's or year-to-date figure is that of its indicator."
    )


def _status_label(lang: str, member: ObsStatus) -> str:
    return member.label_zh if lang == CHINESE else member.label_en


def _cells(cube: Cube, dimensions: Mapping[str, Sequence[str]]) -> tuple[list[Decimal | None], dict[str, str]]:
    """Return the value of every cell in row-major order, and the statuses of those printed as missing."""
    fields = [*DIMENSIONS.values(), *(["issue_id"] if cube.has_vintages else [])]
    positions = [{category: n for n, category in enumerate(categories)} for categories in dimensions.values()]
    values: list[Decimal | None] = [None] * count_cells(dimensions)
    statuses: dict[str, str] = {}
    for row in cube.rows:
        offset = 0
        for field, categories_positions in zip(fields, positions, strict=False):
            offset = offset * len(categories_positions) + categories_positions[row[field]]
        for n, measure in enumerate(MEASURES):
            cell = offset * len(MEASURES) + n
            values[cell] = row[measure]
            if row[f"{measure}_status"] == ObsStatus.missing:
                statuses[str(cell)] = STATUSES[ObsStatus.missing]
    return values, dict(sorted(statuses.items(), key=lambda cell: int(cell[0])))


def _dimension(cube: Cube, name: str, categories: Sequence[str]) -> dict[str, Any]:
    category: dict[str, Any] = {"index": list(categories), "label": _category_labels(cube, name, categories)}
    if name == "indicator":
        category["unit"] = _indicator_units(cube, categories)
    elif name == MEASURE:
        units = {measure: _column_info(measure).unit for measure in categories}
        category["unit"] = {
            measure: {"label": unit, "decimals": _max_decimals(cube.rows, [measure])}
            for measure, unit in units.items()
            if unit
        }
    return {"label": _dimension_label(cube.lang, name), "category": category}


def _dimension_label(lang: str, name: str) -> str:
    special = {MEASURE: ColumnInfo("口径", "Measure"), VINTAGE: _column_info("issue_id")}
    info = special[name] if name in special else _column_info(DIMENSIONS[name])
    return info.label_zh if lang == CHINESE else info.label_en


def _category_labels(cube: Cube, name: str, categories: Iterable[str]) -> dict[str, str]:
    if name == MEASURE:
        return {
            category: _column_info(category).label_zh if cube.lang == CHINESE else _column_info(category).label_en
            for category in categories
        }
    if name in ("indicator", "area"):
        rows = {row["id"]: row for row in (cube.indicators if name == "indicator" else cube.areas)}
        return {category: _row_name(rows[category], cube.lang) for category in categories}
    return {category: category for category in categories}


def _row_name(row: Record, lang: str) -> str:
    name: str = row["name_zh"] if lang == CHINESE else row["name_en"] or row["name_zh"]
    return name


def _indicator_units(cube: Cube, categories: Iterable[str]) -> dict[str, Any]:
    """Return the unit of each indicator, with the largest number of decimals among its figures."""
    indicators = {row["id"]: row for row in cube.indicators}
    figures = [measure for measure in MEASURES if _column_info(measure).unit is None]
    units = {}
    for indicator_id in categories:
        unit = _unit_label(indicators[indicator_id], cube.lang)
        if unit:
            rows = [row for row in cube.rows if row["indicator_id"] == indicator_id]
            units[indicator_id] = {"label": unit, "decimals": _max_decimals(rows, figures)}
    return units


def _unit_label(indicator: Record, lang: str) -> str | None:
    """Return the unit of an indicator: in Chinese as it is printed, `亿元`, unless it is an index."""
    printed: str | None = indicator["unit_zh"]
    is_as_printed = lang == CHINESE and printed and indicator["unit"] not in (None, "index")
    return printed if is_as_printed else unit_label(indicator["unit"], lang)


def _max_decimals(rows: Iterable[Record], measures: Sequence[str]) -> int:
    """Return the largest number of printed decimals."""
    exponents = (
        int(row[name].as_tuple().exponent) for row in rows for name in measures if isinstance(row[name], Decimal)
    )
    return -min(exponents, default=0)


def _column_info(field: str) -> ColumnInfo:
    return OBSERVATIONS.fields_by_name[field].info
