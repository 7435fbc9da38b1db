"""Who made the figures of a table is said with the rows, in citations, in SDMX and JSON-stat, and in the catalogue."""

from pathlib import Path

from starlette.testclient import TestClient

from tests.support import packages
from tests.support.service import client_for

OFFICE = "云州市统计局"
OBSERVATION = "/v1/observations/eggs.330300.1999-01.1999-01"


def test_the_office_that_made_the_figures(empty_url: str, tmp_path: Path) -> None:
    content = packages.tables()
    content["observations"][0]["source.compiled_by"] = OFFICE
    packages.load(empty_url, packages.write(tmp_path, content))
    with client_for(empty_url) as client:
        row = client.get(OBSERVATION).json()
        assert row["source"]["compiled_by"] == OFFICE
        assert client.get("/v1/indicators/eggs").json()["source"]["compiled_by"] is None
        assert OFFICE in client.get(f"{OBSERVATION}.bib").text
        assert client.get("/v1/observations.csv?fields=source.compiled_by").text.splitlines() == [
            "source.compiled_by",
            OFFICE,
        ]
        line = client.get("/sdmx/2.1/data/INDICATORS?format=csv").text.splitlines()
        assert dict(zip(line[0].split(","), line[1].split(","), strict=True))["COMPILING_ORG"] == OFFICE
        assert client.get("/v1/observations.jsonstat").json()["source"].startswith(f"{OFFICE}；")
        _check_catalogue(client)


def _check_catalogue(client: TestClient) -> None:
    [maker] = client.get("/v1/observations.jsonld").json()["creator"]
    assert maker["name"] == OFFICE
    assert client.get("/v1/events.jsonld").json()["creator"]["name"] != OFFICE
    assert f'foaf:name "{OFFICE}"@zh' in client.get("/catalog.ttl").text
