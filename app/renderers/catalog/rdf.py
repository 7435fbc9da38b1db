"""RDF graphs as text, equal to the byte in every process; rdflib's own order may follow Python's hashes.

Importing this module loads rdflib: import it where it is used, and in a thread.
"""

import json
from collections.abc import Mapping
from typing import Any

from rdflib import Graph, Literal
from rdflib.term import Node

from app.renderers.xml import FORBIDDEN_CHARS, replace_forbidden

JSON_LD_CONTEXT: Mapping[str, str] = {
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


def to_turtle(graph: Graph) -> bytes:
    """Return Turtle: one block for each subject."""
    return graph.serialize(format="turtle", encoding="utf-8")


def to_json_ld(graph: Graph) -> bytes:
    """Return JSON-LD: one object for each node, under `@graph`."""
    document = json.loads(graph.serialize(format="json-ld", context=dict(JSON_LD_CONTEXT)))
    return json.dumps(_ordered(document), ensure_ascii=False, indent=1).encode()


def _ordered(value: Any) -> Any:
    """Return a document with sorted members and lists. No list in this graph has a meaningful order."""
    if isinstance(value, dict):
        return {name: _ordered(value[name]) for name in sorted(value)}
    if isinstance(value, list):
        return sorted((_ordered(member) for member in value), key=lambda member: json.dumps(member, sort_keys=True))
    return value


def to_rdf_xml(graph: Graph) -> bytes:
    """Return RDF/XML: one description for each subject."""
    ordered = Graph("SimpleMemory")  # this store keeps the order of insertion
    for prefix, namespace in graph.namespaces():
        ordered.bind(prefix, namespace)
    for subject, predicate, value in sorted(graph):
        ordered.add((subject, predicate, _without_forbidden(value)))
    return ordered.serialize(format="xml", encoding="utf-8")


def _without_forbidden(value: Node) -> Node:
    """Return a node that XML can hold; rdflib escapes the rest."""
    if isinstance(value, Literal) and FORBIDDEN_CHARS.search(value):
        return Literal(replace_forbidden(value), lang=value.language, datatype=value.datatype)
    return value
