"""Rows of an export with the names of what they refer to, read batch by batch."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import orjson

from app.api.context import AppContext
from app.api.endpoints.related import fetch_names
from app.model.dataset import Dataset
from app.query.params.dataset_query import DatasetQuery
from app.renderers.tabular.export_spec import ExportSpec
from app.renderers.tabular.name_columns import NameColumn, name_values, referenced_ids

SLICE_ROWS = 500
"""Rows whose names are kept in memory at the same time."""


async def stream_with_names(
    context: AppContext, dataset: Dataset, query: DatasetQuery, batches: AsyncGenerator[list[bytes], None]
) -> AsyncGenerator[list[bytes], None]:
    """Yield rendered rows, as JSON, with the values of the name columns of a query. Raises DatabaseUnavailable."""
    columns = tuple(ExportSpec(dataset, query.fields, query.lang).name_columns.values())
    async with aclosing(batches):
        async for batch in batches:
            if not columns:
                yield batch
                continue
            for start in range(0, len(batch), SLICE_ROWS):
                yield await _add_names(context, columns, batch[start : start + SLICE_ROWS])


async def _add_names(context: AppContext, columns: tuple[NameColumn, ...], batch: list[bytes]) -> list[bytes]:
    # The rows are parsed for their ids alone and passed on as they were, so that decimals keep their places.
    rows = [orjson.loads(row) for row in batch]
    wanted = {
        (column.references, row_id)
        for row in rows
        for column in columns
        for row_id in referenced_ids(row.get(column.field))
    }
    names = await fetch_names(context, wanted)
    return [
        text[:-1] + b"," + orjson.dumps(name_values(columns, row, names))[1:]
        for text, row in zip(batch, rows, strict=True)
    ]
