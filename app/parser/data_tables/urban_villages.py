"""The tables of urban villages: the list of several years and the plan of one year."""

import re
from collections.abc import Sequence

from app.parser.data_tables.districts import districts_of, group_districts, place_notes, short_slug
from app.parser.records import Context, Declared, Line, Reading, Value
from app.parser.tables.row_readers import add_row, id_numbers, read_number
from app.parser.tables.table import Group, read_table, start_reading
from app.parser.text.normalise import key
from app.parser.text.places import Places
from app.parser.text.slugs import unique

_YEARS = re.compile(r"((?:19|20)\d\d)年?(?:(?:-+|~|至|到|/)((?:19|20)\d\d)年?)?(?:份|度)?(?:完成|改造)?")
_PLAN_COUNT = re.compile(r"(拆迁|征迁|整治)[^\d,、;()]{0,6}?(?:(\d{1,6})个)?(?=[,、;()]|$)")
_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")


def read_urban_villages(lines: Sequence[Line], context: Context) -> Reading:
    """Read the village list into `urban-villages`, with the declared total and subtotals.

    Ids are `<document>.<district>-<number>`; numbers restart with every district. Years are
    calendar years, `year_to` the last of a printed range.
    """
    table = read_table(lines, "urban-villages")
    reading = start_reading(table)
    places, document = Places(context.areas), context.document_id
    taken: dict[str, int] = {}
    districts = districts_of(table, places)
    for row, district, rank in zip(table.rows, districts, id_numbers(table.rows, districts), strict=True):
        at = places.locate(district, row.cells.get("street", ""))
        notes = place_notes(row, at, district)
        number = read_number(row, notes)
        years = _read_years(row.cells.get("years", ""), notes)
        fields: dict[str, Value] = {
            "document_id": document,
            "number": number,
            "district": at.district,
            "district_code": at.district_code,
            "street": at.street,
            "street_code": at.street_code,
            "village": row.cells.get("village") or None,
            "plan": read_plan(row.cells.get("plan", ""), notes),
            "year_from": years[0],
            "year_to": years[1],
        }
        wanted = f"{document}.{short_slug(at.district)}-{rank:02d}"
        columns = {name: name for name in ("number", "district", "street", "village", "plan")}
        columns |= {"year_from": "years", "year_to": "years"}
        add_row(reading, table, row, "urban-villages", unique(wanted, taken), fields, columns, notes)
    for group, whom in zip(table.groups, group_districts(table, reading.rows), strict=True):
        reading.declared += _declared(group, whom, document)
    return reading


def _declared(group: Group, district: str | None, document: str | None) -> list[Declared]:
    rule = f"urban-villages?document_id={document}" + (f"&district={district}" if district else "")
    whom = district or "all districts"
    found = [Declared(f"villages of {whom}", rule, group.total, group.line)]
    for word, count in _PLAN_COUNT.findall(group.rest):
        plan = "upgrade" if word == "整治" else "demolition"
        # A subtotal that names one plan without a figure counts all its villages under it.
        total = int(count) if count else group.total
        found.append(Declared(f"villages of {whom}, {plan}", f"{rule}&plan={plan}", total, group.line))
    return found


def read_plan(cell: str, notes: list[str]) -> str | None:
    """Return `demolition` (拆迁) or `upgrade` (整治提升), None with a note for anything else."""
    name = key(cell)
    pulled, kept = re.search("拆迁|征迁", name), re.search("整治|提升", name)
    if bool(pulled) != bool(kept):
        return "demolition" if pulled else "upgrade"
    notes.append("plan not understood")
    return None


def _read_years(cell: str, notes: list[str]) -> tuple[int | None, int | None]:
    match = _YEARS.fullmatch(key(cell)) if len(cell) < 40 else None
    if match is None or int(match[2] or match[1]) < int(match[1]):
        notes.append("years not understood")
        return None, None
    return int(match[1]), int(match[2] or match[1])
