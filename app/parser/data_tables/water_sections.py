"""The table of water-quality monitoring sections, in whose scans merged cells are often shifted.

Each cell is judged by what it holds (areas, streets and towns, waters), not only by its column. A typed field is
filled where the text or the official list proves it, and null otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.parser.data_tables.control_areas import parse_area_list, parse_control_areas, split_names
from app.parser.data_tables.river_cells import RiverCells, parse_rivers
from app.parser.data_tables.sections_named_in_text import (
    add_named_sections,
    extract_sections_named_in_text,
    find_official_areas,
)
from app.parser.records import Area, Doubt, IssueContext, ParsedRow, ReadResult, Value
from app.parser.tables.table_kind import (
    DataRow,
    KnownRows,
    NamedSection,
    Table,
    TableKind,
    release_row,
    start_result,
)
from app.parser.text.damage import find_damage
from app.parser.text.normalise import fold_width, match_key
from app.parser.text.places import Places
from app.parser.text.slugs import slug, unique_id

_CONTROL_LEVELS = {"国控": "national", "省控": "provincial", "市控": "municipal"}
_NAME = re.compile(r"([^(]{1,40})(?:\(([^()]{0,20})\)?)?")
_CLASS = re.compile(r"(劣?)(III|II|IV|I|V|[1-5]|[一二三四五])类?")
_ROMAN = str.maketrans({"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV", "Ⅴ": "V"})
_ARABIC = dict(zip("12345一二三四五", ["I", "II", "III", "IV", "V"] * 2, strict=True))
_YEAR = re.compile(r"((?:19|20)\d\d)")
_NOTHING = re.compile(r"[-/…\s]*|无")


@dataclass(slots=True)
class _SectionRow:
    """One row that names a section, and the notes on it.

    `number` counts these rows from 1. `is_shifted` says that cells stand under the header of another column.
    """

    row: DataRow
    number: int
    notes: list[str] = field(default_factory=list)
    is_shifted: bool = False

    def cell(self, column: str) -> str:
        return self.row.cells.get(column, "")

    @property
    def river_column(self) -> str:
        return "river" if "river" in self.row.cells else "river_system+"


def extract_water_sections(table: Table, context: IssueContext, known: KnownRows) -> ReadResult:
    """Return the rows of the table; `watershed_id` stays null until `link_watersheds`.

    The areas with which the document's text names a section prove areas where the table's cell is lost. A section that
    only the text names gets a row without a table.
    """
    result = start_result(table)
    places, used_ids = Places(context.areas), dict[str, int]()
    sections = _rows_with_name(table, result)
    systems = [section.cell("river_system") for section in sections]
    for section, system_below in zip(sections, [*systems, ""][1:], strict=True):
        name, level = _parse_name(section)
        areas, control = _find_areas(section, places, known.named_sections.get(name))
        rivers = RiverCells(
            systems[section.number - 1], section.cell(section.river_column), system_below, section.is_shifted
        )
        system, river = parse_rivers(rivers, systems, places, section.notes)
        section.notes += find_damage(f"{rivers.system} {rivers.river}")
        fields: dict[str, Value] = {
            "document_id": context.document_id,
            "name": name,
            "control_level": level,
            "baseline_year": _find_baseline_year(table),
            "baseline_class": parse_water_class(section.cell("baseline_class"), section.notes, "baseline class"),
            "target_class": parse_water_class(section.cell("target_class"), section.notes, "target class"),
            "exceedance_factors": _parse_factors(section.cell("exceedance_factors")),
            "river_system": system,
            "river": river,
            "areas": [area.name_zh for area in areas] or None,
            "area_codes": [area.id for area in areas] or None,
            "control_areas": parse_control_areas(control, areas, places, section.notes) or None,
            "watershed_id": None,
        }
        row_id = unique_id(slug(name) or f"section{section.number}", used_ids)
        result.rows.append(_build_row(row_id, fields, section, table))
        result.doubts += [Doubt(section.row.first_line, section.cell("name"), note) for note in section.notes]
    if sections:
        printed = {row.fields["name"] for row in result.rows}
        missing = {name: named for name, named in known.named_sections.items() if name not in printed}
        reason = "named in the plan's goals but missing from the table"
        add_named_sections(result, missing, reason, context, used_ids)
    return result


def link_watersheds(rows: Sequence[ParsedRow]) -> list[ParsedRow]:
    """Return the rows with `watershed_id` filled in from the `watersheds` rows among them.

    A section that two watersheds name stays without one, with a note.
    """
    watershed_ids: dict[str, list[str]] = {}
    for row in rows:
        section_ids = row.fields["section_ids"] if row.dataset == "watersheds" else []
        for section_id in section_ids if isinstance(section_ids, list) else ():
            watershed_ids.setdefault(section_id, []).append(row.id)
    return [_link_row(row, watershed_ids.get(row.id, [])) if row.dataset == "water-sections" else row for row in rows]


def _link_row(row: ParsedRow, watershed_ids: Sequence[str]) -> ParsedRow:
    if len(watershed_ids) == 1:
        return replace(row, fields={**row.fields, "watershed_id": watershed_ids[0]})
    if not watershed_ids:
        return row
    note = f"named in several watersheds: {', '.join(watershed_ids)}"
    return replace(row, notes=f"{row.notes}; {note}" if row.notes else note)


def _rows_with_name(table: Table, result: ReadResult) -> list[_SectionRow]:
    """Return the rows that name a section. A second header row becomes a doubt, any other row is unread."""
    sections: list[_SectionRow] = []
    for row in table.rows:
        filled = [cell for cell in row.cells.values() if cell]
        if row.cells.get("name"):
            sections.append(_SectionRow(row, len(sections) + 1))
        elif not sections and not row.cells.get("target_class") and not row.cells.get("baseline_class"):
            reason = "second level of the table's head holds cells that belong to the row below"
            result.doubts.append(Doubt(row.first_line, " ".join(filled)[:40], reason))
        else:
            release_row(result, row, "a row that names no section")
    return sections


def _build_row(row_id: str, fields: Mapping[str, Value], section: _SectionRow, table: Table) -> ParsedRow:
    columns = ("name", "baseline_class", "target_class", "exceedance_factors", "river_system", "areas", "control_areas")
    cells = section.row.cells
    printed = {column: cells[column] for column in columns if column in cells}
    printed["control_level"] = cells.get("control_level", cells["name"])
    if section.river_column in cells:
        printed["river"] = cells[section.river_column]
    return ParsedRow(
        "water-sections",
        row_id,
        fields,
        section.row.first_line,
        section.row.last_line,
        document_id=str(fields["document_id"]) if fields["document_id"] else None,
        table=table.title or None,
        row=section.number,
        printed=printed,
        notes="; ".join(section.notes) or None,
    )


def _parse_name(section: _SectionRow) -> tuple[str, str | None]:
    """Return the name and the level of control, which may stand in brackets behind the name."""
    cell = fold_width(section.cell("name"))
    match = _NAME.match(cell)
    name = "".join(section.cell("name")[: match.end(1)].split()) if match else section.cell("name")[:40]
    label = match_key(section.cell("control_level")) or match_key(match[2] or "" if match else "")
    level = _CONTROL_LEVELS.get(label)
    if level is None:
        section.notes.append("no level of control printed" if not label else "level of control not understood")
    return name, level


def parse_water_class(cell: str, notes: list[str], what: str) -> str | None:
    """Return a water-quality class of GB 3838, `I` to `V` or `inferior_V`; None, with a note, for anything else."""
    match = _CLASS.fullmatch(match_key(cell).upper().translate(_ROMAN)) if len(cell) < 20 else None
    if match is None:
        notes.append(f"{what} not understood" if cell else f"no {what} printed")
        return None
    grade = _ARABIC.get(match[2], match[2])
    if match[1] and grade != "V":
        notes.append(f"{what} not understood")
        return None
    return "inferior_V" if match[1] else grade


def _parse_factors(cell: str) -> list[str]:
    return [] if _NOTHING.fullmatch(fold_width(cell)) else split_names(cell)


def _find_baseline_year(table: Table) -> int | None:
    year = _YEAR.search(fold_width(table.header.get("baseline_class", "")))
    return int(year[1]) if year else None


def _find_areas(section: _SectionRow, places: Places, named: NamedSection | None) -> tuple[list[Area], str]:
    """Return the areas of the row and the text of its control areas, in whichever column they stand."""
    own, control = section.cell("areas"), section.cell("control_areas")
    areas = parse_area_list(own, places)
    if own and not areas and not control:
        control, section.is_shifted = own, True
        section.notes.append("control areas stand in the column of the areas")
    elif own and not areas:
        section.notes.append("the areas cell holds something else")
    if areas:
        return _note_misprints(own, areas, section.notes), control
    if areas := parse_area_list(section.cell("river_system"), places):
        section.notes.append("areas stand in the column of the river system")
    elif named and (areas := find_official_areas(named.areas, places)):
        section.notes.append("no areas printed in the table; areas are those that the plan's goals name it with")
    elif areas := _areas_before_places(control, places):
        section.notes.append("no areas printed; areas are those printed before the control areas")
    else:
        section.notes.append("areas not proved")
    return areas, control


def _areas_before_places(control: str, places: Places) -> list[Area]:
    areas = (places.split_county(name)[0] for name in split_names(control))
    return list(dict.fromkeys(area for area in areas if area))


def _note_misprints(cell: str, areas: list[Area], notes: list[str]) -> list[Area]:
    for name, area in zip(split_names(cell), areas, strict=False):
        if name != area.name_zh and not area.name_zh.startswith(name) and not area.name_zh.endswith(name):
            notes.append(f"area printed as {name}, officially {area.name_zh}")
    return areas


KIND = TableKind(
    name="water-sections",
    columns={
        "name": r".*断面(名称?)?",
        "baseline_class": r".*水质现状.*|\d{4}年水质.*|现状水质.*",
        "target_class": r".*(水质目标|目标水质|目标类别).*",
        "exceedance_factors": r".*(超标|污染)(因子|项目|指标).*",
        "control_level": r"(断面)?(控制)?(级别|类型)",
        "river_system": r".*水系.*",
        "river": r"(所属|所在)?(河流|河道|河段).*",
        "areas": r"(涉及|所在|所属)(地区|县|区域|县\(市、区\)).*",
        "control_areas": r".*控制(范围|区域).*",
    },
    required=(
        frozenset({"name", "target_class"}),
        frozenset({"name", "baseline_class"}),
        frozenset({"name", "control_areas"}),
    ),
    extract=extract_water_sections,
    extract_without_table=extract_sections_named_in_text,
    finish=link_watersheds,
    example="""
## 断面控制范围
|断面名称|控制级别|2021年水质现状|水质目标|主要超标因子|所属水系|所属河流|涉及地区|重点控制范围|
|柳渡|国控|III|III|总磷|云江|柳溪|东溪区|东溪柳塘街道|
""",
)
