"""Rows that other rows speak of: looked up together, a few statements whatever the number of rows."""

from collections.abc import Iterable, Sequence

from app.api.context import Desk
from app.api.endpoints.snapshot import records
from app.datasets import DATASETS
from app.model.dataset import Dataset
from app.model.rows import Record
from app.query.params.controls import Sort
from app.query.params.dataset_query import Ask, Condition
from app.renderers.captions import Names, caption, references

BY_ID: Sort = (("id", False),)
AT_ONCE = 256
"""Ids of one statement."""


async def by_id(desk: Desk, dataset: Dataset, keys: Iterable[str]) -> dict[str, Record]:
    """The rows of some ids, those that there are; raises Unavailable."""
    return {row["id"]: row for row in await having(desk, dataset, "id", keys)}


async def having(
    desk: Desk, dataset: Dataset, field: str, keys: Iterable[str], also: tuple[Condition, ...] = (), sort: Sort = BY_ID
) -> list[Record]:
    """The rows that have one of some values in a field, a part of the values after another; raises Unavailable."""
    wanted, found = sorted(set(keys)), []
    options = {"vintages": "all"} if dataset.option("vintages") else {}
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        number = 1 << (len(some) - 1).bit_length()  # a few statements, whatever the number of rows
        values = (*some, *[some[-1]] * (number - len(some)))
        ask = Ask(conditions=(Condition(field, "in", values), *also), sort=sort, options=options)
        found += await records(desk, dataset, ask)
    return found


async def names_for(desk: Desk, dataset: Dataset, rows: Sequence[Record]) -> Names:
    """The captions of all rows that the captions of some rows name; raises Unavailable."""
    wanted: dict[str, set[str]] = {}
    for row in rows:
        if dataset.name == "changes" and row["dataset"] in DATASETS:
            wanted.setdefault(row["dataset"], set()).add(row["row_id"])
        for name, key in references(dataset, row):
            wanted.setdefault(name, set()).add(key)
    names: dict[tuple[str, str], str] = {}
    for name, keys in wanted.items():
        target = DATASETS[name]
        found = await by_id(desk, target, keys)
        inner = await names_for(desk, target, list(found.values()))
        names |= {(name, key): caption(target, row, inner) for key, row in found.items()}
        if name == "indicators":
            names |= {("units", key): unit_of(row) for key, row in found.items()}
        if name == "documents":
            names |= {("numbers", key): row["document_number"] or row["title"] for key, row in found.items()}
    return names


def unit_of(indicator: Record) -> str:
    """The printed unit behind a figure; an index has a base instead, whatever the table prints."""
    return "（上年同期=100）" if indicator["unit"] == "index" else indicator["unit_zh"] or ""
