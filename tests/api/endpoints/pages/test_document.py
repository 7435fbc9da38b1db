"""The page of a document, and the pages of its provisions."""

import json
import re

import pytest
from starlette.testclient import TestClient

from tests.support.pages import BROWSER, Page


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
