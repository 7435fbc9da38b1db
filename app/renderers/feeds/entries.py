"""Rows as entries of a feed, with what stands around them: issues, documents, changes, names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from app.datasets import DATASETS
from app.model.dataset import Dataset
from app.model.rows import Record
from app.renderers.akoma_ntoso.naming import anchor
from app.renderers.captions import Names, caption, issue_title
from app.renderers.feeds.entry_content import content, summary
from app.renderers.feeds.feed import Entry, Link, identifier
from app.renderers.representations import AKOMA_NTOSO
from app.renderers.urls import absolute

ISSUES, CHANGES, DOCUMENTS = DATASETS["issues"], DATASETS["changes"], DATASETS["documents"]
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Around:
    """What the entries of some rows need beside the rows, by id."""

    issues: Mapping[str, Record]
    documents: Mapping[str, Record]
    changed: Mapping[str, str]
    """The day of a row's last change since its issue was loaded."""
    names: Names
    begun: str
    """The first day in the log: since then there are the rows that no issue printed."""


def entries(base: str, dataset: Dataset, rows: Sequence[Record], around: Around) -> list[Entry]:
    """The rows as entries, in their order; `base` is the public base, empty when it is unset."""
    return [_entry(base, dataset, row, around) for row in rows]


def _entry(base: str, dataset: Dataset, row: Record, around: Around) -> Entry:
    issue = row if dataset is ISSUES else around.issues.get(issue_of(row) or "")
    document = row if dataset is DOCUMENTS else around.documents.get(document_of(row) or "")
    published = row.get("at") or row.get("published_on") or (issue["published_on"] if issue else None)
    return Entry(
        identifier=identifier(dataset.name, row["id"]),
        title=caption(dataset, row, around.names),
        url=absolute(base, _address(dataset, row["id"])),
        updated=max(filter(None, (published, around.changed.get(row["id"]))), default=around.begun),
        published=published,
        summary=summary(row),
        content=content(dataset, row, around.names),
        author=_author(dataset, issue, document),
        category=(dataset.name, dataset.title_zh),
        links=_links(base, dataset, row, issue, document),
    )


def _author(dataset: Dataset, issue: Record | None, document: Record | None) -> str | None:
    """Whose words a row has; null where they are this service's, whose feed says so."""
    if dataset.provenance:
        return None
    return (document["issuer"] if document else None) or (issue["publisher"] if issue else None)


def issue_of(row: Record) -> str | None:
    """The issue that printed a row."""
    key: str | None = (row["source"] or {}).get("issue_id")
    return key


def document_of(row: Record) -> str | None:
    """The document that a row is part of."""
    key: str | None = row.get("document_id") or (row["source"] or {}).get("document_id")
    return key


def _links(base: str, dataset: Dataset, row: Record, issue: Record | None, document: Record | None) -> list[Link]:
    """The legal text where there is one, the issue that printed the row, the row that a change is about."""
    found = []
    if dataset is DOCUMENTS or "path" in dataset.by_name:
        place = f"#{anchor(row['path'])}" if "path" in row else ""
        path = _address(DOCUMENTS, document_of(row) or row["id"]) + AKOMA_NTOSO.suffix + place
        found.append(Link("alternate", absolute(base, path), AKOMA_NTOSO.media_type, AKOMA_NTOSO.title))
    if dataset is CHANGES and row["dataset"] in DATASETS:
        target = _address(DATASETS[row["dataset"]], row["row_id"])
        found.append(Link("related", absolute(base, target), JSON, row["row_id"]))
    if document is not None and document is not row:
        found.append(Link("related", absolute(base, _address(DOCUMENTS, document["id"])), JSON, document["title"]))
    if issue is not None and issue is not row:
        found.append(Link("via", absolute(base, _address(ISSUES, issue["id"])), JSON, issue_title(issue)))
    return found


def _address(dataset: Dataset, key: str) -> str:
    return f"/v1/{dataset.name}/{quote(key, safe='')}"
