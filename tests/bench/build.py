"""The databases of a run: ours on SQLite and on Postgres, and the same data plain, for the peers.

Ours hold what a load leaves: the tables of the migrations, rows rendered by the load's own code, and
the state row that it publishes. Only two things are done in another way. Observations are inserted
with `executemany` and COPY, a load of a million rows row by row would take an hour; and they are left
out of the full-text index, which no work of this benchmark asks.

The plain ones have a column for each column of our CSV, decimals as real numbers (`numeric` on
Postgres), no rendered rows, and the same indexes.
"""

import multiprocessing
import os
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa

from app.datasets import DATASETS
from app.db.engine import migrate, open_engine
from app.ingest.load import publish_revision
from app.ingest.merge import Difference
from app.ingest.row_writer import write_difference
from app.model.dataset import Dataset
from app.model.rows import Record
from app.renderers.tabular.export_spec import column_kind
from tests.bench import data
from tests.bench.rendering import OBSERVATIONS, plain_form, rendered

T = TypeVar("T")
CHUNK = 5000
AHEAD = 6
LOADED = datetime(2021, 7, 1, tzinfo=UTC)
SQLITE_TYPES = {"integer": "INTEGER", "number": "REAL"}
POSTGRES_TYPES = {"integer": "bigint", "number": "numeric"}
PLAIN_POSTGRES = "plain.observations"


@dataclass(frozen=True, slots=True)
class Databases:
    """Where the same data stands in its three forms."""

    rows: int
    sqlite: str
    postgres: str
    plain: Path


def build(directory: Path, postgres: str, rows: int) -> Databases:
    """Make all three for that many observations; `postgres` is the address of an empty database."""
    made = Databases(rows, f"sqlite:///{directory}/gazette-{rows}.db", postgres, directory / f"plain-{rows}.db")
    for url in (made.sqlite, made.postgres):
        with open_engine(url) as engine:
            migrate(engine)
            with engine.begin() as connection:
                for name, records in small(rows).items():
                    write_difference(
                        connection, Difference(DATASETS[name], added={record["id"]: record for record in records})
                    )
    _insert_observations(made)
    for url in (made.sqlite, made.postgres):
        with open_engine(url) as engine, engine.begin() as connection:
            publish_revision(connection, LOADED)
    _finish(made)
    return made


def small(rows: int) -> dict[str, list[Record]]:
    """The datasets beside the observations."""
    found = {"areas": data.areas(), "indicators": data.indicators(rows), "urban-villages": data.villages()}
    return {name: list(records) for name, records in found.items()}


def _insert_observations(made: Databases) -> None:
    """One pass over the records, rendered once, into four tables."""
    columns = [column.name for column in OBSERVATIONS.table.columns]
    names = ", ".join(columns)
    parts = [range(start, min(start + CHUNK, made.rows)) for start in range(0, made.rows, CHUNK)]
    with (
        ProcessPoolExecutor(len(os.sched_getaffinity(0)), multiprocessing.get_context("spawn")) as pool,
        closing(sqlite3.connect(made.sqlite.removeprefix("sqlite:///"))) as ours,
        closing(sqlite3.connect(made.plain)) as plain,
        psycopg.connect(made.postgres) as server,
        psycopg.connect(made.postgres) as plain_server,
    ):
        for connection in (ours, plain):
            connection.execute("PRAGMA synchronous = OFF")
        for name, records in small(made.rows).items():
            _make_plain(plain, DATASETS[name])
            _insert(plain, DATASETS[name], (plain_form(DATASETS[name], record) for record in records))
        _make_plain(plain, OBSERVATIONS)
        _make_plain_postgres(plain_server)
        marks = ", ".join("?" * len(columns))
        with (
            server.cursor().copy(f"COPY observations ({names}) FROM STDIN") as copy,
            plain_server.cursor().copy(f"COPY {PLAIN_POSTGRES} FROM STDIN") as plain_copy,
        ):
            for stored, plain_rows in in_step(pool, rendered, parts):
                ours.executemany(f"INSERT INTO observations ({names}) VALUES ({marks})", stored)
                ours.commit()
                _insert(plain, OBSERVATIONS, plain_rows)
                for row in stored:
                    copy.write_row(row)
                for row in plain_rows:
                    plain_copy.write_row(row)
        for connection in (ours, plain):
            connection.commit()


def in_step(pool: Executor, work: Callable[[range], T], parts: Iterable[range]) -> Iterator[T]:
    """What the processes make, in order, a few parts ahead of what is taken."""
    waiting: deque[Future[T]] = deque()
    for part in parts:
        waiting.append(pool.submit(work, part))
        if len(waiting) > AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _declared(dataset: Dataset, types: dict[str, str], text: str) -> str:
    columns = [f'"{column}" {types.get(column_kind(dataset, column), text)}' for column in dataset.flat_columns]
    return f"({', '.join([*columns, 'PRIMARY KEY (id)'])})"


def _make_plain(connection: sqlite3.Connection, dataset: Dataset) -> None:
    name = dataset.table.name
    connection.execute(f'CREATE TABLE "{name}" {_declared(dataset, SQLITE_TYPES, "TEXT")}')
    for index in _same_indexes(dataset):
        connection.execute(f'CREATE INDEX "{index.name}" ON "{name}" ({", ".join(index.columns.keys())})')


def _same_indexes(dataset: Dataset) -> Iterator[sa.Index]:
    """Our indexes on what the plain table has too."""
    for index in dataset.table.indexes:
        if set(index.columns.keys()) <= set(dataset.flat_columns):
            yield index


def _make_plain_postgres(server: "psycopg.Connection[Any]") -> None:
    server.execute("CREATE SCHEMA plain")
    declared = _declared(OBSERVATIONS, POSTGRES_TYPES, 'text COLLATE "C"')
    server.execute(f"CREATE TABLE {PLAIN_POSTGRES} {declared}".encode())
    for index in _same_indexes(OBSERVATIONS):
        server.execute(f"CREATE INDEX ON {PLAIN_POSTGRES} ({', '.join(index.columns.keys())})".encode())


def _insert(connection: sqlite3.Connection, dataset: Dataset, rows: Iterable[list[Any]]) -> None:
    marks = ", ".join("?" * len(dataset.flat_columns))
    connection.executemany(f'INSERT INTO "{dataset.table.name}" VALUES ({marks})', rows)


def _finish(made: Databases) -> None:
    """Leave no write-ahead log behind, and do what Postgres does by itself a while after a load."""
    with closing(sqlite3.connect(made.sqlite.removeprefix("sqlite:///"))) as ours:
        ours.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with psycopg.connect(made.postgres, autocommit=True) as server:
        server.execute("VACUUM ANALYZE")
        server.execute("CHECKPOINT")
    os.sync()
