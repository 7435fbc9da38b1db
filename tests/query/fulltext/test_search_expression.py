"""Search texts of any kind, on both databases."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

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
    "",
]


@pytest.fixture(scope="module")
def both(loaded_sqlite: str, loaded_postgres: str) -> Iterator[tuple[TestClient, TestClient]]:
    """Yield clients of the same data on SQLite and on Postgres."""
    with client_for(loaded_sqlite) as sqlite, client_for(loaded_postgres) as postgres:
        yield sqlite, postgres


@pytest.mark.parametrize("q", GARBAGE)
def test_malformed_searches_never_fail(client: TestClient, q: str) -> None:
    for path in ("/v1/urban-villages", "/v1/search"):
        answer = client.get(path, params={"q": q})
        assert answer.status_code == 200, answer.text
    if not any(char.isalnum() for char in q.replace("OR", "")):
        assert answer.json()["meta"]["total"] == 0
        assert answer.json()["data"] == []


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
        assert sqlite.status_code == 200, sqlite.text
        assert sqlite.content == postgres.content
