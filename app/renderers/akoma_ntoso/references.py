"""What a document in Akoma Ntoso refers to: other documents, organizations, concepts, its annexes."""

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from app.model.rows import Record
from app.renderers.akoma_ntoso.naming import anchor, ontology, target_of, work_of
from app.renderers.akoma_ntoso.source import Dossier
from app.renderers.captions import publisher_of
from app.renderers.xml import add

SERVICE = "#service"
"""Who says what stands in `meta`: this service, not the issuer."""
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
"""The relations that change the document named: `activeRef`, and seen from there `passiveRef`."""


def passive(relation: Record, n: int) -> str:
    """The identifier of the n-th document that names this one."""
    return f"passive_{relation['relation']}_{n}"


def write_analysis(meta: ET.Element, dossier: Dossier) -> None:
    """Which provision repeals or changes which document, and which rests on or names which."""
    day = dossier.document["published_on"]
    paths = {row["id"]: anchor(row["path"]) for row in dossier.provisions}
    repeals = [row for row in dossier.relations if row["relation"] == "repeals"]
    named = [row for row in dossier.relations if row["relation"] not in MODIFYING]
    if not repeals and not named:
        return
    made = add(meta, "analysis", source=SERVICE)
    if repeals:
        changes = add(made, "activeModifications")
        for n, row in enumerate(repeals, 1):
            change = add(changes, "textualMod", eId=f"pmod_{n}", type="repeal")
            add(change, "source", href=f"#{paths.get(row['provision_id'], 'original')}")
            add(change, "destination", href=target_of(row, day))
    if named:
        others = add(made, "otherReferences", source=SERVICE)
        for row in named:
            add(
                others,
                "implicitReference",
                for_=f"#{paths[row['provision_id']]}" if row["provision_id"] in paths else None,
                href=target_of(row, day),
                refersTo="#basedOn" if row["relation"] == "based_on" else "#cites",
                showAs=row["target_title"] or row["target_number"],
            )


def write_references(meta: ET.Element, dossier: Dossier, annexes: Sequence[Record]) -> dict[str, str]:
    """Documents, organizations and concepts; answers the identifiers of the bodies responsible."""
    document, issue, work = dossier.document, dossier.issue, work_of(dossier.document)
    made = add(meta, "references", source=SERVICE)
    add(made, "original", eId="original", href=work, showAs=document["document_number"] or document["title"])
    for n, row in enumerate(dossier.relations, 1):
        tag = "activeRef" if row["relation"] in MODIFYING else "TLCReference"
        name = None if tag == "activeRef" else row["relation"]
        shown = " ".join(filter(None, (row["target_title"], row["target_number"])))
        href = target_of(row, document["published_on"])
        add(made, tag, eId=f"{row['relation']}_{n}", name=name, href=href, showAs=shown, shortForm=row["target_number"])
    for n, (row, other) in enumerate(dossier.incoming, 1):
        if row["relation"] in MODIFYING:
            number = other["document_number"]
            add(made, "passiveRef", eId=passive(row, n), href=work_of(other), showAs=other["title"], shortForm=number)
    for annex in annexes:
        key = anchor(annex["path"])
        add(made, "hasAttachment", eId=f"has_{key}", href=f"{work}/!{key}", showAs=annex["title"] or key)
    organizations = {"service": dossier.service, "publisher": publisher_of(issue)}
    if document["issuer"]:
        organizations["issuer"] = document["issuer"]
    agents = {
        name: f"org_{n}"
        for n, name in enumerate(
            dict.fromkeys(name for row in dossier.provisions for name in row["responsible"] or ()), 1
        )
    }
    for key, name in [*organizations.items(), *((key, name) for name, key in agents.items())]:
        add(made, "TLCOrganization", eId=key, href=ontology("organization", name), showAs=name)
    for key, label in CONCEPTS.items():
        add(made, "TLCConcept", eId=key, href=ontology("concept", key), showAs=label)
    for key, label in (("author", "发文机关"), ("editor", "数据编辑")):
        add(made, "TLCRole", eId=key, href=ontology("role", key), showAs=label)
    return agents
