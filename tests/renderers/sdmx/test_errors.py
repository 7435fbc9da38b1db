"""SDMX error messages, in the format that the client accepts."""

import pytest
from lxml import etree
from starlette.testclient import TestClient

from tests.support.sdmx import DATA, SDMX
from tests.support.sdmx_schemas import assert_json, assert_message

KEY = f"{DATA}/M.330300.eggs.value"


def said(body: bytes) -> str:
    """Return the text of an error message."""
    [message] = etree.fromstring(body).iterfind("{*}ErrorMessage/{*}Text")
    return message.text or ""


@pytest.mark.parametrize(
    ("address", "status", "code", "hint"),
    [
        (f"{KEY}?startPeriod=2050", 404, "100", "No observation"),
        (f"{SDMX}/data/INDICATOR", 404, "100", "GAZETTE,INDICATORS,1.0"),
        (f"{SDMX}/data/ECB,INDICATORS", 404, "100", "no dataflow"),
        (f"{SDMX}/data/GAZETTE,INDICATORS,2.0", 404, "100", "no dataflow"),
        (f"{SDMX}/data/a,b,c,d", 400, "140", "agency,flow,version"),
        (f"{SDMX}/data", 404, "100", "/data/{flow}"),
        (f"{KEY}/ECB", 404, "100", "provider"),
        (f"{KEY}/GAZETTE/more", 404, "100", "/data/{flow}/{key}/{provider}"),
        (f"{DATA}/M.330300.eggs", 400, "140", "FREQ.REF_AREA.INDICATOR.TRANSFORMATION"),
        (f"{DATA}/M.330300.eggs.value.", 400, "140", "5 parts"),
        (f"{DATA}/M.330300.egg.value", 400, "140", "'eggs'"),
        (f"{DATA}/Q.330300.eggs.value", 400, "140", "not a code of FREQ"),
        (f"{DATA}/M.330300.eggs+.value", 400, "140", "not a code of INDICATOR"),
        (f"{KEY}?startPeriode=1999", 400, "140", "'startPeriod'"),
        (f"{KEY}?startPeriod=1999&startPeriod=2000", 400, "140", "twice"),
        (f"{KEY}?startPeriod=99", 400, "140", "2021-Q2"),
        (f"{KEY}?startPeriod=1999-13", 400, "140", "not a period"),
        (f"{KEY}?endPeriod=1999-Q5", 400, "140", "not a period"),
        (f"{KEY}?endPeriod=1999-D366", 400, "140", "not a period"),
        (f"{KEY}?endPeriod=0000", 400, "140", "not a period"),
        (f"{KEY}?startPeriod=", 400, "140", "not a period"),
        (f"{KEY}?startPeriod=1999-02&endPeriod=1999-01", 403, "150", "No whole month"),
        (f"{KEY}?firstNObservations=0", 400, "140", "whole number"),
        (f"{KEY}?lastNObservations=1e3", 400, "140", "whole number"),
        (f"{KEY}?lastNObservations=99999999999999999999", 400, "140", "whole number"),
        (f"{KEY}?dimensionAtObservation=TIME", 400, "140", "TIME_PERIOD"),
        (f"{KEY}?detail=Full", 400, "140", "serieskeysonly"),
        (f"{KEY}?includeHistory=yes", 400, "140", "true"),
        (f"{KEY}?asOf=1999-02-30", 400, "140", "not a date"),
        (f"{KEY}?asOf=yesterday", 400, "140", "not a date"),
        (f"{KEY}?detail=nodata&dimensionAtObservation=AllDimensions", 403, "150", "series"),
        (f"{KEY}?updatedAfter=1999-01-01T00:00:00", 501, "501", "asOf"),
        (f"{KEY}?detail=%ZZ", 400, "140", "percent"),
        (f"{DATA}/%ff", 400, "140", "UTF-8"),
        (f"{KEY}//", 404, "100", "nothing at this address"),
        (f"{KEY}?x={'y' * 9000}", 414, "140", "longer"),
        (f"{SDMX}/dataflows", 404, "100", "'dataflow'"),
        (f"{SDMX}/categoryscheme", 501, "501", "dataflow"),
        (f"{SDMX}/dataflow/ECB", 404, "100", "No structure"),
        (f"{SDMX}/dataflow/GAZETTE/EGGS", 404, "100", "No structure"),
        (f"{SDMX}/dataflow/GAZETTE/INDICATORS/2.0", 404, "100", "1.0"),
        (f"{SDMX}/dataflow?references=everything", 400, "140", "descendants"),
        (f"{SDMX}/dataflow?detail=stubs", 400, "140", "allstubs"),
        (f"{SDMX}/dataflow?refs=all", 400, "140", "unknown"),
        (f"{SDMX}/schema/metadataflow/GAZETTE/INDICATORS", 404, "100", "dataflow"),
        (f"{SDMX}/schema/dataflow/GAZETTE/EGGS", 404, "100", "INDICATORS"),
        (f"{SDMX}/schema/dataflow/GAZETTE/INDICATORS?explicitMeasure=true", 400, "140", "Allowed: false"),
        (f"{SDMX}/schema/dataflow/GAZETTE/INDICATORS?explicit=true", 400, "140", "'explicitMeasure'"),
        (f"{SDMX}/schema/dataflow/GAZETTE/INDICATORS?dimensionAtObservation=X", 400, "140", "AllDimensions"),
        (f"{SDMX}/availableconstraint/INDICATORS/all/all/FREK", 404, "100", "FREQ"),
        (f"{SDMX}/availableconstraint/INDICATORS?mode=available", 501, "501", "exact"),
        (f"{SDMX}/availableconstraint/INDICATORS?detail=full", 400, "140", "unknown"),
        (f"{SDMX}/availableconstraint/INDICATORS/all?startPeriod=2050", 404, "100", "No observation"),
        (f"{SDMX}?x=1", 400, "140", "unknown"),
        (f"{DATA}?format=excel", 400, "140", "Allowed: structurespecificdata, genericdata, jsondata"),
        (f"{DATA}?format=", 400, "140", "format: '' is not allowed"),
        (f"{DATA}?format=csv&formatVersion=3.0", 400, "140", "a version of this format. Allowed: 1.0.0, 2.0.0."),
        (f"{DATA}?formatVersion=2.0.0", 400, "140", "needs 'format'"),
        (f"{DATA}?format=csv&labels=name", 400, "140", "Allowed: id, both."),
        (f"{DATA}?formt=csv", 400, "140", "'format'"),
        (f"{SDMX}/dataflow?format=csv", 400, "140", "Allowed: structure, jsonstructure"),
        (f"{SDMX}/dataflow?labels=id", 400, "140", "unknown"),
        (f"{SDMX}/availableconstraint/INDICATORS?format=jsondata", 400, "140", "jsonstructure"),
        (f"{SDMX}/schema/dataflow/GAZETTE/INDICATORS?format=xml", 400, "140", "unknown"),
    ],
)
def test_refusals(eggs: TestClient, address: str, status: int, code: str, hint: str) -> None:
    answer = eggs.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/xml"), answer.text
    assert_message(answer.content)
    [message] = etree.fromstring(answer.content).iterfind("{*}ErrorMessage")
    assert message.get("code") == code
    assert hint in said(answer.content)
    answer = eggs.get(address, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json")
    assert_json(answer.json(), "1.0", "data")
    [error] = answer.json()["errors"]
    assert (error["code"], hint in error["detail"]) == (int(code), True)


def test_unacceptable_types_and_methods(eggs: TestClient) -> None:
    for address in (DATA, f"{SDMX}/dataflow", f"{SDMX}/schema/dataflow/GAZETTE/INDICATORS"):
        answer = eggs.get(address, headers={"Accept": "text/html, application/vnd.sdmx.data+json;version=9"})
        assert (answer.status_code, answer.headers["content-type"]) == (406, "application/xml")
        assert "version=2.1" in said(answer.content)
        assert_message(answer.content)
    answer = eggs.post(DATA, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (405, 140)


def test_text_from_the_caller_is_escaped(eggs: TestClient) -> None:
    answer = eggs.get(f"{DATA}/M.330300.%3Cb%3E%26%0B.value")
    assert answer.status_code == 400
    assert "<b>&" in said(answer.content)


def test_other_addresses_return_problem_documents(eggs: TestClient) -> None:
    answer = eggs.get("/v1/observations.jsonstat?period=x")
    assert answer.headers["content-type"] == "application/problem+json"
    assert eggs.get("/sdmx/3.0/data").headers["content-type"] == "application/problem+json"
