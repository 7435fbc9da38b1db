"""Feeds: valid Atom and JSON Feed, newest entries first, with identifiers that do not depend on the host."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feedparser
import jsonschema
import pytest
from starlette.testclient import TestClient

from app.datasets import DATASETS
from app.renderers.feeds.feed import build_identifier
from tests.support import packages
from tests.support.feeds import ATOM, valid_atom, valid_json_feed
from tests.support.service import client_for


def test_checks_and_changes_have_the_service_as_author(client: TestClient) -> None:
    for name, author in (("checks", "温州市人民政府公报开放数据"), ("events", "温州市人民政府")):
        feed = valid_json_feed(client.get(f"/v1/{name}.feed.json?limit=1").content)
        assert feed["authors"] == [{"name": author}]
        assert feed["items"][0].get("authors", feed["authors"]) == [{"name": author}]
        names = valid_atom(client.get(f"/v1/{name}.atom?limit=1").content).xpath("//*[local-name()='name']/text()")
        assert set(names) == {author}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["documents", "changes", "areas"])
def test_feeds_and_citations_fit_the_openapi_document(client: TestClient, name: str) -> None:
    components = client.get("/openapi.json").json()["components"]
    listed = client.get(f"/v1/{name}.feed.json?limit=2").json()
    jsonschema.validate(listed, {"$ref": "#/components/schemas/JsonFeed", "components": components})
    cited = client.get("/v1" + listed["items"][0]["url"].removeprefix("http://127.0.0.1:8000") + ".csl.json").json()
    jsonschema.validate(cited, {"$ref": "#/components/schemas/Citation", "components": components})


@pytest.mark.slow
@pytest.mark.parametrize("name", list(DATASETS))
def test_each_dataset_has_both_feeds(client: TestClient, name: str) -> None:
    atom, listed = client.get(f"/v1/{name}.atom"), client.get(f"/v1/{name}.feed.json")
    assert (atom.headers["content-type"], listed.headers["content-type"]) == (
        *("application/atom+xml; charset=utf-8", "application/feed+json"),
    )
    root, feed = valid_atom(atom.content), valid_json_feed(listed.content)
    parsed = feedparser.parse(atom.content)
    assert not parsed.bozo
    assert [entry.id for entry in parsed.entries] == [item["id"] for item in feed["items"]]
    assert [entry.title for entry in parsed.entries] == [item["title"] for item in feed["items"]]
    assert [entry.link for entry in parsed.entries] == [item["url"] for item in feed["items"]]
    total = client.get(f"/v1/{name}?limit=1").json()["meta"]["total"]
    assert len(feed["items"]) == min(total, 50)
    assert root.findtext("a:updated", namespaces=ATOM) == max(entry.updated for entry in parsed.entries)
    for address in (feed["items"][0]["url"], feed["home_page_url"]):
        assert client.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_titles_describe_the_row(client: TestClient) -> None:
    def first(question: str) -> str:
        title: str = client.get(f"/v1/{question}").json()["items"][0]["title"]
        return title

    assert first("issues.feed.json") == "温州市人民政府公报 2021年第5期（总第225期）"
    assert first("observations.feed.json?indicator_id=fiscal_revenue") == (
        "温州市财政总收入 2021年5月：当月 100.45亿元，同比 -0.3%，累计 542.39亿元，累计同比 22.2%"
    )
    assert "（上年同期=100）" in first("observations.feed.json?indicator_id=cpi")
    assert first("water-targets.feed.json?section_id=puqi").startswith("蒲岐断面 ")
    assert first("urban-villages.feed.json?id=wenzhengban-2021-29.lucheng-01") == "鹿城区七都街道老涂"
    assert first("changes.feed.json") == "新增 公报期次“温州市人民政府公报 2021年第5期（总第225期）”"
    assert first("relations.feed.json?relation=repeals&target_number=温政办〔2016〕23号").startswith("废止：")


def walk(client: TestClient, address: str, following: str) -> Iterator[Any]:
    """Yield all pages of a feed."""
    while address:
        body = client.get(address.removeprefix("http://127.0.0.1:8000"))
        assert body.status_code == 200
        if following == "next_url":
            feed = valid_json_feed(body.content)
            yield from (item["id"] for item in feed["items"])
            address = feed.get("next_url", "")
        else:
            root = valid_atom(body.content)
            yield from root.xpath("a:entry/a:id/text()", namespaces=ATOM)
            address = "".join(root.xpath("a:link[@rel='next']/@href", namespaces=ATOM))


def test_pages_have_every_row_once(client: TestClient) -> None:
    total = client.get("/v1/urban-villages?district=龙湾区&limit=1").json()["meta"]["total"]
    for suffix, following in ((".atom", "next"), (".feed.json", "next_url")):
        found = list(walk(client, f"/v1/urban-villages{suffix}?district=龙湾区&limit=9", following))
        assert len(found) == len(set(found)) == total
    root = valid_atom(client.get("/v1/urban-villages.atom?district=龙湾区&limit=9").content)
    [following] = root.xpath("a:link[@rel='next']/@href", namespaces=ATOM)
    second = valid_atom(client.get(following.removeprefix("http://127.0.0.1:8000")).content)
    assert second.findtext("a:id", namespaces=ATOM) == root.findtext("a:id", namespaces=ATOM)
    assert second.xpath("a:link[@rel='previous']", namespaces=ATOM)


def test_the_newest_come_first(client: TestClient) -> None:
    keys = [item["url"].rpartition("/")[2] for item in client.get("/v1/events.feed.json").json()["items"]]
    days = [key[:10] for key in keys]
    assert days == sorted(days, reverse=True)
    assert keys[0] > keys[-1]
    asked = client.get("/v1/events.feed.json?sort=date&limit=1").json()["items"]
    assert asked[0]["url"].endswith(keys[-1][:10] + ".1")


def test_any_query_is_a_feed(client: TestClient) -> None:
    question = "q=水环境&filter=page_from > 3"
    page = client.get(f"/v1/documents?{question}&limit=5&fields=id&sort=id").json()
    feed = client.get(page["links"]["feed"]).json()
    assert {item["url"].rpartition("/")[2] for item in feed["items"]} == {row["id"] for row in page["data"]}
    assert "（q=水环境，filter=page_from > 3）" in feed["title"]
    atom = client.get(page["links"]["atom"])
    assert (
        atom.content
        == client.get(
            "/v1/documents",
            params=dict(pair.split("=", 1) for pair in question.split("&")),
            headers={"Accept": "application/atom+xml"},
        ).content
    )
    on = client.get("/v1/documents.feed.json?on=2024-06-10&status=expired").json()
    assert [item["url"].rpartition("/")[2] for item in on["items"]] == ["wenzhengban-2021-30"]
    early = valid_json_feed(client.get("/v1/observations.feed.json?as_of=2021-06-19").content)
    assert early["items"] == []
    assert valid_atom(client.get("/v1/observations.atom?as_of=2021-06-19").content).findtext("{*}updated")


@pytest.mark.parametrize("suffix", [".atom", ".feed.json"])
@pytest.mark.parametrize("name", ["offset", "fields", "count", "lang", "distrct"])
def test_unknown_parameters_are_refused(client: TestClient, suffix: str, name: str) -> None:
    answer = client.get(f"/v1/urban-villages{suffix}?{name}=1")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == name


def test_validators(client: TestClient) -> None:
    answer = client.get("/v1/documents.atom")
    assert client.get("/v1/documents.atom", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert client.get("/v1/documents.feed.json").headers["etag"] != answer.headers["etag"]
    assert client.get("/v1/documents.atom?limit=1001").status_code == 400


def test_identifiers_do_not_depend_on_the_host(loaded_sqlite: str) -> None:
    feeds = []
    for base in ("", "https://data.example.org"):
        with client_for(loaded_sqlite, public_base_url=base) as client:
            feeds.append(client.get("/v1/documents.atom", headers={"Host": "evil.example"}))
    here, there = (valid_atom(feed.content) for feed in feeds)
    assert here.xpath("//a:id/text()", namespaces=ATOM) == there.xpath("//a:id/text()", namespaces=ATOM)
    hrefs = there.xpath("//a:link/@href", namespaces=ATOM)
    assert all(href.startswith("https://data.example.org/") for href in hrefs)
    assert build_identifier("documents", "wenzhengban-2021-28") == "urn:uuid:f5ee654b-ee86-5be0-a6bc-0a03d5b0124a"


def test_a_change_is_an_entry_and_updates_its_row(empty_url: str, tmp_path: Path) -> None:
    tables = packages.tables()
    packages.load(empty_url, packages.write(tmp_path / "first", tables))
    tables["observations"][0] |= {"value": "1.75", "printed.value": "1.75", "source.sha256": "01" * 32}
    packages.load(empty_url, packages.write(tmp_path / "second", tables, created="1999-03-01"))
    with client_for(empty_url) as client:
        changed = valid_json_feed(client.get("/v1/changes.feed.json").content)["items"]
        rows = valid_json_feed(client.get("/v1/observations.feed.json").content)["items"]
        related = valid_atom(client.get("/v1/changes.atom").content).xpath(
            "//a:link[@rel='related']/@href", namespaces=ATOM
        )
    title = "修改 经济指标数据“温州市鸡蛋 1999年1月：当月 1.75”：当月 1.50 → 1.75"
    assert changed[0]["title"] == title
    assert changed[0]["date_modified"] == "1999-03-01T00:00:00+08:00"
    assert "<li>当月 1.50 → 1.75</li>" in changed[0]["content_html"]
    assert "原因：来源" in changed[0]["content_html"]
    assert related[0].endswith("/v1/observations/eggs.330300.1999-01.1999-01")
    assert rows[0]["date_published"] == "1999-02-01T00:00:00+08:00"
    assert rows[0]["date_modified"] == "1999-03-01T00:00:00+08:00"


def test_an_empty_database_has_empty_feeds(empty_url: str) -> None:
    with client_for(empty_url) as client:
        root = valid_atom(client.get("/v1/documents.atom").content)
        assert root.findtext("a:updated", namespaces=ATOM) == "1970-01-01T00:00:00+08:00"
        assert valid_json_feed(client.get("/v1/changes.feed.json").content)["items"] == []


def test_abstracts_by_editors_are_labelled(client: TestClient) -> None:
    [item] = client.get("/v1/documents.feed.json?id=wenzhengban-2021-30").json()["items"]
    assert item["summary"].startswith("编者摘要（非原文）：")
    assert "<dt>摘要（编者撰写）</dt>" in item["content_html"]
    assert "效力状态" not in item["content_html"], "it would change silently from day to day"


def test_a_browser_can_show_a_feed(client: TestClient) -> None:
    answer = client.get("/v1/documents.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    [style] = re.findall(r'<\?xml-stylesheet type="text/css" href="(.*?)"\?>', answer.text)
    assert client.get(style).headers["content-type"] == "text/css; charset=utf-8"
    pages = [
        item["url"].removeprefix("http://127.0.0.1:8000")
        for item in client.get("/v1/documents.feed.json").json()["items"]
    ]
    assert pages[0].startswith("/documents/")
    assert client.get(pages[0], headers={"Accept": "text/html"}).status_code == 200
