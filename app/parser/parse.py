"""The parser's entry: a gazette issue's text in, finished rows with their sources out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from app.parser.data_tables.observations import read_statistics
from app.parser.documents.commitments import read_commitments
from app.parser.documents.declared_counts import declared_in_contents, declared_in_goals, declared_in_plan
from app.parser.documents.document_row import identify, read_document
from app.parser.documents.provisions import provision_rows, read_provisions
from app.parser.documents.relations import link_targets, read_relations
from app.parser.documents.water_targets import read_targets
from app.parser.news.briefs import read_back_matter, read_briefs
from app.parser.news.document_catalogue import read_catalogue
from app.parser.news.events import read_diary
from app.parser.records import Area, Context, Declared, Doubt, Line, Reading, Row, Unread
from app.parser.structure.contents import Entry, as_field
from app.parser.structure.document_layout import read_layout
from app.parser.structure.masthead import Identity, NotAGazette, identify_issue, read_issue
from app.parser.structure.sections import Section, split_sections
from app.parser.table_dispatch import Known, read_tables
from app.parser.tables.grid import is_table_line
from app.parser.text.masking import mask
from app.parser.text.normalise import nonblank, split_lines
from app.parser.text.page_furniture import set_aside
from app.parser.text.slugs import unique

Pages = tuple[int | None, int | None]
_UNREAD_START = 40


@dataclass(slots=True)
class Parsed:
    """One issue: rows by dataset (finished plain dicts), and the account of what was read.

    `nonblank` counts the text's non-blank lines, `read` those that a row or heading claims;
    `masked` says where a private person's name was masked, without the name; `suspects`, also among
    the doubts, says what looks like such a name and was left. `repeated_at` is the line at which the
    same issue begins again: its rows are then doubled.
    """

    issue_id: str
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    declared: list[Declared] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    nonblank: int = 0
    read: int = 0
    masked: list[Doubt] = field(default_factory=list)
    suspects: list[Doubt] = field(default_factory=list)
    repeated_at: int | None = None


def parse(text: str, areas: Sequence[Area]) -> Parsed:
    """Parse one issue; `areas` is the official list that printed place names are compared with.

    Raises NotAGazette, and nothing else, when the text is no issue or holds two.
    """
    printed = split_lines(text)
    if not any(line.text.strip() for line in printed):
        raise NotAGazette("the text is empty")
    identity = identify_issue(printed)
    lines, masked, doubtful = mask(printed)
    issue = _Issue(lines, identity, areas)
    issue.read()
    issue.reading.doubts += doubtful
    parsed = issue.finish(masked)
    parsed.suspects, parsed.repeated_at = doubtful, identity.repeated_at
    return parsed


class _Issue:
    """One issue while it is being read."""

    def __init__(self, lines: Sequence[Line], identity: Identity, areas: Sequence[Area]) -> None:
        self.lines = lines
        self.identity = identity
        self.context = Context(identity.issue_id, identity.published_on, areas)
        text, aside = set_aside(lines)
        self.sections, contents = split_sections(text)
        self.entries: list[Entry] = contents.entries if contents else []
        self.reading = Reading(unread=aside)
        self._aside = {each.line for each in aside}
        self.pages: dict[int, Pages] = {}
        self._known = Known()
        self._taken: dict[str, int] = {}
        self._pieces = 0
        self._entry_pages = _pages(self.entries)
        self._digests: dict[tuple[int, int], str] = {}

    def read(self) -> None:
        """Read every section in text order."""
        by_kind = {section.kind: section for section in reversed(self.sections)}
        masthead, contents = by_kind.get("masthead"), by_kind.get("contents")
        issue = read_issue(
            masthead.lines if masthead else [], contents.lines if contents else [], self.entries, self.identity
        )
        self.reading.add(issue)
        self.reading.declared += declared_in_contents(self.entries, self.identity)
        for section in self.sections:
            if section.kind == "document":
                self._read_document(section)
            elif section.kind not in ("masthead", "contents"):
                self._take(self._read_section(section), self._pages_of(section.entry))
        self.reading.rows = link_targets(self.reading.rows)

    def _read_section(self, section: Section) -> Reading:
        lines, context = section.lines, self.context
        if section.kind == "diary":
            return read_diary(lines, context)
        if section.kind == "catalogue":
            return read_catalogue(lines, context, as_field(self.entries))
        if section.kind == "statistics":
            return read_statistics(lines, context)
        if section.kind in ("briefs", "back"):
            reader = read_briefs if section.kind == "briefs" else read_back_matter
            reading = reader(lines, context, self._pieces + 1)
            self._pieces += sum(row.dataset == "briefs" for row in reading.rows)
            return reading
        reading = Reading()
        heading, *rest = nonblank(lines)
        reading.claim([heading])
        reading.unread = [_unread(line, "unknown section") for line in rest]
        return reading

    def _read_document(self, section: Section) -> None:
        layout = read_layout(section, self.lines)
        identity = identify(layout, section.entry)
        identity = identity._replace(id=unique(identity.id, self._taken))
        context = replace(self.context, document_id=identity.id)
        pages = self._pages_of(section.entry)
        provisions = read_provisions(layout)
        targets = read_targets(layout.title, provisions, context)
        reading = read_document(section, layout, identity, pages, context)
        reading.rows += provision_rows(identity.id, provisions)
        reading.rows += read_relations(identity.id, identity.title, identity.number, provisions)
        reading.rows += read_commitments(identity.id, layout, provisions)
        reading.add(targets.reading)
        parts: list[Sequence[Line]] = [layout.table_lines] if layout.table_lines else []
        for annex in layout.annexes:
            reading.read |= annex.head
            if any(is_table_line(line) for line in annex.content):
                parts.append(annex.lines)
            else:
                reading.claim(annex.lines)
        self._known.named, self._known.named_at = targets.named, targets.named_at
        self._known.classes = targets.classes
        tables = read_tables(parts, context, self._known)
        reading.declared += declared_in_goals(identity.id, tables.rows, targets.named_at)
        reading.declared += declared_in_plan(identity.id, provisions, {row.dataset for row in tables.rows})
        reading.add(tables)
        self._take(reading, pages)

    def _take(self, reading: Reading, pages: Pages) -> None:
        """Take in what one reader found; its rows stand on these pages."""
        for row in reading.rows:
            self.pages[row.first] = pages
        self.reading.add(reading)

    def _pages_of(self, entry: Entry | None) -> Pages:
        return self._entry_pages.get(entry, (None, None)) if entry else (None, None)

    def finish(self, masked: Sequence[Doubt]) -> Parsed:
        """Return the finished rows and the account of the lines."""
        reading = self.reading
        reading.read -= self._aside
        parsed = Parsed(self.identity.issue_id, declared=reading.declared, doubts=reading.doubts, masked=list(masked))
        printed = nonblank(self.lines)
        reasons = {unread.line: unread for unread in reversed(reading.unread)}
        for line in printed:
            if line.number not in reading.read:
                parsed.unread.append(reasons.get(line.number) or _unread(line, "no reader claimed this line"))
        parsed.nonblank = len(printed)
        parsed.read = len(printed) - len(parsed.unread)
        taken: dict[str, dict[str, int]] = {}
        for row in reading.rows:
            row_id = unique(row.id, taken.setdefault(row.dataset, {}))
            if row_id != row.id:
                parsed.doubts.append(Doubt(row.first, row.id, f"a second {row.dataset} row of this id"))
            parsed.rows.setdefault(row.dataset, []).append(self._finished(row, row_id))
        return parsed

    def _digest(self, first: int, last: int) -> str:
        """Return the SHA-256 of these lines; many rows share a span."""
        if (first, last) not in self._digests:
            span = "\n".join(line.text for line in self.lines[first - 1 : last])
            self._digests[first, last] = hashlib.sha256(span.encode("utf-8", "replace")).hexdigest()
        return self._digests[first, last]

    def _finished(self, row: Row, row_id: str) -> dict[str, Any]:
        pages = self.pages.get(row.first, (None, None))
        return {
            "id": row_id,
            **row.fields,
            "source": {
                "issue_id": self.identity.issue_id,
                "document_id": row.document_id,
                "page_from": pages[0],
                "page_to": pages[1],
                "table": row.table,
                "row": row.row,
                "lines": [row.first, row.last],
                "sha256": self._digest(row.first, row.last),
            },
            "printed": dict(row.printed) if row.printed is not None else None,
            "notes": row.notes,
        }


def _pages(entries: Sequence[Entry]) -> dict[Entry, Pages]:
    """A contents entry ends one page before the next one begins; the last one's end is not known."""
    found: dict[Entry, Pages] = {
        entry: (entry.page, max(entry.page, after.page - 1)) for entry, after in pairwise(entries)
    }
    if entries:
        found[entries[-1]] = (entries[-1].page, None)
    return found


def _unread(line: Line, why: str) -> Unread:
    return Unread(line.number, line.text.strip()[:_UNREAD_START], why)
