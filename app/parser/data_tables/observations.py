"""The table of economic indicators: what is measured, and what one issue prints for one month."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from app.parser.data_tables.indicator_names import IndicatorName, is_numbered, read_name
from app.parser.records import Context, Doubt, Line, Reading, Row, Unread, Value
from app.parser.tables.grid import is_table_line
from app.parser.tables.table import DataRow, Table, disown, kind_of, read_table, start_reading
from app.parser.text.figures import read_figure, read_growth, read_period
from app.parser.text.normalise import is_marked, key
from app.parser.text.places import Places
from app.parser.text.slugs import unique

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
_SIGNATURE = re.compile(r"(?:制表|数据来源|资料来源)?:?.{0,12}统计局(?:制|提供|编)?|单位:.{1,20}|\(单位:.{1,20}\)")
_BESIDE = re.compile(r"[\d-]{1,8}|(?:注|说明|备注)[:：]?.*|[^一-龥A-Za-z]*")
_TITLE = re.compile(r"(?:19|20)\d{2}年.*(?:统计|指标|情况)|(?:情况表|统计表|指标|指标表|完成情况)(?:\(.*\))?$")
_CONTINUED = re.compile(r"\(?续表?\)?$")
_A_CITY = re.compile(r"[一-龥]{2,5}?[市州县区](?=\d|本级|全市|主要|国民)")
_LONGEST_HEADING = 60
_START = 24
_FIGURES = ("value", "value_yoy", "cumulative", "cumulative_yoy")


def read_statistics(lines: Sequence[Line], context: Context) -> Reading:
    """Read one table into `indicators` and `observations`.

    The month stands in the table's title. Figures are exact decimals with the printed number of
    decimals; a dash is null with status `missing`. An indicator that is not known by name gets an
    id from its name and is reported. A price index is an index (same period of the previous year
    is 100), whatever unit the table prints.
    """
    reading = Reading()
    for part in _parts(lines):
        if kind_of(part) == "indicators" or not any(is_table_line(line) for line in part):
            reading.add(_read_one(part, context))
        else:
            printed = (line for line in part if line.text.strip())
            reading.unread += [Unread(line.number, line.text.strip()[:_START], "unknown table") for line in printed]
    return reading


def _parts(lines: Sequence[Line]) -> list[list[Line]]:
    """Cut a section where a heading stands below rows: there another table begins."""
    parts: list[list[Line]] = [[]]
    rows = False
    for line in lines:
        if rows and not is_table_line(line) and _is_heading(line.text):
            parts.append([])
            rows = False
        rows = rows or is_table_line(line)
        parts[-1].append(line)
    return parts


def _is_heading(text: str) -> bool:
    """Tell whether a line below rows opens another table: it is no signature, remark, page number or 续表."""
    folded = key(text) if len(text) < _LONGEST_HEADING else ""
    if not folded or _BESIDE.fullmatch(folded) or _SIGNATURE.fullmatch(folded) or _CONTINUED.search(folded):
        return False
    return is_marked(text) or _TITLE.search(folded) is not None


def _read_one(lines: Sequence[Line], context: Context) -> Reading:
    table = read_table(lines, "indicators")
    reading = start_reading(table)
    _claim_signature(reading, lines)
    period, remark = read_period(table.title, context.published_on)
    if period is None:
        for row in table.rows:
            disown(reading, row, "the table's title names no month")
        return reading
    area, elsewhere = _area_of(table.title, context)
    remarks = [each for each in (remark, elsewhere) if each]
    reading.doubts += [Doubt(lines[0].number, table.title, each) for each in remarks]
    parent: IndicatorName | None = None
    numbered = bool(table.rows) and is_numbered(table.rows[0].cells.get("name", ""))
    indexes: set[str] = set()
    taken: dict[str, int] = {}
    for row in table.rows:
        printed = row.cells.get("name", "")
        name = read_name(printed, parent, numbered)
        why = "a row that names no indicator" if name is None else _misplaced(row, table.width)
        if name is None or why:
            disown(reading, row, why or "")
            continue
        parent = parent if name.parent else name
        notes = list(remarks)
        if _PRICE_INDEX.search(name.name) or name.parent in indexes:
            indexes.add(name.id)
        unique_id = unique(name.id, taken)
        _add_indicator(reading, table, row, name, unique_id, name.id in indexes)
        fields: dict[str, Value] = {"indicator_id": unique_id, "area_id": area, "period": period}
        fields |= _read_figures(row, table, notes, reading)
        fields |= {"issue_id": context.issue_id, "published_on": context.published_on}
        row_id = f"{unique_id}.{area}.{period}.{context.issue_id}"
        columns = {"indicator_id": "name", **{figure: figure for figure in _FIGURES}}
        reading.rows.append(_row("observations", row_id, fields, table, row, columns, notes))
    return reading


def _misplaced(row: DataRow, width: int) -> str | None:
    """Tell why a row's cells cannot stand under the head; None when they can.

    A cell lost in the middle moves the ones after it under wrong names: which one is lost is not guessed.
    """
    if row.width < width:
        return "fewer cells than the table's head"
    unit = row.cells.get("unit", "")
    if read_figure(unit)[0] is not None:
        return "not a row under this head"
    figures = [read_growth(row.cells[name]) for name in _FIGURES if name in row.cells]
    words = key(unit) not in _UNITS and all(value is None for value, _ in figures)
    return "not a row under this head" if words and not all(ok for _, ok in figures) else None


def _row(
    dataset: str,
    row_id: str,
    fields: Mapping[str, Value],
    table: Table,
    row: DataRow,
    columns: Mapping[str, str],
    notes: Sequence[str],
) -> Row:
    printed = {name: row.cells[column] for name, column in columns.items() if column in row.cells}
    return Row(
        dataset,
        row_id,
        fields,
        row.first,
        row.last,
        table=table.title or None,
        row=row.number,
        printed=printed,
        notes="; ".join(notes) or None,
    )


def _add_indicator(
    reading: Reading, table: Table, row: DataRow, name: IndicatorName, row_id: str, is_index: bool
) -> None:
    unit_zh = row.cells.get("unit") or None
    unit = "index" if is_index else _UNITS.get(key(unit_zh or ""))
    notes: list[str] = []
    if not name.known:
        notes.append("an indicator not seen before; its id is made from its name")
    if row_id != name.id:
        notes.append("the table prints this indicator more than once")
    if is_index and key(unit_zh or "") == "%":
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
    reading.rows.append(_row("indicators", row_id, fields, table, row, columns, notes))
    reading.doubts += [Doubt(row.first, name.name, note) for note in notes if not note.startswith("an index")]


def _read_figures(row: DataRow, table: Table, notes: list[str], reading: Reading) -> dict[str, Value]:
    """Return the four figures, each followed by its status."""
    found: dict[str, Value] = {}
    for figure in _FIGURES:
        value: Decimal | None = None
        if figure not in row.cells:
            notes.append(f"the table has no column for {figure}")
            if row.number == 1:
                reading.doubts.append(Doubt(row.first, table.title, notes[-1]))
        else:
            reader = read_growth if figure.endswith("_yoy") else read_figure
            value, readable = reader(row.cells[figure])
            if not readable:
                notes.append(f"{figure} is printed as {row.cells[figure][:40]}, which is no number")
                reading.doubts.append(Doubt(row.first, row.cells[figure][:40], f"{figure} is no number"))
        found[figure] = value
        found[f"{figure}_status"] = "missing" if value is None else "normal"
    return found


def _area_of(title: str, context: Context) -> tuple[str, str | None]:
    """Return the area that the title begins with, the whole city by default, and a remark on a city not listed."""
    places = Places(context.areas)
    area, _, _ = places.cut_county(title)
    if area:
        return area.id, None
    named = _A_CITY.match(title)
    city = places.city
    foreign = named and city and named[0] != city.name_zh
    remark = f"{named[0]} is not in the official list; taken as the whole city" if named and foreign else None
    return (city.id if city else _CITY), remark


def _claim_signature(reading: Reading, lines: Sequence[Line]) -> None:
    """Claim the line that names the compiling office, and a remark on units."""
    texts = {line.number: key(line.text) for line in lines if len(line.text) < 60}
    left = [item for item in reading.unread if not _SIGNATURE.fullmatch(texts.get(item.line, ""))]
    reading.read.update({item.line for item in reading.unread} - {item.line for item in left})
    reading.unread = left
