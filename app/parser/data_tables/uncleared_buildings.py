"""The list of buildings that earlier village renewal left standing."""

from __future__ import annotations

import re

from app.parser.data_tables.districts import (
    PLACE_COLUMNS,
    district_slug,
    fill_districts,
    find_total_districts,
    place_notes,
)
from app.parser.records import DeclaredCount, IssueContext, ReadResult, Value
from app.parser.tables.row_readers import add_row, find_title_year, number_rows, parse_row_number
from app.parser.tables.table_kind import KnownRows, Table, TableKind, start_result
from app.parser.text.normalise import match_key
from app.parser.text.places import Places
from app.parser.text.slugs import unique_id

_CATEGORIES = {
    "特殊建筑": "special_building",
    "住房": "housing",
    "临时周转房": "temporary_housing",
    "其他": "other",
    "其它": "other",
}
_CATEGORY = re.compile(r"([^()]{1,20})(?:\(([^()]{1,20})\)?)?")


def extract_uncleared_buildings(table: Table, context: IssueContext, _known: KnownRows) -> ReadResult:
    """Return the rows of the list, with the declared number of each district.

    Ids have the form `<document>.building-<district>-<number>`. `due_year` is the year in the table's title.
    """
    result = start_result(table)
    places, document_id = Places(context.areas), context.document_id
    used_ids: dict[str, int] = {}
    due_year = find_title_year(table)
    districts = fill_districts(table, places)
    for row, district, id_number in zip(table.rows, districts, number_rows(table.rows, districts), strict=True):
        place = places.locate(district, row.cells.get("street", ""))
        notes = place_notes(row, place, district)
        if due_year is None:
            notes.append("the table's title names no year")
        number = parse_row_number(row, notes)
        category, detail = _parse_category(row.cells.get("category", ""), notes)
        fields: dict[str, Value] = {
            "document_id": document_id,
            "number": number,
            "district": place.district,
            "street": place.street,
            "name": row.cells.get("name") or None,
            "category": category,
            "category_detail": detail,
            "due_year": due_year,
        }
        row_id = unique_id(f"{document_id}.building-{district_slug(place.district)}-{id_number:02d}", used_ids)
        columns = {name: name for name in ("number", "district", "street", "name", "category")}
        columns["category_detail"] = "category"
        add_row(result, table, row, row_id, fields, columns, notes)
    for total, total_district in zip(table.totals, find_total_districts(table, result.rows), strict=True):
        rule = f"uncleared-buildings?document_id={document_id}" + (
            f"&district={total_district}" if total_district else ""
        )
        subject = f"buildings of {total_district or 'all districts'}"
        result.declared.append(DeclaredCount(subject, rule, total.total, total.line))
    return result


def _parse_category(cell: str, notes: list[str]) -> tuple[str | None, str | None]:
    """Return the code of the category and the detail in brackets: `special_building` and 教堂 for 特殊建筑（教堂）."""
    match = _CATEGORY.fullmatch(match_key(cell))
    category = _CATEGORIES.get(match[1]) if match else None
    if match is None or category is None:
        notes.append("category not understood")
        return None, None
    return category, match[2]


KIND = TableKind(
    name="uncleared-buildings",
    columns={
        **PLACE_COLUMNS,
        "name": r".*(项目|建筑)(名称)?",
        "category": r".*(类别|类型)",
    },
    required=(
        frozenset({"name", "category", "district"}),
        frozenset({"name", "category", "street"}),
    ),
    extract=extract_uncleared_buildings,
    title_word="建筑",
    example="""
## 2022年未“清零”建筑清单
|序号|所在区|所在街道|项目名称|类别|
|1|东溪区|柳塘街道|河边小学|其他|
""",
)
