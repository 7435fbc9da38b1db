"""Read the rows that the database holds."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from app.ingest.package_reader import Table
from app.model.rows import Record, from_json

CHUNK = 500


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    """Lists of ids that fit one statement."""
    every = list(values)
    for start in range(0, len(every), CHUNK):
        yield every[start : start + CHUNK]


def stored_rows(connection: sa.Connection, table: Table, issue_ids: list[str]) -> dict[str, Record]:
    """The rows that a package may touch: those of its issues, and those that have one of its ids."""
    columns = table.dataset.table.c
    select = sa.select(columns.id, columns.row_json)
    found = {} if table.dataset.shared else dict(_pairs(connection, select, columns.row_issue, issue_ids))
    found |= dict(_pairs(connection, select, columns.id, table.rows))
    return {key: from_json(text) for key, text in found.items()}


def _pairs(
    connection: sa.Connection, select: sa.Select[Any], column: sa.ColumnElement[Any], values: Iterable[str]
) -> Iterator[tuple[str, str]]:
    for chunk in chunks(values):
        yield from connection.execute(select.where(column.in_(chunk))).all()


def issue_of(record: Mapping[str, Any]) -> str | None:
    """The gazette issue that a row was printed in, null for rows of an official list."""
    source = record.get("source") or {}
    owner = source.get("issue_id")
    return owner if isinstance(owner, str) else None
