"""The table of key areas and watersheds, which names the monitoring sections of each."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.parser.data_tables.water_sections import KIND as WATER_SECTIONS
from app.parser.records import IssueContext, ReadResult, Value
from app.parser.tables.grid import clean_cell
from app.parser.tables.row_readers import add_row
from app.parser.tables.table_kind import DataRow, KnownRows, Table, TableKind, start_result
from app.parser.text.damage import find_damage
from app.parser.text.normalise import fold_width
from app.parser.text.places import Places

_ITEM = re.compile(r"<li\b[^<>]{0,200}>", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:^|(?<=[\s;。,]))(?:\((\d{1,2})\)|(\d{1,2})[.、](?!\d+(?:[亿万%个倍米吨]|公里)))")
_PART = re.compile(r"[,;。:]")
_SECTION_LIST = re.compile(r"[、和及与]|^\d{1,2}\.")
PROBLEM_WORDS: tuple[tuple[str, str], ...] = (
    ("污染", "农业面源污染"),
    ("淤积", "河道淤积"),
    ("入河", "泥浆入河"),
    ("监管", "入河排污口监管"),
    ("(?:不|未)[\u4e00-\u9fff]{1,6}", "保洁不到位"),
    ("短板", "管网短板"),
    ("混流|合流", "雨污混流"),
    ("薄弱|流失|有待提升|不足|缺乏|滞后", "居民意识薄弱"),
)
"""The ends of what says by itself what is wrong, with an example each."""
_PROBLEM = re.compile(f"(?:{'|'.join(word for word, _ in PROBLEM_WORDS)})$")
_SPACED = re.compile(r"[\s、,，;；]+")


def extract_watersheds(table: Table, context: IssueContext, known: KnownRows) -> ReadResult:
    """Return the rows of the table, with ids `<document>.<n>` in the printed order.

    `tasks` is running text with one entry for each numbered task. It has no printed cell beside it, so that the text
    is not stored twice.
    """
    result = start_result(table)
    places = Places(context.areas)
    section_ids: dict[str, str] = {}
    for section in known.of(WATER_SECTIONS.name):
        section_ids.setdefault(str(section.fields["name"]), section.id)
    for row in table.rows:
        notes = find_damage(" ".join(clean_cell(cell) for cell in row.raw_cells.values()))
        goal = row.cells.get("goal", "")
        fields: dict[str, Value] = {
            "document_id": context.document_id,
            "number": row.number,
            "name": row.cells.get("name") or None,
            "section_ids": _find_section_ids(goal, section_ids, places, notes),
            "goal": goal or None,
            "problems": _split_problems(row.cells.get("problems", "")),
            "responsible": [name for name in _SPACED.split(row.cells.get("responsible", "")) if name],
            "tasks": split_tasks(row),
        }
        columns = {name: name for name in ("name", "goal", "problems", "responsible")}
        columns["section_ids"] = "goal"
        add_row(result, table, row, f"{context.document_id}.{row.number}", fields, columns, notes)
    return result


def split_tasks(row: DataRow) -> list[str]:
    """Return the list items of the cell, or its parts between the numbers 1. 2. 3.; numbers stay in the text."""
    raw = row.raw_cells.get("tasks", "")
    items = [clean_cell(part) for part in _ITEM.split(raw)]
    items = [item for item in items if item]
    if len(items) != 1:
        return items
    text, folded = items[0], fold_width(items[0])
    cuts, expected = [0], 1
    for match in _NUMBERED.finditer(folded):
        if int(match[1] or match[2]) == expected:
            cuts.append(match.start())
            expected += 1
    parts = [text[start:end].strip() for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]
    return [part for part in parts if part]


def _split_problems(cell: str) -> list[str]:
    """Return the parts of a cell between commas and full stops, without 等 at the end of a part.

    A 、 separates problems where each member says what is wrong (泥浆入河、河道淤积). In 工业、生活污染 it joins what
    the one problem is about.
    """
    problems: list[str] = []
    start = 0
    for at in [*(match.start() for match in _PART.finditer(fold_width(cell))), len(cell)]:
        part = cell[start:at].strip().removesuffix("等")
        members = [member.strip() for member in part.split("、")]
        problems += members if all(_PROBLEM.search(member) for member in members) else [part]
        start = at + 1
    return [part for part in problems if part]


def _find_section_ids(goal: str, section_ids: Mapping[str, str], places: Places, notes: list[str]) -> list[str]:
    """Return the ids of the sections named before 断面, like 甲 and 乙 in 甲、乙断面水质达到Ⅲ类."""
    found_ids: list[str] = []
    for clause in fold_width(goal).split("断面")[:-1]:
        listed = _PART.split(clause)[-1].split("类")[-1]
        for part in _SECTION_LIST.split(listed):
            name = "".join(part.split())
            known = name if name in section_ids else places.split_county(name)[2]
            if known in section_ids:
                found_ids.append(section_ids[known])
            elif name:
                notes.append(f"section {name[:20]} is not among the known sections")
    return list(dict.fromkeys(found_ids))


KIND = TableKind(
    name="watersheds",
    columns={
        "name": r".*(片区|流域).*名?称?",
        "goal": r".*目标",
        "problems": r".*问题",
        "tasks": r".*任务",
        "responsible": r"(责任|牵头)(单位|主体).*",
    },
    required=(
        frozenset({"name", "goal"}),
        frozenset({"name", "problems", "responsible"}),
    ),
    extract=extract_watersheds,
    refers_to=(WATER_SECTIONS,),
    example="""
## 治理清单
|片区、流域名称|攻坚目标|主要问题|攻坚任务|责任单位|
|柳溪片区|柳渡断面水质达到Ⅲ类。|污染等。|1.先做甲；2.再做乙。|东溪区|
""",
)
