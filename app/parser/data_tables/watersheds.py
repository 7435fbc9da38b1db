"""The table of key areas and watersheds, and its link to the monitoring sections."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from app.parser.records import Context, Line, Reading, Value
from app.parser.tables.grid import clean
from app.parser.tables.row_readers import add_row
from app.parser.tables.table import DataRow, read_table, start_reading
from app.parser.text.normalise import fold
from app.parser.text.places import Places

_ITEM = re.compile(r"<li\b[^<>]{0,200}>", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:^|(?<=[\s;。,]))(?:\((\d{1,2})\)|(\d{1,2})[.、](?!\d+(?:[亿万%个倍米吨]|公里)))")
_PART = re.compile(r"[,;。:]")
_SECTION_LIST = re.compile(r"[、和及与]|^\d{1,2}\.")
_SPACED = re.compile(r"[\s、,，;；]+")


def read_watersheds(lines: Sequence[Line], context: Context, section_ids: Mapping[str, str]) -> Reading:
    """Read the table into `watersheds`, ids `<document>.<n>` in the printed order.

    `section_ids` maps names of sections to ids. `tasks` is running text, one entry for each
    numbered task, and has no printed cell beside it, so that no copy of the text stays behind.
    """
    table = read_table(lines, "watersheds")
    reading = start_reading(table)
    places = Places(context.areas)
    for row in table.rows:
        notes: list[str] = []
        goal = row.cells.get("goal", "")
        fields: dict[str, Value] = {
            "document_id": context.document_id,
            "number": row.number,
            "name": row.cells.get("name") or None,
            "section_ids": _sections_of(goal, section_ids, places, notes),
            "goal": goal or None,
            "problems": _split_problems(row.cells.get("problems", "")),
            "responsible": [name for name in _SPACED.split(row.cells.get("responsible", "")) if name],
            "tasks": split_tasks(row),
        }
        columns = {name: name for name in ("name", "goal", "problems", "responsible")}
        columns["section_ids"] = "goal"
        row_id = f"{context.document_id}.{row.number}"
        add_row(reading, table, row, "watersheds", row_id, fields, columns, notes)
    return reading


def split_tasks(row: DataRow) -> list[str]:
    """Cut a cell into its list items, or at its running numbers 1. 2. 3., text and numbers kept."""
    raw = row.raw.get("tasks", "")
    items = [clean(part) for part in _ITEM.split(raw)]
    items = [item for item in items if item]
    if len(items) != 1:
        return items
    text, folded = items[0], fold(items[0])
    cuts, expected = [0], 1
    for match in _NUMBERED.finditer(folded):
        if int(match[1] or match[2]) == expected:
            cuts.append(match.start())
            expected += 1
    parts = [text[start:end].strip() for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]
    return [part for part in parts if part]


def _split_problems(cell: str) -> list[str]:
    """Cut a cell at commas and full stops; 等 at its end is no problem of its own."""
    folded, found, start = fold(cell), list[str](), 0
    for at in [*(match.start() for match in _PART.finditer(folded)), len(cell)]:
        found.append(cell[start:at].strip().removesuffix("等"))
        start = at + 1
    return [part for part in found if part]


def _sections_of(goal: str, section_ids: Mapping[str, str], places: Places, notes: list[str]) -> list[str]:
    """Return the ids of the sections named before 断面: 甲、乙断面水质达到Ⅲ类."""
    found: list[str] = []
    for piece in fold(goal).split("断面")[:-1]:
        listed = _PART.split(piece)[-1].split("类")[-1]
        for part in _SECTION_LIST.split(listed):
            name = "".join(part.split())
            known = name if name in section_ids else places.cut_county(name)[2]
            if known in section_ids:
                found.append(section_ids[known])
            elif name:
                notes.append(f"section {name[:20]} is not among the known sections")
    return list(dict.fromkeys(found))
