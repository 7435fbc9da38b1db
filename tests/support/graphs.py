"""RDF graphs: values by paths of properties."""

from typing import Any

from rdflib import RDF, Graph, Namespace, URIRef
from starlette.testclient import TestClient

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


def term(name: str) -> URIRef:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix][local]


def values(graph: Graph, node: Any, path: str) -> list[Any]:
    """Return the values at a path of properties."""
    nodes = [node]
    for step in path.split("/"):
        nodes = [value for known in nodes for value in graph.objects(known, term(step))]
    return nodes


def nodes_of(graph: Graph, kind: str) -> list[Any]:
    return sorted(graph.subjects(RDF.type, term(kind)))


def get_json(client: TestClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()
