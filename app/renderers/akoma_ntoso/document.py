"""An official document as Akoma Ntoso 3.0 (OASIS LegalDocML).

Every document is a `doc`, named after its type. Under the Legislation Law of the PRC, notices, plans and measures of
a city government are no legislation, so none is an `act`. One element for all also keeps the identifiers the same
when a registration number becomes known. `FRBRprescriptive` marks the normative documents.
"""

from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree as ET

from app.model.rows import Record
from app.renderers.akoma_ntoso.document_rows import DocumentRows
from app.renderers.akoma_ntoso.metadata import write_annex_meta, write_meta
from app.renderers.akoma_ntoso.naming import anchor, work_iri
from app.renderers.akoma_ntoso.printed_text import PrintedText, read_printed_text
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
    opening = [text for node in preambles for text in node.paragraphs]
    printed = read_printed_text(document, [annex for annex, _ in annexes if annex["held"]], opening)
    for node in preambles:
        writer.write_preamble(doc, node, printed.plan_title, printed.plan_title_after)
    write_body(
        doc, writer, [node for node in roots if node.row["level"] not in ("preamble", "annex")], opening, printed
    )
    write_conclusions(doc, document, printed)
    if annexes:
        attachments = add_element(doc, "attachments")
        for annex, annex_node in annexes:
            write_attachment(attachments, writer, document, annex, annex_node, printed.annexes.get(annex["path"], ()))
    return serialise(root)


def write_body(
    doc: ET.Element,
    writer: ProvisionWriter,
    nodes: Sequence[ProvisionNode],
    preamble: Sequence[str],
    printed: PrintedText,
) -> None:
    """Write the numbered provisions. A document without any gets its other paragraphs, once its text is loaded."""
    body = add_element(doc, "mainBody", status=None if nodes or writer.body else INCOMPLETE)
    for node in nodes:
        writer.write_provision(body, node)
    if not nodes:
        lines = [line for at, line in enumerate(printed.lines) if line not in preamble and at not in printed.elsewhere]
        write_lines(body, lines or [""])


def write_conclusions(doc: ET.Element, document: Record, printed: PrintedText) -> None:
    """Write signature and date. Without the text there is only the date, as far as it is known."""
    day, conclusions = document["signed_on"], printed.conclusions
    if not day or (printed.lines and conclusions is None):
        return
    element = add_element(doc, "conclusions", status=None if conclusions else INCOMPLETE)
    for signer in conclusions.signers if conclusions else ():
        add_element(add_element(element, "p"), "signature", signer)
    add_element(add_element(element, "p"), "date", conclusions.date_line if conclusions else day, date=day)
    write_lines(element, conclusions.remarks if conclusions else ())


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
    parent: ET.Element,
    writer: ProvisionWriter,
    document: Record,
    annex: Record,
    node: ProvisionNode | None,
    lines: Sequence[str],
) -> None:
    """Write an annex as a document of its own, with its tables from the lines of the text; a picture by its name."""
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
    has_tables = any("\t" in line for line in lines)
    body = add_element(doc, "mainBody", status=None if has_tables else writer.status(node))
    if has_tables and not node.children:
        write_lines(body, lines)
        return
    after = text_after_children(node, node.paragraphs, writer.body)
    before = [text for text in node.paragraphs if text not in after]
    beside = lines_beside_provisions(lines, node) if has_tables else []
    tables_first = bool(beside) and has_table_above(lines, node.children[0].row["number"])
    writer.write_paragraphs(body, before if before or node.children else [""])
    write_lines(body, beside if tables_first else ())
    for child in node.children:
        writer.write_provision(body, child)
    writer.write_paragraphs(body, after)
    write_lines(body, () if tables_first else beside)


def has_table_above(lines: Sequence[str], number: str | None) -> bool:
    """Return whether a table stands above the first line that begins with this number."""
    first = next((at for at, line in enumerate(lines) if number and line.startswith(number)), 0)
    return any("\t" in line for line in lines[:first])


def lines_beside_provisions(lines: Sequence[str], node: ProvisionNode) -> list[str]:
    """Return the lines of an annex that no provision holds: tables and their captions."""
    held = set(node.paragraphs)
    for child in node.descendants():
        number = child.row["number"] or ""
        held |= {
            *child.paragraphs,
            *(f"{number}{text}" for text in child.paragraphs),
            f"{number}{child.row['heading']}",
        }
    return [
        line for line in lines if "\t" in line or not any(line == text or line.endswith(text) for text in held if text)
    ]


def write_lines(parent: ET.Element, lines: Sequence[str]) -> None:
    """Write lines of text: one `p` for each, and one `table` for lines in a row that have cells between tabs."""
    for is_table, group in groupby(lines, lambda line: "\t" in line):
        if not is_table:
            for text in group:
                add_element(parent, "p", text or None)
            continue
        rows = [line.split("\t") for line in group]
        width = max(map(len, rows))
        table = add_element(parent, "table")
        for cells in rows:
            row = add_element(table, "tr")
            for cell in [*cells, *[""] * (width - len(cells))]:
                add_element(add_element(row, "td"), "p", cell.strip() or None)
