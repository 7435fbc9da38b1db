"""The plain records of the parser: lines of text in, rows with their spans out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

Scalar = str | int | Decimal | bool | date | None
Value = Scalar | Sequence[str] | Sequence[Mapping[str, Any]]


class Line(NamedTuple):
    """One line of the source text: its number, counted from 1, and its text with private names masked."""

    number: int
    text: str


class Area(NamedTuple):
    """One entry of the official list of areas, with which printed place names are compared."""

    id: str
    name_zh: str
    level: str
    parent_id: str | None


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """One row of one dataset, with its span in the source text.

    `fields` holds typed values by field name, without id, source, printed and notes.
    The span is `first_line` to `last_line`, both inclusive.
    `printed` holds table cells as printed, by the name of the typed field that each of them fills.
    `compiled_by` is the office that made the figures, where the print says so.
    """

    dataset: str
    id: str
    fields: Mapping[str, Value]
    first_line: int
    last_line: int
    document_id: str | None = None
    table: str | None = None
    row: int | None = None
    printed: Mapping[str, str] | None = None
    notes: str | None = None
    compiled_by: str | None = None


class DeclaredCount(NamedTuple):
    """A number that the gazette states about itself, with the rule that counts it again.

    `rule` is either a query of this service whose total must be the number
    (`urban-villages?district=龙湾区&plan=demolition`), or at least the number (`… >= 41`), or two queries with a
    field each whose values must be the same set (`water-targets?year_to=2021#section_id = water-sections#id`).
    """

    subject: str
    rule: str
    number: int
    line: int


class Doubt(NamedTuple):
    """A cell, name or line that a person should check: its line, what is printed there, and the reason."""

    line: int
    printed: str
    reason: str


class UnreadLine(NamedTuple):
    """A non-blank line that no extractor read: its number, its first characters and the reason."""

    line: int
    start: str
    reason: str


@dataclass(slots=True)
class ReadResult:
    """The result of one extractor: rows, the numbers of the lines read, declared counts, doubts, unread lines."""

    rows: list[ParsedRow] = field(default_factory=list)
    read_lines: set[int] = field(default_factory=set)
    declared: list[DeclaredCount] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    unread: list[UnreadLine] = field(default_factory=list)

    def merge(self, other: ReadResult) -> None:
        """Add everything from another result to this one."""
        self.rows += other.rows
        self.read_lines |= other.read_lines
        self.declared += other.declared
        self.doubts += other.doubts
        self.unread += other.unread

    def mark_read(self, lines: Iterable[Line]) -> None:
        """Count these lines as read."""
        self.read_lines.update(line.number for line in lines)


@dataclass(frozen=True, slots=True)
class IssueContext:
    """What an extractor knows about the issue and the document that its lines belong to.

    `issue_id` has the form `2021-05`. `areas` is the official list of areas.
    `document_id` is None outside documents.
    """

    issue_id: str
    published_on: date
    areas: Sequence[Area]
    document_id: str | None = None
