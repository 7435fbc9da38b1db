"""The page of a dataset: filters in words, form, counts, table, downloads."""

from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from app.datasets import DATASETS
from tests.support.pages import BROWSER, Page, text_of


def test_the_filter_in_words(client: TestClient) -> None:
    page = Page(client, "/urban-villages?district=龙湾区&year_to__lte=2023&plan=upgrade&sort=-year_from")
    assert "所属区为“龙湾区”，且改造截止年份不晚于 2023，且改造计划为“整治提升”；按改造起始年份降序排列" in page.text
    english = Page(client, "/urban-villages?district=龙湾区&plan=upgrade&lang=en")
    assert "District is “龙湾区” and Plan is “Upgrade”" in english.text


def test_the_page_has_the_rows_of_the_query(client: TestClient) -> None:
    query = "district=龙湾区&sort=-year_from&limit=20"
    rows = client.get(f"/v1/urban-villages?{query}").json()
    page = Page(client, f"/urban-villages?{query}")
    [table] = [table for table in page.elements(".//table") if table.get("class") == "data"]
    shown = [text_of(head) for head in table.findall("./tbody/tr/th")]
    assert shown == [row["village"] for row in rows["data"]]
    assert f"{rows['meta']['total']} 条" in page.text


def test_turning_the_pages_shows_every_row_once(client: TestClient) -> None:
    page, seen = Page(client, "/urban-villages?limit=30"), []
    while True:
        seen += [a.get("href") for a in page.elements(".//td[@class='place']/a")]
        following = page.attribute(".//a[@rel='next']", "href")
        if following is None:
            break
        page = Page(client, following)
    total = client.get("/v1/urban-villages?limit=1").json()["meta"]["total"]
    assert len(seen) == len(set(seen)) == total


def test_counts_are_links_that_keep_their_promise(client: TestClient) -> None:
    page = Page(client, "/urban-villages?plan=upgrade")
    [item] = [li for li in page.elements(".//aside//li") if "龙湾区" in text_of(li)]
    count = int(text_of(item).split()[-1])
    link = item.find("a")
    assert link is not None
    narrowed = Page(client, str(link.get("href")))
    assert f"{count} 条" in narrowed.text
    assert client.get(f"/v1{link.get('href')}").json()["meta"]["total"] == count


def test_names_stand_instead_of_ids(client: TestClient) -> None:
    text = Page(client, "/water-targets").text
    assert "蒲岐" in text
    assert "puqi" not in text
    observations = Page(client, "/observations?fields=indicator_id,area_id,period,value")
    assert "限额以上消费品零售总额" in observations.text
    assert "retail_sales" not in observations.text
    assert "108.30" in observations.text


def test_an_empty_input_of_the_form_leaves_the_address(client: TestClient) -> None:
    answer = client.get(
        "/urban-villages?q=&district=&plan=upgrade&fields.village=1&fields.plan=1",
        headers={"Accept": BROWSER},
        follow_redirects=False,
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == "/urban-villages?plan=upgrade&fields=village,plan"
    page = Page(client, answer.headers["location"])
    assert page.texts(".//table[@class='data']/thead/tr/th")[:2] == ["行政村(区块)", "改造计划"]


def test_a_faulty_query_shows_the_form_and_never_all_rows(client: TestClient) -> None:
    page = Page(client, "/urban-villages?distrikt=龙湾区&plan=upgrade", 400)
    assert "distrikt" in page.text
    assert "Did you mean 'district'?" in page.text
    assert page.elements(".//form[@class='filters']")
    assert not page.elements(".//tbody/tr")
    selected = page.elements(".//select[@name='plan']/option[@selected]")
    assert [option.get("value") for option in selected] == ["upgrade"]
    assert page.answer.headers["cache-control"] == "no-store"


def test_a_page_without_rows_says_which_filter_to_drop(client: TestClient) -> None:
    page = Page(client, "/urban-villages?district=龙湾区&year_to__gte=2030")
    assert "没有符合条件的数据" in page.text
    [empty] = [div for div in page.elements(".//div") if div.get("class") == "empty"]
    links = [a.get("href") for a in empty.iter("a")]
    assert links == [
        "/urban-villages?year_to__gte=2030",
        "/urban-villages?district=%E9%BE%99%E6%B9%BE%E5%8C%BA",
    ]


def test_downloads_are_of_this_view_and_of_everything(client: TestClient) -> None:
    page = Page(client, "/urban-villages?district=龙湾区&limit=10")
    files = [a.get("href") or "" for a in page.elements(".//a[@download]")]
    views = [link for link in files if "district" in link]
    assert {urlsplit(link).path.rpartition(".")[2] for link in views} == {"csv", "ndjson", "xlsx", "parquet"}
    assert all("limit" not in parse_qs(urlsplit(link).query) for link in files)
    [csv] = [link for link in views if ".csv" in link]
    total = client.get("/v1/urban-villages?district=龙湾区").json()["meta"]["total"]
    assert len(client.get(csv).text.splitlines()) == total + 1
    assert f"（{total} 行）" in page.text


def test_a_missing_figure_is_marked(client: TestClient) -> None:
    page = Page(client, "/observations?indicator_id=rmb_loans")
    marked = [span for span in page.elements(".//span[@class='null']") if span.get("title")]
    assert marked
    assert all(text_of(span) == "—" for span in marked)


@pytest.mark.parametrize("name", sorted(DATASETS))
def test_every_field_can_be_shown_and_sorted(client: TestClient, name: str) -> None:
    dataset = DATASETS[name]
    fields = ",".join(spec.name for spec in dataset.fields)
    page = Page(client, f"/{name}?fields={fields}&limit=3")
    heads = page.elements(".//table[@class='data']/thead/tr/th/a")
    for head in heads:
        sorted_page = Page(client, str(head.get("href")))
        assert sorted_page.elements(".//th[@aria-sort='ascending']") or sorted_page.elements(
            ".//th[@aria-sort='descending']"
        )
