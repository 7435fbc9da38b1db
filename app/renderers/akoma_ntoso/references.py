"""What a document in Akoma Ntoso refers to: other documents, organizations, concepts, its annexes."""

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from app.model.rows import Record
from app.renderers.akoma_ntoso.document_rows import DocumentRows
from app.renderers.akoma_ntoso.naming import anchor, ontology_iri, target_iri, work_iri
from app.renderers.captions import publisher_name
from app.renderers.xml import add_element

SERVICE_REFERENCE = "#service"
"""The `source` of statements in `meta`: this service, not the issuer."""
CONCEPTS: Mapping[str, str] = {
    "signed": "成文",
    "published": "公报刊登",
    "entryIntoForce": "施行",
    "expiry": "有效期届满（自此日起失效）",
    "repealed": "废止（自此日起失效）",
    "inForce": "有效",
    "basedOn": "依据",
    "cites": "引用",
}
MODIFYING = ("repeals", "amends")
"""Relations that change the other document: `activeRef`, and on the other side `passiveRef`."""
MODIFIED = "amended_by"
"""The relation to a document that has changed this one: `passiveRef`."""


def passive_reference_id(relation: Record, n: int) -> str:
    """Return the id of the reference to the n-th document that names this one."""
    return f"passive_{relation['relation']}_{n}"


def write_analysis(meta: ET.Element, rows: DocumentRows) -> None:
    """Write which provision repeals, changes, is based on or cites which document."""
    day = rows.document["published_on"]
    paths = {row["id"]: anchor(row["path"]) for row in rows.provisions}
    repeals = [row for row in rows.relations if row["relation"] == "repeals"]
    citing = [row for row in rows.relations if row["relation"] not in (*MODIFYING, MODIFIED)]
    if not repeals and not citing:
        return
    analysis = add_element(meta, "analysis", source=SERVICE_REFERENCE)
    if repeals:
        changes = add_element(analysis, "activeModifications")
        for n, row in enumerate(repeals, 1):
            change = add_element(changes, "textualMod", eId=f"pmod_{n}", type="repeal")
            add_element(change, "source", href=f"#{paths.get(row['provision_id'], 'original')}")
            add_element(change, "destination", href=target_iri(row, day))
    if citing:
        references = add_element(analysis, "otherReferences", source=SERVICE_REFERENCE)
        for row in citing:
            add_element(
                references,
                "implicitReference",
                for_=f"#{paths[row['provision_id']]}" if row["provision_id"] in paths else None,
                href=target_iri(row, day),
                refersTo="#basedOn" if row["relation"] == "based_on" else "#cites",
                showAs=row["target_title"] or row["target_number"],
            )


def write_references(meta: ET.Element, rows: DocumentRows, annexes: Sequence[Record]) -> dict[str, str]:
    """Write documents, organizations and concepts, and return the ids of the responsible bodies by name."""
    document, issue, work = rows.document, rows.issue, work_iri(rows.document)
    references = add_element(meta, "references", source=SERVICE_REFERENCE)
    add_element(
        references, "original", eId="original", href=work, showAs=document["document_number"] or document["title"]
    )
    for n, row in enumerate(rows.relations, 1):
        tag = "activeRef" if row["relation"] in MODIFYING else "TLCReference"
        tag = "passiveRef" if row["relation"] == MODIFIED else tag
        name = row["relation"] if tag == "TLCReference" else None
        label = " ".join(filter(None, (row["target_title"], row["target_number"])))
        href = target_iri(row, document["published_on"])
        add_element(
            references,
            tag,
            eId=f"{row['relation']}_{n}",
            name=name,
            href=href,
            showAs=label,
            shortForm=row["target_number"],
        )
    for n, (row, other) in enumerate(rows.incoming_relations, 1):
        if row["relation"] in MODIFYING:
            number = other["document_number"]
            add_element(
                references,
                "passiveRef",
                eId=passive_reference_id(row, n),
                href=work_iri(other),
                showAs=other["title"],
                shortForm=number,
            )
    for annex in annexes:
        reference_id = anchor(annex["path"])
        add_element(
            references,
            "hasAttachment",
            eId=f"has_{reference_id}",
            href=f"{work}/!{reference_id}",
            showAs=annex["title"] or reference_id,
        )
    organizations = {"service": rows.service_name, "publisher": publisher_name(issue)}
    if document["issuer"]:
        organizations["issuer"] = document["issuer"]
    agents = {
        name: f"org_{n}"
        for n, name in enumerate(dict.fromkeys(name for row in rows.provisions for name in row["responsible"] or ()), 1)
    }
    for reference_id, name in [
        *organizations.items(),
        *((reference_id, name) for name, reference_id in agents.items()),
    ]:
        add_element(
            references, "TLCOrganization", eId=reference_id, href=ontology_iri("organization", name), showAs=name
        )
    for reference_id, label in CONCEPTS.items():
        add_element(
            references, "TLCConcept", eId=reference_id, href=ontology_iri("concept", reference_id), showAs=label
        )
    for reference_id, label in (("author", "发文机关"), ("editor", "数据编辑")):
        add_element(references, "TLCRole", eId=reference_id, href=ontology_iri("role", reference_id), showAs=label)
    return agents
