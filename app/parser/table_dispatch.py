"""Table annexes: each goes to the reader that its column heads call for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.parser.data_tables import (
    observations,
    uncleared_buildings,
    unlisted_sections,
    urban_villages,
    village_tasks,
    water_sections,
    watersheds,
)
from app.parser.records import Context, Line, Reading, Row, Unread
from app.parser.tables import table

# Watersheds name sections and yearly tasks name villages: those must have been read before.
_ORDER = ("water-sections", "watersheds", "urban-villages", "village-tasks", "uncleared-buildings", "indicators")


@dataclass(slots=True)
class Known:
    """What earlier tables and the plan's text proved, for the tables that refer to it."""

    named: Mapping[str, Sequence[str]] = field(default_factory=dict)
    named_at: Mapping[str, int] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)
    section_ids: dict[str, str] = field(default_factory=dict)
    village_ids: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def learn(self, rows: Iterable[Row]) -> None:
        """Note the ids of sections and villages among these rows."""
        for row in rows:
            fields = row.fields
            if row.dataset == "water-sections":
                self.section_ids.setdefault(str(fields["name"]), row.id)
            elif row.dataset == "urban-villages":
                place = (str(fields["district"]), str(fields["street"]), str(fields["village"]))
                self.village_ids.setdefault(place, row.id)


def read_tables(parts: Sequence[Sequence[Line]], context: Context, known: Known) -> Reading:
    """Read a document's tables, each given with its heading lines; unknown ones are unread."""
    reading = Reading()
    by_kind: dict[str, Reading] = {}
    sorted_parts = sorted(
        ((kind, lines) for lines in parts if (kind := table.kind_of(lines)) is not None),
        key=lambda part: _ORDER.index(part[0]),
    )
    for kind, lines in sorted_parts:
        found = _reader(kind, known)(lines, context)
        known.learn(found.rows)
        by_kind.setdefault(kind, Reading()).add(found)
    for found in by_kind.values():
        reading.add(found)
    if "water-sections" not in by_kind:
        absent = {name: areas for name, areas in known.named.items() if name not in known.section_ids}
        found = unlisted_sections.read_unlisted_sections(absent, known.named_at, known.classes, context)
        known.learn(found.rows)
        reading.add(found)
    reading.rows = water_sections.link(reading.rows)
    for lines in parts:
        if table.kind_of(lines) is None:
            printed = (line for line in lines if line.text.strip())
            reading.unread += [Unread(line.number, line.text[:40], "unknown table") for line in printed]
    return reading


def _reader(kind: str, known: Known) -> Callable[[Sequence[Line], Context], Reading]:
    if kind == "water-sections":
        return lambda lines, context: water_sections.read_water_sections(
            lines, context, known.named, known.named_at, known.classes
        )
    if kind == "watersheds":
        return lambda lines, context: watersheds.read_watersheds(lines, context, known.section_ids)
    if kind == "urban-villages":
        return urban_villages.read_urban_villages
    if kind == "village-tasks":
        return lambda lines, context: village_tasks.read_village_tasks(lines, context, known.village_ids)
    if kind == "uncleared-buildings":
        return uncleared_buildings.read_uncleared_buildings
    return observations.read_statistics
