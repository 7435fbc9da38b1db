"""Goals for water sections, as (sentence, expected) pairs."""

from datetime import date
from typing import Any

from app.parser.documents.provision_tree import Provision
from app.parser.documents.provisions import extract_provisions
from app.parser.documents.water_targets import extract_goal_targets, extract_water_targets, split_section_names
from app.parser.records import IssueContext, ParsedRow
from app.parser.structure.document_layout import DocumentLayout
from app.parser.structure.paragraphs import join_paragraphs
from app.parser.text.normalise import split_lines
from app.parser.text.numbering import ANNEX
from tests.support.invented_issue import AREAS

CONTEXT = IssueContext("2023-11", date(2023, 12, 5), AREAS, "doc")


def targets(text: str) -> list[tuple[Any, ...]]:
    flow = join_paragraphs(split_lines("## 一、工作目标\n" + text))
    title = "碧水行动计划（2024—2026年）"
    layout = DocumentLayout(title, None, None, None, None, flow, flow, [], [], [])
    found = extract_water_targets(title, extract_provisions(layout), CONTEXT).result
    names = ("year_from", "year_to", "target_class", "commitment", "certainty")
    return [(row.id, *(row.fields[name] for name in names)) for row in found.rows]


def test_water_targets() -> None:
    assert targets(
        "梅滩断面水质稳定在Ⅲ类。2024年，东山柳桥、西山区杏渡2个断面水质力争提升到Ⅱ类。2025年，柳桥断面水质消除Ⅴ类。"
    ) == [
        ("meitan.2026.1", 2024, 2026, "III", "hold", "firm"),
        ("liuqiao.2024.1", 2024, 2024, "II", "reach", "strive"),
        ("xingdu.2024.1", 2024, 2024, "II", "reach", "strive"),
        ("liuqiao.2025.1", 2025, 2025, None, "eliminate_V", "firm"),
    ]


def test_targets_have_the_years_of_the_title_and_the_last_class() -> None:
    flow = join_paragraphs(
        split_lines(
            "## 一、工作目标\n梅滩断面水质稳定在Ⅲ类。2025年，柳桥断面水质提升到Ⅲ类。2026年，柳桥断面水质达到Ⅱ类。"
        )
    )
    title = "碧水行动计划（2024—2026年）"
    layout = DocumentLayout(title, None, None, None, None, flow, flow, [], [], [])
    found = extract_water_targets(title, extract_provisions(layout), CONTEXT)
    assert [(row.id, row.notes) for row in found.result.rows] == [
        ("meitan.2026.1", "no year printed; the years are those of the plan's title"),
        ("liuqiao.2025.1", None),
        ("liuqiao.2026.1", None),
    ]
    assert found.class_by_section == {"梅滩": "III", "柳桥": "II"}


def test_areas_go_with_the_names_after_them() -> None:
    assert split_section_names("东山柳桥、梅滩，东山、西山杏渡和竹港", AREAS) == [
        ("柳桥", ["东山区"]),
        ("梅滩", ["东山区"]),
        ("杏渡", ["东山区", "西山区"]),
        ("竹港", ["东山区", "西山区"]),
    ]


def test_dated_promises_of_the_table_of_key_areas() -> None:
    root = Provision(ANNEX, "annex2", None, 2, "附件2", "治理清单", heading_only=True)
    root.extend_span(50, 52)

    def shed(line: int, goal: str, *section_ids: str) -> ParsedRow:
        return ParsedRow(
            "watersheds", f"doc.{line}", {"goal": goal, "section_ids": list(section_ids)}, line, line, "doc"
        )

    known = ParsedRow(
        "water-targets",
        "liuqiao.2025.1",
        {"section_id": "liuqiao", "year_from": 2025, "year_to": 2025, "target_class": "III"},
        9,
        9,
    )
    rows = [
        shed(60, "柳桥断面水质2024-2025年力争Ⅲ类，2025年达到Ⅲ类，2026年稳定达到Ⅲ类，并持续改善。", "liuqiao"),
        shed(61, "1.梅滩断面水质2024年提升到Ⅳ类;2.杏渡断面水质达到或优于Ⅳ类。", "meitan", "xingdu"),
    ]
    found = extract_goal_targets("doc", [root], rows, [known])
    names = ("year_from", "year_to", "target_class", "commitment", "certainty")
    assert [(row.id, row.first_line, *(row.fields[name] for name in names)) for row in found] == [
        ("liuqiao.2025.2", 60, 2024, 2025, "III", "reach", "strive"),
        ("liuqiao.2026.1", 60, 2026, 2026, "III", "hold", "firm"),
        ("meitan.2024.1", 61, 2024, 2024, "IV", "reach", "firm"),
    ]
    assert {row.fields["provision_id"] for row in found} == {"doc.annex2"}
    assert extract_goal_targets("doc", [], rows, []) == []
