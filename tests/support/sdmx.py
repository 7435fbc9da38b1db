"""Addresses and media types of the SDMX service."""

import csv
import io

import httpx
from lxml import etree
from starlette.testclient import TestClient

from tests.support.goldens import assert_golden

SDMX = "/sdmx/2.1"

DATA = f"{SDMX}/data/INDICATORS"

VND = "application/vnd.sdmx."

GENERIC = f"{VND}genericdata+xml;version=2.1"

SPECIFIC = f"{VND}structurespecificdata+xml;version=2.1"

CSV_1, CSV_2 = f"{VND}data+csv;version=1.0.0", f"{VND}data+csv;version=2.0.0"


def ask(client: TestClient, address: str, accept: str | None = None) -> httpx.Response:
    """Return a response of the service, which must be a 200."""
    answer: httpx.Response = client.get(address, headers={"Accept": accept} if accept else {})
    assert answer.status_code == 200, answer.text
    return answer


def lines(client: TestClient, address: str, accept: str = CSV_1) -> list[dict[str, str]]:
    """Return the lines of SDMX-CSV."""
    return list(csv.DictReader(io.StringIO(ask(client, address, accept).text)))


def reviewed(client: TestClient, name: str, address: str, accept: str | None = None) -> None:
    """Assert that a response equals the golden file, except for the digest of the data."""
    revision = client.get("/readyz").json()["revision"][:8]
    assert_golden(name, ask(client, address, accept).content.replace(revision.encode(), b"REVISION"))


JSON = f"{VND}structure+json;version=2.0.0"

LISTS = {
    "dataflows": "dataflow",
    "dataStructures": "datastructure",
    "conceptSchemes": "conceptscheme",
    "codelists": "codelist",
    "agencySchemes": "agencyscheme",
    "dataProviderSchemes": "dataproviderscheme",
}


def names(client: TestClient, address: str) -> list[str]:
    """Return kind and id of every structure of a response, the same in both formats."""
    body = ask(client, f"{SDMX}/{address}", JSON).json()
    found = sorted(f"{LISTS[kind]}:{each['id']}" for kind, artefacts in body["data"].items() for each in artefacts)
    root = etree.fromstring(ask(client, f"{SDMX}/{address}").content)
    in_xml = [(etree.QName(each).localname.lower(), each.get("id")) for each in root.iterfind("{*}Structures/*/*")]
    assert sorted(f"{kind}:{name}" for kind, name in in_xml) == found
    return found


def series(client: TestClient, key: str) -> set[tuple[str, str, str]]:
    """Return area, indicator and measure of every series of a key."""
    found = lines(client, f"{DATA}/{key}?detail=serieskeysonly")
    return {(line["REF_AREA"], line["INDICATOR"], line["TRANSFORMATION"]) for line in found}
