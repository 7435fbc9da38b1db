"""The plan of one year for the urban villages."""

from app.parser.data_tables.districts import PLACE_COLUMNS, fill_districts, place_notes
from app.parser.data_tables.urban_villages import KIND as URBAN_VILLAGES
from app.parser.data_tables.urban_villages import parse_plan
from app.parser.records import DeclaredCount, IssueContext, ReadResult, Value
from app.parser.tables.row_readers import add_row, find_title_year, parse_code, parse_row_number
from app.parser.tables.table_kind import KnownRows, Table, TableKind, start_result
from app.parser.text.places import Places
from app.parser.text.slugs import unique_id

_UNIT_TYPES = {"行政村": "administrative_village", "区块": "block"}
_TASKS = {"完成签约": "sign_agreements", "完成拆除": "complete_demolition"}


def extract_village_tasks(table: Table, context: IssueContext, known: KnownRows) -> ReadResult:
    """Return the rows of the plan, whose year the table's title names.

    The villages of the plan must be those that the list of urban villages has for that year. A declared count says
    so as a rule over both sets.
    """
    result = start_result(table)
    places, document_id = Places(context.areas), context.document_id
    village_ids = _village_ids(known)
    used_ids: dict[str, int] = {}
    year = find_title_year(table)
    for row, district in zip(table.rows, fill_districts(table, places), strict=True):
        place = places.locate(district, row.cells.get("street", ""))
        notes = place_notes(row, place, district)
        if year is None:
            notes.append("the table's title names no year")
        number = parse_row_number(row, notes)
        village = row.cells.get("village") or None
        village_id = village_ids.get((place.district or "", place.street or "", village or ""))
        if village_ids and village_id is None:
            notes.append("not found in the list of villages")
        fields: dict[str, Value] = {
            "document_id": document_id,
            "year": year,
            "number": number,
            "district": place.district,
            "street": place.street,
            "village": village,
            "unit_type": parse_code(row, "unit_type", _UNIT_TYPES, notes),
            "plan": parse_plan(row.cells.get("plan", ""), notes),
            "task": parse_code(row, "task", _TASKS, notes),
            "village_id": village_id,
        }
        row_id = unique_id(f"{document_id}.{year or 'plan'}-{number or row.number:02d}", used_ids)
        columns = {name: name for name in ("number", "district", "street", "village", "unit_type", "plan", "task")}
        add_row(result, table, row, row_id, fields, columns, notes)
    if year and table.rows and village_ids:
        list_id = next(iter(village_ids.values())).rpartition(".")[0]
        rule = (
            f"village-tasks?document_id={document_id}&year={year}#village_id"
            f" = urban-villages?document_id={list_id}&year_from={year}#id"
        )
        subject = f"villages of the {year} plan and villages listed for {year}"
        result.declared.append(DeclaredCount(subject, rule, len(table.rows), table.rows[0].first_line))
    return result


def _village_ids(known: KnownRows) -> dict[tuple[str, str, str], str]:
    """Return the ids of the listed villages by district, street and village."""
    ids: dict[tuple[str, str, str], str] = {}
    for row in known.of(URBAN_VILLAGES.name):
        place = (str(row.fields["district"]), str(row.fields["street"]), str(row.fields["village"]))
        ids.setdefault(place, row.id)
    return ids


KIND = TableKind(
    name="village-tasks",
    columns={
        **PLACE_COLUMNS,
        "unit_type": r"(任务|单元)(类别|类型)",
        "task": r".*年度任务|\d{4}年任务",
        "plan": r".*改造(计划|方式|类型).*",
        "village": r".*村.*",
    },
    required=(
        frozenset({"village", "task"}),
        frozenset({"village", "unit_type", "plan"}),
        frozenset({"street", "plan", "task"}),
    ),
    extract=extract_village_tasks,
    refers_to=(URBAN_VILLAGES,),
    tried_before=(URBAN_VILLAGES,),
    label_column="village",
    example="""
## 2022年旧村改造计划清单
|序号|所属区|所属街道|所属行政村|任务类别|改造计划|年度任务|
|1|东溪区|柳塘街道|上河|行政村|拆迁|完成签约|
""",
)
