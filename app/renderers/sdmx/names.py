"""What pysdmx's messages lack: names in both languages, codes' parents, and where the whole of a stub is."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from app.model.rows import to_json
from app.renderers.sdmx.artefacts import Artefact
from app.renderers.sdmx.codelists import VERSION, Term
from app.renderers.sdmx.errors import COMMON

_STRUCTURE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/structure"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NAME = f"{{{COMMON}}}Name"
Known = Mapping[tuple[str, str], Artefact]
"""The artefacts of a message by kind and id."""


def address(artefact: Artefact) -> str:
    """The address of an artefact below that of the service."""
    return f"{artefact.kind}/{artefact.agency}/{artefact.id}/{VERSION}"


def named_xml(text: str, known: Known, url: str) -> bytes:
    """A structure message in SDMX-ML completed; `url` is the absolute address of the service."""
    from lxml import etree

    root = etree.fromstring(text.encode(), etree.XMLParser(remove_blank_text=True))
    for element in root.iterfind("{*}Structures/*/*"):
        artefact = known[etree.QName(element).localname.lower(), element.get("id", "")]
        _name_element(etree, element, artefact.name)
        if element.get("isExternalReference") == "true":
            element.set("structureURL", f"{url}/{address(artefact)}")
            for child in [child for child in element if child.tag != _NAME]:
                element.remove(child)
        terms = _terms(artefact)
        for item in element.iterchildren("{*}*"):
            term = terms.get(item.get("id", ""))
            if term is not None:
                _name_element(etree, item, term)
            if term is not None and term.parent is not None:
                etree.SubElement(etree.SubElement(item, f"{{{_STRUCTURE}}}Parent"), "Ref", id=term.parent)
    etree.indent(root, " ")
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return made


def _terms(artefact: Artefact) -> dict[str, Term]:
    return {term.id: term for term in artefact.scheme.terms} if artefact.scheme else {}


def _name_element(etree: Any, element: Any, term: Term) -> None:
    """Replace the one name, which pysdmx calls English, by all that there are."""
    for old in element.findall(_NAME):
        element.remove(old)
    for place, (language, name) in enumerate(term.names.items()):
        made = etree.Element(_NAME, {_LANG: language})
        made.text = name
        element.insert(place, made)


def named_json(text: str, known: Known, url: str) -> bytes:
    """A structure message in SDMX-JSON completed."""
    message = json.loads(text)
    for kind, artefacts in message["data"].items():
        for entry in artefacts:
            artefact = known[kind.lower().removesuffix("s"), entry["id"]]
            entry["names"] = artefact.name.names
            lists = [name for name, value in entry.items() if isinstance(value, list)]
            if entry.get("isExternalReference"):
                for member in [*lists, "dataStructureComponents", "structure"]:
                    entry.pop(member, None)
                entry["links"] = [{"rel": "external", "href": f"{url}/{address(artefact)}"}]
            else:
                _name_items((item for member in lists for item in entry[member]), _terms(artefact))
                # The schema refuses the empty list that pysdmx writes.
                components = entry.get("dataStructureComponents", {})
                if not components.get("groups"):
                    components.pop("groups", None)
    return to_json(message).encode()


def _name_items(items: Iterable[dict[str, Any]], terms: Mapping[str, Term]) -> None:
    for item in items:
        term = terms[item["id"]]
        item["names"] = term.names
        if term.parent is not None:
            item["parent"] = term.parent
