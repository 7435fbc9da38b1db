"""Pages of rows."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

VILLAGES = "/v1/urban-villages"


def get(client: TestClient, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("query", ["", "&district=龙湾区", "&q=村", "&filter=number > 3", "&sort=-number&offset=5"])
def test_a_limit_of_0_gives_the_total_alone(client: TestClient, query: str) -> None:
    some, none = get(client, f"{VILLAGES}?limit=1{query}"), get(client, f"{VILLAGES}?limit=0{query}")
    assert none["data"] == []
    assert none["meta"] == some["meta"] | {"limit": 0}
    assert (none["links"]["next"], none["links"]["prev"]) == (None, None)
    assert none["links"]["csv"] == some["links"]["csv"]
    assert get(client, none["links"]["self"]) == none
    assert "limit=0" in none["links"]["first"]


def test_a_limit_of_0_with_a_cursor_goes_nowhere(client: TestClient) -> None:
    page = get(client, f"{VILLAGES}?limit=2")
    none = get(client, page["links"]["next"].replace("limit=2", "limit=0"))
    assert (none["data"], none["meta"]["total"], none["meta"]["offset"]) == ([], page["meta"]["total"], None)
    assert (none["links"]["next"], none["links"]["prev"]) == (None, None)
    assert "total" not in get(client, f"{VILLAGES}?limit=0&count=false")["meta"]


def test_a_limit_of_0_holds_wherever_rows_are_counted(client: TestClient) -> None:
    assert get(client, "/v1/search?q=温州&limit=0")["data"] == []
    assert get(client, "/v1/search?q=温州&limit=0")["meta"]["total"] > 0
    assert get(client, f"{VILLAGES}/facets?by=plan&limit=0")["data"] == {"plan": []}
    assert get(client, f"{VILLAGES}/aggregate?by=plan&limit=0")["data"] == []
    assert get(client, f"{VILLAGES}.feed.json?limit=0")["items"] == []
    csv = client.get(f"{VILLAGES}.csv?limit=0").text.splitlines()
    assert csv == client.get(f"{VILLAGES}.csv?limit=1").text.splitlines()[:1]
    assert client.get(f"{VILLAGES}.ndjson?limit=0").text == ""


def test_a_limit_of_0_draws_nothing_and_says_so(client: TestClient) -> None:
    for address in (f"{VILLAGES}/facets.svg?by=plan", f"{VILLAGES}/aggregate.svg?by=plan"):
        refused = client.get(f"{address}&limit=0")
        assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "limit")


def test_a_page_without_rows_tells_how_many_there_are(client: TestClient) -> None:
    for query in ("limit=0", "offset=500"):
        shown = client.get(f"/urban-villages?{query}").text
        assert "共 102 行，本页没有。" in " ".join(shown.split())
        assert "没有符合条件的数据" not in shown
    assert "没有符合条件的数据" in client.get("/urban-villages?number=500").text


FILTERED = "filter=number = 1&filter-lang="


@pytest.mark.parametrize(
    "path", ["", ".csv", ".ndjson", ".xlsx", ".parquet", ".atom", ".feed.json", "/facets?by=plan", "/aggregate?by=plan"]
)
def test_the_language_of_a_filter_is_cql2_text(client: TestClient, path: str) -> None:
    address = f"{VILLAGES}{path}{'&' if '?' in path else '?'}"
    assert client.get(f"{address}{FILTERED}cql2-text").status_code == 200
    assert client.get(f"{address}filter-lang=cql2-text").status_code == 200
    for other in ("cql2-json", "cql-text", "CQL2-TEXT", ""):
        refused = client.get(f"{address}{FILTERED}{other}")
        assert refused.status_code == 400, other
        [fault] = refused.json()["errors"]
        assert (fault["parameter"], fault["allowed"]) == ("filter-lang", ["cql2-text"])
        assert f"'{other}'" in fault["detail"]


def test_the_language_of_a_filter_stays_in_the_links(client: TestClient) -> None:
    page = get(client, f"{VILLAGES}?filter=number > 1&filter-lang=cql2-text&limit=2")
    plain = get(client, f"{VILLAGES}?filter=number > 1&limit=2")
    assert page["data"] == plain["data"]
    after = get(client, page["links"]["next"])
    assert after["data"] == get(client, plain["links"]["next"])["data"]
    assert json.dumps(page["links"]).count("filter-lang=cql2-text") == len([x for x in page["links"].values() if x])
    assert get(client, "/v1/observations.jsonstat?filter=value > 1&filter-lang=cql2-text")["value"]
