"""An official document as Akoma Ntoso 3.0 (OASIS LegalDocML).

Every document is a `doc`, named after its type. Under the Legislation Law of the PRC, notices, plans and measures of
a city government are no legislation, so none is an `act`. One element for all also keeps the identifiers the same
when a registration number becomes known. `FRBRprescriptive` marks the normative documents.
"""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from app.model.rows import Record
from app.renderers.akoma_ntoso.document_rows import DocumentRows
from app.renderers.akoma_ntoso.metadata import write_annex_meta, write_meta
from app.renderers.akoma_ntoso.naming import anchor, work_iri
from app.renderers.akoma_ntoso.structure import (
    INCOMPLETE,
    ProvisionNode,
    ProvisionWriter,
    build_trees,
    text_after_children,
)
from app.renderers.xml import add_element, serialise

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
PROPRIETARY_NAMESPACE = "urn:x-municipal-gazette:akn"
"""The namespace of the elements in `proprietary`."""


def write_akoma_ntoso(rows: DocumentRows) -> bytes:
    document = rows.document
    root = ET.Element("akomaNtoso", {"xmlns": NAMESPACE, "xmlns:gazette": PROPRIETARY_NAMESPACE})
    roots = build_trees(rows.provisions)
    annexes = collect_annexes(document, roots)
    doc = add_element(root, "doc", name=document["document_type"])
    agents = write_meta(doc, rows, [annex for annex, _ in annexes])
    preface = add_element(doc, "preface")
    add_element(add_element(preface, "p"), "docTitle", document["title"])
    if document["document_number"]:
        add_element(add_element(preface, "p"), "docNumber", document["document_number"])
    writer = ProvisionWriter(document["body"], agents)
    preambles = [node for node in roots if node.row["level"] == "preamble"]
    for node in preambles:
        writer.write_preamble(doc, node)
    opening = [text for node in preambles for text in node.paragraphs]
    write_body(doc, writer, [node for node in roots if node.row["level"] not in ("preamble", "annex")], opening)
    if annexes:
        attachments = add_element(doc, "attachments")
        for annex, annex_node in annexes:
            write_attachment(attachments, writer, document, annex, annex_node)
    return serialise(root)


def write_body(
    doc: ET.Element, writer: ProvisionWriter, nodes: Sequence[ProvisionNode], preamble: Sequence[str]
) -> None:
    """Write the numbered provisions. A document without any gets its other paragraphs, once its text is loaded."""
    body = add_element(doc, "mainBody", status=None if nodes or writer.body else INCOMPLETE)
    for node in nodes:
        writer.write_provision(body, node)
    if not nodes:
        paragraphs = [text for text in (writer.body or "").split("\n") if text not in preamble]
        writer.write_paragraphs(body, paragraphs or [""])


def collect_annexes(document: Record, roots: Sequence[ProvisionNode]) -> list[tuple[Record, ProvisionNode | None]]:
    """Return the annexes of a document, each with its running text where it has any."""
    texts = {node.row["path"]: node for node in roots if node.row["level"] == "annex"}
    annexes: list[tuple[Record, ProvisionNode | None]] = []
    for position, annex in enumerate(document["annexes"] or (), 1):
        path = f"annex{annex['number'] or position}"
        annexes.append(({**annex, "path": path}, texts.pop(path, None)))
    for path, node in texts.items():
        annexes.append(({"number": None, "title": node.row["heading"], "held": True, "path": path}, node))
    return annexes


def write_attachment(
    parent: ET.Element, writer: ProvisionWriter, document: Record, annex: Record, node: ProvisionNode | None
) -> None:
    """Write an annex: running text as a document of its own, a table or picture only by its name."""
    component, title = anchor(annex["path"]), annex["title"]
    number = node.row["number"] if node else f"附件{annex['number'] or ''}"
    attachment = add_element(parent, "attachment", eId=component, GUID=node.row["id"] if node else None)
    if number:
        add_element(attachment, "num", number)
    if title:
        add_element(attachment, "heading", title)
    if node is None:
        add_element(attachment, "documentRef", href=f"{work_iri(document)}/!{component}", showAs=title or number)
        return
    doc = add_element(attachment, "doc", name="annex")
    write_annex_meta(doc, document, component, title)
    body = add_element(doc, "mainBody", status=writer.status(node))
    after = text_after_children(node, node.paragraphs, writer.body)
    before = [text for text in node.paragraphs if text not in after]
    writer.write_paragraphs(body, before if before or node.children else [""])
    for child in node.children:
        writer.write_provision(body, child)
    writer.write_paragraphs(body, after)
