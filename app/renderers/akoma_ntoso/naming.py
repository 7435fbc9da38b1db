"""How documents and provisions are named in Akoma Ntoso (Naming Convention 1.0, OASIS Standard, 21 February 2019).

A document is `/akn/cn/doc/<year>/<id>`: country, type, year, and our id in the place of the number, for
the number alone belongs to many issuers. A provision is named by its path, level for level:
`ch2.art6.i1` is `chp_2__art_6__subpara_1`.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from app.model.rows import Record

COUNTRY = "cn"
LANGUAGE = "zho"


class Kind(NamedTuple):
    """An element of the hierarchy and its abbreviation in identifiers."""

    element: str
    abbreviation: str


KINDS: Mapping[str, Kind] = {
    "pre": Kind("preamble", "preamble"),
    "annex": Kind("attachment", "att"),
    "ch": Kind("chapter", "chp"),
    "sec": Kind("section", "sec"),
    "art": Kind("article", "art"),
    "s": Kind("paragraph", "para"),
    "i": Kind("subparagraph", "subpara"),
    "n": Kind("point", "point"),
    "p": Kind("indent", "indent"),
    "c": Kind("alinea", "al"),
}
"""By the letters of a path: 第二章, 第一节, 第六条, 一、, （一）, 1., (1), ①."""
STEP = re.compile(r"([a-z]+)([0-9]+(?:-[0-9]+)?)?")
OTHER = Kind("hcontainer", "hcontainer")
YEAR = re.compile(r"-((?:19|20)[0-9]{2})-[0-9]+\Z")


def kind_of(path: str) -> Kind:
    """The element of a provision, by the last step of its path."""
    found = STEP.fullmatch(path.rpartition(".")[2])
    return KINDS.get(found[1], OTHER) if found else OTHER


def anchor(path: str) -> str:
    """The `eId` of a provision: `ch2.art6` gives `chp_2__art_6`."""
    return "__".join(map(_step, path.split(".")))


def _step(step: str) -> str:
    found = STEP.fullmatch(step)
    if found is None or found[1] not in KINDS:
        return f"{OTHER.abbreviation}_{step}"
    abbreviation, number = KINDS[found[1]].abbreviation, found[2]
    return f"{abbreviation}_{number}" if number else abbreviation


def work_of(document: Record) -> str:
    """The IRI of a document as a work."""
    return work_named(document["id"], document.get("signed_on") or document["published_on"])


def work_named(document_id: str, day: str) -> str:
    """The IRI of a work by its id; the day tells the year where the id has none."""
    found = YEAR.search(document_id)
    return f"/akn/{COUNTRY}/doc/{found[1] if found else day[:4]}/{document_id}"


def target_of(relation: Record, day: str) -> str:
    """The IRI of the document that a relation names; a title without a number names a concept of the ontology."""
    if relation["target_id"]:
        return work_named(relation["target_id"], day)
    # It brings the table of pinyin, which is big and needed nowhere else here.
    from app.parser.text.document_numbers import document_id, parse_number

    if relation["target_number"] and parse_number(relation["target_number"]):
        return work_named(document_id(relation["target_number"], "", None), day)
    return ontology("reference", f"{relation['target_title'] or ''}{relation['target_number'] or ''}")


def ontology(kind: str, name: Any) -> str:
    """The IRI of a class of things that documents speak of: an organization, a concept."""
    return f"/akn/ontology/{kind}/{COUNTRY}/{quote(str(name), safe='')}"
