"""A graph as text, the same to the byte in every process: rdflib's own order may follow Python's hashes.

It loads rdflib: import it where it is used, and in a thread.
"""

import json
from collections.abc import Mapping
from typing import Any

from rdflib import Graph

CONTEXT: Mapping[str, str] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "spdx": "http://spdx.org/rdf/terms#",
    "dcatap": "http://data.europa.eu/r5r/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def turtle(graph: Graph) -> bytes:
    """Turtle: one block a subject."""
    return graph.serialize(format="turtle", encoding="utf-8")


def json_ld(graph: Graph) -> bytes:
    """JSON-LD: one object a node, under `@graph`."""
    document = json.loads(graph.serialize(format="json-ld", context=dict(CONTEXT)))
    return json.dumps(_ordered(document), ensure_ascii=False, indent=1).encode()


def _ordered(value: Any) -> Any:
    """A document whose members and lists are in one order; no list of ours means an order."""
    if isinstance(value, dict):
        return {name: _ordered(value[name]) for name in sorted(value)}
    if isinstance(value, list):
        return sorted((_ordered(member) for member in value), key=lambda member: json.dumps(member, sort_keys=True))
    return value


def rdf_xml(graph: Graph) -> bytes:
    """RDF/XML: one description a subject."""
    ordered = Graph("SimpleMemory")  # which keeps the order in which it was told
    for prefix, namespace in graph.namespaces():
        ordered.bind(prefix, namespace)
    for statement in sorted(graph):
        ordered.add(statement)
    return ordered.serialize(format="xml", encoding="utf-8")
