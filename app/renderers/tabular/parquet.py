"""Parquet files: real types, nulls, exact decimals, nested members.

Rendered rows go through pyarrow's own readers, so that no Python object is made for a value, and
what is not wanted is skipped there: as NDJSON, or as the four times faster CSV where a dataset has
neither lists nor objects. A decimal's digits are read as they are written.
"""

import io
from collections.abc import Sequence
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.json
import pyarrow.parquet

from app.model.dataset import SOURCE, FieldSpec
from app.model.rows import from_json, to_json
from app.renderers.tabular.formats import Plan
from app.renderers.tabular.parquet_from_csv import KINDS, FlatReader, is_flat

ROW_GROUP = 65_536


class ParquetWriter:
    """Collects rows to row groups of a fixed size, so that the bytes do not depend on how rows arrive."""

    def __init__(self, plan: Plan, file: BinaryIO) -> None:
        self.schema = schema_of(plan)
        self._mixed = mixed_members(plan)
        self._flat = FlatReader(plan, self.schema) if is_flat(plan) else None
        self.form = "row_csv" if self._flat else "row_json"
        # The reader makes no dates; they come as text and are cast.
        self._read_as = pa.schema(
            [pa.field(field.name, pa.string() if field.type == pa.date32() else field.type) for field in self.schema]
        )
        self._rows: list[bytes] = []
        self._out = pa.parquet.ParquetWriter(file, self.schema)

    def write(self, rows: Sequence[bytes]) -> None:
        """Add some rows."""
        self._rows.extend(rows)
        while len(self._rows) >= ROW_GROUP:
            group, self._rows = self._rows[:ROW_GROUP], self._rows[ROW_GROUP:]
            self._out.write_table(self.table(group))

    def close(self) -> None:
        """Write the last rows and the footer."""
        self._out.write_table(self.table(self._rows))
        self._out.close()

    def abandon(self) -> None:
        """Let go of everything; the file is not wanted any more."""
        self._out.close()

    def table(self, rows: Sequence[bytes]) -> pa.Table:
        """Rendered rows as an Arrow table."""
        if not rows:
            return self.schema.empty_table()
        if self._flat:
            return self._flat.table(b"".join(rows))
        if self._mixed:
            rows = [self._with_text(row) for row in rows]
        text = b"\n".join(rows)
        table = pa.json.read_json(
            io.BytesIO(text),
            # One block: a row may be longer than the reader's usual block.
            read_options=pa.json.ReadOptions(block_size=len(text) + 1, use_threads=False),
            parse_options=pa.json.ParseOptions(explicit_schema=self._read_as, unexpected_field_behavior="ignore"),
        )
        return table.cast(self.schema)

    def _with_text(self, row: bytes) -> bytes:
        """A row whose members of no one type are text: strings as they are, anything else as JSON."""
        record = from_json(row)
        for outer, inner in self._mixed:
            for member in record.get(outer) or ():
                if member[inner] is not None and not isinstance(member[inner], str):
                    member[inner] = to_json(member[inner])
        return to_json(record).encode()


def schema_of(plan: Plan) -> pa.Schema:
    """The Arrow schema of a plan: `source` and `printed` are structs, as in JSON, and columns carry their labels."""
    fields = []
    for name in dict.fromkeys(column.partition(".")[0] for column in _wanted(plan)):
        spec = plan.dataset.by_name.get(name)
        if spec is not None:
            fields.append(pa.field(name, type_of(spec), metadata=_facts(spec)))
        else:
            inner = [column.partition(".")[2] for column in plan.columns if column.startswith(f"{name}.")]
            kinds = SOURCE if name == "source" else dict.fromkeys(inner, "string")
            fields.append(pa.field(name, pa.struct([pa.field(member, KINDS[kinds[member]]) for member in inner])))
    return pa.schema(fields, metadata={"dataset": plan.dataset.name, **dict(plan.about)})


def _wanted(plan: Plan) -> Sequence[str]:
    return plan.dataset.members if plan.members is None else plan.members


def type_of(spec: FieldSpec) -> pa.DataType:
    """The Arrow type of a field."""
    if spec.kind != "objects":
        return KINDS[spec.kind]
    members = [pa.field(name, KINDS[spec.fact.member_kinds.get(name, "string")]) for name in spec.fact.members]
    return pa.list_(pa.struct(members))


def _facts(spec: FieldSpec) -> dict[str, Any]:
    fact = spec.fact
    return {"label_zh": fact.zh, "label_en": fact.en, **({"unit": fact.unit} if fact.unit else {})}


def mixed_members(plan: Plan) -> list[tuple[str, str]]:
    """The members of objects that hold values of any type, as (field, member)."""
    wanted = {column.partition(".")[0] for column in _wanted(plan)}
    return [
        (spec.name, member)
        for spec in plan.dataset.fields
        if spec.name in wanted
        for member, kind in spec.fact.member_kinds.items()
        if kind == "json"
    ]
