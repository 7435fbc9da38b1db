"""Documents of every shape."""

from dataclasses import replace
from typing import Any

from lxml import etree

from app.model.rows import Record
from app.renderers.akoma_ntoso.document import write_akoma_ntoso
from app.renderers.akoma_ntoso.document_rows import DocumentRows
from tests.support.akoma_ntoso import AKN, texts, valid


def provision(path: str, level: str, text: str | None, lines: list[int], **more: Any) -> Record:
    row = {"id": f"d.{path}", "document_id": "d", "path": path, "level": level, "number": None, "heading": None}
    return {**row, "responsible": None, "text": text, "source": {"lines": lines}, **more}


def dossier(body: str | None, provisions: list[Record], **more: Any) -> DocumentRows:
    names = (
        *("document_number", "issuer", "section", "signed_on", "effective_on", "expires_on", "registration_number"),
        *("abstract_zh", "abstract_en", "page_from", "page_to", "notes"),
    )
    document = {
        **dict.fromkeys(names),
        "id": "d",
        "title": "关于桥的意见",
        "document_type": "opinions",
        "is_normative": False,
        "published_on": "1999-02-01",
        "status": "unknown",
        "annexes": None,
        "body": body,
        "source": {"lines": None, "sha256": None},
        **more,
    }
    return DocumentRows(
        document, None, provisions, [], [], "http://127.0.0.1:8000/v1/documents/d.xml", "公报", "1999-02-01"
    )


def test_text_after_a_list_follows_it() -> None:
    body = "一、检查。分两步：\n（一）看。\n（二）听。\n以上每年一次。"
    rows = [
        provision("s1", "heading", "检查。分两步：\n以上每年一次。", [1, 4], number="一、", heading="检查"),
        provision("s1.i1", "item", "看。", [2, 2], number="（一）", responsible=["桥梁处"]),
        provision("s1.i2", "item", "听。", [3, 3], number="（二）", responsible=["桥梁处", "\x0b处"]),
    ]
    root = valid(write_akoma_ntoso(dossier(body, rows)))
    [paragraph] = root.xpath("//*[@eId='para_1']")
    assert [etree.QName(child).localname for child in paragraph] == [
        *("num", "heading", "intro", "subparagraph", "subparagraph", "wrapUp")
    ]
    assert texts(paragraph, "a:heading/text() | a:intro/a:p/text()") == ["检查。", "分两步："]
    assert texts(paragraph, "a:wrapUp/a:p/text()") == ["以上每年一次。"]
    agents = {node.get("eId"): node.get("showAs") for node in root.iter("{*}TLCOrganization")}
    [item] = root.xpath("//*[@eId='para_1__subpara_2']")
    assert [agents[word[1:]] for word in item.get("refersTo").split()] == ["桥梁处", "\ufffd处"]


def test_odd_documents_are_valid_too() -> None:
    odd = [
        provision("ch1", "chapter", None, [1, 1]),
        provision("ch1.art1", "article", "甲\x00乙 & <丙>", [2, 2], number="第一条"),
        provision("ch1.art1-2", "article", "又一", [3, 3], number="第一条"),
        provision("ch1.art1-2.x7", "item", "另一种编号", [4, 4]),
        provision("annex1", "annex", None, [5, 5], number="附件", heading="名单"),
        provision("annex1.n1", "subitem", "一人", [6, 6], number="1."),
        provision("annex3", "annex", "只有文字", [7, 7]),
    ]
    annexes = [{"number": None, "title": "名单", "held": True}, {"number": 2, "title": "图", "held": False}]
    root = valid(write_akoma_ntoso(dossier("甲乙", odd, annexes=annexes)))
    assert texts(root, "//@eId[starts-with(., 'chp')]") == [
        *("chp_1", "chp_1__art_1", "chp_1__art_1-2", "chp_1__art_1-2__hcontainer_x7")
    ]
    assert texts(root, "//*[@eId='chp_1__art_1']//a:p/text()") == ["甲\ufffd乙 & <丙>"]
    assert texts(root, "//a:attachment/@eId") == ["att_1", "att_2", "att_3"]
    assert texts(root, "//a:documentRef/@href") == ["/akn/cn/doc/1999/d/!att_2"]
    nothing = valid(write_akoma_ntoso(dossier(None, [])))
    assert texts(nothing, "//a:mainBody/@status") == ["incomplete"]
    only_text = valid(write_akoma_ntoso(dossier("一段\n又一段", [])))
    assert texts(only_text, "//a:mainBody/a:p/text()") == ["一段", "又一段"]
    opened = valid(write_akoma_ntoso(dossier("一段\n又一段", [provision("pre", "preamble", "一段", [1, 1])])))
    assert texts(opened, "//a:preamble/a:p/text() | //a:mainBody/a:p/text()") == ["一段", "又一段"]


BODY = """\
各区政府：
现将《护桥计划》印发给你们。
桥梁局
水利局
1999年1月3日
（此件公开发布）
护桥计划
（1999年）
为护桥，制定本计划。
一、目标
检查桥梁。
附件1
护桥清单
单位：座
桥	数量
	3
说明如下。
一、东桥。"""
ANNEX = {"number": 1, "title": "护桥清单", "held": True}


def notice(body: str | None) -> DocumentRows:
    rows = [
        provision("pre", "preamble", "各区政府：\n现将《护桥计划》印发给你们。\n为护桥，制定本计划。", [1, 9]),
        provision("s1", "heading", "检查桥梁。", [10, 11], number="一、", heading="目标"),
        provision("annex1", "annex", "说明如下。", [12, 17], number="附件1", heading="护桥清单"),
        provision("annex1.s1", "heading", "东桥。", [18, 18], number="一、"),
    ]
    return dossier(body, rows, annexes=[ANNEX], signed_on="1999-01-03", document_number="桥发〔1999〕1号")


def test_the_signature_and_the_title_of_the_plan() -> None:
    root = valid(write_akoma_ntoso(notice(BODY)))
    assert texts(root, "//a:preamble/a:p/text()[normalize-space()] | //a:preamble/a:p/a:docTitle/text()") == [
        *("各区政府：", "现将《护桥计划》印发给你们。", "护桥计划", "（1999年）", "为护桥，制定本计划。")
    ]
    assert texts(root, "//a:conclusions/a:p/a:signature/text()") == ["桥梁局", "水利局"]
    assert texts(root, "//a:conclusions/a:p/a:date/@date | //a:conclusions/a:p/a:date/text()") == [
        *("1999-01-03", "1999年1月3日")
    ]
    assert texts(root, "//a:conclusions/a:p[not(*)]/text()") == ["（此件公开发布）"]


def test_the_table_of_an_annex_is_a_table() -> None:
    root = valid(write_akoma_ntoso(notice(BODY)))
    [body] = root.xpath("//a:attachment//a:mainBody", namespaces=AKN)
    assert [etree.QName(child).localname for child in body] == ["p", "p", "table", "paragraph"]
    cells = [[cell.findtext("{*}p") or "" for cell in row] for row in body.iter("{*}tr")]
    assert cells == [["桥", "数量"], ["", "3"]]
    only_table = BODY.partition("\n说明如下")[0]
    rows = notice(only_table)
    alone = replace(rows, provisions=rows.provisions[:3])
    root = valid(write_akoma_ntoso(alone))
    assert texts(root, "//a:attachment//a:mainBody/*[1]/text()") == ["单位：座"]
    assert len(root.xpath("//a:attachment//a:mainBody/a:table", namespaces=AKN)) == 1


def test_without_the_text_only_the_day_of_signature_is_known() -> None:
    root = valid(write_akoma_ntoso(notice(None)))
    assert texts(root, "//a:conclusions/@status") == ["incomplete"]
    assert texts(root, "//a:conclusions/a:p/a:date/@date") == ["1999-01-03"]
    assert not texts(root, "//a:table")


def test_what_changed_a_document_is_a_passive_reference() -> None:
    rows = notice(BODY)
    changed = {
        **dict.fromkeys(("target_number", "target_id")),
        **{"id": "d.amended_by.1", "provision_id": "d.pre", "relation": "amended_by", "target_title": "修改决定"},
    }
    amended = replace(rows, relations=[changed])
    root = valid(write_akoma_ntoso(amended))
    assert texts(root, "//a:passiveRef/@showAs") == ["修改决定"]
    assert not texts(root, "//a:otherReferences")
