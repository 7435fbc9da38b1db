"""Full text, kept by the load: the canonical texts and tokens of each row that came, changed or went."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from app.datasets import DATASETS
from app.db.fulltext_index import CHUNK, add, remove
from app.ingest.merge import Difference
from app.ingest.pinyin import readings, spellings
from app.ingest.stored_rows import chunks
from app.model.dataset import Dataset
from app.model.rows import from_json
from app.query.fulltext.highlights import strings
from app.query.fulltext.tokens import UNIT, rendered, tokens

Entry = dict[str, Any]


def index_rows(connection: sa.Connection, difference: Difference) -> None:
    """Bring the index to what a difference makes of a dataset; rows whose texts stay are left alone."""
    dataset = difference.dataset
    changed = {
        key: entry
        for key, (before, after) in difference.changed.items()
        if (entry := entry_of(dataset, after)) != entry_of(dataset, before)
    }
    remove(connection, dataset.name, [*difference.removed, *changed])
    _add(connection, changed.values())
    for keys in chunks(difference.added):
        _add(connection, [entry_of(dataset, difference.added[key]) for key in keys])


def index_everything(connection: sa.Connection) -> None:
    """Index every stored row, for a database that was loaded before there was an index."""
    there = set(sa.inspect(connection).get_table_names())
    for dataset in DATASETS.values():
        if dataset.table.name not in there:
            continue
        columns = dataset.table.c
        rows = connection.execute(sa.select(columns.row_json).order_by(columns.id)).scalars().partitions(CHUNK)
        for texts in list(rows):
            _add(connection, [entry_of(dataset, from_json(text)) for text in texts])


def _add(connection: sa.Connection, entries: Collection[Entry]) -> None:
    add(connection, list(entries), [tokens(entry["text"]) for entry in entries])


def entry_of(dataset: Dataset, record: Mapping[str, Any]) -> Entry:
    """The columns of `search_rows` for a row, but the number."""
    title, *others = dataset.search
    head = "".join(rendered(text) for text in strings(record, title))
    body = "".join(rendered(text) for name in others for text in strings(record, name))
    names: list[tuple[str, list[str]]] = []
    sounds = {True: "", False: ""}
    for name in dataset.names:
        found = list(_readings(strings(record, name)))
        sounds[name == title] += "".join(_sounds(found))
        names += found
    title_units = sum(unit != "|" for unit in UNIT.findall(head))
    head += sounds[True]
    return {
        "dataset": dataset.name,
        "row_id": record["id"],
        "title": head,
        "text": head + body + sounds[False],
        "title_units": title_units,
        "names": json.dumps(names, ensure_ascii=False) if names else "",
    }


def _readings(texts: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    for text in dict.fromkeys(texts):
        yield from readings(text)


def _sounds(names: Iterable[tuple[str, list[str]]]) -> Iterator[str]:
    for _, syllables in names:
        yield rendered(" ".join(syllables))
        yield from (rendered(word) for word in dict.fromkeys(spellings(syllables)))
