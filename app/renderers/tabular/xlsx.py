"""XLSX files: typed cells, a frozen heading, and a second sheet with the data dictionary.

Text is written as text, never as a formula or an address. A number that a spreadsheet's binary
floating point cannot hold exactly is text too: no digit is lost.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from app.model.cells import to_cell
from app.model.dataset import SOURCE
from app.model.rows import Record, from_json
from app.renderers.tabular.csv import shown
from app.renderers.tabular.formats import FORMATS, SOURCE_ZH, Plan, TooManyRows, heading, kind_of
from app.tempdir import place

LONGEST_CELL = 32_767
CUT = "…（此处截断，全文见 CSV · cut here, whole in CSV）"
FIRST_DATE = date(1900, 3, 1)
"""Spreadsheets take 1900 for a leap year; earlier days are written as text."""
WIDTH = 18
CREATED = datetime(2021, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Written into every file, so that the same rows give the same bytes."""
DICTIONARY = ("field", "type", "label_zh", "label_en", "unit", "enum", "editorial")


class XlsxWriter:
    """Writes row by row; what is written does not stay in memory."""

    form = "row_json"

    def __init__(self, plan: Plan, file: BinaryIO) -> None:
        self.plan = plan
        self._kinds = [kind_of(plan.dataset, column) for column in plan.columns]
        self._count = 0
        self._room = tempfile.TemporaryDirectory(prefix="gazette-", dir=place())
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(file, {**options, "tmpdir": self._room.name})
        self._book.set_properties({"title": plan.dataset.title_en, "created": CREATED})
        self._bold = self._book.add_format({"bold": True})
        self._date = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._places = [self._book.add_format({"num_format": f"0.{'0' * n}" if n else "0"}) for n in range(7)]
        self._sheet: Worksheet = self._book.add_worksheet(plan.dataset.name[:31])
        self._sheet.set_column(0, len(plan.columns) - 1, WIDTH)
        self._sheet.freeze_panes(1, 0)
        for at, word in enumerate(heading(plan)):
            self._sheet.write_string(0, at, word, self._bold)

    def write(self, rows: Sequence[bytes]) -> None:
        """Add some rows; raises TooManyRows when the sheet is full."""
        for row in rows:
            if self._count >= (FORMATS["xlsx"].most_rows or 0):
                raise TooManyRows
            self._count += 1
            self._row(shown(self.plan, from_json(row)))

    def _row(self, record: Record) -> None:
        for at, (column, kind) in enumerate(zip(self.plan.columns, self._kinds, strict=True)):
            outer, dot, inner = column.partition(".")
            value = record.get(outer)
            if dot:
                value = value.get(inner) if isinstance(value, dict) else None
            if value is not None:
                WRITE.get(kind, XlsxWriter._text)(self, at, value)

    def _text(self, at: int, value: Any) -> None:
        text = to_cell(value)
        if len(text) > LONGEST_CELL:
            text = text[: LONGEST_CELL - len(CUT)] + CUT
        self._sheet.write_string(self._count, at, text)

    def _number(self, at: int, value: Decimal | int) -> None:
        exact = Decimal(value)
        if Decimal(repr(float(exact))) != exact:
            self._text(at, value)
            return
        exponent = exact.as_tuple().exponent
        places = min(-exponent, 6) if isinstance(exponent, int) and exponent < 0 else 0
        self._sheet.write_number(self._count, at, float(exact), self._places[places])

    def _day(self, at: int, value: str) -> None:
        day = date.fromisoformat(value)
        if day < FIRST_DATE:
            self._text(at, value)
        else:
            self._sheet.write_datetime(self._count, at, day, self._date)

    def _flag(self, at: int, value: bool) -> None:
        self._sheet.write_boolean(self._count, at, value)

    def close(self) -> None:
        """Write the filter, the second sheet and the file."""
        self._sheet.autofilter(0, 0, self._count, len(self.plan.columns) - 1)
        self._dictionary(self._book.add_worksheet("说明 about"))
        self._book.close()
        self._room.cleanup()

    def abandon(self) -> None:
        """Let go of everything; the file is not wanted any more."""
        self._sheet.row_data_fh.close()
        self._room.cleanup()

    def _dictionary(self, sheet: Worksheet) -> None:
        dataset = self.plan.dataset
        lines: list[Sequence[str]] = [(dataset.title_zh, dataset.title_en, dataset.description_en)]
        lines += [*self.plan.about, (), DICTIONARY, *(self._entry(column) for column in self.plan.columns)]
        sheet.set_column(0, len(DICTIONARY) - 1, WIDTH)
        for number, words in enumerate(lines):
            for at, word in enumerate(words):
                sheet.write_string(number, at, word, self._bold if words is DICTIONARY or number == 0 else None)

    def _entry(self, column: str) -> Sequence[str]:
        outer, _, inner = column.partition(".")
        spec = self.plan.dataset.by_name.get(inner if outer == "printed" else outer)
        if spec is None or outer == "source":
            return (column, SOURCE[inner], f"来源.{SOURCE_ZH[inner]}", f"Source: {inner}", "", "", "")
        fact = spec.fact
        if outer == "printed":
            return (column, "string", f"原文.{fact.zh}", f"{fact.en}, as printed", "", "", "")
        enum = "; ".join(f"{member.value} {member.label_zh} {member.label_en}" for member in fact.enum or ())
        return (column, spec.kind, fact.zh, fact.en, fact.unit or "", enum, "editorial" if fact.editorial else "")


WRITE: Mapping[str, Callable[[XlsxWriter, int, Any], None]] = {
    "integer": XlsxWriter._number,
    "number": XlsxWriter._number,
    "date": XlsxWriter._day,
    "boolean": XlsxWriter._flag,
}
"""How the kinds that are not text are written."""
