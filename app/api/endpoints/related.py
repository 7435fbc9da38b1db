"""Rows that other rows refer to. They are read together, with few statements for any number of rows."""

from collections.abc import Iterable, Sequence

from app.api.context import AppContext
from app.datasets import DATASETS
from app.model.dataset import Dataset
from app.model.rows import Record, parse_rows
from app.query.params.controls import Sort
from app.query.params.dataset_query import DatasetQuery, FilterCondition
from app.renderers.captions import RowNames, caption, caption_references
from app.renderers.row_names import Names, row_name

BY_ID: Sort = (("id", False),)
MAX_VALUES_PER_STATEMENT = 256


async def fetch_by_ids(context: AppContext, dataset: Dataset, row_ids: Iterable[str]) -> dict[str, Record]:
    """Return the rows with some ids, by id. Ids without a row are left out. Raises DatabaseUnavailable."""
    return {row["id"]: row for row in await fetch_where_in(context, dataset, "id", row_ids)}


async def fetch_where_in(
    context: AppContext,
    dataset: Dataset,
    field: str,
    values: Iterable[str],
    conditions: tuple[FilterCondition, ...] = (),
    sort: Sort = BY_ID,
) -> list[Record]:
    """Return the rows that have one of some values in a field, and meet the conditions. Raises DatabaseUnavailable.

    Each statement takes `MAX_VALUES_PER_STATEMENT` values; its rows are sorted, but not those of all statements.
    """
    distinct, records = sorted(set(values)), []
    options = {"vintages": "all"} if dataset.get_view_option("vintages") else {}
    for start in range(0, len(distinct), MAX_VALUES_PER_STATEMENT):
        chunk = distinct[start : start + MAX_VALUES_PER_STATEMENT]
        count = 1 << (len(chunk) - 1).bit_length()  # a power of two, so that few statements are compiled
        padded = (*chunk, *[chunk[-1]] * (count - len(chunk)))
        query = DatasetQuery(conditions=(FilterCondition(field, "in", padded), *conditions), sort=sort, options=options)
        records += parse_rows(dataset, await context.repository.fetch_rows(dataset, query, context.today()))
    return records


async def fetch_captions(context: AppContext, dataset: Dataset, rows: Sequence[Record]) -> RowNames:
    """Return the captions of all rows that the captions of some rows refer to. Raises DatabaseUnavailable."""
    ids_by_dataset: dict[str, set[str]] = {}
    for row in rows:
        if dataset.name == "changes" and row["dataset"] in DATASETS:
            ids_by_dataset.setdefault(row["dataset"], set()).add(row["row_id"])
        for name, row_id in caption_references(dataset, row):
            ids_by_dataset.setdefault(name, set()).add(row_id)
    names: dict[tuple[str, str], str] = {}
    for name, row_ids in ids_by_dataset.items():
        target = DATASETS[name]
        targets = await fetch_by_ids(context, target, row_ids)
        inner_names = await fetch_captions(context, target, list(targets.values()))
        names |= {(name, row_id): caption(target, row, inner_names) for row_id, row in targets.items()}
        if name == "indicators":
            names |= {("units", row_id): printed_unit(row) for row_id, row in targets.items()}
        if name == "documents":
            names |= {("numbers", row_id): row["document_number"] or row["title"] for row_id, row in targets.items()}
    return names


async def fetch_names(context: AppContext, references: Iterable[tuple[str, str]]) -> Names:
    """Return the names of rows, given by dataset and id. Ids without a row are left out. Raises DatabaseUnavailable."""
    known, wanted = context.row_names.of_revision(context.repository.version.cache_key), set(references)
    missing: dict[str, set[str]] = {}
    for name, row_id in wanted:
        if (name, row_id) not in known and name in DATASETS:
            missing.setdefault(name, set()).add(row_id)
    for name, row_ids in missing.items():
        dataset = DATASETS[name]
        rows = await fetch_by_ids(context, dataset, row_ids)
        known |= {(name, row_id): row_name(dataset, row) for row_id, row in rows.items()}
    return {reference: known[reference] for reference in wanted if reference in known}


def printed_unit(indicator: Record) -> str:
    """Return the unit to print behind a figure. An index has its base there, whatever the table prints."""
    return "（上年同期=100）" if indicator["unit"] == "index" else indicator["unit_zh"] or ""
