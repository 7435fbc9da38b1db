"""The model of a feed, and the identifiers of its entries, which never change."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from app.model.dataset import Dataset
from app.query.params.controls import Sort

CITY = "330300"
"""The city of the gazette (GB/T 2260). It is part of every identifier, so that no two cities share one."""
ID_NAMESPACE = uuid.UUID("5d0c8e0a-6b0e-4f53-9a55-3f2f6f6d8f4b")
"""The namespace of the identifiers (RFC 9562, version 5). It must never change."""
DATE_FIELDS = ("at", "published_on")
"""Fields that tell when a row became known."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a feed or an entry (RFC 4287, section 4.2.7).

    A link for readers has no media type: they open it as a page, and `Accept` decides what it answers.
    """

    rel: str
    href: str
    media_type: str | None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as news. Days are ISO 8601, `content` is HTML, `summary` is plain text written by editors."""

    identifier: str
    title: str
    url: str
    """The page of the row."""
    updated: str
    published: str | None
    summary: str | None
    content: str
    author: str | None
    category: tuple[str, str]
    links: Sequence[Link]


@dataclass(frozen=True, slots=True)
class Feed:
    """One page of a feed, the newest entries first."""

    identifier: str
    title: str
    subtitle: str
    updated: str
    author: str
    home: str
    """The page that shows the same query."""
    links: Sequence[Link]
    """`self`, and the pages `first`, `previous` and `next` (RFC 5005, section 3)."""
    entries: Sequence[Entry]
    style: str = ""
    """The address of the style sheet with which browsers show the feed."""

    def link(self, rel: str) -> str | None:
        """Return the address of a relation, or None."""
        return next((link.href for link in self.links if link.rel == rel), None)


def build_identifier(*parts: str) -> str:
    """Return the identifier of a row or a query: unique, and the same on every host."""
    return uuid.uuid5(ID_NAMESPACE, "/".join((CITY, *parts))).urn


def newest_first(dataset: Dataset) -> Sort:
    """Return the sort order of a feed: by the day a row became known, which is mostly the day of its issue."""
    for name in DATE_FIELDS:
        if name in dataset.fields_by_name:
            return ((name, True), ("id", False))
    day: Sort = (("date", True),) if "date" in dataset.fields_by_name else ()
    return (("row_issue", True), *day, ("id", False))


def to_timestamp(day: str) -> str:
    """Return the start of a day in the gazette's time zone (RFC 3339)."""
    return f"{day}T00:00:00+08:00"
