"""Search texts of any kind, on both databases."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.datasets import DATASETS
from tests.support.service import client_for

GARBAGE = [
    '"((*',
    "*",
    '"',
    "-",
    "--",
    "OR",
    "OR OR",
    "-OR",
    "AND NOT",
    "NEAR(a b)",
    "a:b",
    "🐟",
    "^a",
    "'; --",
    "a & !",
    "\\",
    "|",
]
BLANK = ["", " ", "   ", "\u3000", "\u00a0\u2003", "\t\n", "\u200b", "\ufeff "]


@pytest.fixture(scope="module")
def both(loaded_sqlite: str, loaded_postgres: str) -> Iterator[tuple[TestClient, TestClient]]:
    """Yield clients of the same data on SQLite and on Postgres."""
    with client_for(loaded_sqlite) as sqlite, client_for(loaded_postgres) as postgres:
        yield sqlite, postgres


@pytest.mark.parametrize("q", GARBAGE)
def test_malformed_searches_never_fail(client: TestClient, q: str) -> None:
    searchable = any(char.isalnum() for char in q.replace("OR", ""))
    for path in ("/v1/urban-villages", "/v1/search"):
        answer = client.get(path, params={"q": q})
        assert answer.status_code == (200 if searchable else 400), answer.text
        if not searchable:
            [fault] = answer.json()["errors"]
            assert fault["parameter"] == "q"
            assert "no letter, digit or Chinese character" in fault["detail"]


WITH_SEARCH = [
    f"/v1/{name}{rest}"
    for name in DATASETS
    for rest in ("", "/facets?by=id", "/aggregate", ".csv", ".ndjson", ".atom", ".feed.json")
] + [
    *("/v1/urban-villages.xlsx", "/v1/urban-villages.parquet", "/v1/observations.jsonstat"),
    *("/v1/urban-villages?limit=5&sort=-number", "/v1/urban-villages?plan=upgrade&filter=number = 1"),
]


@pytest.mark.slow
@pytest.mark.parametrize("path", WITH_SEARCH)
def test_a_blank_search_is_none_and_an_unsearchable_one_is_refused(client: TestClient, path: str) -> None:
    plain = client.get(path)
    assert plain.status_code == 200, plain.text
    for q in ("", "%20", "%E3%80%80"):
        blank = client.get(f"{path}{'&' if '?' in path else '?'}q={q}")
        assert (blank.status_code, blank.content) == (200, plain.content)
        assert blank.headers["etag"] == plain.headers["etag"]
    for q in ("*", "%22", "%E3%80%82", "-"):
        refused = client.get(f"{path}{'&' if '?' in path else '?'}q={q}")
        assert refused.status_code == 400
        assert [fault["parameter"] for fault in refused.json()["errors"]] == ["q"]


@pytest.mark.parametrize("q", BLANK)
def test_a_search_of_everything_needs_words(client: TestClient, q: str) -> None:
    assert client.get("/v1/areas", params={"q": q}).json() == client.get("/v1/areas").json()
    answer = client.get("/v1/search", params={"q": q})
    assert answer.status_code == 400
    assert answer.json()["errors"] == client.get("/v1/search").json()["errors"]


def test_what_needs_a_search_is_refused_with_a_blank_one(client: TestClient) -> None:
    for parameter in ("sort=-score", "fields=highlights"):
        assert client.get(f"/v1/areas?q=%20&{parameter}").status_code == 400
    [fault] = client.get("/v1/areas?q=&sort=-score").json()["errors"]
    assert "'q'" in fault["detail"]


NUMBERS = [
    "温政办〔2021〕28号",
    "温政办[2021]28号",
    "温政办(2021)28号",
    "温政办（2021）28号",
    "温政办【2021】28号",
    "温政办［２０２１］２８号",
    "温政办 〔2021〕 28 号",
    "温政办(2021) 第28号",
    "温政办〔2021〕28",
    "温政办「2021」28号",
    "温政办『２０２１』 28 号",
    "温政办︵2021︶28号",
    "溫政辦〔2021〕28號",
    '"温政办[2021] 28"',
    '"温政办 (2021) 28号"',
]
"""One number, as it is typed."""


@pytest.mark.parametrize("typed", NUMBERS)
def test_a_document_number_is_found_and_ranked_alike(client: TestClient, typed: str) -> None:
    for path in ("/v1/search", "/v1/documents", "/v1/issues", "/v1/provisions"):
        asked, usual = (client.get(path, params={"q": q}).json()["data"] for q in (typed, "温政办〔2021〕28号"))
        assert asked == usual
    for words in ("城中村 {}", "{} 水环境", "水环境 OR {}", "水环境 -{}", '"水环境" {} "方案"'):
        asked, usual = (
            client.get("/v1/search", params={"q": words.format(q)}).json()["data"] for q in (typed, NUMBERS[0])
        )
        assert asked == usual
    [found] = client.get("/v1/documents", params={"q": typed}).json()["data"]
    assert found["id"] == "wenzhengban-2021-28"
    assert {"field": "document_number", "text": "<mark>温政办〔2021〕28</mark>号"} in found["highlights"] or {
        "field": "document_number",
        "text": "<mark>温政办〔2021〕28号</mark>",
    } in found["highlights"]


def test_too_many_alternatives_are_refused(client: TestClient) -> None:
    for path in ("/v1/documents", "/v1/search"):
        for text, joint in (("w", " OR "), ("-w", " ")):
            assert client.get(path, params={"q": joint.join(f"{text}{n}" for n in range(60))}).status_code == 200
            answer = client.get(path, params={"q": joint.join(f"{text}{n}" for n in range(65))})
            assert answer.status_code == 400
            assert answer.json()["errors"][0]["parameter"] == "q"
            assert "64" in answer.json()["errors"][0]["detail"]


WORDS = [
    "城中村",
    "中村",
    "龙湾",
    "瓯海区",
    "汪",
    "ouhai",
    "oh",
    "water",
    "River",
    "改造",
    "2021",
    "OR",
    '"',
    "-",
    " ",
    "，",
    "号",
]

TYPED = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=8).map("".join), st.text(max_size=30).map(lambda t: t.replace("\x00", ""))
)


@pytest.mark.slow
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(q="ß ﬁ Ⅴ ㎡ ñ İ ǅ")
@example(q="\ufdfa")
@example(q="' \" \\ ! & | : * ( )")
@given(q=TYPED)
def test_both_databases_find_the_same_rows(both: tuple[TestClient, TestClient], q: str) -> None:
    q = q.encode("utf-8", "ignore").decode()
    for path in ("/v1/search", "/v1/provisions", "/v1/urban-villages"):
        sqlite, postgres = (client.get(path, params={"q": q, "limit": "20"}) for client in both)
        assert sqlite.status_code in (200, 400), sqlite.text
        assert sqlite.content == postgres.content
