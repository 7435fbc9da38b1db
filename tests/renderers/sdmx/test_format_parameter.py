"""SDMX formats chosen by parameters, as in addresses of other services."""

import csv
import io

import pytest
from lxml import etree
from starlette.testclient import TestClient

from app.renderers.sdmx.format_parameter import DATA_FORMAT_NAMES, STRUCTURE_FORMAT_NAMES
from app.renderers.sdmx.media_types import DATA_FORMATS, STRUCTURE_FORMATS
from tests.support.openapi import document, parameters, resolved
from tests.support.sdmx import CSV_1, CSV_2, DATA, GENERIC, JSON, SDMX, SPECIFIC, VND, ask

KEY = f"{DATA}/M.330300.eggs.value"
JSON_1, JSON_2 = f"{VND}data+json;version=1.0.0", f"{VND}data+json;version=2.0.0"


@pytest.mark.parametrize(
    ("parameters", "accept"),
    [
        ("format=csv", CSV_1),
        ("format=csvdata", CSV_1),
        ("format=csvfile", CSV_1),
        ("format=csvfilewithlabels", f"{CSV_1};labels=both"),
        ("format=csv&labels=both", f"{CSV_1};labels=both"),
        ("format=csvfilewithlabels&labels=id", CSV_1),
        ("format=SDMX-CSV", CSV_1),
        ("format=csvdata&formatVersion=2.0.0", CSV_2),
        ("format=csvdata&formatVersion=2", CSV_2),
        ("format=csvfilewithlabels&formatVersion=2.0", f"{CSV_2};labels=both"),
        ("format=jsondata", JSON_1),
        ("format=json", JSON_1),
        ("format=sdmx-json", JSON_1),
        ("format=jsondata&formatVersion=1.0", JSON_1),
        ("format=jsondata&formatVersion=2.0.0", JSON_2),
        ("format=genericdata", GENERIC),
        ("format=genericdata&formatVersion=2.1", GENERIC),
        ("format=structurespecificdata", SPECIFIC),
        ("format=SDMX_2.1_STRUCTURED", SPECIFIC),
        ("format=xml", SPECIFIC),
    ],
)
def test_data(eggs: TestClient, parameters: str, accept: str) -> None:
    found, wanted = ask(eggs, f"{KEY}?{parameters}"), ask(eggs, KEY, accept)
    assert found.content == wanted.content
    assert found.headers["content-type"] == wanted.headers["content-type"]
    assert ask(eggs, f"{KEY}?{parameters}&startPeriod=1999", "image/png").content == wanted.content


@pytest.mark.parametrize("resource", ["dataflow", "codelist/GAZETTE/CL_FREQ", "availableconstraint/INDICATORS/all"])
def test_structures(eggs: TestClient, resource: str) -> None:
    address = f"{SDMX}/{resource}"
    for word in ("structure", "xml", "structure&formatVersion=2.1"):
        assert ask(eggs, f"{address}?format={word}", JSON).content == ask(eggs, address).content
    for word in ("jsonstructure", "json", "SDMX-JSON"):
        found = ask(eggs, f"{address}?format={word}")
        assert found.content == ask(eggs, address, JSON).content
        assert found.headers["content-type"] == f"{VND}structure+json; version=2.0.0"


def test_every_format_has_a_name_and_every_name_a_format() -> None:
    for names, formats in ((DATA_FORMAT_NAMES, DATA_FORMATS), (STRUCTURE_FORMAT_NAMES, STRUCTURE_FORMATS)):
        known = {each.name: each for each in formats}
        named = {known[each.format_name].media_type for each in names.values()}
        assert named == {each.media_type for each in formats}
        assert all(name == name.lower() for name in names)


def test_labels_are_chosen_without_a_format_too(eggs: TestClient) -> None:
    labelled = ask(eggs, f"{KEY}?labels=both", "text/csv")
    assert labelled.content == ask(eggs, KEY, f"{CSV_1};labels=both").content
    [row] = list(csv.DictReader(io.StringIO(labelled.text)))[:1]
    assert row["INDICATOR: Indicator"].startswith("eggs: ")
    assert eggs.get(f"{KEY}?labels=both").status_code == 400


def test_a_refusal_comes_in_the_format_that_was_chosen(eggs: TestClient) -> None:
    missing = eggs.get(f"{KEY}?startPeriod=2050&format=jsondata")
    assert (missing.status_code, missing.json()["errors"][0]["code"]) == (404, 100)
    wrong = eggs.get(f"{KEY}?detail=x&format=csv", headers={"Accept": "application/json"})
    assert wrong.headers["content-type"] == "application/xml"
    etree.fromstring(wrong.content)
    assert eggs.get(f"{SDMX}/dataflow/ECB?format=jsonstructure").json()["errors"][0]["code"] == 100


def test_formats_have_validators_of_their_own(eggs: TestClient) -> None:
    tags = {ask(eggs, f"{KEY}?format={word}").headers["etag"] for word in ("csv", "jsondata", "genericdata", "xml")}
    assert len(tags) == 4
    tag = ask(eggs, f"{KEY}?format=csv").headers["etag"]
    assert eggs.get(f"{KEY}?format=csv", headers={"If-None-Match": tag}).status_code == 304
    assert eggs.head(f"{KEY}?format=csv").headers["etag"] == tag


def test_the_description_names_the_parameters() -> None:
    paths = document()["paths"]
    for path, names in (
        (f"{SDMX}/data/{{flow}}/{{key}}", DATA_FORMAT_NAMES),
        (f"{SDMX}/{{resource}}", STRUCTURE_FORMAT_NAMES),
    ):
        described = {each["name"]: each["schema"] for each in parameters(paths[path]["get"])}
        assert resolved(described["format"])["enum"] == list(names)
        assert {"format", "formatVersion"} <= described.keys()


def test_the_service_has_a_directory(eggs: TestClient) -> None:
    for address in (SDMX, f"{SDMX}/"):
        answer = ask(eggs, address)
        assert answer.headers["content-type"] == "application/json"
    directory = answer.json()
    assert directory["links"]["self"] == SDMX
    for address in directory["links"].values():
        assert eggs.get(address).status_code == 200, address
    assert eggs.get(SDMX, headers={"Accept": "application/*"}).json() == directory
    assert eggs.get(SDMX, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    refused = eggs.get(SDMX, headers={"Accept": "text/html"})
    assert (refused.status_code, refused.headers["content-type"]) == (406, "application/xml")


def test_csv_is_saved_under_a_name(eggs: TestClient) -> None:
    whole = ask(eggs, f"{DATA}?format=csv").headers["content-disposition"]
    part = ask(eggs, f"{KEY}?format=csv&startPeriod=1999").headers["content-disposition"]
    stem = f"INDICATORS-{eggs.get('/readyz').json()['revision'][:8]}"
    assert whole == f'attachment; filename="{stem}.csv"'
    assert part == f'attachment; filename="{stem}_key=M.330300.eggs.value_startPeriod=1999.csv"'
    assert "content-disposition" not in ask(eggs, f"{DATA}?format=jsondata").headers
