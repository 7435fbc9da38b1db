"""NDJSON: one JSON object a line."""

from collections.abc import Sequence

from app.model.rows import from_json, select_fields, to_json
from app.renderers.tabular.export_spec import ExportSpec
from app.renderers.tabular.name_columns import with_names


class NdjsonWriter:
    """A writer that passes on the objects stored at load, reduced to the selected fields."""

    row_column = "row_json"

    def __init__(self, export: ExportSpec) -> None:
        extra = dict.fromkeys(spec.name.partition(".")[0] for spec in export.extra)
        fields = None if export.fields is None else (*export.fields, *extra)
        self.fields = with_names(fields, export.expand)

    def render_header(self) -> bytes:
        """Return nothing: the format has no header."""
        return b""

    def render_rows(self, rows: Sequence[bytes]) -> bytes:
        """Return the lines of some rows."""
        fields = self.fields
        if fields is not None:
            rows = [to_json(select_fields(from_json(row), fields)).encode() for row in rows]
        return b"\n".join(rows) + b"\n" if rows else b""
