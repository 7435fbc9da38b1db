"""The catalogue as harvesters read it: DCAT-AP, the Chinese core metadata, data.json, schema.org."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from rdflib import XSD, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from starlette.testclient import TestClient

from tests.support.graphs import get_json, nodes_of, values
from tests.support.service import client_for

SHAPES = Path(__file__).parents[2] / "support" / "shapes" / "dcat-ap.ttl"

TOP = "http://127.0.0.1:8000/catalog"


@pytest.fixture(scope="module")
def graph(client: TestClient) -> Graph:
    return Graph().parse(data=client.get("/catalog.ttl").content, format="turtle")


@pytest.mark.slow
def test_every_address_in_the_catalogue_answers(loaded_sqlite: str) -> None:
    base = "http://127.0.0.1:8000"
    with client_for(loaded_sqlite) as client:
        graph = Graph().parse(data=client.get("/catalog.ttl").content, format="turtle")
        named = {str(node).partition("#")[0] for node in graph.all_nodes() if isinstance(node, URIRef)}
        paths = sorted(address.removeprefix(base) for address in named if address.startswith(base))
        assert {"/v1/areas/330300", "/v1", "/sdmx/2.1", "/", "/docs"} <= set(paths)
        for path in paths:
            if not path.endswith((".xlsx", ".parquet")):  # they answer as all do, and cost more than the rest
                assert client.head(path).status_code == 200, path


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reader of JSON-LD uses it
def test_all_representations_are_the_same_graph(client: TestClient, graph: Graph) -> None:
    for suffix, form in (("jsonld", "json-ld"), ("rdf", "xml")):
        other = Graph().parse(data=client.get(f"/catalog.{suffix}").content, format=form)
        assert isomorphic(graph, other)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/turtle", "text/turtle; charset=utf-8"),
        ("*/*", "text/turtle; charset=utf-8"),
        ("application/ld+json", "application/ld+json"),
        ("application/rdf+xml, text/turtle;q=0.5", "application/rdf+xml"),
    ],
)
def test_the_representation_is_negotiated(client: TestClient, accept: str, media_type: str) -> None:
    answer = client.get("/catalog", headers={"Accept": accept})
    assert answer.headers["content-type"] == media_type
    other = client.get(answer.headers["content-location"])
    assert (other.headers["content-type"], other.content) == (media_type, answer.content)
    assert 'rel="alternate"' in answer.headers["link"]
    again = client.get("/catalog", headers={"Accept": accept, "If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/catalog.ttl", "/catalog.jsonld", "/catalog.rdf", "/v1/areas.csv-metadata.json"])
def test_every_representation_is_compressed_on_request(client: TestClient, path: str) -> None:
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    coded = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert coded.headers["content-encoding"] == "gzip"
    assert int(coded.headers["content-length"]) < len(plain.content) / 2
    assert coded.content == plain.content


def test_an_unavailable_representation_is_refused(client: TestClient) -> None:
    answer = client.get("/catalog", headers={"Accept": "application/pdf"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["detail"]


def test_datasets_unchanged_since_a_day_are_left_out(client: TestClient, graph: Graph) -> None:
    day = str(max(values(graph, URIRef(TOP), "dct:modified")))
    some = Graph().parse(data=client.get(f"/catalog.ttl?modified_since={day}").content, format="turtle")
    assert nodes_of(some, "dcat:Dataset") == nodes_of(graph, "dcat:Dataset")
    none = Graph().parse(data=client.get("/catalog.ttl?modified_since=2999-01-01").content, format="turtle")
    assert nodes_of(none, "dcat:Dataset") == []
    assert len(nodes_of(none, "dcat:DataService")) == 2
    assert pyshacl.validate(none, shacl_graph=Graph().parse(SHAPES))[0]


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/catalog?modified_sinc=2021-01-01", "modified_sinc"),
        ("/catalog.ttl?modified_since=yesterday", "modified_since"),
        ("/catalog.rdf?modified_since=2021-02-30", "modified_since"),
        ("/catalog.zh.json?lang=en", "lang"),
        ("/catalog.ttl?lang=fr", "lang"),
        ("/catalog?lang=", "lang"),
        ("/data.json?lang=zh-CN", "lang"),
        ("/v1/areas.jsonld?lang=ZH", "lang"),
        ("/data.json?x=1", "x"),
        ("/schema.jsonld?x=1", "x"),
        ("/datapackage.json?x=1", "x"),
        ("/v1/areas.jsonld?limit=1", "limit"),
        ("/v1/areas.csv-metadata.json?limit=1", "limit"),
    ],
)
def test_other_parameters_are_refused(client: TestClient, path: str, parameter: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert [fault["parameter"] for fault in answer.json()["errors"]] == [parameter]


HAN = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
"""Two words of English. Names of formats and of standards are the same in both languages."""
JSON_DOCUMENTS = (
    "/data.json",
    "/schema.jsonld",
    "/datapackage.json",
    "/v1/urban-villages.jsonld",
    "/v1/urban-villages.csv-metadata.json",
)


def texts(value: Any) -> Iterator[str]:
    """Yield the texts of a document, without addresses and names of members."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("path", JSON_DOCUMENTS)
def test_a_document_has_one_language_on_request(client: TestClient, path: str) -> None:
    chinese, english = client.get(f"{path}?lang=zh"), client.get(f"{path}?lang=en")
    assert (chinese.headers["content-language"], english.headers["content-language"]) == ("zh", "en")
    left = {text for text in texts(english.json()) if HAN.search(text)}
    assert left <= {"温州市人民政府", "温州市政府公报中心", "温州市统计局"}, "who publishes has no English name"
    assert [text for text in texts(chinese.json()) if ENGLISH.search(text)] == []
    assert len({client.get(path).headers["etag"], chinese.headers["etag"], english.headers["etag"]}) == 3
    assert client.get(path).content not in (chinese.content, english.content)


@pytest.mark.parametrize(("lang", "code"), [("zh", "ZHO"), ("en", "ENG")])
def test_the_graph_has_one_language_on_request(client: TestClient, graph: Graph, lang: str, code: str) -> None:
    some = Graph().parse(data=client.get(f"/catalog.ttl?lang={lang}").content, format="turtle")
    assert pyshacl.validate(some, shacl_graph=Graph().parse(SHAPES))[0]
    tagged = [(s, p, o) for s, p, o in some if isinstance(o, Literal) and o.language not in (None, lang)]
    assert {str(p) for _, p, _ in tagged} <= ONLY_CHINESE, "what has a text in this language has no other"
    assert {(s, p) for s, p, _ in some} == {(s, p) for s, p, _ in graph}, "nothing has lost all of its texts"
    assert [str(node).rpartition("/")[2] for node in values(some, URIRef(TOP), "dct:language")] == [code]
    for node in nodes_of(some, "dcat:Dataset"):
        assert len(values(some, node, "dct:title")) == 1
        assert len(values(some, node, "dct:language")) == 2


ONLY_CHINESE = {
    "http://xmlns.com/foaf/0.1/name",
    *(f"http://www.w3.org/2006/vcard/ns#{name}" for name in ("fn", "street-address", "locality")),
}
"""The properties of publisher and office, whose names and address have no English form."""


def test_the_language_stays_in_the_addresses(client: TestClient) -> None:
    answer = client.get("/catalog?lang=zh&modified_since=2000-01-01", headers={"Accept": "application/rdf+xml"})
    assert answer.headers["content-location"] == "/catalog.rdf?lang=zh&modified_since=2000-01-01"
    assert client.get(answer.headers["content-location"]).content == answer.content
    assert "</catalog.ttl?lang=zh&modified_since=2000-01-01>" in answer.headers["link"]


def test_the_time_that_data_is_about_is_given_in_days(client: TestClient, graph: Graph) -> None:
    """Harvesters such as udata fill in the day of a year or a month, and read a wrong one."""
    spans = {}
    for node in nodes_of(graph, "dcat:Dataset"):
        [start] = values(graph, node, "dct:temporal/dcat:startDate")
        [end] = values(graph, node, "dct:temporal/dcat:endDate")
        assert start.datatype == end.datatype == XSD.date
        spans[str(node).partition("#")[2]] = (start.toPython(), end.toPython())
    assert spans["urban-villages"] == (date(2021, 1, 1), date(2025, 12, 31))
    assert spans["observations"] == (date(2021, 5, 1), date(2021, 5, 31))
    assert not {o.datatype for o in graph.objects() if isinstance(o, Literal)} & {XSD.gYear, XSD.gYearMonth}
    for entry in get_json(client, "/data.json")["dataset"]:
        first, last = spans[entry["identifier"].partition("#")[2]]
        assert entry["temporal"] == f"{first}/{last}"
    for entry in get_json(client, "/schema.jsonld")["dataset"]:
        first, last = spans[entry["@id"].partition("#")[2]]
        assert entry["temporalCoverage"] == f"{first}/{last}"


def test_an_unknown_dataset_is_not_found(client: TestClient) -> None:
    for path in ("/v1/arias.jsonld", "/v1/arias.csv-metadata.json", "/catalog.pdf"):
        assert client.get(path).status_code == 404


def test_licence_title_and_base_are_settings(loaded_sqlite: str) -> None:
    given = {"licence": "CC0", "licence_zh": "CC0", "licence_url": "https://creativecommons.org/publicdomain/zero/1.0/"}
    base = "https://data.example.org"
    with client_for(loaded_sqlite, public_base_url=base, catalogue_title="Title", **given) as client:
        graph = Graph().parse(data=client.get("/catalog.ttl").content, format="turtle")
        assert pyshacl.validate(graph, shacl_graph=Graph().parse(SHAPES))[0]
        assert {str(node) for node in values(graph, URIRef(f"{base}/catalog"), "dct:license")} == {given["licence_url"]}
        assert Literal("Title", lang="en") in values(graph, URIRef(f"{base}/catalog"), "dct:title")
        assert get_json(client, "/data.json")["dataset"][0]["license"] == given["licence_url"]
        assert get_json(client, "/v1/areas.jsonld")["license"] == given["licence_url"]
        assert get_json(client, "/datapackage.json")["licenses"] == [{"path": given["licence_url"], "title": "CC0"}]
        assert get_json(client, "/v1/areas.csv-metadata.json")["tables"][0]["dc:license"] == {
            "@id": given["licence_url"]
        }
        assert "127.0.0.1" not in client.get("/catalog.jsonld").text


def test_an_empty_database_has_a_valid_catalogue(empty_url: str) -> None:
    with client_for(empty_url) as client:
        graph = Graph().parse(data=client.get("/catalog.ttl").content, format="turtle")
        conforms, _, report = pyshacl.validate(graph, shacl_graph=Graph().parse(SHAPES))
        assert conforms, report
        for path in ("/catalog.zh.json", "/data.json", "/schema.jsonld", "/datapackage.json"):
            assert get_json(client, path)
