"""The table of buildings that an earlier round of village renewal left standing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.parser.data_tables.districts import districts_of, group_districts, place_notes, short_slug
from app.parser.records import Context, Declared, Line, Reading, Value
from app.parser.tables.row_readers import add_row, id_numbers, read_number
from app.parser.tables.table import read_table, start_reading
from app.parser.text.normalise import fold, key
from app.parser.text.places import Places
from app.parser.text.slugs import unique

_CATEGORIES = {
    "特殊建筑": "special_building",
    "住房": "housing",
    "临时周转房": "temporary_housing",
    "其他": "other",
    "其它": "other",
}
_CATEGORY = re.compile(r"([^()]{1,20})(?:\(([^()]{1,20})\)?)?")
_DUE = re.compile(r"((?:19|20)\d\d)\s*年")


def read_uncleared_buildings(lines: Sequence[Line], context: Context) -> Reading:
    """Read the table into `uncleared-buildings`, with the declared number of each district.

    Ids are `<document>.building-<district>-<number>`. `due_year` stands in the table's title.
    """
    table = read_table(lines, "uncleared-buildings")
    reading = start_reading(table)
    places, document = Places(context.areas), context.document_id
    taken: dict[str, int] = {}
    due = _DUE.search(fold(table.title))
    districts = districts_of(table, places)
    for row, district, rank in zip(table.rows, districts, id_numbers(table.rows, districts), strict=True):
        at = places.locate(district, row.cells.get("street", ""))
        notes = place_notes(row, at, district)
        if due is None:
            notes.append("the table's title names no year")
        number = read_number(row, notes)
        category, detail = _read_category(row.cells.get("category", ""), notes)
        fields: dict[str, Value] = {
            "document_id": document,
            "number": number,
            "district": at.district,
            "street": at.street,
            "name": row.cells.get("name") or None,
            "category": category,
            "category_detail": detail,
            "due_year": int(due[1]) if due else None,
        }
        wanted = f"{document}.building-{short_slug(at.district)}-{rank:02d}"
        columns = {name: name for name in ("number", "district", "street", "name", "category")}
        columns["category_detail"] = "category"
        add_row(reading, table, row, "uncleared-buildings", unique(wanted, taken), fields, columns, notes)
    for group, of in zip(table.groups, group_districts(table, reading.rows), strict=True):
        rule = f"uncleared-buildings?document_id={document}" + (f"&district={of}" if of else "")
        reading.declared.append(Declared(f"buildings of {of or 'all districts'}", rule, group.total, group.line))
    return reading


def _read_category(cell: str, notes: list[str]) -> tuple[str | None, str | None]:
    """Return the category's code and the detail in brackets: 特殊建筑 (教堂)."""
    match = _CATEGORY.fullmatch(key(cell))
    category = _CATEGORIES.get(match[1]) if match else None
    if match is None or category is None:
        notes.append("category not understood")
        return None, None
    return category, match[2]
