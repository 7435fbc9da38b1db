"""Arrow tables from rendered CSV lines, for datasets with neither lists nor objects.

An empty cell is null, which is exact: no field of such a dataset holds an empty text. In `printed`,
which holds the cells of one table row, it is an empty text, unless all of them are empty.
"""

import io
import re

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from app.model.dataset import SOURCE
from app.renderers.tabular.formats import Plan, kind_of

KINDS: dict[str, pa.DataType] = {
    "string": pa.string(),
    "prose": pa.string(),
    "month": pa.string(),
    "json": pa.string(),
    "integer": pa.int64(),
    "number": pa.decimal128(19, 6),  # every 64-bit number of millionths
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "list": pa.list_(pa.string()),
    "integers": pa.list_(pa.int64()),
}
MAY_BE_GUARDED = re.compile(rb"'[=+\-@\t\r]")
GUARD = r"^'('*[=+\-@\t\r])"


def is_flat(plan: Plan) -> bool:
    """Whether the stored CSV lines hold all that a plan wants."""
    perspective = plan.dataset.perspective
    computed = perspective is not None and bool(perspective.computed)
    nested = {"list", "objects"} & {spec.kind for spec in plan.dataset.fields}
    # Of a part of `printed` nobody can tell whether the whole of it is null.
    partly = any(member.startswith("printed.") for member in plan.members or ())
    return not (plan.anew or computed or nested or partly)


class FlatReader:
    """Reads CSV lines into the schema of a plan."""

    def __init__(self, plan: Plan, schema: pa.Schema) -> None:
        self.schema = schema
        self.columns = plan.columns
        kinds = {column: kind_of(plan.dataset, column) for column in plan.columns}
        self._names = plan.dataset.flat_columns
        self._convert = pa.csv.ConvertOptions(
            column_types={name: pa.string() if kind == "integers" else KINDS[kind] for name, kind in kinds.items()},
            include_columns=plan.columns,
            null_values=[""],
            strings_can_be_null=True,
        )

    def table(self, text: bytes) -> pa.Table:
        """Some lines as a table."""
        read = pa.csv.read_csv(
            io.BytesIO(text),
            read_options=pa.csv.ReadOptions(column_names=self._names, block_size=len(text) + 1),
            parse_options=pa.csv.ParseOptions(newlines_in_values=True),
            convert_options=self._convert,
        ).combine_chunks()
        cells = dict(zip(read.column_names, (column.combine_chunks() for column in read.columns), strict=True))
        if MAY_BE_GUARDED.search(text):
            cells = {name: _unguarded(column) for name, column in cells.items()}
        return pa.table([self._column(name, cells) for name in self.schema.names], schema=self.schema)

    def _column(self, name: str, cells: dict[str, pa.Array]) -> pa.Array:
        inner = [column for column in self.columns if column.startswith(f"{name}.")]
        if not inner:
            return cells[name]
        type_ = self.schema.field(name).type
        if name == "source":
            members = [_numbers(cells[column]) if _is_list(column) else cells[column] for column in inner]
            return pa.StructArray.from_arrays(members, fields=list(type_))
        empty = cells[inner[0]].is_null()
        for column in inner[1:]:
            empty = pc.and_(empty, cells[column].is_null())
        filled = [pc.fill_null(cells[column], "") for column in inner]
        return pa.StructArray.from_arrays(filled, fields=list(type_), mask=empty)


def _is_list(column: str) -> bool:
    return SOURCE[column.partition(".")[2]] == "integers"


def _numbers(column: pa.Array) -> pa.Array:
    return pc.split_pattern(column, ";").cast(KINDS["integers"])


def _unguarded(column: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(column, GUARD, r"\1") if pa.types.is_string(column.type) else column
