"""Annexes of documents."""

import pytest

from app.parser import ParsedIssue
from app.parser.structure.annexes import Annex, build_annexes, extract_annex_list, find_annex_headings
from app.parser.text.normalise import split_lines
from tests.support.invented_issue import by_id


def test_annexes_are_held_or_not(parsed: ParsedIssue) -> None:
    assert by_id(parsed, "documents")["linzhengban-2023-41"]["annexes"] == [
        {"number": 1, "title": "责任清单", "held": True},
        {"number": 2, "title": "位置图", "held": False},
        {"number": 3, "title": "联系表", "held": True},
    ]


def annexes(text: str) -> list[tuple[int | None, str | None, list[int]]]:
    lines = split_lines(text)
    listed, list_lines = extract_annex_list(lines)
    found = build_annexes(lines, listed, find_annex_headings(lines, listed, list_lines))
    return [(annex.number, annex.title, [line.number for line in annex.content]) for annex in found]


SIGNATURE = "临江市人民政府\n2021年5月3日\n"


@pytest.mark.parametrize(
    "listed",
    [
        "附件：1.护林清单\n2.2021年造林计划\n",
        "附件:1.护林清单;\n2.2021年造林计划。\n",
        "附件1.护林清单\n附件2.2021年造林计划\n",
        "附件1：护林清单\n附件2：2021年造林计划\n",
        "附件一、护林清单\n附件二、2021年造林计划\n",
        "附件：\n1．护林清单\n2．2021年造林计划\n",
        "附：1.护林清单\n2.2021年造林计划\n",
    ],
)
def test_forms_of_the_list(listed: str) -> None:
    text = f"{listed}{SIGNATURE}附件1\n护林清单\n一、东山。\n附件2：\n2021年造林计划\n一、西山。\n"
    assert [row[:2] for row in annexes(text)] == [(1, "护林清单"), (2, "2021年造林计划")]
    assert [len(row[2]) for row in annexes(text)] == [1, 1]


def test_headings_that_hold_label_and_title() -> None:
    text = f"一、护林。\n{SIGNATURE}附件1：护林清单\n一、东山。\n附件2.造林计划\n一、西山。\n"
    assert annexes(text) == [(1, "护林清单", [5]), (2, "造林计划", [7])]


def test_a_title_below_its_label_may_differ_from_the_list_or_be_in_no_list() -> None:
    listed = "附件：1.松山局关于东山险情调查情况的报告\n2.名单\n"
    text = f"{listed}{SIGNATURE}附件1\n关于东山险情\n调查情况的报告\n市政府：\n附件2\n组长：李江\n"
    assert annexes(text) == [(1, "松山局关于东山险情调查情况的报告", [8]), (2, "名单", [10])]
    assert annexes(f"{SIGNATURE}附件\n护林小组名单\n组长：李江\n") == [(None, "护林小组名单", [5])]
    assert annexes(f"{SIGNATURE}附件\n东山村\n西山村\n") == [(None, None, [4, 5])]


def test_a_label_with_nothing_below_it_is_no_annex() -> None:
    assert annexes(f"一、护林。\n{SIGNATURE}附件：\n") == []


def test_the_prose_beside_a_table() -> None:
    lines = split_lines(
        "附件\n单位：元\n项目\t标准\n占道\t3\n鹿山小计2个\n说明：1.不足1平方米的按1平方米计收。\n2.另行规定。\n"
    )
    annex = Annex(None, None, lines, heading_lines={1})
    assert [line.number for line in annex.prose] == [6, 7]
