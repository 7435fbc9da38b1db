"""Relations to the documents that a sentence names, as (sentence, expected) pairs."""

import pytest

from app.parser.documents.provisions import extract_provisions
from app.parser.documents.relations import extract_relations
from app.parser.structure.document_layout import DocumentLayout
from app.parser.structure.paragraphs import join_paragraphs
from app.parser.text.normalise import split_lines

OWN = "临江市护林办法"


def relations(text: str) -> list[tuple[object, object]]:
    flow = join_paragraphs(split_lines(text))
    layout = DocumentLayout(OWN, None, None, None, None, flow, flow, [], [], [])
    rows = extract_relations("doc", OWN, None, extract_provisions(layout))
    return [(row.fields["relation"], row.fields["target_title"]) for row in rows]


@pytest.mark.parametrize(
    ("sentence", "relation"),
    [
        ("第一条 根据《林木条例》，制定本办法。", "based_on"),
        ("第一条 按照《林木条例》要求，制定本办法。", "based_on"),
        ("第二条 护林站依据《林木条例》发放补助。", "based_on"),
        ("第二条 护林站应当按照《林木条例》等相关规定采购。", "cites"),
        ("第二条 贯彻落实《林木条例》。", "cites"),
        ("第二条 护林站应当符合《林木条例》。", "cites"),
        ("第三条 《林木条例》同时废止。", "repeals"),
    ],
)
def test_relation(sentence: str, relation: str) -> None:
    assert relations(sentence) == [(relation, "林木条例")]


def test_a_list_of_what_is_repealed() -> None:
    listed = "1.《林木条例》（临政发〔2019〕1号）；\n2.《山塘办法》。\n3.按照《水库规定》执行的事项，另行规定。"
    found = relations(f"经研究，决定废止以下文件：\n{listed}")
    assert found[:2] == [("repeals", "林木条例"), ("repeals", "山塘办法")]
    assert ("repeals", "水库规定") not in found
    under = relations("一、下列文件予以废止：\n（一）《林木条例》；\n二、下列文件继续有效：\n（一）《山塘办法》。")
    assert under == [("repeals", "林木条例"), ("cites", "山塘办法")]


def test_the_document_itself_is_no_reference_but_its_forerunner_is() -> None:
    assert relations("《临江市护林办法（2023—2025年）》已经同意，现印发给你们。") == []
    assert relations("第九条 原《临江市护林办法》同时废止。") == [("repeals", OWN)]
    assert relations("第九条 《临江市护林办法》（临政办〔2016〕8号）同时废止。") == [("repeals", OWN)]
