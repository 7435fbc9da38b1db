"""Arrow tables from rendered CSV lines, for datasets with neither lists nor objects.

An empty cell is null. This is exact, because no field of such a dataset holds an empty text. `printed` differs:
it holds the cells of one table row, so an empty cell is an empty text unless all cells are empty.
"""

import io
import re

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from app.model.dataset import SOURCE_MEMBERS
from app.model.rows import FORMULA_CHARACTERS
from app.renderers.tabular.export_spec import ExportSpec, column_kind

ARROW_TYPES: dict[str, pa.DataType] = {
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
ESCAPED_FORMULA = re.compile(b"'(?:%b)" % b"|".join(re.escape(each.encode()) for each in FORMULA_CHARACTERS))
ESCAPE_PATTERN = f"^'('*[{FORMULA_CHARACTERS}])"


def can_read_csv(export: ExportSpec) -> bool:
    """Return whether the stored CSV lines hold everything that an export needs."""
    as_of_view = export.dataset.as_of_view
    computed = as_of_view is not None and bool(as_of_view.computed)
    nested = {"list", "objects"} & {spec.kind for spec in export.dataset.fields}
    # From some members of `printed` alone nobody can tell whether all of it is null.
    part_of_printed = any(member.startswith("printed.") for member in export.fields or ())
    return not (export.rerender or computed or nested or part_of_printed)


class CsvLineReader:
    """A reader of CSV lines into the Arrow schema of an export."""

    def __init__(self, export: ExportSpec, schema: pa.Schema) -> None:
        self.schema = schema
        self.columns = export.columns
        kinds = {column: column_kind(export.dataset, column) for column in export.columns}
        self._names = export.dataset.flat_columns
        self._convert = pa.csv.ConvertOptions(
            column_types={
                name: pa.string() if kind == "integers" else ARROW_TYPES[kind] for name, kind in kinds.items()
            },
            include_columns=export.columns,
            null_values=[""],
            strings_can_be_null=True,
        )

    def to_table(self, text: bytes) -> pa.Table:
        """Return some lines as a table."""
        table = pa.csv.read_csv(
            io.BytesIO(text),
            read_options=pa.csv.ReadOptions(column_names=self._names, block_size=len(text) + 1),
            parse_options=pa.csv.ParseOptions(newlines_in_values=True),
            convert_options=self._convert,
        ).combine_chunks()
        columns = dict(zip(table.column_names, (column.combine_chunks() for column in table.columns), strict=True))
        if ESCAPED_FORMULA.search(text):
            columns = {name: _unescape_formulas(column) for name, column in columns.items()}
        return pa.table([self._column(name, columns) for name in self.schema.names], schema=self.schema)

    def _column(self, name: str, cells: dict[str, pa.Array]) -> pa.Array:
        inner = [column for column in self.columns if column.startswith(f"{name}.")]
        if not inner:
            return cells[name]
        type_ = self.schema.field(name).type
        if name == "source":
            members = [_split_integers(cells[column]) if _is_list(column) else cells[column] for column in inner]
            return pa.StructArray.from_arrays(members, fields=list(type_))
        empty = cells[inner[0]].is_null()
        for column in inner[1:]:
            empty = pc.and_(empty, cells[column].is_null())
        filled = [pc.fill_null(cells[column], "") for column in inner]
        return pa.StructArray.from_arrays(filled, fields=list(type_), mask=empty)


def _is_list(column: str) -> bool:
    return SOURCE_MEMBERS[column.partition(".")[2]] == "integers"


def _split_integers(column: pa.Array) -> pa.Array:
    return pc.split_pattern(column, ";").cast(ARROW_TYPES["integers"])


def _unescape_formulas(column: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(column, ESCAPE_PATTERN, r"\1") if pa.types.is_string(column.type) else column
