"""Parameters that other programs append: ignored where people, probes and feed readers ask, refused elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.query.params.appended import APPENDED_PARAMETERS, appending_program, without_appended
from tests.support.served import running
from tests.support.service import client_for
from tests.support.statements import counted_statements

EVERYTHING = "&".join(each.example for each in APPENDED_PARAMETERS)
WECHAT = "from=singlemessage&isappinstalled=0"
IGNORING = [
    *("/", "/docs", "/robots.txt", "/sitemap.xml", "/sitemap-1.xml", "/healthz", "/readyz", "/version"),
    *("/v1/documents.atom", "/v1/documents.feed.json", "/v1/urban-villages.atom?limit=2&district=龙湾区"),
]
"""Addresses for people, probes and feed readers."""
STRICT = [
    *("/v1", "/v1/areas", "/v1/areas.csv", "/v1/areas/330300", "/v1/areas/330300.csv", "/v1/areas/schema"),
    *("/v1/areas/facets?by=level", "/v1/areas/aggregate", "/v1/areas/queryables", "/v1/search?q=x"),
    *("/v1/indicators/cpi/series", "/v1/observations.jsonstat", "/v1/areas.jsonld", "/v1/areas/330300.bib"),
    *("/catalog", "/catalog.ttl", "/data.json", "/openapi.json", "/.well-known/api-catalog"),
    *("/v1/documents/wenzhengban-2021-28.xml", "/sdmx/2.1/data/INDICATORS"),
]
"""Addresses for programs, whose grammar is strict."""


@pytest.mark.parametrize("each", APPENDED_PARAMETERS, ids=lambda each: each.name)
def test_each_has_an_example_of_its_own(each: object) -> None:
    name = each.example.partition("=")[0]  # type: ignore[attr-defined]
    assert appending_program(name) == each.program  # type: ignore[attr-defined]
    assert len({other.name for other in APPENDED_PARAMETERS}) == len(APPENDED_PARAMETERS)


@given(st.lists(st.sampled_from(["utm_source=x", "a=1", "from=%ff", "_", "b", "", "utm%5Fid=2", "=", "fromage=1"])))
def test_only_appended_parameters_are_dropped(parts: list[str]) -> None:
    kept = [part for part in parts if part not in ("utm_source=x", "from=%ff", "_", "utm%5Fid=2")]
    assert without_appended("&".join(parts).encode()) == "&".join(kept).encode()


@pytest.mark.parametrize("path", IGNORING)
def test_addresses_for_people_ignore_them(client: TestClient, path: str) -> None:
    plain = client.get(path)
    assert plain.status_code == 200
    for query in (EVERYTHING, WECHAT, "utm_source=%ff&utm_source=%zz", "_=1&_=2"):
        shared = client.get(f"{path}{'&' if '?' in path else '?'}{query}")
        assert shared.status_code == 200, shared.text
        assert shared.content == plain.content, "no link and no identifier has them"
        assert shared.headers.get("etag") == plain.headers.get("etag")
        assert shared.headers.get("link") == plain.headers.get("link")
        if tag := plain.headers.get("etag"):
            assert client.get(shared.url.raw_path.decode(), headers={"If-None-Match": tag}).status_code == 304
        assert client.head(shared.url.raw_path.decode()).status_code == 200


@pytest.mark.parametrize("path", IGNORING)
@pytest.mark.parametrize("query", ["x=1", "utm_source=a&x=1", "x=1&from=a", "from2=1", "UTM_SOURCE=a"])
def test_every_other_parameter_is_refused_there(client: TestClient, path: str, query: str) -> None:
    refused = client.get(f"{path}{'&' if '?' in path else '?'}{query}")
    assert refused.status_code == 400
    [fault] = refused.json()["errors"]
    assert fault["parameter"] == next(n for n in ("x", "from2", "UTM_SOURCE") if n in query)


@pytest.mark.parametrize("path", STRICT)
def test_programs_are_told_where_they_come_from(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200
    for query, program in (("utm_source=x", "Google Analytics"), ("from=timeline", "WeChat"), ("_=1", "jQuery")):
        refused = client.get(f"{path}{'&' if '?' in path else '?'}{query}")
        assert refused.status_code == 400
        assert f"appended by other programs ({program}" in refused.text
        assert "remove it" in refused.text


def test_the_cache_knows_one_address(loaded_sqlite: str) -> None:
    with client_for(loaded_sqlite) as client, counted_statements(client) as asked:
        assert client.get("/v1/areas.atom?limit=2").status_code == 200
        before = len(asked)
        assert before > 0
        for n in range(3):
            assert client.get(f"/v1/areas.atom?limit=2&_={n}").status_code == 200
        assert client.get("/v1/areas.atom?limit=2&utm_source=a").status_code == 200
        assert len(asked) == before


def test_both_ways_of_a_request_ignore_them(loaded_sqlite: str) -> None:
    with running(loaded_sqlite) as served:
        for target in ("/healthz?_=1", f"/?{WECHAT}", "/v1/areas.atom?limit=1&fbclid=x", "/v1/areas.atom?limit=1&x=1"):
            short, long, _ = served.both(target)
            assert short[0] == long[0] == (400 if target.endswith("x=1") else 200)
            assert short[2] == long[2]
