"""Facets, aggregates and queryables, on both databases."""

import json
from collections import Counter
from decimal import Decimal
from functools import cache
from typing import Any

import jsonschema
import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from app.datasets import DATASETS
from app.datasets.commitments import Commitment
from app.db.engine import open_engine
from app.main import create_app
from app.model.column_types import INT64_MAX
from app.query.group_table import to_decimal
from app.query.params.dataset_query import parameter_names
from app.query.params.grouping import groupable_fields, metric_names
from app.settings import Settings
from tests.support.openapi import response
from tests.support.service import client_for

VILLAGES = "/v1/urban-villages"


def asked(client: TestClient, path: str, **params: str) -> Any:
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def rows(client: TestClient, dataset: str, **params: str) -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = asked(client, f"/v1/{dataset}", limit="1000", **params)["data"]
    return data


def test_facets_count_the_filtered_rows(client: TestClient) -> None:
    page = asked(client, f"{VILLAGES}/facets", by="district,plan")
    assert page["data"]["plan"] == [
        {"value": "demolition", "label": "拆迁", "count": 78},
        {"value": "upgrade", "label": "整治提升", "count": 24},
    ]
    assert page["data"]["district"][0] == {"value": "龙湾区", "label": "龙湾区", "count": 53}
    assert page["meta"] | {"revision": ""} == {
        "dataset": "urban-villages", "total": 102, "limit": 50, "revision": "",
        "groups": {"district": len(page["data"]["district"]), "plan": 2},
    }  # fmt: skip
    assert list(page["data"]) == ["district", "plan"]
    narrowed = asked(client, f"{VILLAGES}/facets", by="plan", district="龙湾区", filter="year_from > 0")
    assert narrowed["data"]["plan"][0] == {"value": "demolition", "label": "拆迁", "count": 41}
    assert asked(client, f"{VILLAGES}/facets", by="plan", district="x")["data"] == {"plan": []}


def test_facets_are_ordered_and_cut(client: TestClient) -> None:
    counts = Counter(row["street"] for row in rows(client, "urban-villages"))
    expected = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    page = asked(client, f"{VILLAGES}/facets", by="street", limit="1000")
    assert [(entry["value"], entry["count"]) for entry in page["data"]["street"]] == expected
    cut = asked(client, f"{VILLAGES}/facets", by="street", limit="3")
    assert cut["data"]["street"] == page["data"]["street"][:3]
    assert cut["meta"]["groups"]["street"] == len(expected)


@pytest.mark.parametrize(("dataset", "field"), [("water-sections", "areas"), ("commitments", "responsible")])
def test_each_member_of_a_list_counts(client: TestClient, dataset: str, field: str) -> None:
    counts = Counter(member for row in rows(client, dataset) for member in dict.fromkeys(row[field]))
    facet = asked(client, f"/v1/{dataset}/facets", by=field, limit="1000")
    assert {entry["value"]: entry["count"] for entry in facet["data"][field]} == counts
    for entry in facet["data"][field][:3]:
        found = asked(client, f"/v1/{dataset}", **{f"{field}__has": entry["value"]})
        assert found["meta"]["total"] == entry["count"]
    assert facet["meta"]["total"] == len(rows(client, dataset))
    grouped = asked(client, f"/v1/{dataset}/aggregate", by=field, limit="1000")
    assert {row[field]: row["count"] for row in grouped["data"]} == counts


def test_full_text_narrows_groups(client: TestClient) -> None:
    counts = Counter(row["district"] for row in rows(client, "urban-villages", q="桥"))
    assert 1 < counts.total() < 102
    facet = asked(client, f"{VILLAGES}/facets", by="district", q="桥")
    assert {entry["value"]: entry["count"] for entry in facet["data"]["district"]} == counts
    grouped = asked(client, f"{VILLAGES}/aggregate", by="district", q="桥", filter="year_from > 0")
    assert {row["district"]: row["count"] for row in grouped["data"]} == counts


def test_objects_are_counted_by_their_first_member(client: TestClient) -> None:
    facet = asked(client, "/v1/events/facets", by="participants", limit="1")
    assert facet["data"]["participants"] == [{"value": "姚高员", "label": "姚高员", "count": 22}]


def test_members_have_the_values_of_the_rows(client: TestClient) -> None:
    rows = client.get("/v1/documents").json()["data"]
    numbers = Counter(annex["number"] for row in rows for annex in row["annexes"])
    counted = client.get("/v1/documents/facets?by=annexes").json()["data"]["annexes"]
    assert {entry["value"]: entry["count"] for entry in counted} == dict(numbers)
    assert all(isinstance(number, int) for number in numbers if number is not None)
    found = client.get("/v1/documents?annexes__has=1").json()["meta"]["total"]
    assert found == sum(any(annex["number"] == 1 for annex in row["annexes"]) for row in rows) > 0


@pytest.mark.parametrize("sort", ["parent_id", "-parent_id", "min_valid_from,parent_id", "-max_code,-count"])
def test_texts_are_sorted_with_null_last(client: TestClient, sort: str) -> None:
    metrics = "count,min:valid_from,max:code"
    answer = client.get(f"/v1/areas/aggregate?by=parent_id,level&metric={metrics}&sort={sort}&limit=1000")
    assert answer.status_code == 200, answer.text
    rows = answer.json()["data"]
    assert len(rows) == answer.json()["meta"]["total"] > 5
    name = sort.split(",")[0]
    column = [row[name.removeprefix("-")] for row in rows]
    valued = [value for value in column if value is not None]
    assert column == sorted(valued, reverse=name.startswith("-")) + [None] * (len(column) - len(valued))


def test_null_is_a_group_of_its_own(client: TestClient) -> None:
    facet = asked(client, "/v1/observations/facets", by="value,value_status,published_on")
    assert facet["data"]["value"][0] == {"value": None, "label": None, "count": 3}
    assert {"value": 81.8, "label": "81.8", "count": 1} in facet["data"]["value"]
    assert facet["data"]["published_on"] == [{"value": "2021-06-20", "label": "2021-06-20", "count": 9}]
    grouped = asked(client, "/v1/observations/aggregate", by="value", metric="count,sum:cumulative_yoy")
    assert grouped["data"][-1] == {"value": None, "count": 3, "sum_cumulative_yoy": 35.5}
    for sort in ("value", "-value"):
        assert asked(client, "/v1/observations/aggregate", by="value", sort=sort)["data"][-1]["value"] is None


def test_computed_fields_and_options(client: TestClient) -> None:
    whole = Counter(row["status"] for row in rows(client, "documents", on="2030-01-01"))
    facet = asked(client, "/v1/documents/facets", by="status,is_normative", on="2030-01-01")
    assert {entry["value"]: entry["count"] for entry in facet["data"]["status"]} == whole
    assert {entry["label"] for entry in facet["data"]["is_normative"]} <= {"true", "false"}
    expired = asked(client, "/v1/documents/aggregate", by="status", on="2030-01-01", status="expired")
    assert [row["count"] for row in expired["data"]] == [whole["expired"]]
    assert asked(client, "/v1/observations/facets", by="period", as_of="2021-06-19")["data"] == {"period": []}


def test_aggregates_with_known_answers(client: TestClient) -> None:
    page = asked(client, f"{VILLAGES}/aggregate", by="district,plan", metric="count,min:year_from,max:year_to")
    found = {(row["district"], row["plan"]): row for row in page["data"]}
    assert found["龙湾区", "demolition"]["count"] == 41
    assert page["meta"]["total"] == len(page["data"])
    assert list(page["data"][0]) == ["district", "plan", "count", "min_year_from", "max_year_to"]
    assert [(row["district"], row["plan"]) for row in page["data"]] == sorted(found)
    for (district, plan), row in found.items():
        same = rows(client, "urban-villages", district=district, plan=plan)
        assert row["min_year_from"] == min(village["year_from"] for village in same)
        assert row["max_year_to"] == max(village["year_to"] for village in same)


def test_sums_and_averages_are_exact(client: TestClient) -> None:
    answer = client.get("/v1/observations/aggregate?metric=sum:value_yoy,avg:value_yoy,count")
    assert answer.status_code == 200
    # (9.8 + 0.0 - 0.3 + 8.2) / 4
    assert b'"data":[{"sum_value_yoy":17.7,"avg_value_yoy":4.425000,"count":9}]' in answer.content
    answer = client.get("/v1/observations/aggregate?metric=sum:value,avg:cumulative&indicator_id=retail_sales")
    assert b'"data":[{"sum_value":81.8,"avg_cumulative":407.480000}]' in answer.content
    page = asked(client, "/v1/observations/aggregate", metric="min:value,max:published_on,min:indicator_id,max:period")
    assert page["data"] == [
        {"min_value": 65.41, "max_published_on": "2021-06-20", "min_indicator_id": "cpi", "max_period": "2021-05"}
    ]


def test_figures_of_several_units_are_not_added_up(client: TestClient) -> None:
    for address, unit_by in (
        ("observations/aggregate?metric=count,sum:value", "indicator_id"),
        ("observations/aggregate?metric=avg:cumulative&by=area_id", "indicator_id"),
        ("commitments/aggregate?metric=sum:value&by=kind", "unit"),
    ):
        answer = client.get(f"/v1/{address}")
        assert answer.status_code == 400, address
        [error] = answer.json()["errors"]
        assert error["parameter"] == "metric"
        assert f"by={unit_by}" in error["detail"]
        grouped = address.replace("by=", f"by={unit_by},") if "by=" in address else f"{address}&by={unit_by}"
        assert client.get(f"/v1/{grouped}").status_code == 200
    assert client.get("/v1/commitments/aggregate?metric=sum:value&unit=元").status_code == 200
    assert client.get("/v1/observations/aggregate?metric=min:value,max:cumulative").status_code == 200


def test_groups_of_no_rows(client: TestClient) -> None:
    params = {"metric": "count,sum:value,avg:value,min:value", "period": "1999-01", "indicator_id": "cpi"}
    page = asked(client, "/v1/observations/aggregate", **params)
    assert page["data"] == [{"count": 0, "sum_value": None, "avg_value": None, "min_value": None}]
    assert asked(client, "/v1/observations/aggregate", by="period", **params)["data"] == []


def test_aggregates_are_sorted_and_paged(client: TestClient) -> None:
    params = {"by": "street", "metric": "count,sum:year_from", "limit": "1000"}
    whole = asked(client, f"{VILLAGES}/aggregate", sort="-count,street", **params)["data"]
    assert whole == sorted(whole, key=lambda row: (-row["count"], row["street"]))
    assert asked(client, f"{VILLAGES}/aggregate", sort="-count", **params)["data"] == whole
    by_sum = asked(client, f"{VILLAGES}/aggregate", sort="sum_year_from,-street", **params)["data"]
    assert [row["sum_year_from"] for row in by_sum] == sorted(row["sum_year_from"] for row in whole)
    part = asked(client, f"{VILLAGES}/aggregate", sort="-count", **(params | {"limit": "2", "offset": "1"}))
    assert part["data"] == whole[1:3]
    assert part["meta"]["total"] == len(whole)
    assert asked(client, f"{VILLAGES}/aggregate", **(params | {"offset": "9999"}))["data"] == []


def test_too_many_groups_are_refused(loaded_url: str) -> None:
    with client_for(loaded_url, max_groups=102) as client:
        assert client.get(f"{VILLAGES}/facets?by=id").json()["meta"]["groups"] == {"id": 102}
    with client_for(loaded_url, max_groups=101) as client:
        for address in ("facets?by=plan,id", "aggregate?by=id"):
            answer = client.get(f"{VILLAGES}/{address}")
            assert answer.status_code == 400
            assert "101 groups" in answer.json()["errors"][0]["detail"]


def test_sums_beyond_64_bits_are_exact(writable_url: str) -> None:
    table = Commitment.__table__  # type: ignore[attr-defined]  # SQLModel sets it on tables
    with open_engine(writable_url) as engine, engine.begin() as connection:
        number = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        update = f"UPDATE commitments SET value = {INT64_MAX}, value_to = {-INT64_MAX - 1}, unit = '元'"
        connection.execute(sa.text(update))
    with client_for(writable_url) as client:
        answer = client.get("/v1/commitments/aggregate?metric=sum:value,avg:value,sum:value_to,avg:value_to&unit=元")
    [row] = json.loads(answer.text, parse_float=Decimal)["data"]
    assert row["sum_value"] == to_decimal(INT64_MAX * number)
    assert row["avg_value"] == to_decimal(INT64_MAX)
    assert row["sum_value_to"] == to_decimal((-INT64_MAX - 1) * number)
    assert row["avg_value_to"] == to_decimal(-INT64_MAX - 1)


@pytest.mark.slow
@pytest.mark.parametrize("dataset", list(DATASETS))
def test_every_group_and_metric_of_every_dataset_works(client: TestClient, dataset: str) -> None:
    declared = DATASETS[dataset]
    for name in groupable_fields(declared):
        facet = asked(client, f"/v1/{dataset}/facets", by=name, limit="1000")
        entries = facet["data"][name]
        if declared.fields_by_name[name].kind not in ("list", "objects"):
            assert sum(entry["count"] for entry in entries) == facet["meta"]["total"], name
        eq = name if "eq" in declared.fields_by_name[name].operators else f"{name}__has"
        for entry in (*entries[:2], *(each for each in entries[2:] if each["value"] is None)):
            text = json.dumps(entry["value"], ensure_ascii=False).strip('"').replace('\\"', '"')
            filters = {f"{name}__isnull": "true"} if entry["value"] is None else {eq: text}
            found = client.get(f"/v1/{dataset}", params={**filters, "limit": "0"}).json()
            assert found["meta"]["total"] == entry["count"], (name, entry)
    metrics = metric_names(declared)
    for start in range(0, len(metrics), 16):
        words = metrics[start : start + 16]
        units = list(dict.fromkeys(spec.info.unit_by for spec in declared.fields if spec.info.unit_by))
        page = asked(client, f"/v1/{dataset}/aggregate", metric=",".join(words), **({"by": units[0]} if units else {}))
        assert list(page["data"][0]) == [*units, *(word.replace(":", "_") for word in words)]
        jsonschema.validate(page, answer_schema(dataset, "aggregate"))
    page = asked(client, f"/v1/{dataset}/facets", by="id")
    jsonschema.validate(page, answer_schema(dataset, "facets"))


@cache
def document() -> Any:
    return create_app(Settings()).app.api.openapi()


def answer_schema(dataset: str, address: str) -> Any:
    operation = document()["paths"][f"/v1/{dataset}/{address}"]["get"]
    schema = response(operation, "200")["content"]["application/json"]["schema"]
    return {**schema, "components": document()["components"]}


def test_groups_have_validators(client: TestClient) -> None:
    for address in ("facets?by=plan", "aggregate?by=plan", "queryables"):
        first = client.get(f"{VILLAGES}/{address}")
        again = client.get(f"{VILLAGES}/{address}", headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304
        assert client.head(f"{VILLAGES}/{address}").status_code == 200
    tags = {client.get(f"{VILLAGES}/{address}").headers["etag"] for address in ("facets?by=plan", "aggregate?by=plan")}
    assert len(tags) == 2


def total(client: TestClient, dataset: str, params: dict[str, str]) -> int:
    answer = client.get(f"/v1/{dataset}", params={"limit": "1", **params})
    assert answer.status_code == 200, answer.text
    number: int = answer.json()["meta"]["total"]
    return number


def as_filter(dataset: str, name: str, value: Any) -> dict[str, str]:
    """Return the filter that finds the rows of a facet's value."""
    if value is None:
        return {f"{name}__isnull": "true"}
    is_list = DATASETS[dataset].fields_by_name[name].kind in ("list", "objects")
    return {f"{name}__has" if is_list else name: str(value).lower() if isinstance(value, bool) else str(value)}


@pytest.mark.slow
@pytest.mark.parametrize("dataset", list(DATASETS))
def test_every_value_of_a_facet_gives_its_count_as_a_filter(client: TestClient, dataset: str) -> None:
    for name in groupable_fields(DATASETS[dataset]):
        answer = client.get(f"/v1/{dataset}/facets", params={"by": name, "limit": "1000"})
        values = json.loads(answer.text, parse_float=Decimal)["data"][name]
        nulls = [entry for entry in values if entry["value"] is None]
        assert len(nulls) <= 1
        for entry in (*values[:8], *values[-2:], *nulls):
            assert total(client, dataset, as_filter(dataset, name, entry["value"])) == entry["count"], (name, entry)
        if not nulls and f"{name}__isnull" in parameter_names(DATASETS[dataset], ()):
            assert total(client, dataset, as_filter(dataset, name, None)) == 0


def test_an_object_without_a_first_member_is_a_null_of_its_list(client: TestClient) -> None:
    for dataset, name, count in (("documents", "annexes", 1), ("issues", "imprint", 1)):
        everything = total(client, dataset, {})
        [null] = [
            entry for entry in asked(client, f"/v1/{dataset}/facets", by=name)["data"][name] if entry["value"] is None
        ]
        assert null["count"] == total(client, dataset, {f"{name}__isnull": "true"}) == count
        assert total(client, dataset, {f"{name}__isnull": "false"}) == everything - count
    rows = asked(client, "/v1/documents", annexes__isnull="true")["data"]
    assert [[annex["number"] for annex in row["annexes"]] for row in rows] == [[None]]
