"""The catalogue as DCAT-AP."""

from pathlib import Path

import pyshacl
import pytest
from rdflib import Graph, Literal, URIRef
from starlette.testclient import TestClient

from app.datasets import DATASETS
from app.renderers.catalog.catalogue import PROVENANCE
from app.renderers.representations import TABLE_FORMATS
from tests.support.graphs import get_json, nodes_of, term, values

SHAPES = Path(__file__).parents[2] / "support" / "shapes" / "dcat-ap.ttl"

TOP = "http://127.0.0.1:8000/catalog"

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


def test_dcat_ap_is_valid(graph: Graph) -> None:
    conforms, _, report = pyshacl.validate(graph, shacl_graph=Graph().parse(SHAPES))
    assert conforms, report


def test_the_shapes_find_errors(graph: Graph) -> None:
    broken = Graph() + graph
    broken.remove((URIRef(f"{TOP}#areas"), term("dct:title"), None))
    broken.set((URIRef(f"{TOP}#areas.csv"), term("dcat:byteSize"), Literal("many")))
    _, _, report = pyshacl.validate(broken, shacl_graph=Graph().parse(SHAPES))
    assert "Results (2)" in report


@pytest.mark.parametrize("wanted", [RECOMMENDED, READ_BY_CKAN])
def test_recommended_properties_are_present(graph: Graph, wanted: dict[str, str]) -> None:
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
        assert downloads == sorted(f"http://127.0.0.1:8000/v1/{name}{form.suffix}" for form in TABLE_FORMATS.values())


def test_provenance_names_the_print_only_where_rows_do(client: TestClient, graph: Graph) -> None:
    for name, dataset in DATASETS.items():
        said = {str(text) for text in values(graph, URIRef(f"{TOP}#{name}"), "dct:provenance/rdfs:label")}
        assert said == set(dataset.provenance or PROVENANCE)
        assert [text for text in said if text in get_json(client, f"/v1/{name}.jsonld")["description"]]
        row = client.get(f"/v1/{name}?limit=1").json()["data"][0]
        if row["source"]["issue_id"] is None:
            assert dataset.provenance, f"{name} has rows that no issue printed"
