"""The page of a row."""

from starlette.testclient import TestClient

from tests.support.pages import Page


def test_a_row_shows_what_is_printed_beside_what_is_meant(client: TestClient) -> None:
    row = client.get("/v1/water-sections/puqi").json()
    page = Page(client, "/water-sections/puqi")
    assert page.texts(".//h1") == ["蒲岐"]
    assert row["printed"]["name"] in page.texts(".//q")
    remark = "水系一格印的是地区"
    for text in ("国控", "Ⅳ类", "乐清市", "第6行", row["source"]["sha256"], remark):
        assert text in page.text


def test_a_row_leads_to_what_it_is_connected_with(client: TestClient) -> None:
    page = Page(client, "/water-sections/puqi")
    assert page.link_to("东干河流域") == "/watersheds/wenzhengban-2021-28.9"
    assert page.link_to("断面水质目标") == "/water-targets?section_id=puqi"
    area = Page(client, "/areas/330303")
    assert area.link_to("城中村改造清单") == "/urban-villages?district_code=330303"


def test_a_row_is_cited_with_the_address_of_its_page(client: TestClient) -> None:
    page = Page(client, "/documents/wenzhengban-2021-30")
    lines = page.texts(".//section[@class='cite']//code")
    assert any(line.startswith("温州市人民政府办公室. ") and "2021(5): 24-27" in line for line in lines)
    assert any("(2021, " in line for line in lines)
    assert all("/documents/wenzhengban-2021-30" in line and "/v1/" not in line for line in lines)
    assert {"/v1/documents/wenzhengban-2021-30.bib", "/v1/documents/wenzhengban-2021-30.ris"} <= set(page.links())


def test_an_unknown_row_is_a_page_with_a_way_back(client: TestClient) -> None:
    page = Page(client, "/water-sections/nowhere", 404)
    assert "/" in page.links()
    assert page.elements(".//form[@action='/search']")
