"""Completes pysdmx's messages: names in both languages, parents of codes, and URLs of stubs."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from app.model.rows import to_json
from app.renderers.sdmx.artefacts import Artefact
from app.renderers.sdmx.codelists import VERSION, Term
from app.renderers.sdmx.errors import COMMON_NAMESPACE
from app.renderers.xml import replace_forbidden

_STRUCTURE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/structure"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NAME = f"{{{COMMON_NAMESPACE}}}Name"
ArtefactsByKey = Mapping[tuple[str, str], Artefact]
"""The artefacts of a message by kind and id."""


def artefact_path(artefact: Artefact) -> str:
    """Return the path of an artefact below that of the service."""
    return f"{artefact.kind}/{artefact.agency}/{artefact.id}/{VERSION}"


def complete_xml(text: str, artefacts: ArtefactsByKey, url: str) -> bytes:
    """Return a complete SDMX-ML structure message. `url` is the absolute URL of the service."""
    from lxml import etree

    root = etree.fromstring(text.encode(), etree.XMLParser(remove_blank_text=True))
    for element in root.iterfind("{*}Structures/*/*"):
        artefact = artefacts[etree.QName(element).localname.lower(), element.get("id", "")]
        _set_names(etree, element, artefact.name)
        if element.get("isExternalReference") == "true":
            element.set("structureURL", f"{url}/{artefact_path(artefact)}")
            for child in [child for child in element if child.tag != _NAME]:
                element.remove(child)
        terms = _terms_by_id(artefact)
        for item in element.iterchildren("{*}*"):
            term = terms.get(item.get("id", ""))
            if term is not None:
                _set_names(etree, item, term)
            if term is not None and term.parent is not None:
                etree.SubElement(etree.SubElement(item, f"{{{_STRUCTURE}}}Parent"), "Ref", id=term.parent)
    etree.indent(root, " ")
    message: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return message


def _terms_by_id(artefact: Artefact) -> dict[str, Term]:
    return {term.id: term for term in artefact.scheme.terms} if artefact.scheme else {}


def _set_names(etree: Any, element: Any, term: Term) -> None:
    """Replace pysdmx's only name, which it declares English, by the names in all languages."""
    for old in element.findall(_NAME):
        element.remove(old)
    for position, (language, name) in enumerate(term.names.items()):
        element_name = etree.Element(_NAME, {_LANG: language})
        element_name.text = replace_forbidden(name)
        element.insert(position, element_name)


def complete_json(text: str, artefacts_by_key: ArtefactsByKey, url: str) -> bytes:
    """Return a complete SDMX-JSON structure message. `url` is the absolute URL of the service."""
    message = json.loads(text)
    for kind, artefacts in message["data"].items():
        for entry in artefacts:
            artefact = artefacts_by_key[kind.lower().removesuffix("s"), entry["id"]]
            entry["names"] = artefact.name.names
            lists = [name for name, value in entry.items() if isinstance(value, list)]
            if entry.get("isExternalReference"):
                for member in [*lists, "dataStructureComponents", "structure"]:
                    entry.pop(member, None)
                entry["links"] = [{"rel": "external", "href": f"{url}/{artefact_path(artefact)}"}]
            else:
                _name_items((item for member in lists for item in entry[member]), _terms_by_id(artefact))
                # The JSON schema rejects the empty list that pysdmx writes.
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
