"""Commitments in sentences, as (sentence, expected) pairs."""

from datetime import date

import pytest

from app.parser.documents.commitments import extract_task_commitments
from app.parser.documents.provision_tree import Provision
from app.parser.documents.provisions import extract_provisions
from app.parser.records import ParsedRow
from app.parser.structure.document_layout import DocumentLayout
from app.parser.structure.paragraphs import join_paragraphs
from app.parser.text.normalise import split_lines
from app.parser.text.numbering import ANNEX
from tests.support.sentences import commitments


@pytest.mark.parametrize(
    "sentence",
    [
        "湖区面积共36平方公里。",
        "渔户约1.2万户。",
        "在1971年至1975年期间建成。",
        "根据《若干意见》（临政发〔2013〕52号）精神。",
        "近三年经营情况。",
        "共计31个行政村。",
    ],
)
def test_background_is_no_commitment(sentence: str) -> None:
    assert commitments(sentence) == []


def test_a_condition_is_a_firm_threshold() -> None:
    (found,) = commitments("鼓励获得4A以上信用等级的协会承接。")
    assert (found["kind"], found["certainty"]) == ("threshold", "firm")


def test_a_target_to_strive_for_differs_from_a_firm_one() -> None:
    first, second = commitments("2024年优良比例力争达到80%以上，2025年优良比例达到85%以上。")
    assert (first["certainty"], second["certainty"]) == ("strive", "firm")
    assert (first["due_to"], second["due_to"]) == (date(2024, 12, 31), date(2025, 12, 31))


def test_tasks_in_the_table_of_an_annex_are_commitments_of_the_annex() -> None:
    flow = join_paragraphs(split_lines("一、任务\n分片治理。"))
    layout = DocumentLayout("治理方案（2023—2025年）", None, None, None, date(2023, 2, 1), flow, flow, [], [], [])
    annex = Provision(ANNEX, "annex2", None, 2, "附件2", "治理清单", first_line=20, last_line=20)
    rows = [
        ParsedRow("watersheds", f"doc.{number}", {"tasks": tasks, "responsible": ["东溪区"]}, line, line)
        for number, line, tasks in [
            (1, 22, ["1.成立工作专班；", "2.4月底前完成排查，制定方案；", "3.工作专班每季度上报进展。"]),
            (2, 23, ["1.2023年6月底前完成治理。"]),
        ]
    ]
    found = extract_task_commitments("doc", layout, [*extract_provisions(layout), annex], rows)
    assert [row.id for row in found] == ["doc.annex2.1", "doc.annex2.2", "doc.annex2.3"]
    assert [row.fields["due_to"] for row in found] == [date(2023, 4, 30), None, date(2023, 6, 30)]
    assert [(row.first_line, row.fields["responsible"]) for row in found] == [
        (22, ["东溪区"]),
        (22, ["东溪区"]),
        (23, ["东溪区"]),
    ]
