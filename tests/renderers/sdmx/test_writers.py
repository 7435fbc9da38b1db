"""SDMX data in every format: reviewed, and valid under the official schemas."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.sdmx import CSV_1, CSV_2, DATA, GENERIC, SDMX, SPECIFIC, VND, ask, lines, reviewed
from tests.support.sdmx_schemas import assert_json, assert_message, assert_specific

JSON_1, JSON_2 = f"{VND}data+json;version=1.0.0", f"{VND}data+json;version=2.0.0"

ARRANGED = [
    "",
    "?dimensionAtObservation=AllDimensions",
    "?dimensionAtObservation=INDICATOR",
    "?dimensionAtObservation=TRANSFORMATION",
    "?detail=dataonly",
    "?detail=serieskeysonly",
    "?detail=nodata",
    "?includeHistory=true",
    "?lastNObservations=1",
]


@pytest.mark.parametrize(
    ("name", "address", "accept"),
    [
        ("sdmx-specific.xml", f"{DATA}/M.330300.eggs.", SPECIFIC),
        ("sdmx-history.xml", f"{DATA}/M.330300.eggs.value+cumulative?includeHistory=true", SPECIFIC),
        ("sdmx-flat.xml", f"{DATA}/M.330300.eggs.value?dimensionAtObservation=AllDimensions", SPECIFIC),
        ("sdmx-generic.xml", f"{DATA}/M.330300.eggs.value", GENERIC),
        ("sdmx-data-1.json", f"{DATA}/M.330300.eggs.value", JSON_1),
        ("sdmx-data-2.json", f"{DATA}/M.330300.eggs.value?dimensionAtObservation=AllDimensions", JSON_2),
        ("sdmx-data-1.csv", DATA, CSV_1),
        ("sdmx-data-2.csv", f"{DATA}/M.330300.eggs.value?includeHistory=true", f"{CSV_2};labels=both"),
    ],
)
def test_each_format_equals_the_reviewed_file(eggs: TestClient, name: str, address: str, accept: str) -> None:
    reviewed(eggs, name, address, accept)


@pytest.mark.parametrize("query", ARRANGED)
def test_every_dimension_at_observation_is_valid(eggs: TestClient, query: str, tmp_path: Path) -> None:
    assert_message(ask(eggs, DATA + query, GENERIC).content)
    assert_json(ask(eggs, DATA + query, JSON_1).json(), "1.0", "data")
    assert_json(ask(eggs, DATA + query, JSON_2).json(), "2.0", "data")
    observed = query if "dimensionAtObservation" in query else ""
    schema = ask(eggs, f"{SDMX}/schema/dataflow/GAZETTE/INDICATORS/1.0{observed}").text
    assert_specific(ask(eggs, DATA + query, SPECIFIC).content, schema, tmp_path)


def test_the_bundled_month(client: TestClient, tmp_path: Path) -> None:
    schema = ask(client, f"{SDMX}/schema/dataflow/GAZETTE/INDICATORS").text
    assert_specific(ask(client, DATA).content, schema, tmp_path)
    found = {line["INDICATOR"]: line for line in lines(client, f"{DATA}/M.330300..value")}
    assert found["industrial_value_added"]["OBS_VALUE"] == "108.30"
    assert found["industrial_value_added"] | {"DATAFLOW": ""} == {
        "DATAFLOW": "", "FREQ": "M", "REF_AREA": "330300", "INDICATOR": "industrial_value_added",
        "TRANSFORMATION": "value", "TIME_PERIOD": "2021-05", "OBS_VALUE": "108.30", "OBS_STATUS": "A",
        "UNIT_MEASURE": "CNY", "UNIT_MULT": "8", "DECIMALS": "2", "ISSUE": "2021-05",
        "COMPILING_ORG": "温州市统计局",
    }  # fmt: skip
    assert (found["rmb_deposits"]["OBS_VALUE"], found["rmb_deposits"]["OBS_STATUS"]) == ("", "O")
    assert (found["cpi"]["UNIT_MEASURE"], found["cpi"]["UNIT_MULT"]) == ("IX", "0")
    assert ":[108.30," in ask(client, f"{DATA}/M.330300..value", JSON_1).text
    whole = lines(client, DATA)
    assert len(whole) == 4 * len(found)


def test_observations_of_a_series_are_adjacent_in_every_arrangement(eggs: TestClient) -> None:
    body = ask(eggs, f"{DATA}/M.330300..value?dimensionAtObservation=INDICATOR", JSON_1).json()
    structure = body["data"]["structure"]
    assert [each["id"] for each in structure["dimensions"]["series"]] == [
        "FREQ",
        "REF_AREA",
        "TRANSFORMATION",
        "TIME_PERIOD",
    ]
    assert [each["id"] for each in structure["dimensions"]["observation"]] == ["INDICATOR"]
    # The unit depends on the indicator, and therefore stands at the observation now.
    assert structure["attributes"]["series"] == []
    assert "UNIT_MEASURE" in [each["id"] for each in structure["attributes"]["observation"]]


def test_labels(eggs: TestClient) -> None:
    text = ask(eggs, f"{DATA}/M.330300.eggs.value", f"{CSV_1};labels=both").text
    assert "REF_AREA: Area" in text
    assert "eggs: Eggs & <hens>" in text
    refused = eggs.get(DATA, headers={"Accept": f"{CSV_1};labels=all"})
    assert refused.status_code == 406


def test_values_are_exact(eggs: TestClient) -> None:
    body: Any = json.loads(ask(eggs, f"{DATA}/M.330300.eggs.", JSON_2).text, parse_float=Decimal)
    found = {
        str(each[0]) for one in body["data"]["dataSets"][0]["series"].values() for each in one["observations"].values()
    }
    assert found == {"1.60", "-2.5", "3.25", "0.0", "None"}
