"""Relations to the documents that a sentence names, as (sentence, expected) pairs."""

import pytest

from app.parser.documents.mentions import NO_DOCUMENTS
from app.parser.documents.provisions import extract_provisions
from app.parser.documents.relations import RULES, RelationRule, extract_relations
from app.parser.records import ParsedRow
from app.parser.structure.annexes import Annex
from app.parser.structure.document_layout import DocumentLayout
from app.parser.structure.paragraphs import join_paragraphs
from app.parser.text.normalise import split_lines

OWN = "临江市护林办法"


def extract(text: str) -> list[ParsedRow]:
    flow = join_paragraphs(split_lines(text))
    layout = DocumentLayout(OWN, None, None, None, None, flow, flow, [], [], [])
    return extract_relations("doc", OWN, None, extract_provisions(layout))


def relations(text: str) -> list[tuple[object, object]]:
    return [(row.fields["relation"], row.fields["target_title"]) for row in extract(text)]


def numbers(text: str) -> list[object]:
    return [row.fields["target_number"] for row in extract(text)]


@pytest.mark.parametrize(
    ("sentence", "relation"),
    [
        ("第一条 根据《林木条例》，制定本办法。", "based_on"),
        ("第一条 按照《林木条例》要求，制定本办法。", "based_on"),
        ("第二条 护林站依据《林木条例》发放补助。", "cites"),
        ("第二条 依据《林木条例》，制定本办法的配套措施。", "based_on"),
        ("第二条 护林站应当按照《林木条例》等相关规定采购。", "cites"),
        ("第二条 贯彻落实《林木条例》。", "cites"),
        ("第二条 护林站应当符合《林木条例》。", "cites"),
        ("为认真贯彻落实《林木条例》，现提出如下意见。", "based_on"),
        ("第三条 《林木条例》同时废止。", "repeals"),
    ],
)
def test_relation(sentence: str, relation: str) -> None:
    assert relations(sentence) == [(relation, "林木条例")]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.example)
def test_the_example_of_every_rule(rule: RelationRule) -> None:
    assert relations(rule.example) == [(rule.relation, "甲办法")]


@pytest.mark.parametrize(
    "sentence",
    [
        "建议省政府修改《林木条例》。",
        "抓紧修订《林木条例》，完善林区治理。",
        "市林业局负责研究对《林木条例》作如下修改。",
        "推动废止《林木条例》。",
        "对林区企业，不再执行《林木条例》中关于注册资本的限制规定。",
        "要按照《林木条例》精神，制定和完善预案。",
        "《林木条例》失效后，另行规定。",
    ],
)
def test_proposals_and_exceptions_are_citations(sentence: str) -> None:
    assert relations(sentence) == [("cites", "林木条例")]


def test_all_titles_before_the_word_are_repealed_and_none_further_up() -> None:
    sentence = (
        "第九条 根据《山塘条例》，本办法自2023年5月1日起施行，"
        "《林木条例》（临政发〔2019〕1号）、《水库规定》自2023年5月1日起同时废止。"
    )
    assert relations(sentence) == [("cites", "山塘条例"), ("repeals", "林木条例"), ("repeals", "水库规定")]


def test_a_regulation_is_amended_by_decisions() -> None:
    text = (
        "（2001年3月2日临江市人民政府令第8号发布　根据2009年5月6日《临江市关于修改〈临江市护林办法〉的决定》第一次修订"
        "　根据2015年7月8日《临江市关于修改部分规章的决定》第二次修订）"
    )
    assert relations(text) == [
        ("amended_by", "临江市关于修改〈临江市护林办法〉的决定"),
        ("amended_by", "临江市关于修改部分规章的决定"),
    ]


def test_a_short_name_is_what_it_was_introduced_for() -> None:
    text = (
        "第一条 为落实《松山省林业规划》（松政发〔2020〕3号，以下简称《规划》）和"
        "《林木条例》（以下简称“条例”），制定本办法。\n"
        "第二条 按照《规划》和《条例》执行，并符合《实施意见》。"
    )
    assert relations(text) == [
        ("based_on", "松山省林业规划"),
        ("based_on", "林木条例"),
        ("cites", "松山省林业规划"),
        ("cites", "林木条例"),
    ]


def test_newspapers_forms_and_licences_are_no_documents() -> None:
    assert relations("第八条 在《临江日报》公告，凭《采伐许可证》和《采伐申请表》办理。") == []
    for pattern, example in NO_DOCUMENTS:
        assert pattern.search(example)


def test_a_title_may_hold_a_title() -> None:
    assert relations("第二条 见《关于印发《林木条例》的通知》（临政发〔2019〕1号）。") == [
        ("cites", "关于印发《林木条例》的通知")
    ]


def test_numbers_in_old_forms() -> None:
    flow = "第二条 临江局关于造林的请示（〔1996〕临林字第82号）收悉，并见《林木条例》（省政府第145号令）。"
    assert numbers(flow) == ["〔1996〕临林字第82号", "省政府令第145号"]


def test_the_own_annex_and_a_longer_title_of_its_own_kind() -> None:
    text = "第二条 补助标准见《护林补助标准》（见附件），依照《护林办法》执行。"
    assert relations(text) == [("cites", "护林办法")]


def test_a_list_of_what_is_repealed() -> None:
    listed = "1.《林木条例》（临政发〔2019〕1号）；\n2.《山塘办法》。\n3.按照《水库规定》执行的事项，另行规定。"
    found = relations(f"经研究，决定废止以下文件：\n{listed}")
    assert found[:2] == [("repeals", "林木条例"), ("repeals", "山塘办法")]
    assert ("repeals", "水库规定") not in found
    under = relations("一、下列文件予以废止：\n（一）《林木条例》；\n二、下列文件继续有效：\n（一）《山塘办法》。")
    assert under == [("repeals", "林木条例"), ("cites", "山塘办法")]


def test_an_annex_of_repealed_documents() -> None:
    items = (
        "1.《林木条例》（临政发〔2019〕1号）\n2.临江市人民政府关于山塘的通知（临政发〔2020〕2号）\n"
        "3.临江市停车规定（1987年2月3日临江市人民政府发布　根据1990年1月2日《关于修改规章的决定》修订）；\n"
        "4.临江市灯笼办法（1987年2月3日发布）"
    )
    lines = split_lines(f"附件\n宣布失效的文件目录\n{items}")
    annex = Annex(None, "宣布失效的文件目录", lines, heading_lines={1, 2})
    layout = DocumentLayout(OWN, None, None, None, None, [], [], [annex], [], [])
    rows = extract_relations("doc", OWN, None, extract_provisions(layout), [annex])
    assert [(row.fields["relation"], row.fields["target_title"], row.fields["target_number"]) for row in rows] == [
        ("repeals", "林木条例", "临政发〔2019〕1号"),
        ("repeals", "临江市人民政府关于山塘的通知", "临政发〔2020〕2号"),
        ("repeals", "临江市停车规定", None),
        ("repeals", "临江市灯笼办法", None),
    ]


def test_the_document_itself_is_no_reference_but_its_forerunner_is() -> None:
    assert relations("《临江市护林办法（2023—2025年）》已经同意，现印发给你们。") == []
    assert relations("第九条 原《临江市护林办法》同时废止。") == [("repeals", OWN)]
    assert relations("第九条 《临江市护林办法》（临政办〔2016〕8号）同时废止。") == [("repeals", OWN)]
