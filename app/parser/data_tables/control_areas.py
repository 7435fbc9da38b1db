"""Read the control areas of a monitoring section: streets and towns, listed under their areas."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from app.parser.records import Area
from app.parser.text.places import Places

_SEPARATOR = re.compile(r"[、,，;；\s]+|(?<=[镇乡道市县区])[和及与](?=.{2})")
_FORMERLY = "原"


def split_names(cell: str) -> list[str]:
    """Return the names in a printed list; 和 and 及 separate names only behind a suffix such as 镇."""
    return [name for name in _SEPARATOR.split(cell) if name]


def parse_area_list(cell: str, places: Places) -> list[Area]:
    """Return the areas of a cell that holds nothing but names of areas, else []."""
    candidates = [places.find_county(name) or places.find_misread_county(name) for name in split_names(cell)]
    areas = [area for area in candidates if area]
    return list(dict.fromkeys(areas)) if len(areas) == len(candidates) else []


def parse_control_areas(cell: str, areas: Sequence[Area], places: Places, notes: list[str]) -> list[dict[str, Any]]:
    """Return the `area` and `places` entries of a cell such as 甲区子街道、丑街道, 乙市.

    A place printed without an area belongs to the area before it, or to the area of the row or of the whole city that
    the official list proves, else to None. `places` is empty where the whole area is meant. A misread name is
    corrected, with a note, where exactly one official name fits.
    """
    entries: list[dict[str, Any]] = []
    current: Area | None = None
    for token in split_names(cell):
        area, printed, place = places.split_county(token)
        if area is None:
            area = _find_area(place, current, areas, places, notes)
        else:
            current = area
            if places.find_county(printed) is None:
                notes.append(f"area printed as {printed}, officially {area.name_zh}")
        name = area.name_zh if area else None
        entry = next((entry for entry in entries if entry["area"] == name), None)
        if entry is None:
            entry = {"area": name, "places": []}
            entries.append(entry)
        if place:
            entry["places"].append(_official_name(place, area, places, notes))
    return entries


def _find_area(place: str, before: Area | None, areas: Sequence[Area], places: Places, notes: list[str]) -> Area | None:
    """Return the area of a place that is printed without an area."""
    candidates = list(dict.fromkeys([*([before] if before else []), *areas]))
    name = place.removeprefix(_FORMERLY)
    for find_proof in (places.find_streets, places.find_misread_street):
        owners = [area for area in candidates if find_proof(name, area.id)]
        if owners:
            return owners[0] if owners[0] == before or len(owners) == 1 else None
    if before:
        return before
    if len(areas) == 1:
        return areas[0]
    same_name = places.find_streets(name)
    parent = places.get(same_name[0].parent_id) if len(same_name) == 1 else None
    if parent is None:
        notes.append(f"the area of {place} is not proved")
    return parent


def _official_name(place: str, area: Area | None, places: Places, notes: list[str]) -> str:
    """Return the official name of a misprinted place, else the name as printed."""
    name = place.removeprefix(_FORMERLY)
    if area is None or places.find_streets(name, area.id):
        return place
    if area.level == "functional_zone" and places.find_streets(name):
        return place
    if official := places.find_misread_street(name, area.id):
        notes.append(f"{place} is officially {official.name_zh}")
        return official.name_zh
    if places.has_streets_of(area.id):
        notes.append(f"{place} is not in the official list")
    return place
