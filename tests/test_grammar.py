"""The grammar, through the public surface, on both databases."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.datasets import DATASETS

VILLAGES = "/v1/urban-villages"


def rows(client: TestClient, path: str, **params: str) -> list[dict[str, Any]]:
    answer = client.get(path, params={"limit": "1000", **params})
    assert answer.status_code == 200, answer.text
    data: list[dict[str, Any]] = answer.json()["data"]
    return data


def total(client: TestClient, path: str, **params: str) -> int:
    answer = client.get(path, params={"limit": "1", **params})
    assert answer.status_code == 200, answer.text
    number: int = answer.json()["meta"]["total"]
    return number


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


def test_lists_are_searched_for_members(client: TestClient) -> None:
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


def test_fields_reach_inside(client: TestClient) -> None:
    [row] = rows(client, VILLAGES, id="wenzhengban-2021-29.lucheng-01", fields="id")
    assert row == {"id": "wenzhengban-2021-29.lucheng-01"}
    first = rows(client, VILLAGES, fields="village,source.row,printed.year_from")[0]
    assert first == {"village": "老涂", "source": {"row": 1}, "printed": {"year_from": "2021"}}


def test_an_operator_that_is_none_is_named_as_it_was_asked(client: TestClient) -> None:
    for parameter, named in (("plan__", "''"), ("plan__gt", "'gt'"), ("notes", "'eq'")):
        [fault] = client.get(VILLAGES, params={parameter: "x"}).json()["errors"]
        assert fault["parameter"] == parameter
        assert fault["detail"].startswith(f"{named} is no operator of ")


def test_count_false_leaves_the_total_out(client: TestClient) -> None:
    meta = client.get(VILLAGES, params={"count": "false"}).json()["meta"]
    assert "total" not in meta


@pytest.mark.parametrize(
    ("query", "parameter", "hint"),
    [
        ("distrct=x", "distrct", "district"),
        ("district__contain=x", "district__contain", "contains"),
        ("plan=demolitoin", "plan", "demolition"),
        ("sort=vilage", "sort", "village"),
        ("sort=", "sort", "empty"),
        ("sort=village,-village", "sort", "twice"),
        ("fields=", "fields", "empty"),
        ("fields=vilage", "fields", "village"),
        ("limit=0", "limit", "1000"),
        ("limit=1001", "limit", "1000"),
        ("limit=abc", "limit", "whole number"),
        ("limit=", "limit", "whole number"),
        ("offset=-1", "offset", "0 or more"),
        ("offset=99999999999999999999", "offset", "64 bits"),
        ("year_from=9223372036854775808", "year_from", "64 bits"),
        ("year_from=２０２１", "year_from", "whole number"),
        ("year_from=2021&year_from=2022", "year_from", "twice"),
        ("year_from=1.5", "year_from", "whole number"),
        ("year_from__isnull=yes", "year_from__isnull", "true"),
        ("district=%ff", "district", "UTF-8"),
        ("district=%zz", "district", "percent"),
        ("district=%00", "district", "NUL"),
        ("district__in=%22a", "district__in", "quote"),
        ("district__in=", "district__in", "empty"),
        ("cursor=abc", "cursor", "cursor"),
        ("cursor=", "cursor", "cursor"),
        ("bom=true", "bom", "unknown"),
        ("on=2021-01-01", "on", "unknown"),
        ("qq=x", "qq", "unknown"),
        ("source.row=1", "source.row", "unknown"),
        ("row_json=1", "row_json", "unknown"),
        ("__proto__=1", "__proto__", "unknown"),
        ("village__=1", "village__", "operator"),
    ],
)
def test_bad_parameters_are_named(client: TestClient, query: str, parameter: str, hint: str) -> None:
    answer = client.get(f"{VILLAGES}?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == 400
    [fault] = problem["errors"]
    assert fault["parameter"] == parameter
    assert hint in fault["detail"] + " ".join(fault["allowed"] or [])


def test_every_fault_is_listed(client: TestClient) -> None:
    problem = client.get(f"{VILLAGES}?a=1&limit=0&sort=x").json()
    assert [fault["parameter"] for fault in problem["errors"]] == ["a", "sort", "limit"]


@pytest.mark.parametrize("dataset", list(DATASETS))
def test_every_filter_and_sort_of_every_dataset_works(client: TestClient, dataset: str) -> None:
    samples = {"integer": "2021", "number": "1.5", "date": "2021-05-01", "month": "2021-05", "boolean": "true"}
    for spec in DATASETS[dataset].fields:
        for op in spec.ops:
            value = "true" if op == "isnull" else samples.get(spec.kind, "x")
            if spec.fact.enum and op != "isnull":
                value = next(iter(spec.fact.enum)).value
            name = spec.name if op == "eq" else f"{spec.name}__{op}"
            assert client.get(f"/v1/{dataset}", params={name: value}).status_code == 200, name
        for key in (spec.name, f"-{spec.name}"):
            expected = 200 if spec.sortable else 400
            assert client.get(f"/v1/{dataset}", params={"sort": key}).status_code == expected, key


@pytest.mark.parametrize("dataset", list(DATASETS))
def test_every_dataset_has_its_bundled_rows(client: TestClient, dataset: str) -> None:
    expected = {
        "issues": 1, "documents": 5, "water-sections": 18, "water-targets": 18, "watersheds": 9, "urban-villages": 102,
        "village-tasks": 23, "uncleared-buildings": 7, "indicators": 9, "observations": 9, "events": 33, "briefs": 12,
        "changes": 1,
    }  # fmt: skip
    number = total(client, f"/v1/{dataset}")
    assert number == expected.get(dataset, number)
    assert number > 0
