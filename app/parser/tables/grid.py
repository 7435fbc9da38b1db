"""Read the rows of cells in a text, written with tabs, as HTML or as Markdown."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.parser.records import Line
from app.parser.text.normalise import has_heading_mark

_TAG = re.compile(r"<(/?)(table|thead|tbody|tr|td|th)\b([^<>]{0,300})>", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_SPAN = re.compile(r"(row|col)span\s*=\s*[\"']?(\d{1,3})", re.IGNORECASE)
MAX_COLUMNS = 60
RULER = re.compile(r"[\s|:+-]*")


class GridRow(NamedTuple):
    """One row: its first and last line and its raw cells."""

    first_line: int
    last_line: int
    cells: tuple[str, ...]


def clean_cell(cell: str) -> str:
    """Return a cell without HTML tags, entities and outer spaces."""
    if "<" in cell:
        cell = _ANY_TAG.sub(" ", cell)
    if "&" in cell:
        cell = html.unescape(cell)
    return cell.strip()


def is_table_line(line: Line) -> bool:
    """Return whether a line belongs to a table: it has cells between tabs or bars, or HTML."""
    text = line.text.strip()
    return "\t" in text or ("<" in text and _TAG.search(text) is not None) or _is_markdown(text)


def _is_markdown(text: str) -> bool:
    return text.startswith("|") and text.count("|") > 2


def iter_grid_rows(lines: Sequence[Line]) -> Iterator[GridRow]:
    """Yield the rows of cells in text order."""
    html_rows = _HtmlRowParser()
    for line in lines:
        if html_rows.accepts(line):
            yield from html_rows.feed(line)
        elif "\t" in line.text:
            yield GridRow(line.number, line.number, tuple(line.text.split("\t")))
        elif _is_markdown(text := line.text.strip()) and not RULER.fullmatch(text):
            # One bar at each end is the border; a second one is that of an empty cell.
            yield GridRow(line.number, line.number, tuple(text.removeprefix("|").removesuffix("|").split("|")))
    yield from html_rows.flush()


class _HtmlRowParser:
    """Collects the cells of HTML rows, which may share a line or run over several lines."""

    def __init__(self) -> None:
        self._cells: list[str] | None = None
        self._text: list[str] = []
        self._in_cell = False
        self._first = self._last = 0
        self._span = (1, 1)
        self._below: dict[int, tuple[int, str]] = {}

    def accepts(self, line: Line) -> bool:
        """Return whether a line belongs to an HTML row."""
        if self._cells is not None:
            return not has_heading_mark(line.text) and "\t" not in line.text
        return "<" in line.text and _TAG.search(line.text) is not None

    def feed(self, line: Line) -> Iterator[GridRow]:
        """Yield the rows that end on this line."""
        at = 0
        for tag in _TAG.finditer(line.text):
            if self._in_cell:
                self._text.append(line.text[at : tag.start()])
            at = tag.end()
            yield from self._tag(tag[1] == "/", tag[2].lower(), tag[3], line.number)
        if self._in_cell:
            self._text.append(line.text[at:])
            self._last = line.number

    def _tag(self, closing: bool, name: str, attributes: str, number: int) -> Iterator[GridRow]:
        if closing or name in ("td", "th"):
            self._last = number
        if name in ("td", "th"):
            self._end_cell()
            if not closing:
                self._cells = [] if self._cells is None else self._cells
                self._first = self._first or number
                spans = {kind.lower(): int(size) for kind, size in _SPAN.findall(attributes)}
                self._span = (max(spans.get("row", 1), 1), min(max(spans.get("col", 1), 1), MAX_COLUMNS))
                self._in_cell = True
        else:
            yield from self.flush()
            if name == "tr" and not closing:
                self._cells, self._first = [], number
            elif name == "table":
                self._below = {}

    def _end_cell(self) -> None:
        if self._in_cell and self._cells is not None and len(self._cells) < MAX_COLUMNS:
            self._fill_from_above()
            text, (rows, columns) = "".join(self._text).strip(), self._span
            for offset in range(columns):
                if rows > 1:
                    self._below[len(self._cells)] = (rows - 1, text)
                self._cells.append("" if offset else text)
        self._text, self._in_cell = [], False

    def _fill_from_above(self) -> None:
        """Repeat the cells of rows above that reach into this row."""
        while self._cells is not None and (spanning := self._below.get(len(self._cells))):
            rows, text = spanning
            if rows > 1:
                self._below[len(self._cells)] = (rows - 1, text)
            else:
                del self._below[len(self._cells)]
            self._cells.append(text)

    def flush(self) -> Iterator[GridRow]:
        """Yield the row that is still open, if any."""
        self._end_cell()
        if self._cells:
            self._fill_from_above()
            yield GridRow(self._first, max(self._first, self._last), tuple(self._cells))
        self._cells, self._first = None, 0
