"""Filters and sorting in SQL, on both databases."""

import pytest
from starlette.testclient import TestClient

from app.datasets import DATASETS
from tests.support.rows import rows, total

VILLAGES = "/v1/urban-villages"


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, 102),
        ({"plan": "demolition"}, 78),
        ({"plan": "拆迁"}, 78),
        ({"plan__ne": "demolition"}, 24),
        ({"district": "龙湾区", "plan": "demolition"}, 41),
        ({"district__in": "龙湾区,鹿城区"}, 67),
        ({"district__in": '"龙湾区",鹿城区'}, 67),
        ({"year_from": "2021"}, 23),
        ({"year_from__lte": "2022", "plan": "upgrade"}, 3),
        ({"year_to__gt": "2024"}, 39),
        ({"village__contains": "桥"}, 6),
        ({"street__startswith": "永"}, 28),
        ({"village__contains": "%"}, 0),
        ({"village__contains": "_"}, 0),
        ({"id__startswith": "WENZHENGBAN-2021-29.LONGWAN"}, 53),
        ({"notes__isnull": "false", "district": "鹿城区"}, 0),
        ({"district_code": "330303"}, 53),
    ],
)
def test_filters_count_what_is_printed(client: TestClient, params: dict[str, str], expected: int) -> None:
    assert total(client, VILLAGES, **params) == expected


def test_list_filters_match_members(client: TestClient) -> None:
    names = {row["name"] for row in rows(client, "/v1/water-sections", areas__has="龙港市")}
    assert names == {"方岩渡", "朱家闸", "龙港", "江口渡"}
    assert total(client, "/v1/water-sections", control_areas__has="瓯海区") == 4
    assert total(client, "/v1/events", participants__has="姚高员") == 22


def test_decimals_are_compared_exactly(client: TestClient) -> None:
    assert total(client, "/v1/observations", value="108.30") == 1
    assert total(client, "/v1/observations", value__gt="108.3") == 0
    assert total(client, "/v1/observations", value__isnull="true") == 3
    assert '"value":108.30,' in client.get("/v1/observations", params={"value": "108.3"}).text


def test_sort_puts_nulls_last_both_ways(client: TestClient) -> None:
    for sort in ("value", "-value"):
        values = [row["value"] for row in rows(client, "/v1/observations", sort=sort)]
        assert values[-3:] == [None, None, None]
        numbers = values[:-3]
        assert numbers == sorted(numbers, reverse=sort.startswith("-"))


def test_text_is_ordered_by_code_point(client: TestClient) -> None:
    names = [row["village"] for row in rows(client, VILLAGES, sort="village")]
    assert names == sorted(names)


@pytest.mark.slow
@pytest.mark.parametrize("dataset", list(DATASETS))
def test_every_filter_and_sort_of_every_dataset_works(client: TestClient, dataset: str) -> None:
    samples = {"integer": "2021", "number": "1.5", "date": "2021-05-01", "month": "2021-05", "boolean": "true"}
    for spec in DATASETS[dataset].fields:
        for op in spec.operators:
            value = "true" if op == "isnull" else samples.get(spec.kind, "x")
            if spec.info.enum and op != "isnull":
                value = next(iter(spec.info.enum)).value
            name = spec.name if op == "eq" else f"{spec.name}__{op}"
            assert client.get(f"/v1/{dataset}", params={name: value}).status_code == 200, name
        for key in (spec.name, f"-{spec.name}"):
            expected = 200 if spec.sortable else 400
            assert client.get(f"/v1/{dataset}", params={"sort": key}).status_code == expected, key
