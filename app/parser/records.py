"""The plain records that the gazette parser passes on: text lines in, rows with spans out.

Nothing here or elsewhere in this package reads a file, a clock, a session or the network.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

Scalar = str | int | Decimal | bool | date | None
Value = Scalar | Sequence[str] | Sequence[Mapping[str, Any]]


class Line(NamedTuple):
    """One line of the source text: its 1-based number and its text, private names masked."""

    number: int
    text: str


class Area(NamedTuple):
    """One entry of the official list of areas that printed place names are compared with."""

    id: str
    name_zh: str
    level: str
    parent_id: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row for one dataset, with its span in the source text.

    `fields` holds typed values by the dataset's field names (without id, source, printed,
    notes). `first`..`last` are line numbers of the text, both inclusive. `printed` holds
    table cells as they stand, keyed by the typed field that each of them fills.
    """

    dataset: str
    id: str
    fields: Mapping[str, Value]
    first: int
    last: int
    document_id: str | None = None
    table: str | None = None
    row: int | None = None
    printed: Mapping[str, str] | None = None
    notes: str | None = None


class Declared(NamedTuple):
    """A number that the gazette states about itself, with the rule that re-counts it.

    `rule` is a query of this service (`urban-villages?district=龙湾区&plan=demolition`), whose
    total is the count, or two such queries that name a field each and must hold the same set
    (`water-targets?year_to=2021#section_id = water-sections#id`).
    """

    subject: str
    rule: str
    declared: int
    line: int


class Doubt(NamedTuple):
    """A cell or name that the reader should look at: where, what is printed, and why."""

    line: int
    printed: str
    why: str


class Unread(NamedTuple):
    """A non-blank line that no reader claimed."""

    line: int
    start: str
    why: str


@dataclass(slots=True)
class Reading:
    """What one reader made of some lines: rows, the lines it claims, declared numbers, doubts."""

    rows: list[Row] = field(default_factory=list)
    read: set[int] = field(default_factory=set)
    declared: list[Declared] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    def add(self, other: Reading) -> None:
        """Take in all that another reader found."""
        self.rows += other.rows
        self.read |= other.read
        self.declared += other.declared
        self.doubts += other.doubts
        self.unread += other.unread

    def claim(self, lines: Iterable[Line]) -> None:
        """Count these lines as read."""
        self.read.update(line.number for line in lines)


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader may know of the issue around its lines.

    `areas` is the official list; `issue_id` is like `2021-05`; `document_id` is that of the
    document the lines belong to, or None outside documents.
    """

    issue_id: str
    published_on: date
    areas: Sequence[Area]
    document_id: str | None = None
