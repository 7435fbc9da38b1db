"""Names of documents and provisions in Akoma Ntoso.

Source: Akoma Ntoso Naming Convention 1.0 (OASIS Standard, 21 February 2019). A document is
`/akn/cn/doc/<year>/<id>`. The id of the row stands in the place of the number, because many issuers use the same
numbers. A provision is named by its path, level by level: `ch2.art6.i1` is `chp_2__art_6__subpara_1`.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from app.model.rows import Record

COUNTRY = "cn"
LANGUAGE = "zho"


class HierarchyElement(NamedTuple):
    """An element of the hierarchy and its abbreviation in identifiers."""

    element: str
    abbreviation: str


HIERARCHY_ELEMENTS: Mapping[str, HierarchyElement] = {
    "pre": HierarchyElement("preamble", "preamble"),
    "annex": HierarchyElement("attachment", "att"),
    "ch": HierarchyElement("chapter", "chp"),
    "sec": HierarchyElement("section", "sec"),
    "art": HierarchyElement("article", "art"),
    "s": HierarchyElement("paragraph", "para"),
    "i": HierarchyElement("subparagraph", "subpara"),
    "n": HierarchyElement("point", "point"),
    "p": HierarchyElement("indent", "indent"),
    "c": HierarchyElement("alinea", "al"),
}
"""Elements by the letters of a path step: 第二章, 第一节, 第六条, 一、, （一）, 1., (1), ①."""
STEP = re.compile(r"([a-z]+)([0-9]+(?:-[0-9]+)?)?")
OTHER_ELEMENT = HierarchyElement("hcontainer", "hcontainer")
YEAR = re.compile(r"-((?:19|20)[0-9]{2})-[0-9]+\Z")


def hierarchy_element(path: str) -> HierarchyElement:
    """Return the element of a provision, by the last step of its path."""
    step = STEP.fullmatch(path.rpartition(".")[2])
    return HIERARCHY_ELEMENTS.get(step[1], OTHER_ELEMENT) if step else OTHER_ELEMENT


def anchor(path: str) -> str:
    """Return the `eId` of a provision: `ch2.art6` gives `chp_2__art_6`."""
    return "__".join(map(_step_anchor, path.split(".")))


def _step_anchor(step: str) -> str:
    match = STEP.fullmatch(step)
    if match is None or match[1] not in HIERARCHY_ELEMENTS:
        return f"{OTHER_ELEMENT.abbreviation}_{step}"
    abbreviation, number = HIERARCHY_ELEMENTS[match[1]].abbreviation, match[2]
    return f"{abbreviation}_{number}" if number else abbreviation


def work_iri(document: Record) -> str:
    """Return the IRI of a document as a work."""
    return work_iri_by_id(document["id"], document.get("signed_on") or document["published_on"])


def work_iri_by_id(document_id: str, day: str) -> str:
    """Return the IRI of a work by its id. The year comes from `day` where the id holds none."""
    match = YEAR.search(document_id)
    return f"/akn/{COUNTRY}/doc/{match[1] if match else day[:4]}/{document_id}"


def target_iri(relation: Record, day: str) -> str:
    """Return the IRI of the document that a relation names, or of a concept where only a title is known."""
    if relation["target_id"]:
        return work_iri_by_id(relation["target_id"], day)
    # This import loads the large pinyin table, which nothing else here needs.
    from app.parser.text.document_numbers import build_document_id, parse_number

    if relation["target_number"] and parse_number(relation["target_number"]):
        return work_iri_by_id(build_document_id(relation["target_number"], "", None), day)
    return ontology_iri("reference", f"{relation['target_title'] or ''}{relation['target_number'] or ''}")


def ontology_iri(kind: str, name: Any) -> str:
    """Return the IRI of something that documents mention: an organization, a concept."""
    return f"/akn/ontology/{kind}/{COUNTRY}/{quote(str(name), safe='')}"
