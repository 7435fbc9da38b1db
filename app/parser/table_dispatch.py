"""Recognise tables by their headers and hand each to the extractor of its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from app.parser.data_tables import TABLE_KINDS, observations
from app.parser.records import IssueContext, Line, ReadResult, UnreadLine
from app.parser.tables.grid import is_table_line
from app.parser.tables.headers import find_table_kind
from app.parser.tables.statistics_section import split_statistics_section
from app.parser.tables.table_kind import KnownRows, TableKind, release_row
from app.parser.tables.table_parser import parse_table
from app.parser.text.normalise import nonblank_lines

_EXCERPT_LENGTH = 40
_STATISTICS_EXCERPT_LENGTH = 24

KindAndLines = tuple[TableKind, Sequence[Line]]


def extract_document_tables(parts: Sequence[Sequence[Line]], context: IssueContext, known: KnownRows) -> ReadResult:
    """Extract the tables of a document and add their rows to `known`.

    Each part holds one table with the lines around it, or several tables of statistics under headings. The lines of a
    table of no known kind are unread.
    """
    result = ReadResult()
    tables: list[KindAndLines] = []
    for lines in parts:
        kind = recognise_table(lines)
        if kind is None:
            result.unread += (
                UnreadLine(line.number, line.text[:_EXCERPT_LENGTH], "unknown table") for line in nonblank_lines(lines)
            )
        elif kind.in_statistics:
            tables += _find_statistics_tables(lines, result, in_section=False)
        else:
            tables.append((kind, lines))
    result.merge(_extract_in_order(tables, context, known))
    printed_kinds = {kind for kind, _ in tables}
    for kind in TABLE_KINDS:
        if kind.extract_without_table and kind not in printed_kinds:
            rows = kind.extract_without_table(context, known)
            known.add_rows(rows.rows)
            result.merge(rows)
    for kind in TABLE_KINDS:
        if kind.finish:
            result.rows = kind.finish(result.rows)
    return result


def extract_statistics(lines: Sequence[Line], context: IssueContext) -> ReadResult:
    """Extract the tables in the issue's section of statistics."""
    result = ReadResult()
    tables = _find_statistics_tables(lines, result, in_section=True)
    result.merge(_extract_in_order(tables, context, KnownRows()))
    return result


def extract_table(kind: TableKind, lines: Sequence[Line], context: IssueContext, known: KnownRows) -> ReadResult:
    """Extract one table of a known kind.

    A data row that its extractor passes over without a row, a doubt or an unread line becomes unread.
    """
    table = kind.parse(lines, kind, context) if kind.parse else parse_table(lines, kind)
    result = kind.extract(table, context, known)
    accounted_lines = {unread.line for unread in result.unread} | {doubt.line for doubt in result.doubts}
    for row in result.rows:
        accounted_lines.update(range(row.first_line, row.last_line + 1))
    for data_row in table.rows:
        if accounted_lines.isdisjoint(range(data_row.first_line, data_row.last_line + 1)):
            release_row(result, data_row, f"no row of {kind.name} was extracted from this row")
    return result


def recognise_table(lines: Sequence[Line], in_section: bool = False) -> TableKind | None:
    """Return the kind of table whose header stands in these lines; None when no known header does.

    `in_section` says that the lines stand in the issue's section of statistics.
    """
    return find_table_kind(lines, recognition_order(TABLE_KINDS), in_section)


def recognition_order(kinds: Sequence[TableKind]) -> list[TableKind]:
    """Return the kinds in the order in which a header is compared with them."""
    return _sort_kinds(kinds, lambda kind: (other for other in kinds if kind in other.tried_before))


def extraction_order(kinds: Sequence[TableKind]) -> list[TableKind]:
    """Return the kinds in the order in which their tables are extracted."""
    return _sort_kinds(kinds, lambda kind: (other for other in kinds if other in kind.refers_to))


def _sort_kinds(
    kinds: Sequence[TableKind], predecessors: Callable[[TableKind], Iterable[TableKind]]
) -> list[TableKind]:
    """Sort the kinds so that each one stands behind its predecessors, and as listed otherwise."""
    ordered: list[TableKind] = []

    def add(kind: TableKind) -> None:
        for predecessor in predecessors(kind):
            add(predecessor)
        if kind not in ordered:
            ordered.append(kind)

    for kind in kinds:
        add(kind)
    return ordered


def _extract_in_order(tables: Sequence[KindAndLines], context: IssueContext, known: KnownRows) -> ReadResult:
    result = ReadResult()
    for kind in extraction_order(TABLE_KINDS):
        for lines in (lines for table_kind, lines in tables if table_kind is kind):
            rows = extract_table(kind, lines, context, known)
            known.add_rows(rows.rows)
            result.merge(rows)
    return result


def _find_statistics_tables(lines: Sequence[Line], result: ReadResult, in_section: bool) -> list[KindAndLines]:
    """Return the tables of a section of statistics; the lines of other tables become unread in `result`."""
    tables: list[KindAndLines] = []
    for part in split_statistics_section(lines):
        kind = recognise_table(part, in_section)
        if kind is None and not any(is_table_line(line) for line in part):
            kind = observations.KIND  # it reads the lines around a table
        if kind is not None and kind.in_statistics:
            tables.append((kind, part))
        else:
            result.unread += (
                UnreadLine(line.number, line.text.strip()[:_STATISTICS_EXCERPT_LENGTH], "unknown table")
                for line in nonblank_lines(part)
            )
    return tables
