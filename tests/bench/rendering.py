"""Made-up records as rows of our tables and of the plain ones."""

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.datasets import DATASETS
from app.ingest.row_writer import to_column_values
from app.model.cells import format_cell
from app.model.dataset import Dataset
from app.model.rows import Record
from tests.bench import data

OBSERVATIONS = DATASETS["observations"]
SQLITE = sa.create_engine("sqlite://").dialect


def rendered(numbers: range) -> tuple[list[list[Any]], list[list[Any]]]:
    """The observations of these numbers as our rows and as plain ones; the dear part, done in processes."""
    records = [data.observation(n) for n in numbers]
    ours = [stored_row(OBSERVATIONS, record) for record in records]
    return ours, [plain_form(OBSERVATIONS, record) for record in records]


def stored_row(dataset: Dataset, record: Record) -> list[Any]:
    """The values of a row in the order of its columns, as a driver takes them."""
    form = to_column_values(dataset, record)
    return [_bound(column, form.get(column.name)) for column in dataset.table.columns]


def _bound(column: "sa.Column[Any]", value: Any) -> Any:
    if isinstance(value, Decimal | date | bool | list):
        assert isinstance(column.type, sa.types.TypeDecorator)
        return column.type.process_bind_param(value, SQLITE)
    return value


def plain_form(dataset: Dataset, record: Record) -> list[Any]:
    """The values of a row under the flattened columns: numbers as numbers, all else as the text of its cell."""
    row: list[Any] = []
    for column in dataset.flat_columns:
        outer, dot, inner = column.partition(".")
        value = record.get(outer)
        if dot:
            value = (value or {}).get(inner)
        if isinstance(value, Decimal):
            row.append(float(value))
        else:
            row.append(value if value is None or isinstance(value, int) else format_cell(value))
    return row
