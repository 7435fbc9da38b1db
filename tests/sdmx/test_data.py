"""SDMX data: every format valid under its official schema, the same on both databases, bounded."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import etree
from starlette.testclient import TestClient

from tests.conftest import client_for
from tests.goldens import assert_golden
from tests.sdmx.official import assert_json, assert_message, assert_specific

SDMX = "/sdmx/2.1"
DATA = f"{SDMX}/data/INDICATORS"
VND = "application/vnd.sdmx."
GENERIC = f"{VND}genericdata+xml;version=2.1"
SPECIFIC = f"{VND}structurespecificdata+xml;version=2.1"
JSON_1, JSON_2 = f"{VND}data+json;version=1.0.0", f"{VND}data+json;version=2.0.0"
CSV_1, CSV_2 = f"{VND}data+csv;version=1.0.0", f"{VND}data+csv;version=2.0.0"
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


def ask(client: TestClient, address: str, accept: str | None = None) -> httpx.Response:
    """An answer of the service, which must be a 200."""
    answer: httpx.Response = client.get(address, headers={"Accept": accept} if accept else {})
    assert answer.status_code == 200, answer.text
    return answer


def lines(client: TestClient, address: str, accept: str = CSV_1) -> list[dict[str, str]]:
    """The lines of SDMX-CSV."""
    return list(csv.DictReader(io.StringIO(ask(client, address, accept).text)))


def reviewed(client: TestClient, name: str, address: str, accept: str | None = None) -> None:
    """The answer is the golden file, but for the digest of the data, which changes with every field of a dataset."""
    revision = client.get("/readyz").json()["revision"][:8]
    assert_golden(name, ask(client, address, accept).content.replace(revision.encode(), b"REVISION"))


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
def test_each_format_is_the_reviewed_one(eggs: TestClient, name: str, address: str, accept: str) -> None:
    reviewed(eggs, name, address, accept)


@pytest.mark.parametrize("query", ARRANGED)
def test_every_arrangement_is_valid(eggs: TestClient, query: str, tmp_path: Path) -> None:
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
    }  # fmt: skip
    assert (found["rmb_deposits"]["OBS_VALUE"], found["rmb_deposits"]["OBS_STATUS"]) == ("", "O")
    assert (found["cpi"]["UNIT_MEASURE"], found["cpi"]["UNIT_MULT"]) == ("IX", "0")
    assert ":[108.30," in ask(client, f"{DATA}/M.330300..value", JSON_1).text
    whole = lines(client, DATA)
    assert len(whole) == 4 * len(found)


def test_schema_refuses_what_the_structure_does_not_have(eggs: TestClient, tmp_path: Path) -> None:
    schema = ask(eggs, f"{SDMX}/schema/dataflow/GAZETTE/INDICATORS/latest").text
    body = ask(eggs, DATA, SPECIFIC).content
    for right, wrong in ((b'OBS_STATUS="A"', b'OBS_STATUS="Q"'), (b'FREQ="M"', b""), (b'"1.60"', b'"1,60"')):
        with pytest.raises(etree.DocumentInvalid):
            assert_specific(body.replace(right, wrong), schema, tmp_path)
    other = ask(eggs, f"{SDMX}/schema/datastructure/GAZETTE/INDICATORS").text
    assert 'targetNamespace="urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=GAZETTE:INDICATORS(1.0)' in other


def shown(client: TestClient, query: str, key: str = "M.330300.eggs.value") -> list[tuple[str, str, str]]:
    """Period, value and issue of each observation."""
    found = lines(client, f"{DATA}/{key}{query}")
    return [(line["TIME_PERIOD"], line["OBS_VALUE"], line["ISSUE"]) for line in found]


JANUARY, REVISED, FEBRUARY = ("1999-01", "1.50", "1999-01"), ("1999-01", "1.60", "1999-02"), ("1999-02", "", "1999-02")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [REVISED, FEBRUARY]),
        ("?includeHistory=false", [REVISED, FEBRUARY]),
        ("?includeHistory=true", [JANUARY, REVISED, FEBRUARY]),
        ("?asOf=1999-02-28", [JANUARY]),
        ("?asOf=1999-03-01", [REVISED, FEBRUARY]),
        # Half past midnight of the first of March where the gazette is published.
        ("?asOf=1999-02-28T16:30:00Z", [REVISED, FEBRUARY]),
        ("?asOf=1999-02-28T16:30:00", [JANUARY]),
        ("?includeHistory=true&asOf=1999-02-28", [JANUARY]),
        ("?lastNObservations=1", [FEBRUARY]),
        ("?firstNObservations=1", [REVISED]),
        ("?firstNObservations=1&lastNObservations=1", [REVISED, FEBRUARY]),
        ("?firstNObservations=1&includeHistory=true", [JANUARY, REVISED]),
        ("?lastNObservations=1&endPeriod=1999-01", [REVISED]),
        ("?startPeriod=1999-02", [FEBRUARY]),
        ("?endPeriod=1999-01-31", [REVISED]),
        ("?endPeriod=1999-02-27", [REVISED]),
        ("?startPeriod=1999-01-02", [FEBRUARY]),
        ("?startPeriod=1999-M01&endPeriod=1999-M01", [REVISED]),
        ("?startPeriod=1999&endPeriod=1999-Q1", [REVISED, FEBRUARY]),
        ("?startPeriod=1999-A1&endPeriod=1999-S1", [REVISED, FEBRUARY]),
        ("?startPeriod=1999-W05", [FEBRUARY]),
        ("?startPeriod=1999-02-01T00:00:00", [FEBRUARY]),
        ("?startPeriod=1999-D032", [FEBRUARY]),
    ],
)
def test_time_and_vintages(eggs: TestClient, query: str, found: list[tuple[str, str, str]]) -> None:
    assert shown(eggs, query) == found


def series(client: TestClient, key: str) -> set[tuple[str, str, str]]:
    """Area, indicator and measure of every series of a key."""
    found = lines(client, f"{DATA}/{key}?detail=serieskeysonly")
    return {(line["REF_AREA"], line["INDICATOR"], line["TRANSFORMATION"]) for line in found}


def test_keys(eggs: TestClient) -> None:
    everything = series(eggs, "all")
    assert len(everything) == 12
    assert (
        series(eggs, "...")
        == series(eggs, "M...")
        == series(eggs, "all/all")
        == series(eggs, "all/GAZETTE")
        == everything
    )
    assert series(eggs, "M.zone-kaifaqu..") == {each for each in everything if each[0] == "zone-kaifaqu"}
    assert series(eggs, "..eggs+egg_price.value+cumulative") == {e for e in everything if "yoy" not in e[2]}
    flows = ("INDICATORS", "GAZETTE,INDICATORS", "all,INDICATORS,latest", "GAZETTE,INDICATORS,1.0")
    bodies = {ask(eggs, f"{SDMX}/data/{flow}/all").content for flow in flows}
    assert len(bodies) == 1


def test_paths_may_end_in_a_slash(eggs: TestClient) -> None:
    for path in (f"{DATA}/M...", DATA, f"{SDMX}/dataflow/GAZETTE", f"{SDMX}/availableconstraint/GAZETTE%2CINDICATORS"):
        assert ask(eggs, f"{path}/").content == ask(eggs, path).content


def test_series_stand_together_whatever_is_at_the_observation(eggs: TestClient) -> None:
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


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, SPECIFIC), ("*/*", SPECIFIC), ("application/xml", SPECIFIC), ("text/xml;q=0.5", SPECIFIC),
        (f"{VND}genericdata+xml", GENERIC), ("application/json", JSON_1), ("text/csv", CSV_1),
        (f"{VND}data+json;version=1.0", JSON_1), (f'{VND}data+json; version="2"', JSON_2), (f"{VND}data+json", JSON_1),
        (f"{VND}data+csv;version=2.0.0", CSV_2), ("application/json, text/plain, */*", JSON_1),
        ("text/csv;q=0.4, application/xml;q=0.3", CSV_1), (f"{VND}data+json;version=3.0, text/csv", CSV_1),
    ],
)  # fmt: skip
def test_accept_chooses_format_and_version(eggs: TestClient, accept: str | None, content_type: str) -> None:
    answer = ask(eggs, f"{DATA}/M.330300.eggs.value", accept)
    assert answer.headers["content-type"].replace("; charset=utf-8", "").replace("; ", ";") == content_type
    assert "Accept" in answer.headers["vary"]


def test_labels(eggs: TestClient) -> None:
    text = ask(eggs, f"{DATA}/M.330300.eggs.value", f"{CSV_1};labels=both").text
    assert "REF_AREA: Area" in text
    assert "eggs: Eggs & <hens>" in text
    refused = eggs.get(DATA, headers={"Accept": f"{CSV_1};labels=all"})
    assert refused.status_code == 406


def test_an_answer_is_bounded(eggs_url: str) -> None:
    with client_for(eggs_url, max_statistics_rows=3) as few:
        refused = few.get(DATA)
        assert (refused.status_code, 'code="130"' in refused.text) == (413, True)
        assert few.get(f"{DATA}?includeHistory=true").status_code == 413
        assert len(lines(few, f"{DATA}?lastNObservations=1")) == 12
        assert few.get(f"{DATA}/M.330300..").status_code == 200
        assert few.get("/v1/observations.jsonstat").status_code == 400


def test_validators(eggs: TestClient) -> None:
    for address in (DATA, f"{SDMX}/dataflow", f"{SDMX}/schema/dataflow/GAZETTE/INDICATORS"):
        first = ask(eggs, address)
        assert eggs.get(address, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
        assert eggs.head(address).headers["etag"] == first.headers["etag"]
    other = ask(eggs, DATA, "text/csv").headers["etag"]
    assert other != ask(eggs, DATA).headers["etag"]
    # A date alone does not turn a refusal into a 304.
    since = {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    assert eggs.get(f"{DATA}?startPeriod=2050", headers=since).status_code == 404
    assert eggs.get(DATA, headers=since).status_code == 304


def test_values_are_exact(eggs: TestClient) -> None:
    body: Any = json.loads(ask(eggs, f"{DATA}/M.330300.eggs.", JSON_2).text, parse_float=Decimal)
    found = {
        str(each[0]) for one in body["data"]["dataSets"][0]["series"].values() for each in one["observations"].values()
    }
    assert found == {"1.60", "-2.5", "3.25", "0.0", "None"}
