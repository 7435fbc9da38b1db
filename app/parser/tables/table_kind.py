"""What a kind of table is, and one printed table of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from app.parser.records import Doubt, IssueContext, Line, ParsedRow, ReadResult, UnreadLine
from app.parser.tables.grid import GridRow

_EXCERPT_LENGTH = 24


class DataRow(NamedTuple):
    """One data row: its number within the table, counted from 1, and its cells by column.

    `cells` are without HTML, `raw_cells` as they stand in the text. `width` is the number of printed cells.
    """

    number: int
    first_line: int
    last_line: int
    cells: Mapping[str, str]
    raw_cells: Mapping[str, str]
    width: int


class GroupTotal(NamedTuple):
    """A printed total or subtotal.

    `counted` is the printed name of what it counts, "" for the whole table. `rest` is the text behind the total.
    `rows_before` is the number of data rows above it.
    """

    line: int
    counted: str
    total: int
    rest: str
    rows_before: int


@dataclass(slots=True)
class Table:
    """One printed table: title, header, data rows, totals, and the account of its lines.

    `header` maps columns to their printed names. `header_width` is the number of cells up to the last known column.
    """

    kind: TableKind
    lines: Sequence[Line]
    title: str = ""
    header: dict[str, str] = field(default_factory=dict)
    header_width: int = 0
    rows: list[DataRow] = field(default_factory=list)
    totals: list[GroupTotal] = field(default_factory=list)
    read_lines: set[int] = field(default_factory=set)
    doubts: list[Doubt] = field(default_factory=list)
    unread: list[UnreadLine] = field(default_factory=list)


class NamedSection(NamedTuple):
    """What a document's text says of a water-quality section: areas as printed, line, promised class."""

    areas: Sequence[str]
    line: int
    target_class: str | None = None


@dataclass(slots=True)
class KnownRows:
    """What a table may refer to: the rows of earlier tables, and the sections that the document's text names."""

    named_sections: Mapping[str, NamedSection] = field(default_factory=dict)
    _rows: dict[str, list[ParsedRow]] = field(default_factory=dict)

    def add_rows(self, rows: Iterable[ParsedRow]) -> None:
        """Add rows that later tables may refer to."""
        for row in rows:
            self._rows.setdefault(row.dataset, []).append(row)

    def of(self, dataset: str) -> Sequence[ParsedRow]:
        """Return the known rows of a dataset, in the order in which they were extracted."""
        return self._rows.get(dataset, ())


Extractor = Callable[[Table, IssueContext, KnownRows], ReadResult]


@dataclass(frozen=True, eq=False)
class TableKind:
    """A kind of table: how its header is recognised, and what turns its rows into rows of datasets.

    Raises ValueError when `required` is empty or names a column that `columns` lacks.
    """

    name: str
    """Also the dataset of its rows."""

    columns: Mapping[str, str]
    """A pattern for the printed name of each column. A name belongs to the first column whose pattern fits it whole."""

    required: Sequence[frozenset[str]]
    """Sets of columns. A header has all columns of one set, so that one lost column does not lose the table."""

    extract: Extractor
    """Returns the rows. Every data row must end up in a row, a doubt or an unread line; start with `start_result`."""

    example: str
    """A small invented table, with the lines around it that are needed to recognise it. The tests extract it."""

    other_datasets: Sequence[str] = ()
    """Further datasets that get rows from the table."""

    refers_to: Sequence[TableKind] = ()
    """Kinds whose rows this kind refers to: their tables are extracted first, wherever they stand."""

    tried_before: Sequence[TableKind] = ()
    """Kinds whose patterns may also fit a header of this kind: such a header is of this kind."""

    title_word: str | None = None
    """A word that must stand outside the rows, where the columns alone do not tell the kind."""

    label_column: str = "name"
    """The column by which a doubt names a row."""

    begins_header: Callable[[Sequence[GridRow], bool], bool] | None = None
    """Whether a header begins with the first of these rows, for a kind whose header is more than names of columns.

    The second argument says whether the rows stand in the issue's section of statistics.
    """

    parse: Callable[[Sequence[Line], TableKind, IssueContext], Table] | None = None
    """Returns the table in these lines, for a kind with `begins_header`."""

    in_statistics: bool = False
    """Whether the table also stands in the issue's section of statistics."""

    extract_without_table: Callable[[IssueContext, KnownRows], ReadResult] | None = None
    """Returns the rows of a document that prints no table of this kind."""

    finish: Callable[[Sequence[ParsedRow]], list[ParsedRow]] | None = None
    """Returns the rows of all tables of a document, changed where they depend on tables of later kinds."""

    def __post_init__(self) -> None:
        unknown = sorted(frozenset().union(*self.required) - self.columns.keys())
        if unknown or not self.required or not all(self.required):
            raise ValueError(f"table kind {self.name}: required columns without a pattern: {', '.join(unknown) or '-'}")

    @property
    def datasets(self) -> tuple[str, ...]:
        """All datasets that get rows from the table."""
        return (self.name, *self.other_datasets)

    @cached_property
    def patterns(self) -> Mapping[str, re.Pattern[str]]:
        """The compiled patterns of the columns."""
        return {column: re.compile(pattern) for column, pattern in self.columns.items()}

    @cached_property
    def any_column(self) -> re.Pattern[str]:
        """One pattern for the printed name of any column."""
        return re.compile("|".join(f"(?:{pattern})" for pattern in self.columns.values()))


def start_result(table: Table) -> ReadResult:
    """Return a result without rows that holds the table's read lines, doubts and unread lines."""
    return ReadResult(read_lines=set(table.read_lines), doubts=list(table.doubts), unread=list(table.unread))


def release_row(result: ReadResult, row: DataRow, reason: str) -> None:
    """Mark the lines of a data row as unread, because no row can be made of it."""
    span = range(row.first_line, row.last_line + 1)
    start = " ".join(cell for cell in row.cells.values() if cell)[:_EXCERPT_LENGTH]
    # Two rows of an HTML table may share a line.
    last_unread = {item.line for item in result.unread[-1:]}
    result.read_lines.difference_update(span)
    result.unread += [UnreadLine(number, start, reason) for number in span if number not in last_unread]
