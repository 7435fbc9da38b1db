"""Lists of streets and towns under their areas, as the control areas of a section print them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from app.parser.records import Area
from app.parser.text.places import Places

_SEPARATOR = re.compile(r"[、,，;；\s]+|(?<=[镇乡道市县区])[和及与](?=.{2})")
_FORMERLY = "原"


def split_names(cell: str) -> list[str]:
    """Cut a printed list of names; 和 and 及 separate only behind a suffix such as 镇."""
    return [name for name in _SEPARATOR.split(cell) if name]


def area_list(cell: str, places: Places) -> list[Area]:
    """Return the areas of a cell that holds names of areas only, [] otherwise."""
    found = [places.county(name) or places.misread_county(name) for name in split_names(cell)]
    areas = [area for area in found if area]
    return list(dict.fromkeys(areas)) if len(areas) == len(found) else []


def read_control_areas(cell: str, areas: Sequence[Area], places: Places, notes: list[str]) -> list[dict[str, Any]]:
    """Return [{area, places}] of a cell such as 甲区子街道、丑街道, 乙市.

    A place without a printed area takes the area before it, or the area of the row or of the
    whole city that the official list proves, else None. `places` is empty where the whole area
    is meant. Misread names are corrected where one official name is left, with a note.
    """
    found: list[dict[str, Any]] = []
    current: Area | None = None
    for token in split_names(cell):
        area, printed, place = places.cut_county(token)
        if area is None:
            area = _owner(place, current, areas, places, notes)
        else:
            current = area
            if places.county(printed) is None:
                notes.append(f"area printed as {printed}, officially {area.name_zh}")
        name = area.name_zh if area else None
        entry = next((entry for entry in found if entry["area"] == name), None)
        if entry is None:
            entry = {"area": name, "places": []}
            found.append(entry)
        if place:
            entry["places"].append(_checked(place, area, places, notes))
    return found


def _owner(place: str, before: Area | None, areas: Sequence[Area], places: Places, notes: list[str]) -> Area | None:
    """Return the area of a place printed without one."""
    near = list(dict.fromkeys([*([before] if before else []), *areas]))
    name = place.removeprefix(_FORMERLY)
    for proof in (places.streets, places.misread_street):
        proved = [area for area in near if proof(name, area.id)]
        if proved:
            return proved[0] if proved[0] == before or len(proved) == 1 else None
    if before:
        return before
    if len(areas) == 1:
        return areas[0]
    anywhere = places.streets(name)
    parent = places.by_id(anywhere[0].parent_id) if len(anywhere) == 1 else None
    if parent is None:
        notes.append(f"the area of {place} is not proved")
    return parent


def _checked(place: str, area: Area | None, places: Places, notes: list[str]) -> str:
    """Return the place's official name where it is a misprint of one, else the name as printed."""
    name = place.removeprefix(_FORMERLY)
    if area is None or places.streets(name, area.id):
        return place
    if area.level == "functional_zone" and places.streets(name):
        return place
    if official := places.misread_street(name, area.id):
        notes.append(f"{place} is officially {official.name_zh}")
        return official.name_zh
    if places.lists_streets_of(area.id):
        notes.append(f"{place} is not in the official list")
    return place
