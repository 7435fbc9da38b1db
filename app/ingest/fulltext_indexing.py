"""Keep the full-text index up to date during a load: texts and tokens of each row added, changed or removed."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from app.datasets import DATASETS
from app.db.fulltext_index import BATCH_SIZE, add_rows, remove_rows
from app.ingest.merge import Difference
from app.ingest.pinyin import readings, spellings
from app.ingest.stored_rows import chunk_ids
from app.model.dataset import Dataset
from app.model.rows import from_json
from app.query.fulltext.highlights import field_texts
from app.query.fulltext.tokens import UNIT, canonical_text, index_tokens

IndexEntry = dict[str, Any]


def index_rows(connection: sa.Connection, difference: Difference) -> None:
    """Update the index for the rows of a difference; rows whose texts stay the same are left alone."""
    dataset = difference.dataset
    changed = {
        key: entry
        for key, (before, after) in difference.changed.items()
        if (entry := build_index_entry(dataset, after)) != build_index_entry(dataset, before)
    }
    remove_rows(connection, dataset.name, [*difference.removed, *changed])
    _add_entries(connection, changed.values())
    for keys in chunk_ids(difference.added):
        _add_entries(connection, [build_index_entry(dataset, difference.added[key]) for key in keys])


def index_all_rows(connection: sa.Connection) -> None:
    """Index every stored row. The migration that adds the index calls this."""
    existing = set(sa.inspect(connection).get_table_names())
    for dataset in DATASETS.values():
        if dataset.table.name not in existing:
            continue
        columns = dataset.table.c
        rows = connection.execute(sa.select(columns.row_json).order_by(columns.id)).scalars().partitions(BATCH_SIZE)
        for texts in list(rows):
            _add_entries(connection, [build_index_entry(dataset, from_json(text)) for text in texts])


def _add_entries(connection: sa.Connection, entries: Collection[IndexEntry]) -> None:
    add_rows(connection, list(entries), [index_tokens(entry["text"]) for entry in entries])


def build_index_entry(dataset: Dataset, record: Mapping[str, Any]) -> IndexEntry:
    """Return the columns of `search_rows` for a row, without the row number."""
    title, *others = dataset.search_fields
    head = "".join(canonical_text(text) for text in field_texts(record, title))
    body = "".join(canonical_text(text) for name in others for text in field_texts(record, name))
    names: list[tuple[str, list[str]]] = []
    pinyin = {True: "", False: ""}
    for name in dataset.name_fields:
        readings_of_field = list(_distinct_readings(field_texts(record, name)))
        pinyin[name == title] += "".join(_pinyin_texts(readings_of_field))
        names += readings_of_field
    title_units = sum(unit != "|" for unit in UNIT.findall(head))
    head += pinyin[True]
    return {
        "dataset": dataset.name,
        "row_id": record["id"],
        "title": head,
        "text": head + body + pinyin[False],
        "title_units": title_units,
        "names": json.dumps(names, ensure_ascii=False) if names else "",
    }


def _distinct_readings(texts: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    for text in dict.fromkeys(texts):
        yield from readings(text)


def _pinyin_texts(names: Iterable[tuple[str, list[str]]]) -> Iterator[str]:
    for _, syllables in names:
        yield canonical_text(" ".join(syllables))
        yield from (canonical_text(word) for word in dict.fromkeys(spellings(syllables)))
