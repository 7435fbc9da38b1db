"""Goals for water sections, as (sentence, expected) pairs."""

from datetime import date
from typing import Any

from app.parser.documents.provisions import extract_provisions
from app.parser.documents.water_targets import extract_water_targets, split_section_names
from app.parser.records import IssueContext
from app.parser.structure.document_layout import DocumentLayout
from app.parser.structure.paragraphs import join_paragraphs
from app.parser.text.normalise import split_lines
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
