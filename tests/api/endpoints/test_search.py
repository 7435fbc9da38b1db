"""Full-text search: known results in Chinese, English and pinyin, and pages by cursor."""

import csv
import io
from typing import Any

import jsonschema
import pytest
from starlette.testclient import TestClient

from app.datasets import DATASETS
from tests.support.searches import everywhere, found
from tests.support.service import client_for


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


@pytest.mark.slow
@pytest.mark.parametrize("word", ["村", "村 ", "water ", "a-", "a。", '"村', "x" * 99])
def test_long_search_texts_are_accepted(loaded_url: str, word: str) -> None:
    with client_for(loaded_url, max_url_bytes=200_000) as client:
        for path in ("/v1/provisions", "/v1/search"):
            assert client.get(path, params={"q": (word * 6_000)[:6_000]}).status_code == 200


@pytest.mark.slow
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
    for hit in page["data"]:
        assert client.get(hit["links"]["self"]).json()["id"] == hit["id"]
    row = client.get("/v1/urban-villages", params={"q": "ouhai"}).json()
    schema = {"$ref": "#/components/schemas/UrbanVillagePage", "components": document["components"]}
    jsonschema.validate(row, schema)


@pytest.mark.slow
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
        ("/v1/search?q=a&limit=-1", "limit"),
        ("/v1/search?q=a&sort=id", "sort"),
        ("/v1/search?q=a&cursor=x", "cursor"),
        ("/v1/search?q=a&q=b", "q"),
        ("/v1/areas?sort=score", "sort"),
        ("/v1/areas?fields=highlights", "fields"),
        ("/v1/areas.csv?q=a&fields=highlights", "fields"),
        ("/v1/areas/330303?q=a", "q"),
    ],
)
def test_invalid_searches_name_the_parameter(client: TestClient, path: str, parameter: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert [fault["parameter"] for fault in answer.json()["errors"]] == [parameter]


def test_a_cursor_is_bound_to_its_search_words(client: TestClient) -> None:
    for path in ("/v1/search", "/v1/urban-villages"):
        following = client.get(path, params={"q": "龙湾", "limit": "2"}).json()["links"]["next"]
        cursor = following.partition("cursor=")[2]
        assert client.get(path, params={"q": "龙湾", "cursor": cursor}).status_code == 200
        assert client.get(path, params={"q": "瓯海", "cursor": cursor}).status_code == 400


def test_search_combines_with_filters_sort_and_exports(client: TestClient) -> None:
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


@pytest.mark.parametrize("dataset", list(DATASETS))
def test_every_row_is_found_by_its_own_title(client: TestClient, dataset: str) -> None:
    first = DATASETS[dataset].search_fields[0]
    for row in client.get(f"/v1/{dataset}?limit=5").json()["data"]:
        if row[first] and any(char.isalnum() for char in row[first]):
            quoted = '"' + row[first].replace('"', "") + '"'
            assert row["id"] in found(client, dataset, q=quoted), quoted


def test_groups_count_the_rows_that_a_search_finds(client: TestClient) -> None:
    answer = client.get("/v1/urban-villages/facets", params={"by": "district", "q": "桥"})
    assert answer.status_code == 200, answer.text
    counts = {entry["value"]: entry["count"] for entry in answer.json()["data"]["district"]}
    assert sum(counts.values()) == 12
