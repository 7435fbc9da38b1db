"""Read the river system and the river of a monitoring section, two columns under one merged header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from app.parser.data_tables.control_areas import parse_area_list
from app.parser.text.places import Places

# A word for a part of any river does not name a river system.
_ANY_RIVER = re.compile(r"(主|支)?(主河道|河道|干流|支流|干河)|主干河道")
_SECOND_HALF = re.compile(r"河网|水系|流域|河系")
_WATER_END = re.compile(r"[河江溪浦塘港渠湖海库涧浃泾]$|河网$|水系$|流域$|河道$")


class RiverCells(NamedTuple):
    """The two cells of a row, the river-system cell of the row below, and whether the row's cells have shifted."""

    system: str
    river: str
    below: str
    is_shifted: bool


def parse_rivers(
    cells: RiverCells, systems: Sequence[str], places: Places, notes: list[str]
) -> tuple[str | None, str | None]:
    """Return the river system and the river, each only where the print leaves no doubt about its level.

    `systems` are all cells of the river-system column. One of them proves a name that runs into the name of an area in
    another row.
    """
    system, river = cells.system, cells.river
    if parse_area_list(river, places) or re.search(r"(街道|镇|乡)$", river):
        notes.append("the river cell holds no water")
        river = ""
    printed_river = river or None
    if not system or parse_area_list(system, places):
        if system:
            notes.append("the river-system cell holds areas; river system not proved")
        return None, printed_river
    if _SECOND_HALF.fullmatch(system) or (_SECOND_HALF.fullmatch(cells.below) and not _WATER_END.search(system)):
        notes.append("the river-system cell seems to be one half of a merged cell; river system not proved")
        return None, printed_river
    if _ANY_RIVER.fullmatch(system) and not river:
        notes.append(f"{system} is a river, printed in the column of the river system; river system not proved")
        return None, system
    stripped = _strip_area(system, places)
    if stripped != system:
        proved = stripped in systems
        notes.append(
            "the river-system cell runs into the name of an area" + ("" if proved else "; river system not proved")
        )
        return (stripped if proved else None), printed_river
    if cells.is_shifted and not river:
        notes.append("the row's cells have slid: river system and river cannot be told apart")
        return None, None
    return system, printed_river


def _strip_area(cell: str, places: Places) -> str:
    """Return a cell without the full name of an area at its end, like 永河 for 永河甲市."""
    for area in places.find_counties(cell):
        if cell.endswith(area.name_zh) and cell != area.name_zh:
            return cell.removesuffix(area.name_zh).strip()
    return cell
