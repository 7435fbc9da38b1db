"""The tables of urban villages: the list of several years and the plan of one year."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from app.gazette.places import Located, Places
from app.gazette.records import Context, Declared, Doubt, Line, Reading, Row, Value
from app.gazette.slugs import slug, unique
from app.gazette.tables import DataRow, Group, Table, read_table, start_reading
from app.gazette.text import fold, key

_ZONE_SUFFIX = re.compile(r"(产业集聚区|经济技术开发区|高新技术产业开发区|开发区|新区|[区县市])$")
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


def add_row(
    reading: Reading,
    table: Table,
    row: DataRow,
    dataset: str,
    row_id: str,
    fields: Mapping[str, Value],
    columns: Mapping[str, str],
    notes: Sequence[str],
) -> None:
    """Add one row; `columns` names, for each typed field, the column whose cell is its print.

    Every note is a doubt too, so that the reader of the report looks at the row.
    """
    missing = sorted({column for column in columns.values() if column not in row.cells})
    remarks = [*notes, *(f"the table has no column for {column}" for column in missing)]
    if missing and row.number == 1:
        reading.doubts.append(Doubt(row.first, table.title, f"columns missing: {', '.join(missing)}"))
    name = row.cells.get("village") or row.cells.get("name", "")
    reading.doubts += [Doubt(row.first, name, note) for note in notes]
    printed = {name: row.cells[column] for name, column in columns.items() if column in row.cells}
    reading.rows.append(
        Row(
            dataset,
            row_id,
            fields,
            row.first,
            row.last,
            document_id=str(fields["document_id"]) if fields.get("document_id") else None,
            table=table.title or None,
            row=row.number,
            printed=printed,
            notes="; ".join(remarks) or None,
        )
    )


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


def short_slug(district: str | None) -> str:
    """Return the slug of a district without its suffix: longwan for 龙湾区, `unknown` for none."""
    return slug(_ZONE_SUFFIX.sub("", district or "")) or slug(district or "") or "unknown"


def id_numbers(rows: Sequence[DataRow], districts: Sequence[str]) -> list[int]:
    """Return each row's number for its id: the printed one, or its place among its district's rows."""
    counts: dict[str, int] = {}
    found: list[int] = []
    for row, district in zip(rows, districts, strict=True):
        counts[district] = counts.get(district, 0) + 1
        printed = read_number(row, [])
        found.append(counts[district] if printed is None else printed)
    return found


def read_number(row: DataRow, notes: list[str]) -> int | None:
    """Return the running number of a row, None with a note when the cell is no number."""
    text = fold(row.cells.get("number", "")).strip(" .、")
    if text.isascii() and text.isdigit() and len(text) < 6:
        return int(text)
    notes.append("no running number")
    return None


def read_plan(cell: str, notes: list[str]) -> str | None:
    """Return `demolition` (拆迁) or `upgrade` (整治提升), None with a note for anything else."""
    name = key(cell)
    pulled, kept = re.search("拆迁|征迁", name), re.search("整治|提升", name)
    if bool(pulled) != bool(kept):
        return "demolition" if pulled else "upgrade"
    notes.append("plan not understood")
    return None


def read_word(row: DataRow, column: str, words: Mapping[str, str], notes: list[str]) -> str | None:
    """Return the code of a cell that holds one word of a closed list, None with a note otherwise."""
    code = words.get(key(row.cells.get(column, "")))
    if code is None:
        notes.append(f"{column} not understood")
    return code


def _read_years(cell: str, notes: list[str]) -> tuple[int | None, int | None]:
    match = _YEARS.fullmatch(key(cell)) if len(cell) < 40 else None
    if match is None or int(match[2] or match[1]) < int(match[1]):
        notes.append("years not understood")
        return None, None
    return int(match[1]), int(match[2] or match[1])
