"""An official document as Akoma Ntoso 3.0 (OASIS LegalDocML).

Every document is a `doc` named after its type. Notices, plans and measures of a city government are
no legislation under the Legislation Law of the PRC (so no `act`), and one element for all keeps the
identifiers the same when a registration number becomes known; `FRBRprescriptive` tells the normative ones.
"""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from app.model.rows import Record
from app.renderers.akoma_ntoso.metadata import write_annex_meta, write_meta
from app.renderers.akoma_ntoso.naming import anchor, work_of
from app.renderers.akoma_ntoso.source import Dossier
from app.renderers.akoma_ntoso.structure import INCOMPLETE, Node, Writer, forest
from app.renderers.xml import add, serialised

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
OURS = "urn:x-municipal-gazette:akn"
"""The namespace of what `proprietary` holds."""


def write_akoma_ntoso(dossier: Dossier) -> bytes:
    """The whole document."""
    document = dossier.document
    root = ET.Element("akomaNtoso", {"xmlns": NAMESPACE, "xmlns:gazette": OURS})
    roots = forest(dossier.provisions)
    annexes = annexes_of(document, roots)
    doc = add(root, "doc", name=document["document_type"])
    agents = write_meta(doc, dossier, [annex for annex, _ in annexes])
    preface = add(doc, "preface")
    add(add(preface, "p"), "docTitle", document["title"])
    if document["document_number"]:
        add(add(preface, "p"), "docNumber", document["document_number"])
    writer = Writer(document["body"], agents)
    preambles = [node for node in roots if node.row["level"] == "preamble"]
    for node in preambles:
        writer.preamble(doc, node)
    opening = [text for node in preambles for text in node.paragraphs]
    write_body(doc, writer, [node for node in roots if node.row["level"] not in ("preamble", "annex")], opening)
    if annexes:
        attachments = add(doc, "attachments")
        for annex, running in annexes:
            write_attachment(attachments, writer, document, annex, running)
    return serialised(root)


def write_body(doc: ET.Element, writer: Writer, nodes: Sequence[Node], preamble: Sequence[str]) -> None:
    """The numbered provisions; a document without any has its other paragraphs, none while they are not loaded."""
    body = add(doc, "mainBody", status=None if nodes or writer.body else INCOMPLETE)
    for node in nodes:
        writer.hierarchy(body, node)
    if not nodes:
        rest = [text for text in (writer.body or "").split("\n") if text not in preamble]
        writer.paragraphs(body, rest or [""])


def annexes_of(document: Record, roots: Sequence[Node]) -> list[tuple[Record, Node | None]]:
    """The annexes that a document lists, each with its running text where it has any."""
    texts = {node.row["path"]: node for node in roots if node.row["level"] == "annex"}
    found: list[tuple[Record, Node | None]] = []
    for place, annex in enumerate(document["annexes"] or (), 1):
        path = f"annex{annex['number'] or place}"
        found.append(({**annex, "path": path}, texts.pop(path, None)))
    for path, rest in texts.items():
        found.append(({"number": None, "title": rest.row["heading"], "held": True, "path": path}, rest))
    return found


def write_attachment(parent: ET.Element, writer: Writer, document: Record, annex: Record, node: Node | None) -> None:
    """An annex: its running text as a document of its own, a table or a picture by its name alone."""
    component, title = anchor(annex["path"]), annex["title"]
    number = node.row["number"] if node else f"附件{annex['number'] or ''}"
    made = add(parent, "attachment", eId=component, GUID=node.row["id"] if node else None)
    if number:
        add(made, "num", number)
    if title:
        add(made, "heading", title)
    if node is None:
        add(made, "documentRef", href=f"{work_of(document)}/!{component}", showAs=title or number)
        return
    doc = add(made, "doc", name="annex")
    write_annex_meta(doc, document, component, title)
    body = add(doc, "mainBody", status=writer.status(node))
    behind = writer.behind(node, node.paragraphs)
    before = [text for text in node.paragraphs if text not in behind]
    writer.paragraphs(body, before if before or node.children else [""])
    for child in node.children:
        writer.hierarchy(body, child)
    writer.paragraphs(body, behind)
