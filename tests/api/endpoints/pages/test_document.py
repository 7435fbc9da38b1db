"""The page of a document, and the pages of its provisions."""

import json
import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.db.engine import open_engine
from app.ingest.pipeline import load_source, load_transaction
from tests.support import packages
from tests.support.issue_sequence import REPEAL
from tests.support.issues import ROADS, issue_text
from tests.support.pages import BROWSER, Page, text_of
from tests.support.service import NOW, client_for
from tests.support.statements import counted_reads
from tests.support.texts import real_text

MAX_READS = 40
"""Reads of the database for a page, however many provisions the document has."""


def load(url: str, *sources: Path) -> None:
    for source in sources:
        with open_engine(url) as engine, load_transaction(engine) as connection:
            load_source(connection, source, NOW, date(2024, 1, 31))


@pytest.fixture
def roads(empty_url: str, tmp_path: Path) -> Iterator[TestClient]:
    """Return a client of two invented issues with text; the second repeals a document of the first."""
    files = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for file, text in zip(files, (issue_text(11, documents=[ROADS]), issue_text(12, documents=[REPEAL])), strict=True):
        file.write_text(text, encoding="utf-8")
    load(empty_url, *files)
    with client_for(empty_url) as client:
        yield client


@pytest.fixture
def bare(empty_url: str, tmp_path: Path) -> Iterator[TestClient]:
    """Return a client of a document that has neither a number nor provisions nor text."""
    row = {
        "id": "renshirenmian",
        "title": "人事任免",
        "document_type": "other",
        "published_on": "1999-02-01",
        "is_normative": "false",
        **packages.SOURCE,
    }
    load(empty_url, packages.write(tmp_path / "bare", {**packages.tables(), "documents": [row]}))
    with client_for(empty_url) as client:
        yield client


def test_the_status_on_a_day_that_can_be_chosen(client: TestClient) -> None:
    page = Page(client, "/documents/wenzhengban-2021-30?on=2024-06-10")
    assert "2024年6月10日：已失效（有效期至2024年6月9日）" in page.text
    today = Page(client, "/documents/wenzhengban-2021-30")
    assert "2021年7月1日" in today.text
    assert "：有效" in today.text
    [field] = page.elements(".//input[@type='date'][@name='on']")
    assert field.get("value") == "2024-06-10"
    assert Page(client, "/documents/wenzhengban-2021-30?on=yesterday", 400)


def test_every_provision_has_an_anchor_that_the_outline_leads_to(client: TestClient) -> None:
    page = Page(client, "/documents/wenzhengban-2021-30")
    ids = {element.get("id") for element in page.tree.iter() if element.get("id")}
    rows = client.get("/v1/provisions?document_id=wenzhengban-2021-30&limit=1000&fields=path").json()["data"]
    assert {row["path"].replace(".", "-") for row in rows} <= ids
    inner = [a.get("href") or "" for a in page.tree.iter("a") if (a.get("href") or "").startswith("#")]
    assert {link.removeprefix("#") for link in inner} <= ids


def test_the_relations_lead_to_documents_and_provisions(client: TestClient) -> None:
    page = Page(client, "/documents/wenzhengban-2021-30")
    assert "温政办〔2016〕23号" in page.text
    assert page.link_to("第二十三条").endswith("#ch7-art23")


def test_annex_tables_stand_in_place(client: TestClient) -> None:
    page = Page(client, "/documents/wenzhengban-2021-29")
    assert "/urban-villages?document_id=wenzhengban-2021-29" in set(page.links())
    heads = [th for table in page.elements(".//table[@class='data']") for th in table.findall("./tbody/tr/th")]
    assert len(heads) >= 10
    assert "老涂" in page.text


def test_commitments_stand_beside_the_provision_that_makes_them(client: TestClient) -> None:
    rows = client.get("/v1/commitments?document_id=wenzhengban-2021-28&limit=1000").json()["data"]
    shown = set(Page(client, "/documents/wenzhengban-2021-28").links())
    assert {f"/commitments/{row['id']}" for row in rows} <= shown


def test_our_abstracts_are_marked_where_no_text_is_loaded(client: TestClient) -> None:
    page = Page(client, "/documents/wenzhengban-2021-30")
    assert page.elements(".//abbr[@class='ours']")


@pytest.mark.parametrize("number", ["温政办〔2021〕30号", "温政办[2021]30号", "温政办（2021）30号"])
def test_a_number_in_the_address_leads_to_the_id(client: TestClient, number: str) -> None:
    answer = client.get(
        f"/documents/{number}?on=2024-06-10&lang=en", headers={"Accept": BROWSER}, follow_redirects=False
    )
    assert answer.status_code in (303, 308)
    assert answer.headers["location"] == "/documents/wenzhengban-2021-30?on=2024-06-10&lang=en"


def test_linked_data_describes_the_legislation(client: TestClient) -> None:
    page = Page(client, "/documents/wenzhengban-2021-30")
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.answer.text, re.DOTALL)
    described = json.loads(block)
    assert described["@type"] == "Legislation"
    assert described["legislationIdentifier"] == "温政办〔2021〕30号"


def test_a_provision_leads_to_its_place_in_the_document(client: TestClient) -> None:
    page = Page(client, "/provisions/wenzhengban-2021-30.ch2.art6")
    assert "/documents/wenzhengban-2021-30#ch2-art6" in set(page.links())


def test_an_unknown_number_is_not_found(client: TestClient) -> None:
    Page(client, "/documents/温政办〔1999〕1号", 404)


def test_the_life_of_a_document_is_a_list_with_the_chosen_day_in_it(client: TestClient) -> None:
    page = Page(client, "/documents/wenzhengban-2021-30?on=2021-06-12")
    items = page.elements(".//ol[@class='life']/li")
    assert [item.find("time").get("datetime") for item in items] == [  # type: ignore[union-attr]
        "2021-04-30",
        "2021-06-10",
        "2021-06-12",
        "2021-06-20",
        "2024-06-09",
    ]
    assert [item.get("aria-current") for item in items] == [None, None, "date", None, None]
    assert page.link_to("公报刊登") == "/issues/2021-05"


def test_a_repealed_document_says_by_what(roads: TestClient) -> None:
    page = Page(roads, "/documents/linzhengban-2023-41?on=2024-02-01")
    [verdict] = page.elements(".//p[@class='verdict verdict-repealed']")
    assert text_of(verdict).startswith("2024年2月1日：已废止（自2024年2月1日起由临政办〔2023〕50号废止）")
    assert "/documents/linzhengban-2023-50" in set(page.links())
    assert "/documents/linzhengban-2023-50#art3" in set(page.links())
    before = Page(roads, "/documents/linzhengban-2023-41?on=2024-01-31&lang=en")
    assert "31 January 2024: in force (from 1 December 2023; no last day is printed)" in before.text
    repealing = Page(roads, "/documents/linzhengban-2023-50")
    assert "/documents/linzhengban-2023-41" in set(repealing.links())


def test_where_the_text_is_loaded_it_stands_in_its_lines(roads: TestClient) -> None:
    page = Page(roads, "/documents/linzhengban-2023-41")
    [preamble] = page.elements(".//*[@id='pre']")
    paragraphs = [text_of(each).removesuffix(" # 引用") for each in preamble.iter("p")]
    assert paragraphs == ["各区人民政府：", "现将办法印发给你们。"]
    assert "没有收录正文" not in page.text
    [whole] = page.elements(".//details[@class='whole']")
    assert "临江市人民政府办公室" in text_of(whole)


def test_a_commitment_is_told_in_words_beside_its_provision(roads: TestClient) -> None:
    page = Page(roads, "/documents/linzhengban-2023-41")
    [article] = page.elements(".//*[@id='art2']")
    assert "不少于30万元" in text_of(article)
    [row] = roads.get("/v1/commitments?document_id=linzhengban-2023-41").json()["data"]
    assert f"/commitments/{row['id']}" in [a.get("href") for a in article.iter("a")]


def test_a_deadline_is_past_after_its_last_day(client: TestClient) -> None:
    document = "/documents/wenzhengban-2021-28"
    [before], [after] = (
        Page(client, f"{document}?on={day}").elements(".//*[@id='s2-i1-n1']") for day in ("2021-04-30", "2021-05-01")
    )
    assert "最迟2021年4月30日" in text_of(before)
    assert "期限已过" not in text_of(before)
    assert "期限已过" in text_of(after)


def test_a_document_without_number_provisions_and_text(bare: TestClient) -> None:
    for language in ("zh", "en"):
        page = Page(bare, f"/documents/renshirenmian?lang={language}")
        assert page.texts(".//h1") == ["人事任免"]
        assert not page.elements(".//nav[@class='outline']")
        [main] = page.elements(".//main")
        assert "None" not in text_of(main)
    assert "本服务没有收录正文" in Page(bare, "/documents/renshirenmian").text


def test_the_number_of_reads_does_not_grow_with_the_provisions(client: TestClient) -> None:
    reads = {}
    for row in client.get("/v1/documents?fields=id").json()["data"]:
        with counted_reads(client) as asked:
            Page(client, f"/documents/{row['id']}?on=2022-02-02")
        reads[row["id"]] = len(asked)
    assert len(reads) == 5
    assert max(reads.values()) <= MAX_READS


@pytest.mark.parametrize("language", ["zh", "en"])
def test_links_keep_the_language(client: TestClient, language: str) -> None:
    page = Page(client, f"/documents/wenzhengban-2021-30?lang={language}")
    pages = [link for link in page.links() if link.startswith(("/provisions/", "/commitments/", "/documents/"))]
    assert len(pages) > 60
    others = [link for link in pages if "hreflang" not in link]
    switched = sum(("lang=en" in link) != (language == "en") for link in others)
    assert switched <= 1


@real_text
def test_the_whole_printed_text_can_be_read(empty_url: str) -> None:
    """Every line of the document stands on its page."""
    load(empty_url, Path(os.environ["GAZETTE_TEXT"]))
    with client_for(empty_url) as client:
        for row in client.get("/v1/documents?fields=id,body").json()["data"]:
            page = Page(client, f"/documents/{row['id']}")
            lines = [" ".join(line.split()) for line in row["body"].split("\n") if line.strip()]
            assert [line for line in lines if line not in page.text] == []
