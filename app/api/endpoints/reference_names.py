"""The names of what rows refer to, beside the ids: for the columns of Chinese tables, and as `names` in JSON.

The names of all rows of a page or batch are looked up together, with one statement for each referenced dataset.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import orjson

from app.api.context import AppContext
from app.api.endpoints.related import fetch_names
from app.model.dataset import Dataset
from app.model.rows import Record
from app.query.params.dataset_query import DatasetQuery
from app.renderers.row_names import Names
from app.renderers.tabular.export_spec import ExportSpec
from app.renderers.tabular.name_columns import (
    NAMES,
    NameColumn,
    member_columns,
    name_members,
    name_values,
    referenced_ids,
)

SLICE_ROWS = 500
"""Rows whose names are kept in memory at the same time."""


def needs_names(query: DatasetQuery) -> bool:
    """Return whether the rows of a query have names beside their ids."""
    return query.lang == "zh" or query.expand is not None


async def stream_with_names(
    context: AppContext, dataset: Dataset, query: DatasetQuery, batches: AsyncGenerator[list[bytes], None]
) -> AsyncGenerator[list[bytes], None]:
    """Yield rendered rows, as JSON, with the values of the name columns of a query, or with the member `names`.

    Raises DatabaseUnavailable.
    """
    columns = tuple(ExportSpec(dataset, query.fields, query.lang).name_columns.values())
    async with aclosing(batches):
        async for batch in batches:
            for start in range(0, len(batch), SLICE_ROWS):
                rows = batch[start : start + SLICE_ROWS]
                if query.expand:
                    yield await add_names_member(context, dataset, query.fields, rows)
                else:
                    yield await add_name_columns(context, columns, rows) if columns else rows


async def add_name_columns(context: AppContext, columns: Sequence[NameColumn], batch: list[bytes]) -> list[bytes]:
    """Return rendered rows with the values of some name columns. Raises DatabaseUnavailable."""
    rows, names = await _look_up(context, columns, batch)
    return [_with_members(text, name_values(columns, row, names)) for text, row in zip(batch, rows, strict=True)]


async def add_names_member(
    context: AppContext, dataset: Dataset, fields: Sequence[str] | None, rows: list[bytes]
) -> list[bytes]:
    """Return rendered rows with `names`: those of the references among some fields. Raises DatabaseUnavailable."""
    columns = member_columns(dataset, fields)
    records, names = await _look_up(context, columns, rows)
    return [
        _with_members(text, {NAMES: name_members(columns, record, names)})
        for text, record in zip(rows, records, strict=True)
    ]


async def _look_up(
    context: AppContext, columns: Sequence[NameColumn], rows: Sequence[bytes]
) -> tuple[list[Record], Names]:
    """Return some rows, parsed for their ids alone, and the names of what they refer to."""
    records = [orjson.loads(row) for row in rows]
    wanted = {
        (column.references, row_id)
        for record in records
        for column in columns
        for row_id in referenced_ids(record.get(column.field))
    }
    return records, await fetch_names(context, wanted)


def _with_members(text: bytes, members: Record) -> bytes:
    """Return a rendered row with more members. The row itself is passed on, so that decimals keep their places."""
    return text[:-1] + b"," + orjson.dumps(members)[1:]
