"""SDMX structure queries: references, partial schemes and stubs."""

import pytest
from lxml import etree
from starlette.testclient import TestClient

from tests.support.sdmx import JSON, SDMX, ask, names
from tests.support.sdmx_schemas import assert_json, assert_message
from tests.support.service import client_for

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


def test_a_single_item_makes_a_scheme_partial(client: TestClient) -> None:
    root = etree.fromstring(ask(client, f"{SDMX}/codelist/all/CL_AREA/latest/330300+330302").content)
    [scheme] = root.iterfind("{*}Structures/*/*")
    assert scheme.get("isPartial") == "true"
    assert [code.get("id") for code in scheme.iterfind("{*}Code")] == ["330300", "330302"]
    assert client.get(f"{SDMX}/codelist/all/CL_AREA/latest/nowhere").status_code == 404


def test_a_stub_links_to_the_full_structure(eggs: TestClient) -> None:
    root = etree.fromstring(ask(eggs, f"{SDMX}/codelist/all/CL_FREQ?detail=allstubs").content)
    [scheme] = root.iterfind("{*}Structures/*/*")
    url = scheme.get("structureURL", "")
    assert url == "http://127.0.0.1:8000/sdmx/2.1/codelist/GAZETTE/CL_FREQ/1.0"
    assert names(eggs, url.partition("/sdmx/2.1/")[2]) == ["codelist:CL_FREQ"]


def test_an_empty_database(empty_url: str) -> None:
    with client_for(empty_url) as client:
        assert_message(ask(client, f"{SDMX}/structure").content)
        assert_json(ask(client, f"{SDMX}/structure", JSON).json(), "2.0", "structure")
        for address in ("data/INDICATORS", "availableconstraint/INDICATORS", "codelist/all/CL_AREA/latest/330300"):
            assert client.get(f"{SDMX}/{address}").status_code == 404
        assert client.get("/v1/observations.jsonstat").json()["value"] == []
