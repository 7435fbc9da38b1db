"""The table of water-quality monitoring sections, whose merged cells a scan tends to shift.

Each cell is judged by what it holds (areas, streets and towns, waters), not only by its
column. A typed field is filled where the text or the official list proves it, null otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.parser.data_tables.control_areas import area_list, read_control_areas, split_names
from app.parser.data_tables.river_cells import RiverCells, read_rivers
from app.parser.data_tables.unlisted_sections import Named, add_named, official
from app.parser.records import Area, Context, Doubt, Line, Reading, Row, Value
from app.parser.tables.table import DataRow, Table, disown, read_table, start_reading
from app.parser.text.normalise import fold, key
from app.parser.text.places import Places
from app.parser.text.slugs import slug, unique

_CONTROL_LEVELS = {"国控": "national", "省控": "provincial", "市控": "municipal"}
_NAME = re.compile(r"([^(]{1,40})(?:\(([^()]{0,20})\)?)?")
_CLASS = re.compile(r"(劣?)(III|II|IV|I|V|[1-5]|[一二三四五])类?")
_ROMAN = str.maketrans({"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV", "Ⅴ": "V"})
_ARABIC = dict(zip("12345一二三四五", ["I", "II", "III", "IV", "V"] * 2, strict=True))
_YEAR = re.compile(r"((?:19|20)\d\d)")
_NOTHING = re.compile(r"[-/…\s]*|无")


@dataclass(slots=True)
class _Sight:
    """What one row shows: its cells by column and the notes on them."""

    row: DataRow
    number: int
    notes: list[str] = field(default_factory=list)
    slid: bool = False

    def cell(self, column: str) -> str:
        return self.row.cells.get(column, "")

    @property
    def river_column(self) -> str:
        return "river" if "river" in self.row.cells else "river_system+"


def read_water_sections(
    lines: Sequence[Line],
    context: Context,
    named: Mapping[str, Sequence[str]],
    named_at: Mapping[str, int] | None = None,
    classes: Mapping[str, str] | None = None,
) -> Reading:
    """Read the table into `water-sections`; `watershed_id` stays null until `link`.

    `named` maps the sections that the plan's own text names to the areas named with them, which
    proves areas where the table's cell is lost. A section that the text names and the table lacks
    gets a row without a table, on the line `named_at` tells (the table's first line by default),
    with the class that the text promises for it (`classes`).
    """
    table = read_table(lines, "water-sections")
    reading = start_reading(table)
    places, taken = Places(context.areas), dict[str, int]()
    sights = _named_rows(table, reading)
    systems = [sight.cell("river_system") for sight in sights]
    for sight, below in zip(sights, [*systems, ""][1:], strict=True):
        name, level = _read_name(sight)
        areas, control = _read_areas(sight, places, named.get(name, ()))
        rivers = RiverCells(sight.cell("river_system"), sight.cell(sight.river_column), below, sight.slid)
        system, river = read_rivers(rivers, systems, places, sight.notes)
        fields: dict[str, Value] = {
            "document_id": context.document_id,
            "name": name,
            "control_level": level,
            "baseline_year": _baseline_year(table),
            "baseline_class": read_class(sight.cell("baseline_class"), sight.notes, "baseline class"),
            "target_class": read_class(sight.cell("target_class"), sight.notes, "target class"),
            "exceedance_factors": _read_factors(sight.cell("exceedance_factors")),
            "river_system": system,
            "river": river,
            "areas": [area.name_zh for area in areas] or None,
            "area_codes": [area.id for area in areas] or None,
            "control_areas": read_control_areas(control, areas, places, sight.notes) or None,
            "watershed_id": None,
        }
        row_id = unique(slug(name) or f"section{sight.number}", taken)
        reading.rows.append(_row(row_id, fields, sight, table))
        reading.doubts += [Doubt(sight.row.first, sight.cell("name"), note) for note in sight.notes]
    missing = {name: areas for name, areas in named.items() if name not in {row.fields["name"] for row in reading.rows}}
    if sights:
        at = {name: (named_at or {}).get(name, lines[0].number) for name in missing}
        why = "named in the plan's goals but missing from the table"
        add_named(reading, Named(missing, at, classes or {}, why), context, taken)
    return reading


def link(rows: Sequence[Row]) -> list[Row]:
    """Return the rows with `watershed_id` filled in from the `watersheds` rows among them.

    A section that two watersheds name stays without one, with a note.
    """
    owners: dict[str, list[str]] = {}
    for row in rows:
        named = row.fields["section_ids"] if row.dataset == "watersheds" else []
        for section in named if isinstance(named, list) else ():
            owners.setdefault(section, []).append(row.id)
    return [_linked(row, owners.get(row.id, [])) if row.dataset == "water-sections" else row for row in rows]


def _linked(row: Row, watersheds: Sequence[str]) -> Row:
    if len(watersheds) == 1:
        return replace(row, fields={**row.fields, "watershed_id": watersheds[0]})
    if not watersheds:
        return row
    note = f"named in several watersheds: {', '.join(watersheds)}"
    return replace(row, notes=f"{row.notes}; {note}" if row.notes else note)


def _named_rows(table: Table, reading: Reading) -> list[_Sight]:
    """Return the rows that name a section; the rest is a second level of the head, or unread."""
    sights: list[_Sight] = []
    for row in table.rows:
        filled = [cell for cell in row.cells.values() if cell]
        if row.cells.get("name"):
            sights.append(_Sight(row, len(sights) + 1))
        elif not sights and not row.cells.get("target_class") and not row.cells.get("baseline_class"):
            why = "second level of the table's head holds cells that belong to the row below"
            reading.doubts.append(Doubt(row.first, " ".join(filled)[:40], why))
        else:
            disown(reading, row, "a row that names no section")
    return sights


def _row(row_id: str, fields: Mapping[str, Value], sight: _Sight, table: Table) -> Row:
    columns = ("name", "baseline_class", "target_class", "exceedance_factors", "river_system", "areas", "control_areas")
    cells = sight.row.cells
    printed = {column: cells[column] for column in columns if column in cells}
    printed["control_level"] = cells.get("control_level", cells["name"])
    if sight.river_column in cells:
        printed["river"] = cells[sight.river_column]
    return Row(
        "water-sections",
        row_id,
        fields,
        sight.row.first,
        sight.row.last,
        document_id=str(fields["document_id"]) if fields["document_id"] else None,
        table=table.title or None,
        row=sight.number,
        printed=printed,
        notes="; ".join(sight.notes) or None,
    )


def _read_name(sight: _Sight) -> tuple[str, str | None]:
    """Return the name and the level of control, which stands in brackets behind it."""
    cell = fold(sight.cell("name"))
    match = _NAME.match(cell)
    name = "".join(sight.cell("name")[: match.end(1)].split()) if match else sight.cell("name")[:40]
    label = key(sight.cell("control_level")) or key(match[2] or "" if match else "")
    level = _CONTROL_LEVELS.get(label)
    if level is None:
        sight.notes.append("no level of control printed" if not label else "level of control not understood")
    return name, level


def read_class(cell: str, notes: list[str], what: str) -> str | None:
    """Return a water-quality class of GB 3838, `I` to `V` or `inferior_V`, None with a note."""
    match = _CLASS.fullmatch(key(cell).upper().translate(_ROMAN)) if len(cell) < 20 else None
    if match is None:
        notes.append(f"{what} not understood" if cell else f"no {what} printed")
        return None
    grade = _ARABIC.get(match[2], match[2])
    if match[1] and grade != "V":
        notes.append(f"{what} not understood")
        return None
    return "inferior_V" if match[1] else grade


def _read_factors(cell: str) -> list[str]:
    return [] if _NOTHING.fullmatch(fold(cell)) else split_names(cell)


def _baseline_year(table: Table) -> int | None:
    year = _YEAR.search(fold(table.head.get("baseline_class", "")))
    return int(year[1]) if year else None


def _read_areas(sight: _Sight, places: Places, named: Sequence[str]) -> tuple[list[Area], str]:
    """Return the areas of the row and the text of its control areas, wherever they stand."""
    own, control = sight.cell("areas"), sight.cell("control_areas")
    areas = area_list(own, places)
    if own and not areas and not control:
        control, sight.slid = own, True
        sight.notes.append("control areas stand in the column of the areas")
    elif own and not areas:
        sight.notes.append("the areas cell holds something else")
    if areas:
        return _checked(own, areas, sight.notes), control
    if areas := area_list(sight.cell("river_system"), places):
        sight.notes.append("areas stand in the column of the river system")
    elif areas := official(named, places):
        sight.notes.append("no areas printed in the table; areas are those that the plan's goals name it with")
    elif areas := _prefixed(control, places):
        sight.notes.append("no areas printed; areas are those printed before the control areas")
    else:
        sight.notes.append("areas not proved")
    return areas, control


def _prefixed(control: str, places: Places) -> list[Area]:
    found = (places.cut_county(name)[0] for name in split_names(control))
    return list(dict.fromkeys(area for area in found if area))


def _checked(cell: str, areas: list[Area], notes: list[str]) -> list[Area]:
    for name, area in zip(split_names(cell), areas, strict=False):
        if name != area.name_zh and not area.name_zh.startswith(name) and not area.name_zh.endswith(name):
            notes.append(f"area printed as {name}, officially {area.name_zh}")
    return areas
