"""Query parameters of datasets, on both databases."""

import pytest
from starlette.testclient import TestClient

from app.settings import Settings
from tests.support.rows import rows

VILLAGES = "/v1/urban-villages"


def test_fields_select_nested_members(client: TestClient) -> None:
    [row] = rows(client, VILLAGES, id="wenzhengban-2021-29.lucheng-01", fields="id")
    assert row == {"id": "wenzhengban-2021-29.lucheng-01"}
    first = rows(client, VILLAGES, fields="village,source.row,printed.year_from")[0]
    assert first == {"village": "老涂", "source": {"row": 1}, "printed": {"year_from": "2021"}}


def test_an_unknown_operator_is_named_as_written(client: TestClient) -> None:
    for parameter, named in (("plan__", "''"), ("plan__gt", "'gt'"), ("notes", "'eq'")):
        [fault] = client.get(VILLAGES, params={parameter: "x"}).json()["errors"]
        assert fault["parameter"] == parameter
        assert fault["detail"].startswith(f"{named} is not an operator of ")


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
        ("limit=-1", "limit", "1000"),
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
    problem = client.get(f"{VILLAGES}?a=1&limit=1001&sort=x").json()
    assert [fault["parameter"] for fault in problem["errors"]] == ["a", "sort", "limit"]


@pytest.mark.parametrize("path", [VILLAGES, "/v1/search?q=城"])
def test_a_page_beyond_the_greatest_offset_points_to_the_cursor(client: TestClient, path: str) -> None:
    most = Settings().max_offset
    mark = "&" if "?" in path else "?"
    for _ in range(2):  # the second time, the query's template is known
        assert client.get(f"{path}{mark}offset={most}").status_code == 200
        answer = client.get(f"{path}{mark}offset={most + 1}")
        assert answer.status_code == 400
        [fault] = answer.json()["errors"]
        assert fault["parameter"] == "offset"
        assert str(most) in fault["detail"]
        assert "cursor" in fault["detail"]


@pytest.mark.parametrize("suffix", [".csv", ".ndjson", ".xlsx", ".parquet"])
def test_the_offset_of_an_export_has_no_bound(client: TestClient, suffix: str) -> None:
    assert client.get(f"{VILLAGES}{suffix}?offset={Settings().max_offset + 1}").status_code == 200
