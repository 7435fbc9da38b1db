"""The tree of provisions."""

import pytest

from app.parser.structure.paragraphs import join_paragraphs
from app.parser.text.normalise import split_lines
from tests.support.sentences import tree


def test_one_short_item_over_plain_text_is_a_torn_sentence() -> None:
    found = join_paragraphs(split_lines("（一）登记材料。\n（二）窗口人员当场查验后转给街道主\n管科室，限期回复。"))
    assert found[1].text == "（二）窗口人员当场查验后转给街道主管科室，限期回复。"


def test_articles_under_chapters_with_items() -> None:
    found = tree(
        "# 第一章 总 则\n**第一条** 为了治水。\n第二章 情形\n"
        "第二条 情形包括：\n(一)甲;\n(二)乙。\n后文属于本条。\n第三条 略。"
    )
    assert list(found) == ["ch1", "ch1.art1", "ch2", "ch2.art2", "ch2.art2.i1", "ch2.art2.i2", "ch2.art3"]
    assert found["ch1"].heading == "总则"
    assert found["ch2.art2"].text.endswith("后文属于本条。")
    assert not any(provision.notes for provision in found.values())


def test_a_paragraph_inside_a_list_continues_its_item() -> None:
    found = tree("一、流程：\n（一）申请。每年申请。\n次日受理。\n（二）审核。由局审核。\n末段。")
    assert found["s1.i1"].text.endswith("次日受理。")
    assert found["s1"].text.endswith("末段。")


def test_a_broken_sequence_is_kept_with_a_note() -> None:
    found = tree("一、甲事。\n三、丙事。\n三、又丙事。")
    assert list(found) == ["s1", "s3", "s3-2"]
    assert found["s3"].notes == ["number 三、 out of sequence: stands after number 1"]


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("（一）全面排查。查清底数。", "全面排查"),
        ("（一）对企业给予补助。另行规定。", None),
        ("（一）本办法自2024年起施行。由局解释。", None),
        ("（一）发放标准：", "发放标准"),
        ("（一）标准为：", None),
    ],
)
def test_run_in_headings(text: str, heading: str | None) -> None:
    assert tree(text)["i1"].heading == heading


def test_the_preamble_holds_letter_and_opening_without_titles() -> None:
    found = tree(
        "各区政府：\n《碧水计划》已经同意。\n# 碧水计划\n为了治水，制定本计划。\n一、目标", "关于印发碧水计划的通知"
    )
    assert found["pre"].text == "各区政府：\n《碧水计划》已经同意。\n为了治水，制定本计划。"


def test_text_below_a_bare_heading_stays_with_it_though_its_neighbours_are_sentences() -> None:
    found = tree("一、要求\n（一）意义。十分重大。\n（二）基本原则。\n坚持预防。\n坚持共治。\n二、任务\n各区落实。")
    assert (found["s1.i2"].heading, found["s1.i2"].text) == ("基本原则", "基本原则。\n坚持预防。\n坚持共治。")
    assert found["s1"].text == ""


def test_a_long_heading_beside_one_that_is_known() -> None:
    text = "（一）推行绿色生产。推广沼肥。\n（二）实施工业绿色生产，推动工业固体废物贮存处置总量趋零增长。推进开采。"
    assert tree(text)["i2"].heading == "实施工业绿色生产，推动工业固体废物贮存处置总量趋零增长"


def test_decimal_numbers_are_a_tree() -> None:
    found = tree(
        "1　总则\n1.1　宗旨\n为了救灾。\n1.2　分级\n1.2.1　一级：两个以上区受灾。\n（1）甲。\n2　附则\n2.1　由局解释。"
    )
    assert list(found) == ["n1", "n1.n1", "n1.n2", "n1.n2.n1", "n1.n2.n1.p1", "n2", "n2.n1"]
    assert (found["n1"].heading, found["n1.n1"].heading, found["n1.n2.n1"].number) == ("总则", "宗旨", "1.2.1")
    assert not any(provision.notes for provision in found.values())


def test_a_list_of_notes_begins_behind_its_label() -> None:
    found = tree("一、标准\n说明：1.不足一平方米的按一平方米计收。\n2.另行规定。")
    assert list(found) == ["s1", "s1.n1", "s1.n2"]
    assert not any(provision.notes for provision in found.values())


def test_lines_of_a_list_stay_lines() -> None:
    found = tree("一、成员\n组　　长：李江　　副市长\n副组长：王河　　局长\n周山　　处长\n二、名单\n东山村\n西山村")
    assert found["s1"].text.count("\n") == 2
    assert found["s2"].text == "东山村\n西山村"


def test_numbers_that_go_on_under_the_next_heading_are_in_sequence() -> None:
    found = tree(
        "一、甲\n（一）东桥。检查。\n（二）西桥。检查。\n二、乙\n（三）南桥。检查。\n三、丙\n（一）北桥。检查。\n（三）中桥。"
    )
    assert [path for path, provision in found.items() if provision.notes] == ["s3.i3"]
