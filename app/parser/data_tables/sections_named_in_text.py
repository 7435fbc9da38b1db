"""Monitoring sections that a plan's text names and its tables lack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.parser.records import Area, Doubt, IssueContext, ParsedRow, ReadResult, Value
from app.parser.tables.table_kind import KnownRows, NamedSection
from app.parser.text.places import Places
from app.parser.text.slugs import slug, unique_id

_FIELDS = (
    *("document_id", "name", "control_level", "baseline_year", "baseline_class", "target_class"),
    *("exceedance_factors", "river_system", "river", "areas", "area_codes", "control_areas", "watershed_id"),
)


def extract_sections_named_in_text(context: IssueContext, known: KnownRows) -> ReadResult:
    """Return a row for each section that the goals of a plan without a table of sections name."""
    result = ReadResult()
    listed = {row.fields["name"] for row in known.of("water-sections")}
    sections = {name: section for name, section in known.named_sections.items() if name not in listed}
    reason = "named in the plan's goals; the plan has no table of sections"
    add_named_sections(result, sections, reason, context, {})
    return result


def add_named_sections(
    result: ReadResult,
    sections: Mapping[str, NamedSection],
    reason: str,
    context: IssueContext,
    used_ids: dict[str, int],
) -> None:
    """Add a row and a doubt for each section, by name, with what the text says of it and null for the rest."""
    places = Places(context.areas)
    for name, section in sections.items():
        areas = find_official_areas(section.areas, places)
        fields: dict[str, Value] = dict.fromkeys(_FIELDS)
        fields |= {
            "document_id": context.document_id,
            "name": name,
            "target_class": section.target_class,
            "areas": [area.name_zh for area in areas] or None,
            "area_codes": [area.id for area in areas] or None,
        }
        notes = [reason]
        notes += ["target class is the one promised there"] if section.target_class else []
        notes += ["areas are those it is named with there"] if areas else []
        result.rows.append(
            ParsedRow(
                "water-sections",
                unique_id(slug(name) or "section", used_ids),
                fields,
                section.line,
                section.line,
                document_id=context.document_id,
                notes="; ".join(notes),
            )
        )
        result.doubts.append(Doubt(section.line, name, reason))


def find_official_areas(names: Sequence[str], places: Places) -> list[Area]:
    """Return the county-level areas of the official list that these names stand for, each once."""
    areas = (places.find_county(name) for name in names)
    return list(dict.fromkeys(area for area in areas if area))
