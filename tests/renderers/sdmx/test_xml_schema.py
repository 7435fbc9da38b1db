"""The schema of structure-specific data."""

from pathlib import Path

import pytest
from lxml import etree
from starlette.testclient import TestClient

from tests.support.sdmx import DATA, SDMX, SPECIFIC, ask
from tests.support.sdmx_schemas import assert_specific


def test_schema_refuses_what_the_structure_does_not_have(eggs: TestClient, tmp_path: Path) -> None:
    schema = ask(eggs, f"{SDMX}/schema/dataflow/GAZETTE/INDICATORS/latest").text
    body = ask(eggs, DATA, SPECIFIC).content
    for right, wrong in ((b'OBS_STATUS="A"', b'OBS_STATUS="Q"'), (b'FREQ="M"', b""), (b'"1.60"', b'"1,60"')):
        with pytest.raises(etree.DocumentInvalid):
            assert_specific(body.replace(right, wrong), schema, tmp_path)
    other = ask(eggs, f"{SDMX}/schema/datastructure/GAZETTE/INDICATORS").text
    assert 'targetNamespace="urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=GAZETTE:INDICATORS(1.0)' in other
