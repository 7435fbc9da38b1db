"""The catalogue as harvesters read it: DCAT-AP, the Chinese core metadata, data.json, schema.org."""

import json
import re
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from starlette.testclient import TestClient

from app.datasets import DATASETS
from app.renderers.catalog.catalogue import PROVENANCE
from app.renderers.catalog.chinese import DATA_TYPES, MEANINGS
from app.renderers.catalog.statistical_services import INTERFACES, interfaces_of
from app.renderers.catalog.vocabularies import FILE_TYPES, FREQUENCIES, THEMES
from app.renderers.tabular.formats import FORMATS
from tests.conftest import client_for

SHAPES = Path(__file__).parent / "shapes" / "dcat-ap.ttl"
TOP = "http://127.0.0.1:8000/catalog"
PREFIXES = {
    "dcat": Namespace("http://www.w3.org/ns/dcat#"),
    "dct": Namespace("http://purl.org/dc/terms/"),
    "foaf": Namespace("http://xmlns.com/foaf/0.1/"),
    "vcard": Namespace("http://www.w3.org/2006/vcard/ns#"),
    "skos": Namespace("http://www.w3.org/2004/02/skos/core#"),
    "rdfs": Namespace("http://www.w3.org/2000/01/rdf-schema#"),
    "dcatap": Namespace("http://data.europa.eu/r5r/"),
    "spdx": Namespace("http://spdx.org/rdf/terms#"),
}
RECOMMENDED = {
    "dcat:Catalog": "dcat:dataset dct:spatial foaf:homepage dct:language dct:license dct:modified dct:issued "
    "dcat:service dcat:themeTaxonomy",
    "dcat:Dataset": "dcat:contactPoint dcat:distribution dct:spatial dcat:keyword dct:publisher dct:temporal "
    "dcat:theme",
    "dcat:Distribution": "dcatap:availability dct:description dct:format dct:license",
    "dcat:DataService": "dcat:contactPoint dcat:endpointDescription dcat:keyword dct:publisher dcat:servesDataset "
    "dcat:theme",
    "foaf:Agent": "dct:type",
}
"""What DCAT-AP 3.0.1 recommends beside what it demands."""
READ_BY_CKAN = {
    "dcat:Dataset": "dct:title dct:description dcat:keyword dct:issued dct:modified dct:identifier dcat:version "
    "dct:accrualPeriodicity dct:provenance/rdfs:label dct:language dcat:theme dct:conformsTo foaf:page "
    "dcat:landingPage dcat:contactPoint/vcard:fn dcat:contactPoint/vcard:hasEmail dct:publisher/foaf:name "
    "dct:publisher/foaf:mbox dct:publisher/dct:type dct:temporal/dcat:startDate "
    "dct:temporal/dcat:endDate dct:spatial/skos:prefLabel dct:accessRights dct:license dcat:distribution",
    "dcat:Distribution": "dcat:accessURL dct:title dct:description dct:issued dct:modified dct:license/rdfs:label "
    "dct:rights/rdfs:label dct:format dcatap:availability",
}
"""What the parser of ckanext-dcat (`EuropeanDCATAP3Profile`) looks for, as paths."""


def term(name: str) -> URIRef:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix][local]


def values(graph: Graph, node: Any, path: str) -> list[Any]:
    """What a path of properties leads to."""
    nodes = [node]
    for step in path.split("/"):
        nodes = [value for known in nodes for value in graph.objects(known, term(step))]
    return nodes


def nodes_of(graph: Graph, kind: str) -> list[Any]:
    return sorted(graph.subjects(RDF.type, term(kind)))


@pytest.fixture(scope="module")
def graph(client: TestClient) -> Graph:
    return Graph().parse(data=client.get("/catalog.ttl").content, format="turtle")


def get_json(client: TestClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("name", DATASETS)
def test_every_declaration_says_what_a_catalogue_needs(name: str) -> None:
    dataset = DATASETS[name]
    assert dataset.description_zh.endswith("。")
    assert dataset.description_en.endswith(".")
    for keywords in (dataset.keywords_zh, dataset.keywords_en):
        assert len(keywords) >= 2
        assert len(set(keywords)) == len(keywords)
        assert not any("," in keyword for keyword in keywords), "harvesters cut keywords at commas"
    assert dataset.theme in THEMES
    assert dataset.frequency in FREQUENCIES
    assert len({dataset.by_name[field].kind for field in dataset.covers}) <= 1
    assert {dataset.by_name[field].kind for field in dataset.covers} <= {"date", "month", "integer"}


def test_every_format_has_a_file_type_and_every_kind_a_chinese_name() -> None:
    assert list(FILE_TYPES) == ["json", *FORMATS]
    kinds = {spec.kind for dataset in DATASETS.values() for spec in dataset.fields}
    assert DATA_TYPES.keys() == kinds | {"integers"}


def test_dcat_ap_is_valid(graph: Graph) -> None:
    conforms, _, report = pyshacl.validate(graph, shacl_graph=Graph().parse(SHAPES))
    assert conforms, report


def test_the_shapes_find_faults(graph: Graph) -> None:
    broken = Graph() + graph
    broken.remove((URIRef(f"{TOP}#areas"), term("dct:title"), None))
    broken.set((URIRef(f"{TOP}#areas.csv"), term("dcat:byteSize"), Literal("many")))
    _, _, report = pyshacl.validate(broken, shacl_graph=Graph().parse(SHAPES))
    assert "Results (2)" in report


@pytest.mark.parametrize("wanted", [RECOMMENDED, READ_BY_CKAN])
def test_nothing_is_missing(graph: Graph, wanted: dict[str, str]) -> None:
    for kind, paths in wanted.items():
        assert nodes_of(graph, kind)
        for node in nodes_of(graph, kind):
            missing = [path for path in paths.split() if not values(graph, node, path)]
            assert not missing, f"{node} lacks {missing}"


def test_every_dataset_has_every_format_in_both_languages(graph: Graph) -> None:
    datasets = nodes_of(graph, "dcat:Dataset")
    assert [str(node) for node in datasets] == sorted(f"{TOP}#{name}" for name in DATASETS)
    for node in datasets:
        name = str(node).partition("#")[2]
        for path in ("dct:title", "dct:description", "dcat:keyword"):
            assert {value.language for value in values(graph, node, path)} == {"zh", "en"}
        downloads = sorted(map(str, values(graph, node, "dcat:distribution/dcat:downloadURL")))
        assert downloads == sorted(f"http://127.0.0.1:8000/v1/{name}{form.suffix}" for form in FORMATS.values())


def test_statistical_tools_find_their_forms_in_every_catalogue(client: TestClient, graph: Graph) -> None:
    base, paths = "http://127.0.0.1:8000", ["/v1/observations.jsonstat", "/sdmx/2.1/data/INDICATORS"]
    assert [each.path for each in INTERFACES] == paths
    jsonstat, sdmx = (URIRef(f"{TOP}#observations.{name}") for name in ("jsonstat", "sdmx"))
    assert {jsonstat, sdmx} < set(values(graph, URIRef(f"{TOP}#observations"), "dcat:distribution"))
    for node, path, service in zip((jsonstat, sdmx), paths, ("service", "sdmx"), strict=True):
        assert values(graph, node, "dcat:accessURL") == [URIRef(base + path)]
        assert values(graph, node, "dcat:accessService") == [URIRef(f"{TOP}#{service}")]
        assert client.get(path).status_code == 200
    assert values(graph, URIRef(f"{TOP}#sdmx"), "dcat:servesDataset") == [URIRef(f"{TOP}#observations")]
    assert values(graph, URIRef(f"{TOP}#sdmx"), "dcat:endpointURL") == [URIRef(f"{base}/sdmx/2.1")]
    for entry in get_json(client, "/data.json")["dataset"]:
        urls = [each.get("accessURL") for each in entry["distribution"]]
        assert ([base + path for path in paths] == urls[-2:]) == entry["identifier"].endswith("#observations")
    for entry in get_json(client, "/catalog.zh.json")["信息资源"]:
        found = [path for path in entry["访问地址"].values() if path in paths]
        assert found == (paths if entry["信息资源代码"] == "330300/observations" else [])
        assert (entry["信息资源格式"][-2:] == ["JSON-stat", "SDMX"]) == bool(found)
    downloads = get_json(client, "/v1/observations.jsonld")["distribution"]
    assert [each["contentUrl"] for each in downloads[-2:]] == [base + path for path in paths]


def test_provenance_is_the_print_only_where_rows_name_it(client: TestClient, graph: Graph) -> None:
    for name, dataset in DATASETS.items():
        said = {str(text) for text in values(graph, URIRef(f"{TOP}#{name}"), "dct:provenance/rdfs:label")}
        assert said == set(dataset.provenance or PROVENANCE)
        assert [text for text in said if text in get_json(client, f"/v1/{name}.jsonld")["description"]]
        row = client.get(f"/v1/{name}?limit=1").json()["data"][0]
        if row["source"]["issue_id"] is None:
            assert dataset.provenance, f"{name} has rows that no issue printed"


def test_every_address_in_the_catalogue_answers(loaded_sqlite: str) -> None:
    base = "http://127.0.0.1:8000"
    with client_for(loaded_sqlite) as client:
        graph = Graph().parse(data=client.get("/catalog.ttl").content, format="turtle")
        named = {str(node).partition("#")[0] for node in graph.all_nodes() if isinstance(node, URIRef)}
        paths = sorted(address.removeprefix(base) for address in named if address.startswith(base))
        assert "/v1/areas/330300" in paths
        paths[paths.index("/sdmx/2.1")] += "/dataflow"  # SDMX has nothing at the root of a service
        for path in paths:
            if not path.endswith((".xlsx", ".parquet")):  # they answer as all do, and cost more than the rest
                assert client.head(path).status_code == 200, path


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reader of JSON-LD uses it
def test_the_forms_say_the_same(client: TestClient, graph: Graph) -> None:
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
def test_the_form_is_negotiated(client: TestClient, accept: str, media_type: str) -> None:
    answer = client.get("/catalog", headers={"Accept": accept})
    assert answer.headers["content-type"] == media_type
    other = client.get(answer.headers["content-location"])
    assert (other.headers["content-type"], other.content) == (media_type, answer.content)
    assert 'rel="alternate"' in answer.headers["link"]
    again = client.get("/catalog", headers={"Accept": accept, "If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/catalog.ttl", "/catalog.jsonld", "/catalog.rdf", "/v1/areas.csv-metadata.json"])
def test_every_form_is_compressed_when_asked(client: TestClient, path: str) -> None:
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    coded = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert coded.headers["content-encoding"] == "gzip"
    assert int(coded.headers["content-length"]) < len(plain.content) / 2
    assert coded.content == plain.content


def test_a_form_that_is_not_offered_is_refused(client: TestClient) -> None:
    answer = client.get("/catalog", headers={"Accept": "application/pdf"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["detail"]


def test_what_did_not_change_since_is_left_out(client: TestClient, graph: Graph) -> None:
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
        ("/catalog.zh.json?lang=zh", "lang"),
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


def test_the_chinese_catalogue_has_the_elements_of_the_guide(client: TestClient) -> None:
    document = get_json(client, "/catalog.zh.json")
    assert document["联系方式"] == {"单位": "温州市政府公报中心", "电话": "0577-88966929", "邮箱": "wzsgb@wenzhou.cn"}
    assert len(document["信息资源"]) == len(DATASETS)
    for entry, dataset in zip(document["信息资源"], DATASETS.values(), strict=True):
        assert list(entry) == [*MEANINGS, "访问地址"]
        assert entry["信息资源名称"] == dataset.title_zh
        assert entry["信息资源提供方代码"] is None
        assert [item["字段名"] for item in entry["信息项信息"]] == list(dataset.flat_columns)
        assert all(re.search("[一-龥]", item["信息项名称"]) for item in entry["信息项信息"])
    observations = next(entry for entry in document["信息资源"] if entry["信息资源代码"] == "330300/observations")
    assert observations["更新周期"] == "每月"
    assert observations["关联资源代码"] == ["330300/indicators", "330300/areas", "330300/issues"]
    status = next(item for item in observations["信息项信息"] if item["字段名"] == "value_status")
    assert status["代码表"]["missing"]


DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
SPAN = re.compile(r"\d{4}(-\d\d){0,2}/\d{4}(-\d\d){0,2}\Z")
INTERVAL = re.compile(r"R/P1[YM]\Z|irregular\Z")
URI = re.compile(r"https?://[^\s]+\Z")
POD_TEXT = {"title", "description", "identifier", "rights", "spatial"}


def test_data_json_is_valid(client: TestClient) -> None:
    """The rules of Project Open Data's JSON Schema, without the offices of the United States."""
    document = get_json(client, "/data.json")
    assert document["conformsTo"] == "https://project-open-data.cio.gov/v1.1/schema"
    assert document["@type"] == "dcat:Catalog"
    assert len({entry["identifier"] for entry in document["dataset"]}) == len(DATASETS)
    for entry in document["dataset"]:
        assert entry["@type"] == "dcat:Dataset"
        assert all(isinstance(entry[name], str) and entry[name] for name in POD_TEXT)
        assert len(entry["rights"]) <= 255
        assert DAY.match(entry["modified"])
        assert SPAN.match(entry["temporal"])
        assert INTERVAL.match(entry["accrualPeriodicity"])
        assert entry["accessLevel"] == "public"
        assert entry["publisher"]["name"] == "温州市人民政府"
        assert entry["contactPoint"]["hasEmail"] == "mailto:wzsgb@wenzhou.cn"
        assert all(URI.match(entry[name]) for name in ("conformsTo", "describedBy", "landingPage"))
        assert "license" not in entry, "none is claimed"
        assert not {"bureauCode", "programCode"} & entry.keys()
        for distribution in entry["distribution"]:
            assert URI.match(distribution.get("downloadURL") or distribution["accessURL"])
            assert ("mediaType" in distribution) == ("downloadURL" in distribution)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reader of JSON-LD uses it
def test_schema_org_has_what_search_engines_want(client: TestClient) -> None:
    catalogue = get_json(client, "/schema.jsonld")
    assert catalogue["@type"] == "DataCatalog"
    for entry in catalogue["dataset"]:
        name = entry["@id"].partition("#")[2]
        alone = get_json(client, f"/v1/{name}.jsonld")
        assert alone.pop("@context") == "https://schema.org/"
        assert alone.pop("includedInDataCatalog")["@id"] == catalogue["@id"]
        assert alone == entry
        assert 50 <= len(entry["description"]) <= 5000
        assert entry["isAccessibleForFree"] is True
        assert "license" not in entry
        assert "None is claimed" in entry["usageInfo"]["text"]
        assert [variable["name"] for variable in entry["variableMeasured"]] == [
            spec.name for spec in DATASETS[name].fields
        ]
        assert len(entry["distribution"]) == len(FORMATS) + len(interfaces_of(DATASETS[name]))
        assert all(URI.match(download["contentUrl"]) for download in entry["distribution"])
        for wanted in (
            "name",
            "alternateName",
            "creator",
            "keywords",
            "identifier",
            "temporalCoverage",
            "dateModified",
        ):
            assert entry[wanted], wanted
    as_rdf = Graph().parse(
        data=json.dumps({**catalogue, "@context": {"@vocab": "https://schema.org/"}}), format="json-ld"
    )
    assert len(list(as_rdf.subjects(RDF.type, URIRef("https://schema.org/Dataset")))) == len(DATASETS)
