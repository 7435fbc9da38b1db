"""The home page, robots.txt and the sitemap."""

from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from app.datasets import DATASETS
from tests.support.service import client_for

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def links_of(client: TestClient) -> Iterator[str]:
    landing = client.get("/").json()
    yield from (link["href"] for link in landing["links"])
    for dataset in landing["datasets"]:
        yield from dataset["links"].values()


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        (BROWSER, "text/html; charset=utf-8"),
        ("text/html", "text/html; charset=utf-8"),
        ("application/json, text/html;q=0.9", "application/json"),
    ],
)
def test_browsers_get_html_and_programs_json(client: TestClient, accept: str, media_type: str) -> None:
    answer = client.get("/", headers={"Accept": accept})
    assert answer.headers["content-type"] == media_type
    assert "Accept" in answer.headers["vary"]
    head = client.head("/", headers={"Accept": accept})
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", answer.headers["etag"])
    again = client.get("/", headers={"Accept": accept, "If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_html_and_json_have_different_validators(client: TestClient) -> None:
    tags = {client.get("/", headers={"Accept": accept}).headers["etag"] for accept in ("*/*", "text/html")}
    assert len(tags) == 2


@pytest.mark.slow
def test_every_link_is_answered(client: TestClient) -> None:
    found = list(links_of(client))
    assert len(found) > 10 * len(DATASETS)
    for wanted in (
        "/openapi.json",
        "/docs",
        "/catalog.ttl",
        "/data.json",
        "/v1/issues.atom",
        "/v1/documents.feed.json",
    ):
        assert wanted in found
    assert "/v1/observations.jsonstat" in found
    assert any(link.startswith("/sdmx/2.1/") for link in found)
    slow = (".xlsx", ".parquet")  # one dataset's files stand for all
    for link in (link for link in dict.fromkeys(found) if not link.endswith(slow) or "/issues." in link):
        assert client.head(link).status_code == 200, link


def test_text_from_settings_is_escaped(loaded_sqlite: str) -> None:
    with client_for(loaded_sqlite, catalogue_title_zh="</title><b>", licence="</script><i>") as client:
        text = client.get("/", headers={"Accept": "text/html"}).text
    assert "<b>" not in text
    assert "<i>" not in text


def test_links_under_a_public_base(loaded_sqlite: str) -> None:
    with client_for(loaded_sqlite, public_base_url="https://data.example.org/g") as client:
        assert all(link.startswith("https://data.example.org/g/") for link in links_of(client))
        assert "Sitemap: https://data.example.org/g/sitemap.xml" in client.get("/robots.txt").text
        assert "<loc>https://data.example.org/g/docs</loc>" in client.get("/sitemap.xml").text
        assert client.get("/.well-known/api-catalog").json()["linkset"][1]["anchor"] == "https://data.example.org/g/v1"


def test_the_header_links_to_what_describes_the_service(client: TestClient) -> None:
    link = client.get("/").headers["link"]
    for part in (
        '</.well-known/api-catalog>; rel="api-catalog"; type="application/linkset+json"',
        '</openapi.json>; rel="service-desc"; type="application/json"',
        '</docs>; rel="service-doc"; type="text/html"',
        '</catalog.ttl>; rel="service-meta"; type="text/turtle"',
        '</readyz>; rel="status"; type="application/json"',
    ):
        assert part in link


@pytest.mark.parametrize("path", ["/", "/robots.txt", "/sitemap.xml", "/.well-known/api-catalog", "/sitemap-1.xml"])
def test_unknown_parameters_are_refused(client: TestClient, path: str) -> None:
    answer = client.get(f"{path}?page=2")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "page"


def test_other_types_are_not_acceptable(client: TestClient) -> None:
    answer = client.get("/", headers={"Accept": "text/csv"})
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.get("/robots.txt", headers={"Accept": "text/html"}).status_code == 200


def test_robots_may_read_everything(client: TestClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text == "User-agent: *\nAllow: /\n\nSitemap: http://127.0.0.1:8000/sitemap.xml\n"


@pytest.mark.slow
def test_the_sitemap_lists_permanent_addresses(client: TestClient) -> None:
    answer = client.get("/sitemap.xml")
    assert answer.headers["content-type"] == "application/xml"
    urls = {url.findtext(f"{MAP}loc"): url.findtext(f"{MAP}lastmod") for url in ElementTree.fromstring(answer.text)}
    host = "http://127.0.0.1:8000"
    documents = client.get("/v1/documents?fields=id").json()["data"]
    assert all(urls[f"{host}/documents/{row['id']}"] == "2021-06-20" for row in documents)
    logged = client.get("/v1/changes?dataset=issues&row_id=2021-05").json()["data"][0]["at"]
    assert urls[f"{host}/issues/2021-05"] == logged
    assert {f"{host}/", f"{host}/docs", f"{host}/catalog.ttl", *(f"{host}/{name}" for name in DATASETS)} <= set(urls)
    for url in urls:
        assert client.head(str(url).removeprefix(host)).status_code == 200, url
    assert client.get("/sitemap-1.xml").text == answer.text
    for number in ("2", "0", "x", "99999999"):
        assert client.get(f"/sitemap-{number}.xml").status_code == 404
