"""XLSX: typed cells, a frozen header, and a second sheet with the data dictionary.

Text is written as text, never as a formula or a link. A number that binary floating point cannot hold exactly is
written as text too, so that no digit is lost.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from app.model.cells import format_cell
from app.model.dataset import SOURCE_MEMBERS
from app.model.rows import Record, from_json
from app.renderers.representations import TABLE_FORMATS
from app.renderers.tabular.csv import localise
from app.renderers.tabular.export_spec import SOURCE_LABELS_ZH, ExportSpec, TooManyRows, header_row
from app.tempdir import temp_directory

MAX_CELL_LENGTH = 32_767
TRUNCATION_MARK = "…（此处截断，全文见 CSV · cut here, whole in CSV）"
FIRST_DATE = date(1900, 3, 1)
"""Spreadsheets take 1900 for a leap year, so earlier dates are written as text."""
COLUMN_WIDTH = 18
CREATED = datetime(2021, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""The creation date in every file, so that equal rows give equal bytes."""
DICTIONARY_HEADER = ("field", "type", "label_zh", "label_en", "unit", "enum", "editorial")


class XlsxWriter:
    """A writer that writes row by row and keeps no row in memory."""

    row_column = "row_json"

    def __init__(self, export: ExportSpec, file: BinaryIO) -> None:
        self.export = export
        self._kinds = [export.kind_of(column) for column in export.columns]
        self._count = 0
        self._directory = tempfile.TemporaryDirectory(prefix="gazette-", dir=temp_directory())
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._workbook = xlsxwriter.Workbook(file, {**options, "tmpdir": self._directory.name})
        self._workbook.set_properties({"title": export.dataset.title_en, "created": CREATED})
        self._bold_format = self._workbook.add_format({"bold": True})
        self._date_format = self._workbook.add_format({"num_format": "yyyy-mm-dd"})
        self._number_formats = [
            self._workbook.add_format({"num_format": f"0.{'0' * n}" if n else "0"}) for n in range(7)
        ]
        self._sheet: Worksheet = self._workbook.add_worksheet(export.dataset.name[:31])
        self._sheet.set_column(0, len(export.columns) - 1, COLUMN_WIDTH)
        self._sheet.freeze_panes(1, 0)
        for index, label in enumerate(header_row(export)):
            self._sheet.write_string(0, index, label, self._bold_format)

    def write(self, rows: Sequence[bytes]) -> None:
        """Add some rows; raises TooManyRows when the sheet is full."""
        for row in rows:
            if self._count >= (TABLE_FORMATS["xlsx"].max_rows or 0):
                raise TooManyRows
            self._count += 1
            self._write_row(localise(self.export, from_json(row)))

    def _write_row(self, record: Record) -> None:
        for index, (column, kind) in enumerate(zip(self.export.columns, self._kinds, strict=True)):
            outer, dot, inner = column.partition(".")
            value = record.get(outer)
            if dot:
                value = value.get(inner) if isinstance(value, dict) else None
            if value is not None:
                CELL_WRITERS.get(kind, XlsxWriter._write_text)(self, index, value)

    def _write_text(self, index: int, value: Any) -> None:
        text = format_cell(value)
        if len(text) > MAX_CELL_LENGTH:
            text = text[: MAX_CELL_LENGTH - len(TRUNCATION_MARK)] + TRUNCATION_MARK
        self._sheet.write_string(self._count, index, text)

    def _write_number(self, index: int, value: Decimal | int) -> None:
        exact = Decimal(value)
        if Decimal(repr(float(exact))) != exact:
            self._write_text(index, value)
            return
        exponent = exact.as_tuple().exponent
        places = min(-exponent, 6) if isinstance(exponent, int) and exponent < 0 else 0
        self._sheet.write_number(self._count, index, float(exact), self._number_formats[places])

    def _write_date(self, index: int, value: str) -> None:
        day = date.fromisoformat(value)
        if day < FIRST_DATE:
            self._write_text(index, value)
        else:
            self._sheet.write_datetime(self._count, index, day, self._date_format)

    def _write_boolean(self, index: int, value: bool) -> None:
        self._sheet.write_boolean(self._count, index, value)

    def close(self) -> None:
        """Write the filter, the second sheet and the end of the file."""
        self._sheet.autofilter(0, 0, self._count, len(self.export.columns) - 1)
        self._write_dictionary(self._workbook.add_worksheet("说明 about"))
        self._workbook.close()
        self._directory.cleanup()

    def abandon(self) -> None:
        """Release all resources; the file is no longer wanted."""
        self._sheet.row_data_fh.close()
        self._directory.cleanup()

    def _write_dictionary(self, sheet: Worksheet) -> None:
        dataset = self.export.dataset
        lines: list[Sequence[str]] = [(dataset.title_zh, dataset.title_en, dataset.description_en)]
        lines += [
            *self.export.provenance,
            (),
            DICTIONARY_HEADER,
            *(self._dictionary_row(column) for column in self.export.columns),
        ]
        sheet.set_column(0, len(DICTIONARY_HEADER) - 1, COLUMN_WIDTH)
        for row, cells in enumerate(lines):
            for index, cell in enumerate(cells):
                sheet.write_string(
                    row, index, cell, self._bold_format if cells is DICTIONARY_HEADER or row == 0 else None
                )

    def _dictionary_row(self, column: str) -> Sequence[str]:
        name = self.export.name_columns.get(column)
        if name:
            return (column, "string", name.label_zh, name.label_en, "", "", "")
        if column in self.export.extra_by_name:
            extra = self.export.extra_by_name[column]
            return (column, extra.kind, extra.info.label_zh, extra.info.label_en, extra.info.unit or "", "", "")
        outer, _, inner = column.partition(".")
        spec = self.export.dataset.fields_by_name.get(inner if outer == "printed" else outer)
        if spec is None or outer == "source":
            return (column, SOURCE_MEMBERS[inner], f"来源.{SOURCE_LABELS_ZH[inner]}", f"Source: {inner}", "", "", "")
        fact = spec.info
        if outer == "printed":
            return (column, "string", f"原文.{fact.label_zh}", f"{fact.label_en}, as printed", "", "", "")
        enum = "; ".join(f"{member.value} {member.label_zh} {member.label_en}" for member in fact.enum or ())
        return (
            column,
            spec.kind,
            fact.label_zh,
            fact.label_en,
            fact.unit or "",
            enum,
            "editorial" if fact.editorial else "",
        )


CELL_WRITERS: Mapping[str, Callable[[XlsxWriter, int, Any], None]] = {
    "integer": XlsxWriter._write_number,
    "number": XlsxWriter._write_number,
    "date": XlsxWriter._write_date,
    "boolean": XlsxWriter._write_boolean,
}
"""Cell writers by kind; all other kinds are text."""
