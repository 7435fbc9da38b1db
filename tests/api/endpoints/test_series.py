"""One indicator over time, with vintages and derived fields, on both databases."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.api.endpoints.derivations import prior_year_value
from app.main import create_app
from app.model.column_types import MILLION
from app.settings import Settings
from tests.support import packages
from tests.support.openapi import parameters, response
from tests.support.series import SERIES, add_months
from tests.support.service import client_for


def asked(client: TestClient, path: str = SERIES, **params: str) -> Any:
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text, parse_float=Decimal)


@pytest.fixture
def months(writable_url: str) -> Iterator[TestClient]:
    """Return a client of the bundled issue with earlier months of one indicator, one of them in two vintages."""
    add_months(writable_url)
    with client_for(writable_url) as client:
        yield client


def test_the_bundled_point(client: TestClient) -> None:
    page = asked(client)
    [point] = page["data"]
    assert point == {
        "period": "2021-05",
        "value": Decimal("81.80"), "value_status": "normal", "value_yoy": 0, "value_yoy_status": "normal",
        "cumulative": Decimal("407.48"), "cumulative_status": "normal",
        "cumulative_yoy": Decimal("22.5"), "cumulative_yoy_status": "normal",
        "issue_id": "2021-05", "published_on": "2021-06-20",
    }  # fmt: skip
    assert page["meta"] | {"revision": ""} == {
        "dataset": "observations", "indicator_id": "retail_sales", "indicator_name_zh": "限额以上消费品零售总额",
        "indicator_name_en": page["meta"]["indicator_name_en"], "indicator_unit": "100_million_CNY",
        "indicator_unit_zh": "亿元", "area_id": "330300", "total": 1, "revision": "",
    }  # fmt: skip
    assert '"value":81.80,' in client.get(SERIES).text
    path = "/v1/indicators/retail_sales/series"
    assert page["links"] == {"self": path} | {
        name: f"{path}.{name}" for name in ("csv", "ndjson", "xlsx", "parquet", "svg")
    }


def test_points_and_meta_have_names_on_request(months: TestClient) -> None:
    plain, page = asked(months, vintages="all"), asked(months, vintages="all", expand="names")
    assert page["meta"].pop("names") == {"indicator_id": "限额以上消费品零售总额", "unit": "亿元", "area_id": "温州市"}
    assert page["meta"] == plain["meta"]
    names = [point.pop("names") for point in page["data"]]
    assert page["data"] == plain["data"]
    # Only one of these issues is held.
    assert {point["issue_id"]: name["issue_id"] for point, name in zip(page["data"], names, strict=True)} == {
        "2021-01": None, "2021-03": None, "2021-04": None, "2021-05": "2021年第5期",
    }  # fmt: skip
    tags = {months.get(SERIES, params=params).headers["etag"] for params in ({}, {"expand": "names"})}
    assert len(tags) == 2
    refused = months.get(f"{SERIES}?expand=name&derive=x")
    assert refused.status_code == 400
    assert {error["parameter"]: error["allowed"][:1] for error in refused.json()["errors"]} == {
        "expand": ["names"], "derive": ["prior_year"],
    }  # fmt: skip


def test_links_lead_to_the_same_question_in_other_formats(months: TestClient) -> None:
    links = asked(months, expand="names", derive="prior_year", period__gte="2021-03")["links"]
    for name, link in links.items():
        assert months.get(link).status_code == 200, link
        assert ("expand=names" in link) == (name in ("self", "ndjson"))
        assert "derive=prior_year" in link
        assert "period__gte=2021-03" in link


def test_months_are_sorted_and_vintages_selected(months: TestClient) -> None:
    def shown(**params: str) -> list[tuple[str, str]]:
        return [(point["period"], point["issue_id"]) for point in asked(months, **params)["data"]]

    latest = [("2021-01", "2021-01"), ("2021-03", "2021-04"), ("2021-04", "2021-04"), ("2021-05", "2021-05")]
    assert shown() == latest
    assert shown(vintages="all") == [latest[0], ("2021-03", "2021-03"), *latest[1:]]
    assert shown(as_of="2021-05-19") == [("2021-01", "2021-01"), ("2021-03", "2021-03")]
    assert shown(as_of="2021-05-20") == latest[:3]
    assert shown(period__gte="2021-04") == latest[2:]
    assert shown(period="2021-03", vintages="all") == [("2021-03", "2021-03"), ("2021-03", "2021-04")]
    assert shown(area_id="330302") == []


def test_derived_fields_are_separate_objects(months: TestClient) -> None:
    page = asked(months, derive="monthly_from_cumulative,prior_year")
    found = {point["period"]: point["derived"] for point in page["data"]}
    # 80.10 / 1.1 = 72.818…; 242.00 - nothing held for February; 325.675 - 242.00; 407.48 - 325.675
    assert found == {
        "2021-01": {"prior_year": Decimal("72.8"), "prior_year_cumulative": Decimal("72.8"),
                    "monthly_from_cumulative": Decimal("80.10")},
        "2021-03": {"prior_year": Decimal("89.6"), "prior_year_cumulative": None, "monthly_from_cumulative": None},
        "2021-04": {"prior_year": None, "prior_year_cumulative": 300,
                    "monthly_from_cumulative": Decimal("83.675")},
        "2021-05": {"prior_year": Decimal("81.8"), "prior_year_cumulative": 333,
                    "monthly_from_cumulative": Decimal("81.805")},
    }  # fmt: skip
    assert page["meta"]["derived"]["prior_year"]["derived"] is True
    assert "/" in page["meta"]["derived"]["prior_year"]["formula"]
    one = asked(months, derive="prior_year", period="2021-05")
    assert one["data"][0]["derived"] == {"prior_year": Decimal("81.8"), "prior_year_cumulative": 333}
    assert list(one["meta"]["derived"]) == ["prior_year"]
    assert "derived" not in asked(months)["data"][0]


def test_the_previous_month_may_lie_outside_the_requested_months(months: TestClient) -> None:
    [april] = asked(months, derive="monthly_from_cumulative", period="2021-04")["data"]
    assert april["derived"] == {"monthly_from_cumulative": Decimal("83.675")}
    march = asked(months, derive="prior_year", period="2021-03", vintages="all")["data"]
    assert [point["derived"]["prior_year"] for point in march] == [None, Decimal("89.6")]


def test_growth_at_constant_prices_does_not_lead_back_to_the_year_before(client: TestClient) -> None:
    page = asked(client, "/v1/indicators/industrial_value_added/series", derive="prior_year")
    assert page["data"][0]["value_yoy"] is not None
    assert page["data"][0]["derived"] == {"prior_year": None, "prior_year_cumulative": None}
    assert "constant prices" in page["meta"]["derived"]["prior_year"]["null"]


@pytest.mark.parametrize("indicator", ["cpi", "rmb_deposits", "household_deposits"])
def test_indices_and_balances_have_no_derived_monthly_figures(client: TestClient, indicator: str) -> None:
    page = asked(client, f"/v1/indicators/{indicator}/series", derive="prior_year,monthly_from_cumulative")
    derived = page["data"][0]["derived"]
    assert derived["monthly_from_cumulative"] is None
    assert derived["prior_year"] is None
    assert (derived["prior_year_cumulative"] is None) == (indicator == "cpi")


@pytest.mark.parametrize(
    ("query", "parameter", "hint"),
    [
        ("derive=", "derive", "cannot"),
        ("derive=prioryear", "derive", "prior_year"),
        ("derive=prior_year,prior_year", "derive", "twice"),
        ("dervie=prior_year", "dervie", "'derive'"),
        ("as_of=2021", "as_of", "YYYY-MM-DD"),
        ("vintages=some", "vintages", "latest"),
        ("period__gte=2021-5", "period__gte", "YYYY-MM"),
        ("period__like=2021", "period__like", "unknown"),
        ("limit=5", "limit", "unknown"),
        ("indicator_id=cpi", "indicator_id", "unknown"),
        ("area_id__in=330300", "area_id__in", "'area_id'"),
        ("area_id=1&area_id=2", "area_id", "twice"),
    ],
)
def test_faults_are_named(client: TestClient, query: str, parameter: str, hint: str) -> None:
    answer = client.get(f"{SERIES}?{query}")
    assert answer.status_code == 400, answer.text
    [fault] = answer.json()["errors"]
    assert fault["parameter"] == parameter
    assert hint in fault["detail"] + " ".join(fault["allowed"] or [])


def test_unknown_indicators_and_addresses(client: TestClient) -> None:
    assert client.get("/v1/indicators/nothing/series").status_code == 404
    assert client.get("/v1/observations/nothing/series").status_code == 404
    assert client.get("/v1/indicators/cpi/series/").status_code == 404


def test_series_fit_the_openapi_document_and_have_validators(client: TestClient) -> None:
    document = create_app(Settings()).app.api.openapi()
    operation = document["paths"]["/v1/indicators/{id}/series"]["get"]
    schema = response(operation, "200")["content"]["application/json"]["schema"] | {
        "components": document["components"]
    }
    for derive in ({}, {"derive": "prior_year,monthly_from_cumulative"}):
        answer = client.get(SERIES, params=derive)
        jsonschema.validate(answer.json(), schema)
        again = client.get(SERIES, params=derive, headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304
    names = {parameter["name"] for parameter in parameters(operation)}
    assert {"id", "area_id", "as_of", "vintages", "period", "period__gte", "derive"} <= names


@given(value=st.integers(1, 10**9), change=st.integers(-99_9, 500_0))
def test_the_prior_year_figure_times_growth_is_the_figure(value: int, change: int) -> None:
    figure, percent = Decimal(value).scaleb(-2), Decimal(change).scaleb(-1)
    before = prior_year_value(figure, percent)
    assert before is not None
    # What the printed places leave open, and the rounding of the answer itself.
    open_of_figure = Decimal("0.005") * 100 / (100 + percent)
    open_of_change = figure * 100 * Decimal("0.05") / (100 + percent) ** 2
    exact, unit = figure * 100 / (100 + percent), Decimal(1).scaleb(-2)
    while unit < open_of_figure + open_of_change:
        unit *= 10
    assert abs(before - exact) <= unit / 2 + Decimal(1) / MILLION
    assert before % unit == 0


def test_a_series_is_bounded_in_rows(writable_url: str, tmp_path: Path) -> None:
    content = packages.tables()
    again = {"id": "eggs.330300.1999-02.1999-01", "period": "1999-02"}
    content["observations"].append(packages.OBSERVATION | again)
    packages.load(writable_url, packages.write(tmp_path, content))
    with client_for(writable_url, max_series_points=2) as client:
        assert len(client.get("/v1/indicators/eggs/series").json()["data"]) == 2
    with client_for(writable_url, max_series_points=1) as client:
        refused = client.get("/v1/indicators/eggs/series")
        assert refused.status_code == 400
        assert refused.json()["errors"][0]["parameter"] == "period"
        assert client.get("/v1/indicators/eggs/series?period=1999-02").status_code == 200
