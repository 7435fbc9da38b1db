"""Full text: known answers in Chinese, English and pinyin, the same on both databases; anything typed is a question."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
import sqlalchemy as sa
from alembic import command
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.datasets import DATASETS
from app.db.engine import engine_for, migration_config
from app.ingest.fulltext_indexing import index_everything
from app.query.params.dataset_query import PAGE, read_ask
from app.query.sql.select import count_select, page_select, shape_of
from app.settings import Settings
from tests import packages
from tests.conftest import client_for

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


def found(client: TestClient, dataset: str, **params: str) -> list[str]:
    answer = client.get(f"/v1/{dataset}", params={"limit": "1000", **params})
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert page["meta"]["total"] == len(page["data"])
    return [row["id"] for row in page["data"]]


def everywhere(client: TestClient, **params: str) -> dict[str, Any]:
    answer = client.get("/v1/search", params=params)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


@pytest.fixture(scope="module")
def both(loaded_sqlite: str, loaded_postgres: str) -> Iterator[tuple[TestClient, TestClient]]:
    """Clients of the same data on SQLite and on Postgres."""
    with client_for(loaded_sqlite) as sqlite, client_for(loaded_postgres) as postgres:
        yield sqlite, postgres


@pytest.mark.parametrize(
    ("dataset", "q", "expected"),
    [
        ("events", "汪", 9),
        ("water-sections", "氨氮", 13),
        ("documents", "城中村", 1),
        ("documents", "城中", 1),
        ("documents", "中城", 0),
        ("documents", "温政办〔2021〕28号", 1),
        ("documents", "温政办2021 28号", 1),
        ("documents", "２０２１ 城中村", 1),
        ("urban-villages", "瓯海", 25),
        ("urban-villages", "ouhai", 25),
        ("urban-villages", "Ouhai", 25),
        ("urban-villages", "ōuhǎi", 25),
        ("urban-villages", "ouhaiqu", 25),
        ("urban-villages", '"ou hai"', 25),
        ("urban-villages", "ou-hai", 25),
        ("urban-villages", "oh", 25),
        ("urban-villages", "ohq", 25),
        ("urban-villages", "ouha", 0),
        ("urban-villages", "桥", 12),
        ("urban-villages", "龙湾 -永中", 37),
        ("urban-villages", "瓯海 OR 龙湾", 78),
        ("urban-villages", "-龙湾", 49),
        ("events", "yaogaoyuan", 22),
        ("events", "Yao Gaoyuan", 22),
        ("events", "ygy", 22),
        ("events", "姚高员", 22),
        ("events", "姚员", 0),
        ("areas", "district", 4),
        ("areas", "districts", 4),
        ("areas", '"ouhai district"', 1),
        ("areas", '"district ouhai"', 0),
        ("areas", "yueqing", 1),
        ("indicators", "CPI", 2),
    ],
)  # fmt: skip
def test_known_answers(client: TestClient, dataset: str, q: str, expected: int) -> None:
    assert len(found(client, dataset, q=q)) == expected


@pytest.mark.parametrize("q", GARBAGE)
def test_garbage_finds_nothing_or_words_but_never_fails(client: TestClient, q: str) -> None:
    for path in ("/v1/urban-villages", "/v1/search"):
        answer = client.get(path, params={"q": q})
        assert answer.status_code == 200, answer.text
    if not any(char.isalnum() for char in q.replace("OR", "")):
        assert answer.json()["meta"]["total"] == 0
        assert answer.json()["data"] == []


@pytest.mark.parametrize("word", ["村", "村 ", "water ", "a-", "。", '"村', "x" * 99])
def test_a_long_text_is_a_question_too(loaded_url: str, word: str) -> None:
    with client_for(loaded_url, max_url_bytes=200_000) as client:
        for path in ("/v1/provisions", "/v1/search"):
            assert client.get(path, params={"q": (word * 6_000)[:6_000]}).status_code == 200


def test_too_many_alternatives_are_refused(client: TestClient) -> None:
    for path in ("/v1/documents", "/v1/search"):
        for text, joint in (("w", " OR "), ("-w", " ")):
            assert client.get(path, params={"q": joint.join(f"{text}{n}" for n in range(60))}).status_code == 200
            answer = client.get(path, params={"q": joint.join(f"{text}{n}" for n in range(65))})
            assert answer.status_code == 400
            assert answer.json()["errors"][0]["parameter"] == "q"
            assert "64" in answer.json()["errors"][0]["detail"]


def test_hits_are_marked_and_all_else_is_escaped(client: TestClient) -> None:
    [row] = client.get("/v1/areas", params={"q": "瓯海"}).json()["data"]
    assert list(row)[-1] == "highlights"
    assert row["highlights"] == [{"field": "name_zh", "text": "<mark>瓯海</mark>区"}]
    [row] = client.get("/v1/areas", params={"q": "ouhai"}).json()["data"]
    assert row["highlights"][0] == {"field": "name_zh", "text": "<mark>瓯海</mark>区"}
    [row] = client.get("/v1/areas", params={"q": "oh", "fields": "name_zh,highlights"}).json()["data"]
    assert row == {"name_zh": "瓯海区", "highlights": [{"field": "name_zh", "text": "<mark>瓯海</mark>区"}]}
    rule = "A re-count names its rule, a query with an ampersand."
    marked = [h for row in client.get("/v1/checks", params={"q": "瓯海"}).json()["data"] for h in row["highlights"]]
    texts = [each["text"] for each in marked if each["field"] == "rule"]
    assert texts, rule
    assert all(not re.search(r"&(?!amp;|lt;|gt;|quot;|#x27;)", text) for text in texts)
    assert "highlights" not in client.get("/v1/areas").json()["data"][0]


def test_the_best_comes_first_and_titles_weigh_more(client: TestClient) -> None:
    hits = everywhere(client, q="龙湾区", limit="1000")["data"]
    assert (hits[0]["dataset"], hits[0]["id"], hits[0]["title"]) == ("areas", "330303", "龙湾区")
    scores = [hit["score"] for hit in hits]
    assert scores == sorted(scores, reverse=True)
    in_title = [hit["score"] for hit in hits if "龙湾区" in hit["title"]]
    elsewhere = [hit["score"] for hit in hits if "龙湾区" not in hit["title"]]
    assert min(in_title) > max(elsewhere)


def test_search_across_datasets(client: TestClient) -> None:
    page = everywhere(client, q="ouhai", dataset="areas,urban-villages", limit="1000")
    assert page["meta"]["total"] == 26
    assert {hit["dataset"] for hit in page["data"]} == {"areas", "urban-villages"}
    whole = everywhere(client, q="ouhai", limit="1000")["data"]
    for name in DATASETS:
        assert {hit["id"] for hit in whole if hit["dataset"] == name} == set(found(client, name, q="ouhai"))
    document = client.get("/openapi.json").json()
    schema = {"$ref": "#/components/schemas/SearchPage", "components": document["components"]}
    jsonschema.validate(page, schema)
    row = client.get("/v1/urban-villages", params={"q": "ouhai"}).json()
    schema = {"$ref": "#/components/schemas/UrbanVillagePage", "components": document["components"]}
    jsonschema.validate(row, schema)


@pytest.mark.parametrize("path", ["/v1/search?q=龙湾", "/v1/urban-villages?q=龙湾 OR 永中", "/v1/search?q=-龙湾"])
@pytest.mark.parametrize("limit", [1, 7, 50])
def test_cursors_over_scores_neither_repeat_nor_miss(client: TestClient, path: str, limit: int) -> None:
    whole = client.get(f"{path}&limit=1000").json()["data"][: 12 * limit]
    seen: list[Any] = []
    url: str | None = f"{path}&limit={limit}"
    last = ""
    while url and len(seen) < len(whole):
        page = client.get(url).json()
        seen += page["data"]
        last, url = url, page["links"]["next"]
    assert seen[: len(whole)] == whole
    back = client.get(last).json()["links"]["prev"]
    if back and "cursor" in last:
        previous = client.get(back).json()["data"]
        start = len(seen) - len(client.get(last).json()["data"]) - len(previous)
        assert previous == seen[start : start + len(previous)]


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/v1/search", "q"),
        ("/v1/search?q=a&dataset=area", "dataset"),
        ("/v1/search?q=a&limit=0", "limit"),
        ("/v1/search?q=a&sort=id", "sort"),
        ("/v1/search?q=a&cursor=x", "cursor"),
        ("/v1/search?q=a&q=b", "q"),
        ("/v1/areas?sort=score", "sort"),
        ("/v1/areas?fields=highlights", "fields"),
        ("/v1/areas.csv?q=a&fields=highlights", "fields"),
        ("/v1/areas/330303?q=a", "q"),
    ],
)
def test_bad_questions_are_named(client: TestClient, path: str, parameter: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert [fault["parameter"] for fault in answer.json()["errors"]] == [parameter]


def test_a_cursor_is_bound_to_its_words(client: TestClient) -> None:
    for path in ("/v1/search", "/v1/urban-villages"):
        following = client.get(path, params={"q": "龙湾", "limit": "2"}).json()["links"]["next"]
        cursor = following.partition("cursor=")[2]
        assert client.get(path, params={"q": "龙湾", "cursor": cursor}).status_code == 200
        assert client.get(path, params={"q": "瓯海", "cursor": cursor}).status_code == 400


def test_words_go_with_filters_sort_and_exports(client: TestClient) -> None:
    rows = found(client, "urban-villages", q="ouhai", plan="upgrade", sort="-village")
    every = client.get("/v1/urban-villages", params={"district": "瓯海区", "plan": "upgrade", "sort": "-village"})
    assert rows == [row["id"] for row in every.json()["data"]]
    text = client.get("/v1/urban-villages.csv", params={"q": "ouhai", "plan": "upgrade", "sort": "-village"}).text
    exported = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["id"] for row in exported] == rows
    assert "highlights" not in exported[0]
    best = found(client, "urban-villages", q="桥")
    assert found(client, "urban-villages", q="桥", sort="-score") == best
    csv_ids = [row["id"] for row in csv.DictReader(io.StringIO(client.get("/v1/urban-villages.csv?q=桥").text))]
    assert csv_ids == best


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


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(q="ß ﬁ Ⅴ ㎡ ñ İ ǅ")
@example(q="\ufdfa")
@example(q="' \" \\ ! & | : * ( )")
@given(q=TYPED)
def test_both_databases_answer_the_same_to_anything(both: tuple[TestClient, TestClient], q: str) -> None:
    q = q.encode("utf-8", "ignore").decode()
    for path in ("/v1/search", "/v1/provisions", "/v1/urban-villages"):
        sqlite, postgres = (client.get(path, params={"q": q, "limit": "20"}) for client in both)
        assert sqlite.status_code == 200, sqlite.text
        assert sqlite.content == postgres.content


@pytest.mark.parametrize("dataset", list(DATASETS))
def test_every_row_is_found_by_its_own_title(client: TestClient, dataset: str) -> None:
    first = DATASETS[dataset].search[0]
    for row in client.get(f"/v1/{dataset}?limit=5").json()["data"]:
        if row[first] and any(char.isalnum() for char in row[first]):
            quoted = '"' + row[first].replace('"', "") + '"'
            assert row["id"] in found(client, dataset, q=quoted), quoted


def test_a_database_of_old_is_indexed_whole(writable_url: str) -> None:
    kept = "SELECT dataset, row_id, title, text, title_units, names FROM search_rows ORDER BY dataset, row_id"
    before = packages.fetch(writable_url, kept)
    with engine_for(writable_url) as engine, engine.begin() as connection:
        for table in ("search_rows", "search_index"):
            connection.execute(sa.text(f"DELETE FROM {table}"))
        index_everything(connection)
    assert packages.fetch(writable_url, kept) == before
    with client_for(writable_url) as client:
        assert len(found(client, "urban-villages", q="ouhai")) == 25


def test_the_migrations_leave_nothing_to_do(empty_url: str) -> None:
    config = migration_config()
    with engine_for(empty_url) as engine, engine.connect() as connection:
        config.attributes["connection"] = connection
        command.check(config)


def test_without_words_the_index_is_not_asked(loaded_url: str) -> None:
    for dataset in DATASETS.values():
        ask = read_ask(dataset, (), PAGE, Settings())
        shape = shape_of(dataset, ask)
        for select in (page_select(dataset, shape), count_select(dataset, shape)):
            assert "search_" not in str(select), loaded_url


def test_groups_count_what_words_find(client: TestClient) -> None:
    answer = client.get("/v1/urban-villages/facets", params={"by": "district", "q": "桥"})
    assert answer.status_code == 200, answer.text
    counts = {entry["value"]: entry["count"] for entry in answer.json()["data"]["district"]}
    assert sum(counts.values()) == 12


def test_a_load_keeps_the_index(empty_url: str, tmp_path: Any) -> None:
    content = packages.tables()
    packages.load(empty_url, packages.write(tmp_path / "one", content))
    content["indicators"][0]["name_zh"] = "鸭蛋"
    with client_for(empty_url) as client:
        assert found(client, "indicators", q="鸡蛋") == ["eggs"]
        packages.load(empty_url, packages.write(tmp_path / "two", content))
    with client_for(empty_url) as client:
        assert found(client, "indicators", q="鸡蛋") == []
        assert found(client, "indicators", q="鸭蛋") == ["eggs"]
        assert everywhere(client, q="鸡蛋 OR 鸭蛋", dataset="indicators")["meta"]["total"] == 1
    stored = packages.fetch(empty_url, "SELECT count(*) FROM search_rows")
    assert stored == packages.fetch(empty_url, "SELECT count(*) FROM search_index")
