"""A feed and its entries, whatever form they take, and the identifiers that stay the same for ever."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from app.model.dataset import Dataset
from app.query.params.controls import Sort

CITY = "330300"
"""Whose gazette it is (GB/T 2260). Part of every identifier, so that no two cities share one."""
SPACE = uuid.UUID("5d0c8e0a-6b0e-4f53-9a55-3f2f6f6d8f4b")
"""The name space of our identifiers (RFC 9562, version 5): a constant, never to be changed."""
WAYS_OF_DAY = ("at", "published_on")
"""The fields that tell when a row became known."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a feed or an entry (RFC 4287, section 4.2.7).

    What readers are sent to has no media type: they open what they take for a page, and it answers by `Accept`.
    """

    rel: str
    href: str
    media_type: str | None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as news. Days are ISO 8601; `content` is HTML, `summary` plain text that editors wrote."""

    identifier: str
    title: str
    url: str
    updated: str
    published: str | None
    summary: str | None
    content: str
    author: str | None
    category: tuple[str, str]
    links: Sequence[Link]


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of a feed, the newest first."""

    identifier: str
    title: str
    subtitle: str
    updated: str
    author: str
    home: str
    """The same question as JSON."""
    links: Sequence[Link]
    """`self`, and of the pages `first`, `previous`, `next` (RFC 5005, section 3)."""
    entries: Sequence[Entry]

    def link(self, rel: str) -> str | None:
        """The address of a relation."""
        return next((link.href for link in self.links if link.rel == rel), None)


def identifier(*parts: str) -> str:
    """The identifier of a row or of a question: the same on every host and machine, and no other thing's."""
    return uuid.uuid5(SPACE, "/".join((CITY, *parts))).urn


def newest(dataset: Dataset) -> Sort:
    """The order of a feed: by the day on which a row became known, which for most is their issue's."""
    for name in WAYS_OF_DAY:
        if name in dataset.by_name:
            return ((name, True), ("id", False))
    day: Sort = (("date", True),) if "date" in dataset.by_name else ()
    return (("row_issue", True), *day, ("id", False))


def moment(day: str) -> str:
    """The beginning of a day where the gazette is published (RFC 3339)."""
    return f"{day}T00:00:00+08:00"
