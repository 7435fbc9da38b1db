"""SDMX structures: reviewed, and valid under the official schemas."""

import pytest
from starlette.testclient import TestClient

from tests.support.sdmx import JSON, SDMX, ask, reviewed
from tests.support.sdmx_schemas import assert_json, assert_message


@pytest.mark.parametrize(
    ("name", "address", "accept"),
    [
        ("sdmx-structure.xml", f"{SDMX}/dataflow/GAZETTE/INDICATORS/1.0?references=descendants", "*/*"),
        ("sdmx-structure.json", f"{SDMX}/codelist/GAZETTE/CL_AREA+CL_INDICATOR+CL_UNIT", JSON),
        ("sdmx-stubs.json", f"{SDMX}/datastructure?references=parents&detail=allstubs", JSON),
        ("sdmx-availability.xml", f"{SDMX}/availableconstraint/INDICATORS/M.330300..", "*/*"),
    ],
)
def test_structures_equal_the_reviewed_files(eggs: TestClient, name: str, address: str, accept: str) -> None:
    reviewed(eggs, name, address, accept)


@pytest.mark.slow
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
