"""The page of a document, to read it: its life, its provisions with what belongs to each, its annexes and relations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.api.endpoints.pages.annex_tables import fetch_tables, place_tables
from app.api.endpoints.pages.page import PageRequest
from app.api.endpoints.pages.provision import fetch_provision_rows
from app.api.endpoints.related import fetch_by_ids
from app.datasets import DATASETS
from app.model.dataset import Dataset
from app.model.rows import Record, from_json, to_json
from app.query.params.controls import Sort
from app.query.params.dataset_query import DatasetQuery, FilterCondition
from app.renderers.captions import document_title
from app.renderers.representations import AKOMA_NTOSO, TABLE_FORMATS, TableFormat
from app.renderers.site.cells import row_path
from app.renderers.site.days import day_in_words
from app.renderers.site.document_life import first_repeal, life_events, status_sentence
from app.renderers.site.language import Text
from app.renderers.site.legislation import describe_legislation
from app.renderers.site.provision_views import (
    ANNEX,
    ProvisionRows,
    RelationLine,
    build_provision_views,
    provision_link,
    relation_label,
    relation_line,
    responsible_bodies,
)

DOCUMENTS, ISSUES, RELATIONS = (DATASETS[name] for name in ("documents", "issues", "relations"))
REPEALS_FIRST: Sort = (("relation", True), ("document_id", True), ("id", False))
"""Repeals decide the status, so that they are never among the relations that the page leaves out."""
MAX_INCOMING = 100
MAX_BODIES = 20
HIDDEN_FIELDS = ("body", "abstract_zh", "abstract_en", "annexes", "title")
"""Fields that the page shows elsewhere than in its table of fields."""
INCOMING_LABELS: Mapping[str, Text] = {
    "repeals": Text("被下列公文废止", "Repealed by"),
    "amends": Text("被下列公文修改", "Amended by"),
    "amended_by": Text("修改下列公文", "Amends"),
    "based_on": Text("下列公文以本文为依据", "Documents based on this one"),
    "cites": Text("下列公文引用本文", "Documents that cite this one"),
}
"""What other documents do with this one, by the kind of their relation."""


@dataclass(frozen=True, slots=True)
class RelationGroup:
    """Documents to which one has the same relation."""

    title: str
    lines: Sequence[RelationLine]


async def load_document(
    request: PageRequest, dataset: Dataset, row: Record, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the page of a document shows besides its fields. Raises DatabaseUnavailable."""
    context, addresses, today = request.context, request.addresses, request.context.today().isoformat()
    day = dict(request.pairs).get("on", today)
    rows = await fetch_provision_rows(request, row)
    incoming, incoming_total = await fetch_incoming(request, row["id"])
    repeal = first_repeal(incoming)
    roots = build_provision_views(rows, addresses, day)
    tables = await fetch_tables(request, row["id"])
    annexes, loose_tables = place_tables(request, row, rows.provisions, roots, tables)
    issue_id = (row["source"] or {}).get("issue_id")
    issues = await fetch_by_ids(context, ISSUES, [issue_id] if issue_id else [])
    own_path, named_bodies = row_path(dataset.name, row["id"]), bodies(request, row, rows.provisions)
    return {
        "title": document_title(row),
        "caption": description(request, row),
        "day": day,
        "today": today,
        "sentence": status_sentence(row, day, today, repeal, request.language),
        "events": life_events(row, day, repeal, request.language),
        "repeal": repeal,
        "repeal_link": addresses.page(row_path(dataset.name, repeal.document["id"])) if repeal else "",
        "type_label": type_label(request, row),
        "abstract": abstract(request, row),
        "has_text": row["body"] is not None,
        "roots": [view for view in roots if view.row["level"] != ANNEX],
        "annexes": annexes,
        "tables": loose_tables,
        "paragraphs": [paragraph for paragraph in (row["body"] or "").split("\n") if paragraph.strip()],
        "bodies": named_bodies[:MAX_BODIES],
        "more_bodies": max(0, len(named_bodies) - MAX_BODIES),
        "outgoing": outgoing_groups(request, rows),
        "incoming": incoming_groups(request, incoming),
        "incoming_total": incoming_total,
        "incoming_shown": len(incoming),
        "incoming_link": addresses.page("/relations", [("target_id", row["id"])]),
        "days": lambda each: day_in_words(each, request.language),
        "legal_xml": addresses.api(f"/v1{own_path}{AKOMA_NTOSO.suffix}", request.pairs),
        "provision_files": [
            (
                table.title,
                addresses.api(
                    f"/v1/provisions{table.suffix}",
                    [("document_id", row["id"]), *language_pairs(request, table)],
                ),
            )
            for table in TABLE_FORMATS.values()
        ],
        "fields": [field for field in values["fields"] if field.name not in HIDDEN_FIELDS],
        "linked_data": to_json(
            describe_legislation(row, issues.get(issue_id or ""), rows.relations, repeal, addresses)
        ).replace("<", "\\u003c"),
    }


async def fetch_incoming(request: PageRequest, document_id: str) -> tuple[list[tuple[Record, Record]], int]:
    """Return the relations of other documents to one, each with the other document, and their number.

    Raises DatabaseUnavailable.
    """
    context = request.context
    query = DatasetQuery(
        conditions=(FilterCondition("target_id", "eq", (document_id,)),), sort=REPEALS_FIRST, limit=MAX_INCOMING
    )
    page = await context.repository.fetch_page(RELATIONS, query, context.today())
    relations = [from_json(row) for row in page.rows]
    documents = await fetch_by_ids(context, DOCUMENTS, [row["document_id"] for row in relations])
    found = [(row, documents[row["document_id"]]) for row in relations if row["document_id"] in documents]
    return found, page.total or 0


def language_pairs(request: PageRequest, table: TableFormat) -> list[tuple[str, str]]:
    """Return the parameters that give a file Chinese headings, on a Chinese page."""
    return [("lang", "zh")] if request.language == "zh" and "lang" in table.extra_parameters else []


def description(request: PageRequest, document: Record) -> str:
    """Return what search engines show of a document."""
    parts = (document["issuer"], document["document_number"], document["signed_on"], abstract(request, document))
    return request.text("，", ", ").join(filter(None, parts)) or document["title"]


def abstract(request: PageRequest, document: Record) -> str:
    """Return our abstract in the language of the page, else in Chinese."""
    return document[f"abstract_{request.language}"] or document["abstract_zh"] or ""


def type_label(request: PageRequest, document: Record) -> str:
    """Return the type of a document in words."""
    enum = DOCUMENTS.fields_by_name["document_type"].info.enum
    member = enum.of(document["document_type"]) if enum else None
    return request.text(member.label_zh, member.label_en) if member else ""


def bodies(request: PageRequest, document: Record, provisions: Sequence[Record]) -> list[tuple[str, int, str]]:
    """Return the responsible bodies: name, number of provisions, and the page of these."""
    return [
        (
            body,
            count,
            request.addresses.page("/provisions", [("document_id", document["id"]), ("responsible__has", body)]),
        )
        for body, count in responsible_bodies(provisions)
    ]


def outgoing_groups(request: PageRequest, rows: ProvisionRows) -> list[RelationGroup]:
    """Return the documents that a document names, by what it does with them."""
    provisions = {row["id"]: row for row in rows.provisions}
    lines = [relation_line(row, request.addresses, provisions.get(row["provision_id"])) for row in rows.relations]
    return [
        RelationGroup(relation_label(kind, request.addresses), [line for line in lines if line.kind == kind])
        for kind in relation_kinds(lines)
    ]


def incoming_groups(request: PageRequest, incoming: Sequence[tuple[Record, Record]]) -> list[RelationGroup]:
    """Return the documents that name a document, by what they do with it."""
    lines = [incoming_line(request, relation, other) for relation, other in incoming]
    return [
        RelationGroup(incoming_label(request, kind), [line for line in lines if line.kind == kind])
        for kind in relation_kinds(lines)
    ]


def incoming_line(request: PageRequest, relation: Record, other: Record) -> RelationLine:
    """Return a document that names this one; its link leads to the provision that does so."""
    provision, document_link = relation["provision_id"], request.addresses.page(row_path("documents", other["id"]))
    return RelationLine(
        kind=relation["relation"],
        label=relation_label(relation["relation"], request.addresses),
        title=other["title"],
        number=other["document_number"] or "",
        link=provision_link(request.addresses, other["id"], provision) if provision else document_link,
    )


def incoming_label(request: PageRequest, kind: str) -> str:
    """Return what others do with this document."""
    label = INCOMING_LABELS.get(kind)
    return label.in_language(request.language) if label else relation_label(kind, request.addresses)


def relation_kinds(lines: Sequence[RelationLine]) -> list[str]:
    """Return the kinds of relations in the order of their enumeration."""
    enum = RELATIONS.fields_by_name["relation"].info.enum or ()
    present = {line.kind for line in lines}
    return [str(kind.value) for kind in enum if kind.value in present]
