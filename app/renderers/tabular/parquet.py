"""Parquet: real types, nulls, exact decimals, nested members.

pyarrow's own readers parse the rendered rows, so that no Python object is made for a value and unwanted fields
are skipped there. They read NDJSON, or CSV (four times faster) for a dataset with neither lists nor objects.
Decimals are read digit by digit as they are written.
"""

import io
from collections.abc import Sequence
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.json
import pyarrow.parquet

from app.model.dataset import SOURCE_MEMBERS, FieldSpec
from app.model.rows import from_json, to_json
from app.renderers.tabular.export_spec import ExportSpec
from app.renderers.tabular.parquet_from_csv import ARROW_TYPES, CsvLineReader, can_read_csv

ROW_GROUP = 65_536
DERIVED_TYPE = pa.decimal128(38, 6)
"""The type of a figure that is calculated: unlike a printed one it may have more than 64 bits of millionths."""


class ParquetWriter:
    """A writer that collects rows into row groups of a fixed size, so that batches do not change the bytes."""

    def __init__(self, export: ExportSpec, file: BinaryIO) -> None:
        self.schema = arrow_schema(export)
        self._mixed_members = find_mixed_members(export)
        self._csv_reader = CsvLineReader(export, self.schema) if can_read_csv(export) else None
        self.row_column = "row_csv" if self._csv_reader else "row_json"
        # The JSON reader cannot parse dates: they are read as text and cast.
        self._read_schema = pa.schema(
            [pa.field(field.name, pa.string() if field.type == pa.date32() else field.type) for field in self.schema]
        )
        self._rows: list[bytes] = []
        self._parquet = pa.parquet.ParquetWriter(file, self.schema)

    def write(self, rows: Sequence[bytes]) -> None:
        """Add some rows."""
        self._rows.extend(rows)
        while len(self._rows) >= ROW_GROUP:
            group, self._rows = self._rows[:ROW_GROUP], self._rows[ROW_GROUP:]
            self._parquet.write_table(self.to_table(group))

    def close(self) -> None:
        """Write the last rows and the footer."""
        self._parquet.write_table(self.to_table(self._rows))
        self._parquet.close()

    def abandon(self) -> None:
        """Release all resources; the file is no longer wanted."""
        self._parquet.close()

    def to_table(self, rows: Sequence[bytes]) -> pa.Table:
        """Return rendered rows as an Arrow table."""
        if not rows:
            return self.schema.empty_table()
        if self._csv_reader:
            return self._csv_reader.to_table(b"".join(rows))
        if self._mixed_members:
            rows = [self._stringify_mixed(row) for row in rows]
        text = b"\n".join(rows)
        table = pa.json.read_json(
            io.BytesIO(text),
            # One block: a row may be longer than the reader's usual block.
            read_options=pa.json.ReadOptions(block_size=len(text) + 1, use_threads=False),
            parse_options=pa.json.ParseOptions(explicit_schema=self._read_schema, unexpected_field_behavior="ignore"),
        )
        return table.cast(self.schema)

    def _stringify_mixed(self, row: bytes) -> bytes:
        """Return a row whose mixed-type members are text: strings as they are, other values as JSON."""
        record = from_json(row)
        for outer, inner in self._mixed_members:
            for member in record.get(outer) or ():
                if member[inner] is not None and not isinstance(member[inner], str):
                    member[inner] = to_json(member[inner])
        return to_json(record).encode()


def arrow_schema(export: ExportSpec) -> pa.Schema:
    """Return the Arrow schema of an export. `source` and `printed` are structs, as in JSON; columns carry labels."""
    fields = []
    for name in dict.fromkeys(column.partition(".")[0] for column in _selected_fields(export)):
        spec = export.dataset.fields_by_name.get(name)
        if spec is not None:
            fields.append(pa.field(name, arrow_type(spec), metadata=_column_metadata(spec)))
        else:
            inner = [column.partition(".")[2] for column in export.columns if column.startswith(f"{name}.")]
            kinds = SOURCE_MEMBERS if name == "source" else dict.fromkeys(inner, "string")
            fields.append(pa.field(name, pa.struct([pa.field(member, ARROW_TYPES[kinds[member]]) for member in inner])))
    extra: dict[str, list[pa.Field]] = {}
    for spec in export.extra:
        outer, _, member = spec.name.partition(".")
        extra.setdefault(outer, []).append(pa.field(member, DERIVED_TYPE, metadata=_column_metadata(spec)))
    fields += [pa.field(outer, pa.struct(members)) for outer, members in extra.items()]
    return pa.schema(fields, metadata={"dataset": export.dataset.name, **dict(export.provenance)})


def _selected_fields(export: ExportSpec) -> Sequence[str]:
    return export.dataset.members if export.fields is None else export.fields


def arrow_type(spec: FieldSpec) -> pa.DataType:
    """Return the Arrow type of a field."""
    if spec.kind != "objects":
        return ARROW_TYPES[spec.kind]
    members = [pa.field(name, ARROW_TYPES[spec.info.member_kinds.get(name, "string")]) for name in spec.info.members]
    return pa.list_(pa.struct(members))


def _column_metadata(spec: FieldSpec) -> dict[str, Any]:
    fact = spec.info
    return {"label_zh": fact.label_zh, "label_en": fact.label_en, **({"unit": fact.unit} if fact.unit else {})}


def find_mixed_members(export: ExportSpec) -> list[tuple[str, str]]:
    """Return the object members whose values have no one type, as pairs of field and member."""
    selected = {column.partition(".")[0] for column in _selected_fields(export)}
    return [
        (spec.name, member)
        for spec in export.dataset.fields
        if spec.name in selected
        for member, kind in spec.info.member_kinds.items()
        if kind == "json"
    ]
