"""The page that shows the OpenAPI document."""

import re
from urllib.parse import urljoin, urlsplit

import html5lib
import pytest
from starlette.testclient import TestClient

from app.datasets import DATASETS
from tests.support.service import client_for


def links(page: str) -> list[str]:
    """Return all addresses in a page."""
    return re.findall(r'(?:href|src)="([^"]*)"', page)


def test_the_page_is_well_formed_and_says_its_language(client: TestClient) -> None:
    answer = client.get("/docs")
    html5lib.HTMLParser(strict=True).parse(answer.text)
    assert '<html lang="en">' in answer.text
    assert answer.headers["content-language"] == "en"
    for name, dataset in DATASETS.items():
        assert f'<a href="#/{name}">{name} <span lang="zh-Hans">{dataset.title_zh}</span></a>' in answer.text


@pytest.mark.parametrize("prefix", ["", "/gazette", "/a/b"])
def test_all_addresses_are_relative_and_lead_to_files_below_any_prefix(client: TestClient, prefix: str) -> None:
    page = client.get("/docs").text
    for link in links(page):
        assert not link.startswith("/")
        address = urlsplit(urljoin(f"http://host{prefix}/docs", link))
        assert address.netloc == "host"
        assert address.path.startswith(f"{prefix}/")
        assert client.get(address.path.removeprefix(prefix)).status_code == 200


def test_files_of_the_viewer_may_be_kept(client: TestClient) -> None:
    for link in (link for link in links(client.get("/docs").text) if "assets/" in link):
        answer = client.get(f"/{link}")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"].partition(";")[0] in ("text/css", "text/javascript", "image/svg+xml")
    assert client.get("/docs/assets/swagger-ui-0.css").status_code == 404


def test_the_page_has_no_script_of_its_own_and_a_strict_policy(client: TestClient) -> None:
    answer = client.get("/docs")
    assert re.findall(r"<script[^>]*>([^<]*)</script>", answer.text) == [""] * answer.text.count("<script")
    assert "style=" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_document_names_the_prefix_that_the_server_knows(loaded_sqlite: str) -> None:
    with client_for(loaded_sqlite) as client:
        assert client.get("/openapi.json").json()["servers"][0]["url"] == "/"
        below = TestClient(client.app, root_path="/gazette")
        assert below.get("/gazette/openapi.json").json()["servers"][0]["url"] == "/gazette"
        assert client.get("/openapi.json").json()["servers"][0]["url"] == "/"
    with client_for(loaded_sqlite, public_base_url="https://data.example.org/g") as client:
        below = TestClient(client.app, root_path="/g")
        assert below.get("/g/openapi.json").json()["servers"][0]["url"] == "https://data.example.org/g"
