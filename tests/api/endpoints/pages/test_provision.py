"""The page of a provision."""

import itertools
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.db.engine import open_engine
from app.ingest.pipeline import load_source, load_transaction
from tests.support import packages
from tests.support.pages import Page
from tests.support.service import NOW, client_for
from tests.support.statements import counted_reads
from tests.support.texts import DAY


def test_a_provision_stands_in_its_place(client: TestClient) -> None:
    page = Page(client, "/provisions/wenzhengban-2021-30.ch2.art6")
    assert page.texts(".//h1") == ["第六条 企业迁移情形"]
    assert page.link_to("温州市人民政府办公室关于印发") == "/documents/wenzhengban-2021-30"
    assert page.link_to("第二章") == "/provisions/wenzhengban-2021-30.ch2"
    assert page.link_to("在公文中读这一条") == "/documents/wenzhengban-2021-30#ch2-art6"
    assert page.attribute(".//a[@rel='prev']", "href") == "/provisions/wenzhengban-2021-30.ch2"
    assert page.attribute(".//a[@rel='next']", "href") == "/provisions/wenzhengban-2021-30.ch2.art6.i1"
    [shown] = page.elements(".//*[@id='ch2-art6']")
    assert [child.get("id") for child in shown.iter("div") if child.get("id")] == [
        "ch2-art6",
        *(f"ch2-art6-i{n}" for n in range(1, 5)),
    ]


def test_its_commitments_and_relations_stand_beside_it(client: TestClient) -> None:
    page = Page(client, "/provisions/wenzhengban-2021-28.s1.i1")
    links = set(page.links())
    rows = client.get("/v1/commitments?provision_id=wenzhengban-2021-28.s1.i1").json()["data"]
    assert {f"/commitments/{row['id']}" for row in rows} <= links
    assert "/water-targets?provision_id=wenzhengban-2021-28.s1.i1" in links
    assert "温政办〔2016〕23号" in Page(client, "/provisions/wenzhengban-2021-30.ch7.art23").text


def test_nothing_on_it_depends_on_the_day(client: TestClient) -> None:
    """It has no `on`, so that whether a deadline is past is told by the page of the document alone."""
    page = Page(client, "/provisions/wenzhengban-2021-28.s2.i1.n1")
    assert "最迟2021年4月30日" in page.text
    assert "期限已过" not in page.text
    Page(client, "/provisions/wenzhengban-2021-28.s2.i1.n1?on=2021-05-01", 400)


@pytest.mark.parametrize("ends", ["pre", "ch7.art23"])
def test_the_first_and_the_last_have_one_neighbour(client: TestClient, ends: str) -> None:
    page = Page(client, f"/provisions/wenzhengban-2021-30.{ends}?lang=en")
    assert len(page.elements(".//nav[@class='pager']/a")) == 1


def test_the_number_of_reads_is_bounded(client: TestClient) -> None:
    with counted_reads(client) as asked:
        Page(client, "/provisions/wenzhengban-2021-30.ch5.art19?lang=en")
    assert len(asked) <= 20


@pytest.mark.parametrize("path", ["ch2.art6", "ch2.art7.i1", "ch5.art19", "ch1"])
def test_its_headings_descend_from_that_of_the_page(client: TestClient, path: str) -> None:
    page = Page(client, f"/provisions/wenzhengban-2021-30.{path}")
    levels = [int(element.tag[1]) for element in page.tree.iter() if str(element.tag) in ("h1", "h2", "h3", "h4", "h5")]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_of_two_provisions_with_one_path_each_has_its_page(empty_url: str, tmp_path: Path) -> None:
    document = {
        "id": "banfa",
        "title": "办法",
        "document_type": "measures",
        "published_on": "1999-02-01",
        "is_normative": "false",
    }
    provisions = [
        {"id": f"banfa.{key}", "document_id": "banfa", "path": "art1", "level": "article", "heading": key}
        for key in ("art1", "art1-2")
    ]
    tables = {**packages.tables(), "documents": [document], "provisions": provisions}
    for row in (document, *provisions):
        row |= packages.SOURCE
    with open_engine(empty_url) as engine, load_transaction(engine) as connection:
        load_source(connection, packages.write(tmp_path / "twice", tables), NOW, DAY)
    with client_for(empty_url) as client:
        for row in provisions:
            page = Page(client, f"/provisions/{row['id']}")
            assert page.texts(".//h1") == [row["heading"]]
        Page(client, "/documents/banfa")
