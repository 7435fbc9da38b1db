"""SDMX structures and availability: valid under the official schemas, with the references and stubs asked for."""

import re
from typing import Any

import pytest
from lxml import etree
from starlette.testclient import TestClient

from tests.conftest import client_for
from tests.sdmx.official import assert_json, assert_message
from tests.sdmx.test_data import SDMX, VND, ask, reviewed

JSON = f"{VND}structure+json;version=2.0.0"
SCHEMES = [
    "CL_AREA",
    "CL_DECIMALS",
    "CL_FREQ",
    "CL_INDICATOR",
    "CL_OBS_STATUS",
    "CL_TRANSFORMATION",
    "CL_UNIT",
    "CL_UNIT_MULT",
]
CODELISTS = [f"codelist:{name}" for name in SCHEMES]
FLOW, DSD, CONCEPTS = "dataflow:INDICATORS", "datastructure:INDICATORS", "conceptscheme:CONCEPTS"
WHO = ["agencyscheme:AGENCIES", "dataproviderscheme:DATA_PROVIDERS"]
LISTS = {
    "dataflows": "dataflow",
    "dataStructures": "datastructure",
    "conceptSchemes": "conceptscheme",
    "codelists": "codelist",
    "agencySchemes": "agencyscheme",
    "dataProviderSchemes": "dataproviderscheme",
}


def names(client: TestClient, address: str) -> list[str]:
    """Kind and id of every structure of an answer, the same in both formats."""
    body = ask(client, f"{SDMX}/{address}", JSON).json()
    found = sorted(f"{LISTS[kind]}:{each['id']}" for kind, artefacts in body["data"].items() for each in artefacts)
    root = etree.fromstring(ask(client, f"{SDMX}/{address}").content)
    in_xml = [(etree.QName(each).localname.lower(), each.get("id")) for each in root.iterfind("{*}Structures/*/*")]
    assert sorted(f"{kind}:{name}" for kind, name in in_xml) == found
    return found


@pytest.mark.parametrize(
    ("name", "address", "accept"),
    [
        ("sdmx-structure.xml", f"{SDMX}/dataflow/GAZETTE/INDICATORS/1.0?references=descendants", "*/*"),
        ("sdmx-structure.json", f"{SDMX}/codelist/GAZETTE/CL_AREA+CL_INDICATOR+CL_UNIT", JSON),
        ("sdmx-stubs.json", f"{SDMX}/datastructure?references=parents&detail=allstubs", JSON),
        ("sdmx-availability.xml", f"{SDMX}/availableconstraint/INDICATORS/M.330300..", "*/*"),
    ],
)
def test_structures_are_the_reviewed_ones(eggs: TestClient, name: str, address: str, accept: str) -> None:
    reviewed(eggs, name, address, accept)


@pytest.mark.parametrize(
    "address",
    [
        "structure", "structure/all/all/all", "structure?detail=allstubs", "structure?detail=allcompletestubs",
        "dataflow?references=all", "dataflow?references=all&detail=referencestubs", "organisationscheme",
        "datastructure/GAZETTE?references=children&detail=referencepartial", "codelist/GAZETTE/CL_AREA/1.0/330300",
        "availableconstraint/INDICATORS", "availableconstraint/INDICATORS/all/all/TIME_PERIOD",
    ],
)  # fmt: skip
def test_every_structure_message_is_valid(client: TestClient, address: str) -> None:
    assert_message(ask(client, f"{SDMX}/{address}").content)
    assert_json(ask(client, f"{SDMX}/{address}", JSON).json(), "2.0", "structure")


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("dataflow", [FLOW]),
        ("dataflow?references=none", [FLOW]),
        ("dataflow?references=children", [FLOW, DSD]),
        ("dataflow?references=descendants", [FLOW, DSD, CONCEPTS, *CODELISTS]),
        ("dataflow?references=parents", [FLOW]),
        ("dataflow?references=all", [FLOW, DSD, CONCEPTS, *CODELISTS]),
        ("dataflow?references=codelist", [FLOW, *CODELISTS]),
        ("datastructure?references=parents", [FLOW, DSD]),
        ("datastructure?references=parentsandsiblings", [FLOW, DSD]),
        ("datastructure?references=children", [DSD, CONCEPTS, *CODELISTS]),
        ("codelist/all/CL_FREQ?references=parents", ["codelist:CL_FREQ", DSD]),
        ("codelist/all/CL_FREQ?references=parentsandsiblings", [DSD, CONCEPTS, *CODELISTS]),
        ("codelist/all/CL_FREQ+CL_UNIT/latest", ["codelist:CL_FREQ", "codelist:CL_UNIT"]),
        ("conceptscheme/GAZETTE+ECB/all/1.0+2.0", [CONCEPTS]),
        ("agencyscheme/SDMX/AGENCIES/1.0", WHO[:1]),
        ("organisationscheme", WHO),
        ("structure/GAZETTE/INDICATORS", [FLOW, DSD]),
        ("structure", [FLOW, DSD, CONCEPTS, *CODELISTS, *WHO]),
    ],
)
def test_references(eggs: TestClient, address: str, found: list[str]) -> None:
    assert names(eggs, address) == sorted(found)


def test_code_lists_have_both_names_and_parents(client: TestClient) -> None:
    body = ask(client, f"{SDMX}/codelist", JSON).json()
    lists = {each["id"]: {code["id"]: code for code in each["codes"]} for each in body["data"]["codelists"]}
    assert lists["CL_INDICATOR"]["cpi"]["names"]["zh"] == "居民消费价格总指数"
    assert lists["CL_INDICATOR"]["household_deposits"]["parent"] == "rmb_deposits"
    assert lists["CL_AREA"]["330302"]["parent"] == "330300"
    assert lists["CL_TRANSFORMATION"]["cumulative_yoy"]["names"] == {
        "en": "Accumulated, year on year",
        "zh": "累计同比",
    }
    assert {code: entry["names"]["zh"] for code, entry in lists["CL_OBS_STATUS"].items()} == {"A": "正常", "O": "缺失"}
    assert set(lists["CL_UNIT"]) == {"CNY", "IX", "PT"}
    codes = [code for codes in lists.values() for code in codes]
    assert [code for code in codes if not re.fullmatch(r"[A-Za-z0-9_@$-]+", code)] == []
    areas = client.get("/v1/areas?limit=1000").json()["data"]
    assert set(lists["CL_AREA"]) == {area["id"] for area in areas}


def test_an_item_alone_makes_a_scheme_partial(client: TestClient) -> None:
    root = etree.fromstring(ask(client, f"{SDMX}/codelist/all/CL_AREA/latest/330300+330302").content)
    [scheme] = root.iterfind("{*}Structures/*/*")
    assert scheme.get("isPartial") == "true"
    assert [code.get("id") for code in scheme.iterfind("{*}Code")] == ["330300", "330302"]
    assert client.get(f"{SDMX}/codelist/all/CL_AREA/latest/nowhere").status_code == 404


def test_a_stub_tells_where_the_whole_is(eggs: TestClient) -> None:
    root = etree.fromstring(ask(eggs, f"{SDMX}/codelist/all/CL_FREQ?detail=allstubs").content)
    [scheme] = root.iterfind("{*}Structures/*/*")
    url = scheme.get("structureURL", "")
    assert url == "http://127.0.0.1:8000/sdmx/2.1/codelist/GAZETTE/CL_FREQ/1.0"
    assert names(eggs, url.partition("/sdmx/2.1/")[2]) == ["codelist:CL_FREQ"]


def region(client: TestClient, address: str) -> dict[str, Any]:
    """The values of each component of an availability answer."""
    [constraint] = ask(client, f"{SDMX}/availableconstraint/{address}", JSON).json()["data"]["dataConstraints"]
    [cube] = constraint["cubeRegions"]
    found = {each["id"]: [value["value"] for value in each.get("values", [])] for each in cube["keyValues"]}
    [time] = [each["timeRange"] for each in cube["keyValues"] if "timeRange" in each] or [None]
    if time:
        found["TIME_PERIOD"] = [time["startPeriod"]["period"], time["endPeriod"]["period"]]
    counts = {each["id"]: each["title"] for each in constraint["annotations"]}
    return found | counts


def test_availability(eggs: TestClient) -> None:
    assert region(eggs, "INDICATORS") == {
        "FREQ": ["M"], "REF_AREA": ["330300", "zone-kaifaqu"], "INDICATOR": ["egg_price", "eggs"],
        "TRANSFORMATION": ["value", "value_yoy", "cumulative", "cumulative_yoy"],
        "TIME_PERIOD": ["1999-01", "1999-02"], "series_count": "12", "obs_count": "16",
    }  # fmt: skip
    assert region(eggs, "INDICATORS/...value?endPeriod=1999-01") == {
        "FREQ": ["M"], "REF_AREA": ["330300"], "INDICATOR": ["egg_price", "eggs"], "TRANSFORMATION": ["value"],
        "TIME_PERIOD": ["1999-01", "1999-01"], "series_count": "2", "obs_count": "2",
    }  # fmt: skip
    assert region(eggs, "INDICATORS/all/all/REF_AREA?asOf=1999-02-10") == {
        "REF_AREA": ["330300"], "series_count": "8", "obs_count": "8",
    }  # fmt: skip


def test_an_empty_database(empty_url: str) -> None:
    with client_for(empty_url) as client:
        assert_message(ask(client, f"{SDMX}/structure").content)
        assert_json(ask(client, f"{SDMX}/structure", JSON).json(), "2.0", "structure")
        for address in ("data/INDICATORS", "availableconstraint/INDICATORS", "codelist/all/CL_AREA/latest/330300"):
            assert client.get(f"{SDMX}/{address}").status_code == 404
        assert client.get("/v1/observations.jsonstat").json()["value"] == []
