"""The entry point of the parser: the text of one gazette issue in, finished rows with their sources out."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from app.parser.documents.commitments import extract_commitments, extract_task_commitments
from app.parser.documents.declared_counts import (
    extract_contents_counts,
    extract_further_counts,
    extract_goal_counts,
    extract_plan_counts,
)
from app.parser.documents.document_row import extract_document, identify_document
from app.parser.documents.provisions import build_provision_rows, extract_provisions
from app.parser.documents.relations import extract_relations, link_targets
from app.parser.documents.water_targets import extract_goal_targets, extract_water_targets
from app.parser.news.briefs import extract_back_matter, extract_briefs
from app.parser.news.document_catalogue import extract_catalogue
from app.parser.news.events import extract_events
from app.parser.records import Area, DeclaredCount, Doubt, IssueContext, Line, ParsedRow, ReadResult, UnreadLine
from app.parser.structure.contents import ContentsEntry, to_contents_field
from app.parser.structure.document_layout import build_layout
from app.parser.structure.issue_identity import (
    NO_DECISIONS,
    Contradiction,
    IssueDecisions,
    IssueIdentity,
    NotAGazetteError,
    identify_issue,
)
from app.parser.structure.masthead import extract_issue_row
from app.parser.structure.sections import Section, split_sections
from app.parser.table_dispatch import extract_document_tables, extract_statistics, recognise_table
from app.parser.tables.grid import is_table_line
from app.parser.tables.lost_tabs import restore_tabs
from app.parser.tables.table_kind import KnownRows, NamedSection
from app.parser.text.masking import mask_private_names
from app.parser.text.normalise import nonblank_lines, split_lines
from app.parser.text.page_furniture import split_page_furniture
from app.parser.text.slugs import unique_id

PageRange = tuple[int | None, int | None]
_MAX_UNREAD_START_LENGTH = 40
MAX_LINES = 100_000
MAX_LINE_LENGTH = 100_000
"""The most lines of a text, and the most characters of one. An issue has some thousand lines of some hundred."""


@dataclass(slots=True)
class ParsedIssue:
    """One parsed issue: finished rows by dataset, and a report of what was read.

    `rows` maps dataset names to lists of plain dicts.
    `declared_sources` are the sources of `declared`, in the same order.
    `nonblank_count` counts the non-blank lines of the text, `read_count` those that belong to a row or a heading.
    `masked` lists where the name of a private person was masked, without the name.
    `suspected_names` lists what looks like such a name but was not masked; it is part of `doubts`.
    `repeated_at_line` is the line where a second copy of the same issue begins. Its rows then occur twice.
    `contradictions` lists what head and back cover say in two ways and nobody has decided; it is not loaded before.
    """

    issue_id: str
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    declared: list[DeclaredCount] = field(default_factory=list)
    declared_sources: list[dict[str, Any]] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    unread: list[UnreadLine] = field(default_factory=list)
    nonblank_count: int = 0
    read_count: int = 0
    masked: list[Doubt] = field(default_factory=list)
    suspected_names: list[Doubt] = field(default_factory=list)
    repeated_at_line: int | None = None
    contradictions: tuple[Contradiction, ...] = ()


def parse(text: str, areas: Sequence[Area], decisions: IssueDecisions = NO_DECISIONS) -> ParsedIssue:
    """Parse the text of one issue; printed place names are compared with the official list `areas`.

    `decisions` say which issue the text is where its head and back cover disagree or say nothing. Raises
    NotAGazetteError, and nothing else, when the text does not say which issue it is or contains two issues.
    """
    printed = _split_bounded(text)
    if not any(line.text.strip() for line in printed):
        raise NotAGazetteError("the text is empty")
    identity = identify_issue(printed, decisions)
    lines, masked, suspected_names = mask_private_names(printed)
    parser = _IssueParser(lines, identity, areas)
    parser.parse_sections()
    parser.result.doubts += suspected_names
    parsed = parser.build_result(masked)
    parsed.suspected_names, parsed.repeated_at_line = suspected_names, identity.repeated_at
    parsed.contradictions = identity.contradictions
    return parsed


def _split_bounded(text: str) -> list[Line]:
    """Return the lines of a text. Raises NotAGazetteError when they are too many or one is too long."""
    if text.count("\n") + text.count("\r") - text.count("\r\n") > MAX_LINES:  # before any line is made
        raise NotAGazetteError(f"the text has more than {MAX_LINES} lines")
    lines = split_lines(text)
    for line in lines:
        if len(line.text) > MAX_LINE_LENGTH:
            raise NotAGazetteError(f"line {line.number} has more than {MAX_LINE_LENGTH} characters")
    return lines


class _IssueParser:
    """Parses the sections of one issue and collects their results."""

    def __init__(self, lines: Sequence[Line], identity: IssueIdentity, areas: Sequence[Area]) -> None:
        self.lines = lines
        self.identity = identity
        self.context = IssueContext(identity.issue_id, identity.published_on, areas)
        text, furniture = split_page_furniture(lines)
        text, torn = restore_tabs(text, lambda head: recognise_table(head) is not None)
        self.sections, contents = split_sections(text)
        self.entries: list[ContentsEntry] = contents.entries if contents else []
        self.result = ReadResult(unread=[*furniture, *torn])
        self._left_out_lines = {unread.line for unread in self.result.unread}
        self._pages_by_line: dict[int, PageRange] = {}
        self._known = KnownRows()
        self._used_document_ids: dict[str, int] = {}
        self._brief_count = 0
        self._further_counts: list[DeclaredCount] = []
        self._document_ids: dict[int, str] = {}
        self._section_starts = [section.lines[0].number if section.lines else 0 for section in self.sections]
        self._pages_by_entry = _page_ranges(self.entries)
        self._digests: dict[tuple[int, int], str] = {}

    def parse_sections(self) -> None:
        """Parse every section in text order."""
        by_kind = {section.kind: section for section in reversed(self.sections)}
        masthead, contents = by_kind.get("masthead"), by_kind.get("contents")
        issue = extract_issue_row(
            masthead.lines if masthead else [],
            contents.lines if contents else [],
            self.entries,
            self.identity,
            (line for section in self.sections if section.kind == "back" for line in section.lines),
        )
        self.result.merge(issue)
        self.result.declared += extract_contents_counts(self.entries, self.identity)
        for section in self.sections:
            if section.kind == "document":
                self._parse_document(section)
            elif section.kind not in ("masthead", "contents"):
                self._merge(self._parse_section(section), self._pages_of(section.entry))
        self.result.rows = link_targets(self.result.rows)

    def _parse_section(self, section: Section) -> ReadResult:
        lines, context = section.lines, self.context
        if section.kind == "diary":
            return extract_events(lines, context, section.entry.title if section.entry else None)
        if section.kind == "catalogue":
            return extract_catalogue(lines, context, to_contents_field(self.entries))
        if section.kind == "statistics":
            return extract_statistics(lines, context)
        if section.kind in ("briefs", "back"):
            extract = extract_briefs if section.kind == "briefs" else extract_back_matter
            result = extract(lines, context, self._brief_count + 1)
            self._brief_count += sum(row.dataset == "briefs" for row in result.rows)
            return result
        result = ReadResult()
        heading, *rest = nonblank_lines(lines)
        result.mark_read([heading])
        result.unread = [_unread_line(line, "unknown section") for line in rest]
        return result

    def _parse_document(self, section: Section) -> None:
        layout = build_layout(section, self.lines)
        identity = identify_document(layout, section.entry)
        identity = identity._replace(id=unique_id(identity.id, self._used_document_ids))
        context = replace(self.context, document_id=identity.id)
        self._document_ids[section.lines[0].number] = identity.id
        pages = self._pages_of(section.entry)
        provisions = extract_provisions(layout)
        targets = extract_water_targets(layout.title, provisions, context)
        result = extract_document(section, layout, identity, pages, context)
        result.rows += build_provision_rows(identity.id, provisions)
        result.rows += extract_relations(identity.id, identity.title, identity.number, provisions, layout.annexes)
        result.merge(extract_commitments(identity.id, layout, provisions))
        result.merge(targets.result)
        tables: list[Sequence[Line]] = [layout.table_lines] if layout.table_lines else []
        for annex in layout.annexes:
            result.read_lines |= annex.heading_lines
            if any(is_table_line(line) for line in annex.content):
                tables.append(annex.lines)
                result.mark_read(annex.prose)
            else:
                result.mark_read(annex.lines)
        self._known.named_sections = {
            name: NamedSection(areas, targets.line_by_section[name], targets.class_by_section.get(name))
            for name, areas in targets.areas_by_section.items()
        }
        table_rows = extract_document_tables(tables, context, self._known)
        result.rows += extract_task_commitments(identity.id, layout, provisions, table_rows.rows)
        result.rows += extract_goal_targets(identity.id, provisions, table_rows.rows, targets.result.rows)
        result.declared += extract_goal_counts(identity.id, table_rows.rows, targets.line_by_section)
        result.declared += extract_plan_counts(identity.id, provisions, {row.dataset for row in table_rows.rows})
        datasets = {row.dataset for row in table_rows.rows}
        self._further_counts += extract_further_counts(identity.id, identity.title, provisions, datasets)
        result.merge(table_rows)
        self._merge(result, pages)

    def _merge(self, result: ReadResult, pages: PageRange) -> None:
        """Merge the result of one extractor and record the pages of its rows."""
        for row in result.rows:
            self._pages_by_line[row.first_line] = pages
        self.result.merge(result)

    def _pages_of(self, entry: ContentsEntry | None) -> PageRange:
        return self._pages_by_entry.get(entry, (None, None)) if entry else (None, None)

    def build_result(self, masked: Sequence[Doubt]) -> ParsedIssue:
        """Return the finished rows and the report of read and unread lines."""
        result = self.result
        result.read_lines -= self._left_out_lines
        parsed = ParsedIssue(
            self.identity.issue_id,
            declared=[*result.declared, *self._further_counts],
            doubts=result.doubts,
            masked=list(masked),
        )
        parsed.declared_sources = [self._source_of_count(declared) for declared in parsed.declared]
        printed = nonblank_lines(self.lines)
        reasons = {unread.line: unread for unread in reversed(result.unread)}
        for line in printed:
            if line.number not in result.read_lines:
                parsed.unread.append(reasons.get(line.number) or _unread_line(line, "no reader claimed this line"))
        parsed.nonblank_count = len(printed)
        parsed.read_count = len(printed) - len(parsed.unread)
        used_ids: dict[str, dict[str, int]] = {}
        for row in result.rows:
            row_id = unique_id(row.id, used_ids.setdefault(row.dataset, {}))
            if row_id != row.id:
                parsed.doubts.append(Doubt(row.first_line, row.id, f"a second {row.dataset} row of this id"))
            parsed.rows.setdefault(row.dataset, []).append(self._finish_row(row, row_id))
        return parsed

    def _hash_lines(self, first: int, last: int) -> str:
        """Return the SHA-256 of the lines `first` to `last`, cached because many rows share a span."""
        if (first, last) not in self._digests:
            span = "\n".join(line.text for line in self.lines[first - 1 : last])
            self._digests[first, last] = hashlib.sha256(span.encode("utf-8", "replace")).hexdigest()
        return self._digests[first, last]

    def _finish_row(self, row: ParsedRow, row_id: str) -> dict[str, Any]:
        pages = self._pages_by_line.get(row.first_line, (None, None))
        return {
            "id": row_id,
            **row.fields,
            "source": self._build_source(row, pages),
            "printed": dict(row.printed) if row.printed is not None else None,
            "notes": row.notes,
        }

    def _build_source(self, row: ParsedRow, pages: PageRange) -> dict[str, Any]:
        return {
            "issue_id": self.identity.issue_id,
            "document_id": row.document_id,
            "compiled_by": row.compiled_by,
            "page_from": pages[0],
            "page_to": pages[1],
            "table": row.table,
            "row": row.row,
            "lines": [row.first_line, row.last_line],
            "sha256": self._hash_lines(row.first_line, row.last_line),
        }

    def _source_of_count(self, declared: DeclaredCount) -> dict[str, Any]:
        """Return the source of a declared number: its line, and the document and pages that the line belongs to."""
        at = bisect_right(self._section_starts, declared.line) - 1
        section = self.sections[at] if at >= 0 else None
        document_id = self._document_ids.get(section.lines[0].number) if section else None
        pages = self._pages_of(section.entry) if section else (None, None)
        row = ParsedRow("checks", "", {}, declared.line, declared.line, document_id)
        return self._build_source(row, pages)


def _page_ranges(entries: Sequence[ContentsEntry]) -> dict[ContentsEntry, PageRange]:
    """Return the pages of each contents entry.

    An entry ends one page before the next entry begins. Where the last entry ends is not known.
    """
    page_ranges: dict[ContentsEntry, PageRange] = {
        entry: (entry.page, max(entry.page, after.page - 1)) for entry, after in pairwise(entries)
    }
    if entries:
        page_ranges[entries[-1]] = (entries[-1].page, None)
    return page_ranges


def _unread_line(line: Line, reason: str) -> UnreadLine:
    return UnreadLine(line.number, line.text.strip()[:_MAX_UNREAD_START_LENGTH], reason)
