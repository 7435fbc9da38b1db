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
from app.parser.tables.grid import GridRow
from app.parser.tables.statistics_head import Column, StatisticsHead, begins_statistics_head
from app.parser.tables.statistics_table import StatisticsTable, parse_statistics_table
from app.parser.tables.statistics_words import NAME_HEAD, UNIT_HEAD
from app.parser.tables.table_kind import DataRow, KnownRows, Table, TableKind, release_row, start_result
from app.parser.text.figures import parse_figure, parse_growth
from app.parser.text.normalise import fold_width, match_key
from app.parser.text.places import Places
from app.parser.text.slugs import unique_id
from app.parser.text.statistical_periods import Period, Span
from app.parser.text.statistical_units import UNITS

_CITY = "330300"
_WHOLE_CITY = ("全市", "合计", "总计", "全市合计", "全市总计")
_PRICE_INDEX = re.compile(r"(价格(总)?指数|^CPI)")
_A_CITY = re.compile(r"[一-龥]{2,5}?[市州县区](?=\d|本级|全市|主要|国民)")
_UNIT_BEHIND = re.compile(r"\(([^()]{1,12})\)\s*$")
_BALANCES = ("rmb_deposits", "rmb_loans")
_MEASURES = ("value", "value_yoy", "cumulative", "cumulative_yoy")
_NEW_INDICATOR = "an indicator not seen before; its id is made from its name"
_REPEATED_INDICATOR = "the table prints this indicator more than once"
_NOT_PERCENT = "an index, same period of the previous year = 100; the table prints %"
_BALANCE = "a balance: the accumulated figure is the stock at the end of the month, not a sum"
_INDEX_AS_GROWTH = "an index stands under a head of growth; not read"
_LEAST_INDEX = 50
"""From here a figure of a price index is the index itself, no growth in percent."""
_SEVERAL_MONTHS = "the title names several months; the period is the last of them"
_LONG_PERIOD = "the title names a quarter or a year; the period is its last month"


def extract_observations(table: Table, context: IssueContext, known: KnownRows) -> ReadResult:
    """Return a row of `indicators` for each indicator, and a row of `observations` for each indicator and area.

    The period stands in the table's title or in its head. Figures are exact decimals with the printed number of
    decimals; a dash is null with status `missing`. An indicator whose name is not known gets an id made from its name
    and a doubt. A price index is an index (same period of the previous year = 100), whatever unit the table prints.
    """
    result = start_result(table)
    head = table.head if isinstance(table, StatisticsTable) else None
    if head is None or head.period is None:
        return result
    reader = _TableReader(table, context, head, result, known)
    if reader.reason:
        for row in table.rows:
            release_row(result, row, reader.reason)
    elif head.rows_are_areas:
        reader.read_rows_of_areas()
    else:
        reader.read_rows_of_indicators()
    return result


class _TableReader:
    """Reads the data rows of one table. `reason` says why none can be read."""

    def __init__(
        self, table: Table, context: IssueContext, head: StatisticsHead, result: ReadResult, known: KnownRows
    ) -> None:
        assert head.period is not None
        self._known_indicators = {row.id for row in known.of("indicators")}
        self._known_figures = {row.id: row.fields for row in known.of("observations")}
        self._table, self._context, self._head, self._result = table, context, head, result
        self._places = Places(context.areas)
        self._period = head.period.of_year(context.published_on)
        self.reason = _find_period_reason(self._period)
        self._area, area_remark = _find_area(table.title, context)
        self._remarks = [remark for remark in (_period_remark(self._period), area_remark) if remark]
        result.doubts += [Doubt(table.lines[0].number, table.title, remark) for remark in self._remarks]
        self._used_ids: dict[str, int] = {}
        self._indicators: dict[str, tuple[str, bool]] = {}
        self._observed: dict[str, int] = {}

    def read_rows_of_indicators(self) -> None:
        """Add the rows of a table in which each row is an indicator; its figures may be of several areas."""
        rows = self._table.rows
        parent: IndicatorName | None = None
        numbered = bool(rows) and is_numbered(rows[0].cells.get("name", ""))
        index_ids: set[str] = set()
        for row in rows:
            cell, unit = _split_name(row.cells.get("name", ""))
            name = parse_indicator_name(cell, parent, numbered)
            reason = self._find_misplacement(row) if name else "a row that names no indicator"
            if name is None or reason:
                release_row(self._result, row, reason)
                continue
            parent = parent if name.parent else name
            is_index = _is_index(name, index_ids) or all(column.is_index for column in self._head.figures)
            if is_index:
                index_ids.add(name.id)
            indicator_id = unique_id(name.id, self._used_ids)
            areas = list(dict.fromkeys(column.area_id for column in self._head.figures))
            columns = [column for column in self._head.figures if column.area_id == areas[0]]
            unit = unit or next((column.unit for column in columns if column.unit), None)
            self._add_indicator(row, name, indicator_id, is_index, row.cells.get("unit") or unit)
            for area in areas:
                columns = [column for column in self._head.figures if column.area_id == area]
                self._add_observation(row, name, indicator_id, area or self._area, columns, is_index)

    def read_rows_of_areas(self) -> None:
        """Add the rows of a table in which each row is an area; its head, or its title, names the indicators."""
        printed = list(dict.fromkeys(column.indicator for column in self._head.figures))
        names = {
            cell: parse_indicator_name(cell or _find_name_in_title(self._table.title), None, False) for cell in printed
        }
        for row in self._table.rows:
            area = self._find_row_area(row.cells.get("area", ""))
            reason = "an area that the official list does not have" if area is None else self._find_misplacement(row)
            if not any(names.values()):
                reason = "neither head nor title names an indicator"
            if area is None or reason:
                release_row(self._result, row, reason)
                continue
            for cell, name in names.items():
                if name is None:
                    continue
                columns = [column for column in self._head.figures if column.indicator == cell]
                unit = next((column.unit for column in columns if column.unit), None)
                if name.id not in self._indicators:
                    self._indicators[name.id] = (name.id, True)
                    self._add_indicator(row, name, name.id, _PRICE_INDEX.search(name.name) is not None, unit)
                self._add_observation(row, name, name.id, area, columns)

    def _find_row_area(self, cell: str) -> str | None:
        """Return the id of the area that a row names; the city for 全市 and 合计."""
        name = "".join(cell.split())
        area = self._places.find_county(name)
        if area is not None:
            return area.id
        city = self._places.city
        return self._area if name in _WHOLE_CITY or (city and name == city.name_zh) else None

    def _find_misplacement(self, row: DataRow) -> str:
        """Return why the cells of a row do not belong under the head; "" when they do.

        A lost cell moves the cells behind it under wrong names. Which cell is lost is not guessed.
        """
        figures = [row.cells[str(column.at)] for column in self._head.figures]
        if not any(cell for cell in figures):
            return "a row without figures"
        if row.width < self._table.header_width:
            return "fewer cells than the table's head"
        unit = row.cells.get("unit", "")
        if parse_figure(unit)[0] is not None:
            return "not a row under this head"
        parsed = [parse_growth(cell) for cell in figures]
        words = match_key(unit) not in UNITS and all(value is None for value, _ in parsed)
        return "not a row under this head" if words and not all(ok for _, ok in parsed) else ""

    def _add_indicator(self, row: DataRow, name: IndicatorName, row_id: str, is_index: bool, unit: str | None) -> None:
        table_units = getattr(self._table, "units", None) or ""
        unit_zh = unit or (table_units if table_units in UNITS else None)
        code = "index" if is_index else UNITS.get(match_key(unit_zh or ""))
        if row_id in self._known_indicators:
            return
        notes: list[str] = []
        if not name.known:
            notes.append(_NEW_INDICATOR)
        if row_id != name.id:
            notes.append(_REPEATED_INDICATOR)
        if is_index and match_key(unit_zh or "") == "%":
            notes.append(_NOT_PERCENT)
        elif code is None:
            notes.append("unit not understood" if unit_zh else "no unit printed")
        fields: dict[str, Value] = {
            "name_zh": name.name,
            "name_en": None,
            "unit": code,
            "unit_zh": unit_zh,
            "parent_id": name.parent,
            "position": len(self._used_ids) if not self._head.rows_are_areas else len(self._indicators),
            "definition": None,
            "definition_source": None,
        }
        printed = {"name_zh": row.cells.get("name") or name.name}
        if "unit" in row.cells:
            printed |= {"unit": row.cells["unit"], "unit_zh": row.cells["unit"]}
        self._add_row("indicators", row_id, fields, row, printed, notes)
        doubtful = [note for note in notes if note != _NOT_PERCENT]
        self._result.doubts += [Doubt(row.first_line, name.name, note) for note in doubtful]

    def _add_observation(
        self,
        row: DataRow,
        name: IndicatorName,
        indicator_id: str,
        area: str,
        columns: Sequence[Column],
        is_index: bool = False,
    ) -> None:
        notes = list(self._remarks)
        fields: dict[str, Value] = {"indicator_id": indicator_id, "area_id": area, "period": self._period.month_id}
        printed: dict[str, str] = {}
        if not self._head.rows_are_areas:
            printed["indicator_id"] = row.cells.get("name", "")
        by_measure = {column.measure: column for column in columns}
        for measure in _MEASURES:
            value: Decimal | None = None
            column = by_measure.get(measure)
            if column is None:
                notes.append(f"the table has no column for {measure}")
                if row.number == 1:
                    self._result.doubts.append(Doubt(row.first_line, self._table.title, notes[-1]))
            else:
                cell = printed[measure] = row.cells[str(column.at)]
                value, readable = (parse_growth if measure.endswith("_yoy") else parse_figure)(cell)
                if value is not None and measure.endswith("_yoy") and is_index and value >= _LEAST_INDEX:
                    value, readable = None, True
                    notes.append(_INDEX_AS_GROWTH)
                    self._result.doubts.append(Doubt(row.first_line, cell[:40], _INDEX_AS_GROWTH))
                if not readable:
                    notes.append(f"{measure} is printed as {cell[:40]}, which is no number")
                    self._result.doubts.append(Doubt(row.first_line, cell[:40], f"{measure} is no number"))
            fields[measure] = value
            fields[f"{measure}_status"] = "missing" if value is None else "normal"
        if fields["cumulative"] is not None and _is_balance(name):
            notes.append(_BALANCE)
        fields |= {"issue_id": self._context.issue_id, "published_on": self._context.published_on}
        row_id = f"{indicator_id}.{area}.{self._period.month_id}.{self._context.issue_id}"
        if (known := self._known_figures.get(row_id)) is not None:
            is_same = all(fields[measure] in (None, known[measure]) for measure in _MEASURES)
            reason = "printed as in a table above" if is_same else "another figure than in a table above; not read"
            self._result.doubts.append(Doubt(row.first_line, name.name, reason))
            return
        self._add_row("observations", row_id, fields, row, printed, notes)

    def _add_row(
        self,
        dataset: str,
        row_id: str,
        fields: Mapping[str, Value],
        row: DataRow,
        printed: Mapping[str, str],
        notes: Sequence[str],
    ) -> None:
        self._result.rows.append(
            ParsedRow(
                dataset,
                row_id,
                fields,
                row.first_line,
                row.last_line,
                table=self._table.title or None,
                row=row.number,
                printed=printed,
                notes="; ".join(notes) or None,
                compiled_by=getattr(self._table, "compiled_by", None),
            )
        )


def _split_name(cell: str) -> tuple[str, str | None]:
    """Return the name of an indicator without its unit, and the unit: 财政总收入（亿元） gives 财政总收入 and 亿元."""
    match = _UNIT_BEHIND.search(fold_width(cell))
    if match is None or match_key(match[1]) not in UNITS:
        return cell, None
    return cell[: match.start()] + cell[match.end() :], cell[match.start(1) : match.end(1)].strip()


def _is_balance(name: IndicatorName) -> bool:
    """Return whether an indicator is a stock, such as deposits: its figure stands for the end of a month."""
    return "余额" in name.name or name.id in _BALANCES or name.parent in _BALANCES


def _find_name_in_title(title: str) -> str:
    """Return the one indicator that a title names between period and kind of table, "" when none is known."""
    key = match_key(title)
    found = [name for at in range(len(key)) for name in _known_names(key, at)]
    longest = max(found, key=len, default="")
    return longest


def _known_names(key: str, at: int) -> list[str]:
    ends = range(at + 3, min(len(key), at + 16) + 1)
    names = ((key[at:end], parse_indicator_name(key[at:end], None, False)) for end in ends)
    return [text for text, name in names if name and name.known]


def _is_index(name: IndicatorName, index_ids: set[str]) -> bool:
    return _PRICE_INDEX.search(name.name) is not None or name.parent in index_ids


def _find_period_reason(period: Period) -> str:
    """Return why a table of this period is not read, "" when it is."""
    if period.span is Span.QUARTER and period.month > 3:
        return "figures of a single quarter: observations are of months and of January to a month"
    if period.span is Span.OTHER:
        return "figures of several months that do not begin in January"
    return ""


def _period_remark(period: Period) -> str | None:
    if period.span is Span.ACCUMULATED:
        return _SEVERAL_MONTHS
    if period.span in (Span.QUARTER, Span.YEAR):
        return _LONG_PERIOD
    return None


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


def begins_header(rows: Sequence[GridRow], in_section: bool) -> bool:
    """Return whether the head of a table of statistics begins with the first of these rows."""
    return begins_statistics_head(rows, in_section=in_section)


KIND = TableKind(
    name="indicators",
    other_datasets=("observations",),
    columns={"name": NAME_HEAD.pattern, "unit": UNIT_HEAD.pattern},
    required=(frozenset({"name", "unit"}),),
    begins_header=begins_header,
    parse=parse_statistics_table,
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
