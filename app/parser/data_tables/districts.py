"""The district of each row and each total in the tables of villages and buildings."""

import re
from collections.abc import Sequence

from app.parser.records import ParsedRow
from app.parser.tables.table_kind import DataRow, Table
from app.parser.text.places import LocatedPlace, Places
from app.parser.text.slugs import slug

PLACE_COLUMNS = {
    "number": r"序号|编号",
    "district": r"(所属|所在)?(县|市|区|属地|县\(市,?、?区\))",
    "street": r"(所属|所在)?(街道|乡镇|镇街).*",
}
"""The columns with which each of these tables begins."""
_ZONE_SUFFIX = re.compile(r"(产业集聚区|经济技术开发区|高新技术产业开发区|开发区|新区|[区县市])$")


def place_notes(row: DataRow, place: LocatedPlace, district: str) -> list[str]:
    """Return the notes on what was corrected, what is not proved, and a district taken from the subtotal."""
    notes = list(place.remarks)
    if district != row.cells.get("district", ""):
        notes.append("district cell empty, taken from the subtotal below")
    return notes


def fill_districts(table: Table, places: Places) -> list[str]:
    """Return the printed district of each row; an empty cell takes the district of the subtotal below it."""
    districts = [row.cells.get("district", "") for row in table.rows]
    start = 0
    for total in (total for total in table.totals if total.counted):
        printed = {name for name in districts[start : total.rows_before] if name}
        area = places.find_county(total.counted)
        name = area.name_zh if area else None
        if name and printed <= {name}:
            districts[start : total.rows_before] = [name] * (total.rows_before - start)
        start = max(start, total.rows_before)
    return districts


def find_total_districts(table: Table, rows: Sequence[ParsedRow]) -> list[str | None]:
    """Return the district that each total counts, named as in its rows; None for a total of the whole table."""
    districts: list[str | None] = []
    for total in table.totals:
        above = str(rows[total.rows_before - 1].fields["district"]) if 0 < total.rows_before <= len(rows) else ""
        districts.append((above if above.startswith(total.counted) else total.counted) if total.counted else None)
    return districts


def district_slug(district: str | None) -> str:
    """Return the slug of a district without its suffix: `longwan` for 龙湾区, `unknown` for None."""
    return slug(_ZONE_SUFFIX.sub("", district or "")) or slug(district or "") or "unknown"
