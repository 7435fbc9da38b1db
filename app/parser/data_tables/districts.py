"""Districts of the urban-village tables."""

import re
from collections.abc import Sequence

from app.parser.records import Row
from app.parser.tables.table import DataRow, Table
from app.parser.text.places import Located, Places
from app.parser.text.slugs import slug

_ZONE_SUFFIX = re.compile(r"(产业集聚区|经济技术开发区|高新技术产业开发区|开发区|新区|[区县市])$")


def place_notes(row: DataRow, at: Located, district: str) -> list[str]:
    """Return the notes on what was corrected, not proved, or taken from the subtotal."""
    notes = list(at.remarks)
    if district != row.cells.get("district", ""):
        notes.append("district cell empty, taken from the subtotal below")
    return notes


def districts_of(table: Table, places: Places) -> list[str]:
    """Return the printed district of each row; an empty cell takes that of its group's subtotal."""
    found = [row.cells.get("district", "") for row in table.rows]
    start = 0
    for group in (group for group in table.groups if group.who):
        inside = {name for name in found[start : group.after] if name}
        area = places.county(group.who)
        name = area.name_zh if area else None
        if name and inside <= {name}:
            found[start : group.after] = [name] * (group.after - start)
        start = max(start, group.after)
    return found


def group_districts(table: Table, rows: Sequence[Row]) -> list[str | None]:
    """Return the district that each total counts, named as its rows are; None for the whole table."""
    found: list[str | None] = []
    for group in table.groups:
        above = str(rows[group.after - 1].fields["district"]) if 0 < group.after <= len(rows) else ""
        found.append((above if above.startswith(group.who) else group.who) if group.who else None)
    return found


def short_slug(district: str | None) -> str:
    """Return the slug of a district without its suffix: longwan for 龙湾区, `unknown` for none."""
    return slug(_ZONE_SUFFIX.sub("", district or "")) or slug(district or "") or "unknown"
