"""CSV: UTF-8, RFC 4180."""

from collections.abc import Sequence

from app.model.dataset import Dataset
from app.model.remarks import in_chinese
from app.model.rows import Record, csv_text, escape_formula, flatten, from_json
from app.renderers.tabular.export_spec import ExportSpec, header_row
from app.renderers.tabular.name_columns import people_in_words

BOM = b"\xef\xbb\xbf"


class CsvWriter:
    """A writer that passes on the lines stored at load, and renders rows again only where they differ from those."""

    def __init__(self, export: ExportSpec) -> None:
        self.export = export
        as_of_view = export.dataset.as_of_view
        computed = as_of_view is not None and bool(as_of_view.computed)
        rerender = export.rerender or export.fields is not None or export.lang == "zh" or computed
        self.row_column = "row_json" if rerender else "row_csv"

    def render_header(self) -> bytes:
        """Return the header line, after the byte order mark that Excel needs if it was asked for."""
        return (BOM if self.export.bom else b"") + csv_text([header_row(self.export)]).encode()

    def render_rows(self, rows: Sequence[bytes]) -> bytes:
        """Return the lines of some rows."""
        return b"".join(rows) if self.row_column == "row_csv" else self._rerender(rows).encode()

    def _rerender(self, rows: Sequence[bytes]) -> str:
        records = (localise(self.export, from_json(row)) for row in rows)
        return csv_text([escape_formula(cell) for cell in flatten(record, self.export.columns)] for record in records)


def localise(export: ExportSpec, record: Record) -> Record:
    """Return a record in the language of the export."""
    if export.lang != "zh":
        return record
    people = people_in_words(export.dataset, record)
    return translate_codes(export.dataset, record) | translate_remarks(export.dataset, record) | people


def translate_remarks(dataset: Dataset, record: Record) -> Record:
    """Return the remarks of a record in Chinese."""
    return {
        spec.name: in_chinese(record[spec.name])
        for spec in dataset.fields
        if spec.info.remark and record.get(spec.name) is not None
    }


def translate_codes(dataset: Dataset, record: Record) -> Record:
    """Return a record with the Chinese labels of its enumeration codes."""
    labels = {
        spec.name: next(member.label_zh for member in spec.info.enum if member.value == record[spec.name])
        for spec in dataset.fields
        if spec.info.enum and record.get(spec.name) is not None
    }
    return record | labels
