"""Numbers that a document states about itself, each with the rule that counts it again."""

from app.parser.documents.declared_counts import extract_further_counts
from app.parser.documents.provisions import extract_provisions
from app.parser.structure.document_layout import DocumentLayout
from app.parser.structure.paragraphs import join_paragraphs
from app.parser.text.normalise import split_lines

TITLE = "旧村改造五年行动方案（2024—2028年）"


def counts(text: str, *datasets: str, title: str = TITLE) -> list[tuple[str, str, int]]:
    flow = join_paragraphs(split_lines(text))
    layout = DocumentLayout(title, None, None, None, None, flow, flow, [], [], [])
    found = extract_further_counts("doc", title, extract_provisions(layout), set(datasets))
    return [(count.subject, count.rule, count.number) for count in found]


def test_key_areas_against_their_table() -> None:
    text = "## 一、任务\n形成柳溪片、白石片等九大重点区域，分片实施。"
    assert counts(text, "watersheds") == [("key areas, in the plan's text", "watersheds?document_id=doc", 9)]
    assert counts(text) == []


def test_villages_of_the_first_years_against_the_list() -> None:
    text = "## 一、任务\n（一）整村征迁。计划三年内完成旧村改造41个以上，五年完成改造78个。"
    rule = "urban-villages?document_id=doc&plan=demolition&year_to__lte="
    assert counts(text, "urban-villages") == [
        ("villages under demolition by 2026, in the plan's text", f"{rule}2026 >= 41", 41),
        ("villages under demolition by 2028, in the plan's text", f"{rule}2028", 78),
    ]
    assert counts(text, "urban-villages", title="旧村改造行动方案") == []


def test_members_against_the_duties_below() -> None:
    members = "成 员：甲局、乙局，丙局主要负责人\n各成员按以下分工开展工作："
    text = f"## 一、组织\n{members}\n（一）甲局负责指导。\n（二）乙局负责监督。"
    (found,) = counts(text)
    assert found[0] == "members of the body with duties"
    assert found[1].endswith("&level=item")
    assert found[2] == 3
