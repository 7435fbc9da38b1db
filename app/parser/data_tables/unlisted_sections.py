"""Monitoring sections that a plan's own text names and no table of it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.parser.records import Area, Context, Doubt, Reading, Row, Value
from app.parser.text.places import Places
from app.parser.text.slugs import slug, unique

_FIELDS = (
    *("document_id", "name", "control_level", "baseline_year", "baseline_class", "target_class"),
    *("exceedance_factors", "river_system", "river", "areas", "area_codes", "control_areas", "watershed_id"),
)


@dataclass(frozen=True, slots=True)
class Named:
    """What the text says of each section, by its name: areas as printed, line, class promised."""

    areas: Mapping[str, Sequence[str]]
    at: Mapping[str, int]
    classes: Mapping[str, str]
    why: str


def read_unlisted_sections(
    areas: Mapping[str, Sequence[str]], at: Mapping[str, int], classes: Mapping[str, str], context: Context
) -> Reading:
    """Return a row for each section that the goals of a plan without a table of sections name."""
    reading = Reading()
    why = "named in the plan's goals; the plan has no table of sections"
    add_named(reading, Named(areas, at, classes, why), context, {})
    return reading


def add_named(reading: Reading, named: Named, context: Context, taken: dict[str, int]) -> None:
    """Add a row for each of these sections, with what the text says of it and null for the rest."""
    places = Places(context.areas)
    for name, printed in named.areas.items():
        areas = official(printed, places)
        fields: dict[str, Value] = dict.fromkeys(_FIELDS)
        fields |= {
            "document_id": context.document_id,
            "name": name,
            "target_class": named.classes.get(name),
            "areas": [area.name_zh for area in areas] or None,
            "area_codes": [area.id for area in areas] or None,
        }
        told = ["target class is the one promised there"] if fields["target_class"] else []
        told += ["areas are those it is named with there"] if areas else []
        at = named.at[name]
        reading.rows.append(
            Row(
                "water-sections",
                unique(slug(name) or "section", taken),
                fields,
                at,
                at,
                document_id=context.document_id,
                notes="; ".join([named.why, *told]),
            )
        )
        reading.doubts.append(Doubt(at, name, named.why))


def official(names: Sequence[str], places: Places) -> list[Area]:
    """Return the county-level areas of the official list that these names stand for, each once."""
    found = (places.county(name) for name in names)
    return list(dict.fromkeys(area for area in found if area))
