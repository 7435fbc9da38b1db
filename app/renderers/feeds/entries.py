"""Rows as entries of a feed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from app.datasets import DATASETS
from app.model.dataset import Dataset
from app.model.rows import Record
from app.renderers.akoma_ntoso.naming import anchor
from app.renderers.captions import RowNames, caption, issue_title
from app.renderers.feeds.entry_content import render_content, render_summary
from app.renderers.feeds.feed import Entry, Link, build_identifier
from app.renderers.representations import AKOMA_NTOSO, JSON
from app.renderers.urls import absolute_url

ISSUES, CHANGES, DOCUMENTS = DATASETS["issues"], DATASETS["changes"], DATASETS["documents"]


@dataclass(frozen=True, slots=True)
class RelatedRows:
    """What the entries need beside their rows, by id: issues, documents, changes, names."""

    issues: Mapping[str, Record]
    documents: Mapping[str, Record]
    last_changed: Mapping[str, str]
    """The day of each row's last change since its issue was loaded."""
    names: RowNames
    log_start: str
    """The first day in the log of changes. Rows that no issue printed exist since then."""


def build_entries(base: str, dataset: Dataset, rows: Sequence[Record], related: RelatedRows) -> list[Entry]:
    """Return the rows as entries, in their order. `base` is the public base, empty when it is unset."""
    return [_build_entry(base, dataset, row, related) for row in rows]


def _build_entry(base: str, dataset: Dataset, row: Record, related: RelatedRows) -> Entry:
    issue = row if dataset is ISSUES else related.issues.get(issue_of(row) or "")
    document = row if dataset is DOCUMENTS else related.documents.get(document_of(row) or "")
    published = row.get("at") or row.get("published_on") or (issue["published_on"] if issue else None)
    return Entry(
        identifier=build_identifier(dataset.name, row["id"]),
        title=caption(dataset, row, related.names),
        url=absolute_url(base, f"/{dataset.name}/{quote(row['id'], safe='')}"),
        updated=max(filter(None, (published, related.last_changed.get(row["id"]))), default=related.log_start),
        published=published,
        summary=render_summary(row),
        content=render_content(dataset, row, related.names),
        author=_author(dataset, issue, document),
        category=(dataset.name, dataset.title_zh),
        links=_links(base, dataset, row, issue, document),
    )


def _author(dataset: Dataset, issue: Record | None, document: Record | None) -> str | None:
    """Return the author of a row, or None for a row of this service, which is the author of the feed."""
    if dataset.provenance:
        return None
    return (document["issuer"] if document else None) or (issue["publisher"] if issue else None)


def issue_of(row: Record) -> str | None:
    """Return the id of the issue that printed a row."""
    key: str | None = (row["source"] or {}).get("issue_id")
    return key


def document_of(row: Record) -> str | None:
    """Return the id of the document that a row is part of."""
    key: str | None = row.get("document_id") or (row["source"] or {}).get("document_id")
    return key


def _links(base: str, dataset: Dataset, row: Record, issue: Record | None, document: Record | None) -> list[Link]:
    """Return links to the legal text, to the issue that printed the row, and to the row that a change is about."""
    links = []
    if dataset is DOCUMENTS or "path" in dataset.fields_by_name:
        fragment = f"#{anchor(row['path'])}" if "path" in row else ""
        path = _row_path(DOCUMENTS, document_of(row) or row["id"]) + AKOMA_NTOSO.suffix + fragment
        links.append(Link("alternate", absolute_url(base, path), AKOMA_NTOSO.media_type, AKOMA_NTOSO.title))
    if dataset is CHANGES and row["dataset"] in DATASETS:
        target_path = _row_path(DATASETS[row["dataset"]], row["row_id"])
        links.append(Link("related", absolute_url(base, target_path), JSON, row["row_id"]))
    if document is not None and document is not row:
        links.append(Link("related", absolute_url(base, _row_path(DOCUMENTS, document["id"])), JSON, document["title"]))
    if issue is not None and issue is not row:
        links.append(Link("via", absolute_url(base, _row_path(ISSUES, issue["id"])), JSON, issue_title(issue)))
    return links


def _row_path(dataset: Dataset, key: str) -> str:
    return f"/v1/{dataset.name}/{quote(key, safe='')}"
