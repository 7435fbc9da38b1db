"""Texts that set something, texts that report and texts that only count."""

import pytest

from app.parser.documents.commitment_context import context_of_title
from tests.support.sentences import commitments


@pytest.mark.parametrize(
    ("title", "context"),
    [
        ("临海市人民政府关于加快绿色发展的实施意见", "setting"),
        ("临海市人民政府办公室关于印发粮食应急预案的函", "setting"),
        ("临海市人民政府关于同意建立联席会议制度的批复", "setting"),
        ("临海市2022年国民经济和社会发展统计公报", "silent"),
        ("临海市人民政府关于表彰先进集体的决定", "silent"),
        ("临海市人民政府办公室关于一起事故调查处理情况的通报", "strict"),
        ("临海市人民政府办公室关于地质险情有关问题的复函", "strict"),
    ],
)
def test_the_title_says_what_a_text_does(title: str, context: str) -> None:
    assert context_of_title(title) == context


def test_a_bulletin_sets_nothing_whatever_its_title() -> None:
    text = "全年实现产值120亿元，比上年增长6.1%。" + "".join(
        f"第{n}项投资增长{n}.2%，完成{n}0亿元。" for n in range(2, 9)
    )
    assert commitments(text, title="临海市概况") == []


def test_growth_that_a_plan_tells_is_no_target() -> None:
    told = "".join(f"{name}增长5.2%，完成12亿元。" for name in ("农业", "工业", "建筑业", "运输业", "零售业", "住宿业"))
    rows = commitments(f"一、上年工作\n{told}\n二、今年目标\n全市产值力争增长6%以上。", title="临海市工作要点")
    assert [row["value"] for row in rows] == [6]


def test_a_reply_sets_only_what_it_says_with_a_word_of_duty() -> None:
    text = "你县投资4亿元，建设规模30万吨的项目。\n同意建设自动站3个。"
    rows = commitments(text, title="关于有关问题的复函")
    assert [(row["value"], row["unit"]) for row in rows] == [(3, "个")]


def test_a_section_that_looks_back_sets_nothing() -> None:
    text = "一、发展基础\n建成公园30个，覆盖率达到80%。\n二、发展目标\n建成公园50个。"
    assert [row["value"] for row in commitments(text, title="公园规划")] == [50]


def test_a_scope_sets_its_counts_but_not_those_in_brackets() -> None:
    text = "一、改造范围\n核心区共204平方公里范围内69个村（其中东区41个）。农户约3.97万户。"
    rows = commitments(text, title="村庄改造方案")
    assert [(str(row["value"]), row["unit"]) for row in rows] == [("204", "平方公里"), ("69", "个"), ("3.97", "万户")]
