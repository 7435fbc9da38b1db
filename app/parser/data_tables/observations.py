"""The table of economic indicators: what is measured, and what one issue prints for one month."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from app.parser.data_tables.indicator_names import IndicatorName, is_numbered, parse_indicator_name
from app.parser.data_tables.uncleared_buildings import KIND as UNCLEARED_BUILDINGS
from app.parser.data_tables.urban_villages import KIND as URBAN_VILLAGES
from app.parser.data_tables.village_tasks import KIND as VILLAGE_TASKS
from app.parser.data_tables.water_sections import KIND as WATER_SECTIONS
from app.parser.data_tables.watersheds import KIND as WATERSHEDS
from app.parser.records import Doubt, IssueContext, ParsedRow, ReadResult, Value
from app.parser.tables.grid import MAX_COLUMNS, clean_cell
from app.parser.tables.headers import match_column
from app.parser.tables.statistics_section import SIGNATURE
from app.parser.tables.table_kind import DataRow, KnownRows, Table, TableKind, release_row, start_result
from app.parser.text.figures import parse_figure, parse_growth, parse_period
from app.parser.text.normalise import match_key
from app.parser.text.places import Places
from app.parser.text.slugs import unique_id

_CITY = "330300"
_UNITS = {
    "亿元": "100_million_CNY",
    "万元": "10_thousand_CNY",
    "元": "CNY",
    "亿美元": "100_million_USD",
    "万美元": "10_thousand_USD",
    "%": "percent",
    "亿千瓦时": "100_million_kWh",
    "万千瓦时": "10_thousand_kWh",
    "亿度": "100_million_kWh",
    "万吨": "10_thousand_t",
    "吨": "t",
    "万平方米": "10_thousand_m2",
    "个": "count",
    "家": "count",
    "户": "household",
    "人": "person",
    "万人": "10_thousand_person",
    "万人次": "10_thousand_visit",
}
_PRICE_INDEX = re.compile(r"(价格(总)?指数|^CPI)")
_A_CITY = re.compile(r"[一-龥]{2,5}?[市州县区](?=\d|本级|全市|主要|国民)")
_MAX_SIGNATURE_LENGTH = 60
_FIGURES = ("value", "value_yoy", "cumulative", "cumulative_yoy")


def extract_observations(table: Table, context: IssueContext, _known: KnownRows) -> ReadResult:
    """Return a row of `indicators` and a row of `observations` for each data row.

    The month stands in the table's title. Figures are exact decimals with the printed number of decimals; a dash is
    null with status `missing`. An indicator whose name is not known gets an id made from its name and a doubt. A price
    index is an index (same period of the previous year = 100), whatever unit the table prints.
    """
    result = start_result(table)
    _mark_signature_read(result, table)
    period, period_remark = parse_period(table.title, context.published_on)
    if period is None:
        for row in table.rows:
            release_row(result, row, "the table's title names no month")
        return result
    area, area_remark = _find_area(table.title, context)
    remarks = [remark for remark in (period_remark, area_remark) if remark]
    result.doubts += [Doubt(table.lines[0].number, table.title, remark) for remark in remarks]
    parent: IndicatorName | None = None
    numbered = bool(table.rows) and is_numbered(table.rows[0].cells.get("name", ""))
    index_ids: set[str] = set()
    used_ids: dict[str, int] = {}
    for row in table.rows:
        name = parse_indicator_name(row.cells.get("name", ""), parent, numbered)
        reason = "a row that names no indicator" if name is None else _find_misplacement(row, table.header_width)
        if name is None or reason:
            release_row(result, row, reason or "")
            continue
        parent = parent if name.parent else name
        notes = list(remarks)
        if _PRICE_INDEX.search(name.name) or name.parent in index_ids:
            index_ids.add(name.id)
        indicator_id = unique_id(name.id, used_ids)
        _add_indicator(result, table, row, name, indicator_id, name.id in index_ids)
        fields: dict[str, Value] = {"indicator_id": indicator_id, "area_id": area, "period": period}
        fields |= _parse_figures(row, table, notes, result)
        fields |= {"issue_id": context.issue_id, "published_on": context.published_on}
        row_id = f"{indicator_id}.{area}.{period}.{context.issue_id}"
        columns = {"indicator_id": "name", **{figure: figure for figure in _FIGURES}}
        result.rows.append(_build_row("observations", row_id, fields, table, row, columns, notes))
    return result


def _find_misplacement(row: DataRow, width: int) -> str | None:
    """Return why the cells of a row do not belong under the header; None when they do.

    A lost cell moves the cells behind it under wrong names. Which cell is lost is not guessed.
    """
    if row.width < width:
        return "fewer cells than the table's head"
    unit = row.cells.get("unit", "")
    if parse_figure(unit)[0] is not None:
        return "not a row under this head"
    figures = [parse_growth(row.cells[name]) for name in _FIGURES if name in row.cells]
    words = match_key(unit) not in _UNITS and all(value is None for value, _ in figures)
    return "not a row under this head" if words and not all(ok for _, ok in figures) else None


def _build_row(
    dataset: str,
    row_id: str,
    fields: Mapping[str, Value],
    table: Table,
    row: DataRow,
    columns: Mapping[str, str],
    notes: Sequence[str],
) -> ParsedRow:
    printed = {name: row.cells[column] for name, column in columns.items() if column in row.cells}
    return ParsedRow(
        dataset,
        row_id,
        fields,
        row.first_line,
        row.last_line,
        table=table.title or None,
        row=row.number,
        printed=printed,
        notes="; ".join(notes) or None,
    )


def _add_indicator(
    result: ReadResult, table: Table, row: DataRow, name: IndicatorName, row_id: str, is_index: bool
) -> None:
    unit_zh = row.cells.get("unit") or None
    unit = "index" if is_index else _UNITS.get(match_key(unit_zh or ""))
    notes: list[str] = []
    if not name.known:
        notes.append("an indicator not seen before; its id is made from its name")
    if row_id != name.id:
        notes.append("the table prints this indicator more than once")
    if is_index and match_key(unit_zh or "") == "%":
        notes.append("an index, same period of the previous year = 100; the table prints %")
    elif unit is None:
        notes.append("unit not understood" if unit_zh else "no unit printed")
    fields: dict[str, Value] = {
        "name_zh": name.name,
        "name_en": None,
        "unit": unit,
        "unit_zh": unit_zh,
        "parent_id": name.parent,
        "position": row.number,
        "definition": None,
        "definition_source": None,
    }
    columns = {"name_zh": "name", "unit": "unit", "unit_zh": "unit"}
    result.rows.append(_build_row("indicators", row_id, fields, table, row, columns, notes))
    result.doubts += [Doubt(row.first_line, name.name, note) for note in notes if not note.startswith("an index")]


def _parse_figures(row: DataRow, table: Table, notes: list[str], result: ReadResult) -> dict[str, Value]:
    """Return the four figures, each followed by its status."""
    figures: dict[str, Value] = {}
    for figure in _FIGURES:
        value: Decimal | None = None
        if figure not in row.cells:
            notes.append(f"the table has no column for {figure}")
            if row.number == 1:
                result.doubts.append(Doubt(row.first_line, table.title, notes[-1]))
        else:
            parse = parse_growth if figure.endswith("_yoy") else parse_figure
            value, readable = parse(row.cells[figure])
            if not readable:
                notes.append(f"{figure} is printed as {row.cells[figure][:40]}, which is no number")
                result.doubts.append(Doubt(row.first_line, row.cells[figure][:40], f"{figure} is no number"))
        figures[figure] = value
        figures[f"{figure}_status"] = "missing" if value is None else "normal"
    return figures


def _find_area(title: str, context: IssueContext) -> tuple[str, str | None]:
    """Return the area that the title begins with, the whole city by default, and a remark on a city not listed."""
    places = Places(context.areas)
    area, _, _ = places.split_county(title)
    if area:
        return area.id, None
    named = _A_CITY.match(title)
    city = places.city
    foreign = named and city and named[0] != city.name_zh
    remark = f"{named[0]} is not in the official list; taken as the whole city" if named and foreign else None
    return (city.id if city else _CITY), remark


def _mark_signature_read(result: ReadResult, table: Table) -> None:
    """Mark the line that names the compiling office, and a remark on units, as read."""
    keys = {line.number: match_key(line.text) for line in table.lines if len(line.text) < _MAX_SIGNATURE_LENGTH}
    unread = [item for item in result.unread if not SIGNATURE.fullmatch(keys.get(item.line, ""))]
    result.read_lines.update({item.line for item in result.unread} - {item.line for item in unread})
    result.unread = unread


def name_growth_columns(header: Mapping[int, str]) -> dict[int, str]:
    """Return the header with each `yoy` column named after the figure before it: `value_yoy` or `cumulative_yoy`."""
    named: dict[int, str] = {}
    figure = "value"
    for index in sorted(header):
        column = header[index]
        if column in ("value", "cumulative"):
            figure = column
        name = f"{figure}_yoy" if column == "yoy" else column
        if name not in named.values():
            named[index] = name
    return named


def apply_second_header_row(cells: Sequence[str], header: Mapping[int, str]) -> dict[int, str]:
    """Return the header refined by a row below it that names figures and their growth; {} for any other row."""
    refined, figure = dict(header), ""
    for index in range(min(len(cells), MAX_COLUMNS)):
        above, name = header.get(index, ""), match_key(clean_cell(cells[index]))
        figure = above.removesuffix("_yoy") or figure
        column = match_column(name, KIND, {}) if name else None
        if column in ("value", "yoy", "cumulative") and figure in ("value", "cumulative"):
            refined[index] = f"{figure}_yoy" if column == "yoy" else figure
        elif name and column != above:
            return {}
    return refined if refined != dict(header) else {}


KIND = TableKind(
    name="indicators",
    other_datasets=("observations",),
    columns={
        "name": r"指标(名称)?|主要指标",
        "unit": r"(计量)?单位",
        "cumulative": r".*累计.*|.*\d月?-\d+月.*|.*本年.*",
        "yoy": r".*(同比|增长|增幅|增速|上年同).*|±%",
        "value": r".*(当月|本月|绝对[数值]).*|\d{1,2}月(份)?",
    },
    repeated_columns=frozenset({"yoy"}),
    rename_repeated=name_growth_columns,
    second_header_row=apply_second_header_row,
    required=(
        frozenset({"name", "value"}),
        frozenset({"name", "cumulative"}),
        frozenset({"name", "unit", "yoy"}),
    ),
    extract=extract_observations,
    # The other kinds know their columns by a part of the name, this one by the whole name.
    tried_before=(WATER_SECTIONS, WATERSHEDS, URBAN_VILLAGES, VILLAGE_TASKS, UNCLEARED_BUILDINGS),
    in_statistics=True,
    example="""
## 云州市2022年3月份国民经济主要统计指标
|指标|单位|当月|同比±%|累计|同比±%|
|财政总收入|亿元|10.30|9.8|31.20|10.1|
""",
)
