"""The list of urban villages, with the years in which each is renewed."""

import re

from app.parser.data_tables.districts import (
    PLACE_COLUMNS,
    district_slug,
    fill_districts,
    find_total_districts,
    place_notes,
)
from app.parser.records import DeclaredCount, IssueContext, ReadResult, Value
from app.parser.tables.row_readers import add_row, number_rows, parse_row_number
from app.parser.tables.table_kind import GroupTotal, KnownRows, Table, TableKind, start_result
from app.parser.text.normalise import match_key
from app.parser.text.places import Places
from app.parser.text.slugs import unique_id

_YEARS = re.compile(r"((?:19|20)\d\d)年?(?:(?:-+|~|至|到|/)((?:19|20)\d\d)年?)?(?:份|度)?(?:完成|改造)?")
_PLAN_COUNT = re.compile(r"(拆迁|征迁|整治)[^\d,、;()]{0,6}?(?:(\d{1,6})个)?(?=[,、;()]|$)")


def extract_urban_villages(table: Table, context: IssueContext, _known: KnownRows) -> ReadResult:
    """Return the rows of the list, with its declared total and subtotals.

    Ids have the form `<document>.<district>-<number>`; the numbers restart in every district. `year_from` and
    `year_to` are calendar years, the same for a single year.
    """
    result = start_result(table)
    places, document_id = Places(context.areas), context.document_id
    used_ids: dict[str, int] = {}
    districts = fill_districts(table, places)
    for row, district, id_number in zip(table.rows, districts, number_rows(table.rows, districts), strict=True):
        place = places.locate(district, row.cells.get("street", ""))
        notes = place_notes(row, place, district)
        number = parse_row_number(row, notes)
        years = _parse_years(row.cells.get("years", ""), notes)
        fields: dict[str, Value] = {
            "document_id": document_id,
            "number": number,
            "district": place.district,
            "district_code": place.district_code,
            "street": place.street,
            "street_code": place.street_code,
            "village": row.cells.get("village") or None,
            "plan": parse_plan(row.cells.get("plan", ""), notes),
            "year_from": years[0],
            "year_to": years[1],
        }
        row_id = unique_id(f"{document_id}.{district_slug(place.district)}-{id_number:02d}", used_ids)
        columns = {name: name for name in ("number", "district", "street", "village", "plan")}
        columns |= {"year_from": "years", "year_to": "years"}
        add_row(result, table, row, row_id, fields, columns, notes)
    for total, total_district in zip(table.totals, find_total_districts(table, result.rows), strict=True):
        result.declared += _declared_counts(total, total_district, document_id)
    return result


def _declared_counts(total: GroupTotal, district: str | None, document_id: str | None) -> list[DeclaredCount]:
    rule = f"urban-villages?document_id={document_id}" + (f"&district={district}" if district else "")
    subject = f"villages of {district or 'all districts'}"
    declared = [DeclaredCount(subject, rule, total.total, total.line)]
    for word, printed in _PLAN_COUNT.findall(total.rest):
        plan = "upgrade" if word == "整治" else "demolition"
        # A subtotal that names one plan without a figure counts all its villages under that plan.
        count = int(printed) if printed else total.total
        declared.append(DeclaredCount(f"{subject}, {plan}", f"{rule}&plan={plan}", count, total.line))
    return declared


def parse_plan(cell: str, notes: list[str]) -> str | None:
    """Return `demolition` (拆迁) or `upgrade` (整治提升), and None with a note for anything else."""
    key = match_key(cell)
    demolition, upgrade = re.search("拆迁|征迁", key), re.search("整治|提升", key)
    if bool(demolition) != bool(upgrade):
        return "demolition" if demolition else "upgrade"
    notes.append("plan not understood")
    return None


def _parse_years(cell: str, notes: list[str]) -> tuple[int | None, int | None]:
    match = _YEARS.fullmatch(match_key(cell)) if len(cell) < 40 else None
    if match is None or int(match[2] or match[1]) < int(match[1]):
        notes.append("years not understood")
        return None, None
    return int(match[1]), int(match[2] or match[1])


KIND = TableKind(
    name="urban-villages",
    columns={
        **PLACE_COLUMNS,
        "years": r".*年份|(改造|完成|实施|启动)(年度|时间|时限)",
        "plan": r".*改造(计划|方式|类型).*",
        "village": r".*村.*",
    },
    required=(
        frozenset({"village", "plan"}),
        frozenset({"village", "years"}),
        frozenset({"street", "plan", "years"}),
    ),
    extract=extract_urban_villages,
    label_column="village",
    example="""
## 旧村改造清单
|序号|所属区|所属街道|涉及行政村|改造计划|改造年份|
|1|东溪区|柳塘街道|上河|拆迁|2022|
""",
)
