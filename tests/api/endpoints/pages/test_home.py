"""The home page."""

import json
import re

from starlette.testclient import TestClient

from app.api.endpoints.pages.home import SUBJECT_CARDS
from tests.support.pages import BROWSER, Page


def test_the_newest_issue_and_what_was_in_it(client: TestClient) -> None:
    page = Page(client, "/")
    issue = client.get("/v1/issues/2021-05").json()
    assert page.link_to("2021年第5期") == "/issues/2021-05"
    lines = page.texts(".//ol[@class='contents']/li")
    assert len(lines) == len(issue["contents"])
    assert all(line["title"] in shown for line, shown in zip(issue["contents"], lines, strict=True))
    assert page.link_to("劳动模范待遇") == "/documents/wenzhengfa-2021-8"
    assert page.link_to("市政府记事") == "/events"


def test_the_figures_of_the_month_are_as_printed(client: TestClient) -> None:
    page = Page(client, "/")
    names = page.texts(".//table[@class='data']/tbody/tr/th")
    indicators = client.get("/v1/indicators?sort=position&fields=name_zh").json()["data"]
    assert len(names) == len(indicators)
    assert all(row["name_zh"] in shown for row, shown in zip(indicators, names, strict=True))
    assert "108.30" in page.text
    assert "15521.25" in page.text


def test_each_subject_has_a_picture_that_is_answered(client: TestClient) -> None:
    page = Page(client, "/")
    pictures = [img.get("src") or "" for img in page.elements(".//li[@class='card']//img")]
    assert len(pictures) == len(SUBJECT_CARDS)
    for picture in pictures:
        answer = client.get(picture)
        assert answer.status_code == 200, picture
        assert answer.headers["content-type"].startswith("image/svg+xml")


def test_feeds_and_linked_data_are_found_from_the_page(client: TestClient) -> None:
    page = Page(client, "/")
    alternates = page.elements(".//link[@rel='alternate'][@type]")
    assert {link.get("type") for link in alternates} == {
        "application/json",
        "application/atom+xml",
        "application/feed+json",
    }
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.answer.text, re.DOTALL)
    assert json.loads(block) == client.get("/schema.jsonld").json()


def test_browsers_get_the_page_and_programs_the_links(client: TestClient) -> None:
    assert client.get("/").headers["content-type"] == "application/json"
    assert client.get("/", headers={"Accept": BROWSER}).headers["content-type"] == "text/html; charset=utf-8"
