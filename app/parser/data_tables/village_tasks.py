"""The yearly plans of the urban villages."""

from collections.abc import Mapping, Sequence

from app.parser.data_tables.districts import districts_of, place_notes
from app.parser.data_tables.urban_villages import _YEAR, read_plan
from app.parser.records import Context, Declared, Line, Reading, Value
from app.parser.tables.row_readers import add_row, read_number, read_word
from app.parser.tables.table import read_table, start_reading
from app.parser.text.normalise import fold
from app.parser.text.places import Places
from app.parser.text.slugs import unique


def read_village_tasks(
    lines: Sequence[Line], context: Context, village_ids: Mapping[tuple[str, str, str], str]
) -> Reading:
    """Read the plan of one year, which the table's title names, into `village-tasks`.

    `village_ids` maps (district, street, village) to ids of `urban-villages`. The plan's
    villages must be the list's villages of that year: declared as a rule over both sets.
    """
    table = read_table(lines, "village-tasks")
    reading = start_reading(table)
    places, document = Places(context.areas), context.document_id
    taken: dict[str, int] = {}
    named = _YEAR.search(fold(table.title))
    year = int(named[1]) if named else None
    districts = districts_of(table, places)
    for row, district in zip(table.rows, districts, strict=True):
        at = places.locate(district, row.cells.get("street", ""))
        notes = place_notes(row, at, district)
        if year is None:
            notes.append("the table's title names no year")
        number = read_number(row, notes)
        village = row.cells.get("village") or None
        village_id = village_ids.get((at.district or "", at.street or "", village or ""))
        if village_ids and village_id is None:
            notes.append("not found in the list of villages")
        fields: dict[str, Value] = {
            "document_id": document,
            "year": year,
            "number": number,
            "district": at.district,
            "street": at.street,
            "village": village,
            "unit_type": read_word(row, "unit_type", _UNIT_TYPES, notes),
            "plan": read_plan(row.cells.get("plan", ""), notes),
            "task": read_word(row, "task", _TASKS, notes),
            "village_id": village_id,
        }
        wanted = f"{document}.{year or 'plan'}-{number or row.number:02d}"
        columns = {name: name for name in ("number", "district", "street", "village", "unit_type", "plan", "task")}
        add_row(reading, table, row, "village-tasks", unique(wanted, taken), fields, columns, notes)
    if year and table.rows and village_ids:
        listed = next(iter(village_ids.values())).rpartition(".")[0]
        rule = (
            f"village-tasks?document_id={document}&year={year}#village_id"
            f" = urban-villages?document_id={listed}&year_from={year}#id"
        )
        subject = f"villages of the {year} plan and villages listed for {year}"
        reading.declared.append(Declared(subject, rule, len(table.rows), table.rows[0].first))
    return reading


_UNIT_TYPES = {"行政村": "administrative_village", "区块": "block"}
_TASKS = {"完成签约": "sign_agreements", "完成拆除": "complete_demolition"}
