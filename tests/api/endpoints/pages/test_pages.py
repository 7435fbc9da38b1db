"""What holds for every kind of page."""

import itertools
import re

import pytest
from starlette.testclient import TestClient

from app.datasets import DATASETS
from tests.support.pages import BROWSER, Page, is_ours
from tests.support.service import client_for

PAGES = ["/", "/about", "/datasets", "/search", "/search?q=江口渡", *(f"/{name}" for name in DATASETS)]
ROW_PAGES = [f"/{name}" for name in DATASETS]


@pytest.fixture(scope="module")
def first_rows(client: TestClient) -> dict[str, str]:
    return {name: client.get(f"/v1/{name}?limit=1").json()["data"][0]["id"] for name in DATASETS}


@pytest.fixture(scope="module")
def page_paths(first_rows: dict[str, str]) -> list[str]:
    return [*PAGES, *(f"/{name}/{row_id}" for name, row_id in first_rows.items())]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_sound(client: TestClient, page_paths: list[str], language: str) -> None:
    for path in page_paths:
        page = Page(client, f"{path}{'&' if '?' in path else '?'}lang={language}")
        tag = {"zh": "zh-Hans", "en": "en"}[language]
        assert page.tree.get("lang") == tag, path
        assert page.answer.headers["content-language"] == tag
        assert len(page.elements(".//h1")) == 1, path
        assert len(page.elements(".//main")) == 1, path
        ids = [element.get("id") for element in page.tree.iter() if element.get("id")]
        assert len(ids) == len(set(ids)), path
        labels = [element.get("aria-labelledby") for element in page.tree.iter() if element.get("aria-labelledby")]
        assert set(labels) <= set(ids), path
        assert all(element.get("alt") is not None for element in page.tree.iter("img")), path
        levels = [int(element.tag[1]) for element in page.tree.iter() if re.fullmatch("h[1-6]", str(element.tag))]
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), (path, levels)


@pytest.mark.slow
def test_pages_load_only_what_the_policy_allows(client: TestClient, page_paths: list[str]) -> None:
    for path in page_paths:
        page = Page(client, path)
        assert all(is_ours(address) or address.startswith("data:") for address in page.loaded()), path
        policy = page.answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in policy
        assert not [element for element in page.tree.iter() if element.get("style")], path
        assert not page.elements(".//style"), path
        handlers = [name for element in page.tree.iter() for name in element.attrib if name.startswith("on")]
        assert not handlers, path
        inline = [element for element in page.tree.iter("script") if not element.get("src")]
        assert all(element.get("type") == "application/ld+json" for element in inline), path


@pytest.mark.slow
def test_every_link_of_the_pages_is_answered(client: TestClient, page_paths: list[str]) -> None:
    slow = (".xlsx", ".parquet")
    links = {link for path in page_paths for link in Page(client, path).links() if is_ours(link)}
    plain = sorted({link.partition("#")[0] for link in links if not link.partition("?")[0].endswith(slow)})
    assert len(plain) > 500
    for link in plain:
        status = client.head(link, headers={"Accept": BROWSER}, follow_redirects=True).status_code
        assert status == 200, link


def test_the_same_page_in_the_other_language(client: TestClient) -> None:
    page = Page(client, "/urban-villages?district=龙湾区")
    english = Page(client, page.link_to("English"))
    assert english.tree.get("lang") == "en"
    assert Page(client, english.link_to("中文")).answer.text == page.answer.text
    alternates = {link.get("hreflang"): link.get("href") for link in page.elements(".//link[@hreflang]")}
    assert set(alternates) == {"zh-Hans", "en", "x-default"}
    assert str(alternates["en"]).endswith("&lang=en")


def test_an_unknown_language_is_refused(client: TestClient) -> None:
    page = Page(client, "/documents?lang=fr", 400)
    assert "lang" in page.text


def test_pages_are_validated_and_compressed(client: TestClient) -> None:
    for path in ("/", "/urban-villages", "/water-sections/puqi", "/search?q=江口渡"):
        first = client.get(path, headers={"Accept": BROWSER})
        again = client.get(path, headers={"Accept": BROWSER, "If-None-Match": first.headers["etag"]})
        assert again.status_code == 304, path
        coded = client.get(path, headers={"Accept": BROWSER, "Accept-Encoding": "br"})
        assert coded.headers["content-encoding"] == "br"
        head = client.head(path, headers={"Accept": BROWSER})
        assert (head.status_code, head.content) == (200, b"")


def test_a_page_links_its_data_and_the_data_its_page(client: TestClient) -> None:
    page = Page(client, "/urban-villages?district=龙湾区&sort=-year_from")
    data = page.attribute(".//link[@type='application/json']", "href")
    assert data == "/v1/urban-villages?district=%E9%BE%99%E6%B9%BE%E5%8C%BA&sort=-year_from"
    answer = client.get(data)
    assert (
        '</urban-villages?district=%E9%BE%99%E6%B9%BE%E5%8C%BA&sort=-year_from>; rel="alternate"; type="text/html"'
        in (answer.headers["link"])
    )
    item = client.get("/v1/water-sections/puqi")
    assert '</water-sections/puqi>; rel="alternate"; type="text/html"' in item.headers["link"]


def test_parameters_that_other_programs_append_are_ignored(client: TestClient) -> None:
    plain = Page(client, "/urban-villages?district=龙湾区")
    appended = Page(client, "/urban-villages?district=龙湾区&utm_source=x&from=timeline&fbclid=1")
    assert appended.answer.text == plain.answer.text


def test_pages_are_html_and_nothing_else(client: TestClient) -> None:
    answer = client.get("/documents", headers={"Accept": "application/json"})
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.get("/v1/documents", headers={"Accept": BROWSER}).headers["content-type"] == "application/json"


def test_links_stay_under_a_path_prefix(loaded_sqlite: str) -> None:
    with client_for(loaded_sqlite, public_base_url="https://data.example.org/gazette") as client:
        for path in (
            "/",
            "/urban-villages",
            "/documents",
            "/water-sections/puqi",
            "/indicators/cpi",
            "/search?q=江口渡",
        ):
            page = Page(client, path)
            outside = [
                link
                for link in [*page.links(), *page.loaded()]
                if is_ours(link) and not link.startswith(("/gazette/", f"{path}#"))
            ]
            assert outside == [], path
            assert str(page.attribute(".//link[@rel='canonical']", "href")).startswith(
                "https://data.example.org/gazette/"
            )


def test_assets_are_kept_for_ever_and_change_their_address(client: TestClient) -> None:
    for address in Page(client, "/").loaded():
        if address.startswith("/assets/"):
            answer = client.get(address)
            assert answer.status_code == 200
            assert "immutable" in answer.headers["cache-control"]
            assert client.get(address.replace(".", "0.")).status_code == 404


def test_the_first_page_is_light(client: TestClient) -> None:
    page = Page(client, "/")
    addresses = ["/", *dict.fromkeys(page.loaded())]
    headers = {"Accept": BROWSER, "Accept-Encoding": "br"}
    sizes = {address: int(client.head(address, headers=headers).headers["content-length"]) for address in addresses}
    assert sum(sizes.values()) <= 60_000, sizes
    script = next(address for address in addresses if address.endswith(".js"))
    assert len(client.get(script).content) <= 10_000
