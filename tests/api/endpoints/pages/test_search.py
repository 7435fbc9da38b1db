"""The page of a search."""

from starlette.testclient import TestClient

from tests.support.pages import Page


def test_hits_are_grouped_by_dataset_and_marked(client: TestClient) -> None:
    page = Page(client, "/search?q=江口渡")
    assert {"水质监测断面 1 条", "重点片区、流域 1 条"} <= set(page.texts(".//section/h2"))
    assert page.link_to("江口渡") == "/water-sections/jiangkoudu"
    assert page.texts(".//mark") == ["江口渡"] * 2
    assert page.link_to("水质监测断面") == "/water-sections?q=%E6%B1%9F%E5%8F%A3%E6%B8%A1"


def test_every_hit_is_counted(client: TestClient) -> None:
    hits = client.get("/v1/search?q=龙湾&limit=1").json()["meta"]["total"]
    page = Page(client, "/search?q=龙湾")
    groups = [int(text.split()[-2].replace(",", "")) for text in page.texts(".//section/h2")]
    assert f"共找到 {hits} 条" in page.text
    assert sum(groups) == hits


def test_without_running_text_the_page_says_so(client: TestClient) -> None:
    assert "目前没有载入公文正文" in Page(client, "/search?q=水").text


def test_nothing_found_and_nothing_asked(client: TestClient) -> None:
    assert "没有找到" in Page(client, "/search?q=xyzzyplugh").text
    assert Page(client, "/search").elements(".//input[@name='q']")
    assert Page(client, "/search?q=*", 400).elements(".//form[@action='/search']")


def test_words_are_escaped(client: TestClient) -> None:
    page = Page(client, "/search?q=<script>alert</script>")
    assert "<script>alert" not in page.answer.text
