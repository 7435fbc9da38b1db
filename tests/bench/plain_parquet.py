"""The peer of the Parquet export: the plain table read and written with pyarrow alone, as a script would do it.

`python -m tests.bench.plain_parquet DATABASE FILE` prints the seconds that it took, imports left out.
A SQLite table is read with the standard library's driver, a Postgres table as CSV by COPY.
"""

import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO

import psycopg
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

BATCH = 65_536


def from_sqlite(path: str) -> Iterator[pa.Table]:
    """The table in parts."""
    with closing(sqlite3.connect(path)) as connection:
        kinds = {"INTEGER": pa.int64(), "REAL": pa.float64(), "TEXT": pa.string()}
        columns = connection.execute("SELECT name, type FROM pragma_table_info('observations')").fetchall()
        schema = pa.schema([(name, kinds[kind]) for name, kind in columns])
        cursor = connection.execute("SELECT * FROM observations")
        while rows := cursor.fetchmany(BATCH):
            yield pa.table(list(zip(*rows, strict=True)), schema=schema)


def from_postgres(url: str) -> Iterator[pa.Table]:
    """The table in one part."""
    text = BytesIO()
    copied = "COPY plain.observations TO STDOUT WITH (FORMAT csv, HEADER)"
    with psycopg.connect(url) as server, server.cursor().copy(copied) as copy:
        for part in copy:
            text.write(part)
    text.seek(0)
    yield pa.csv.read_csv(text)


def main(database: str, file: str) -> None:
    """Read and write."""
    start = time.perf_counter()
    parts = from_postgres(database) if database.startswith("postgresql:") else from_sqlite(database)
    first = next(parts)
    with pa.parquet.ParquetWriter(file, first.schema) as writer:
        writer.write_table(first)
        for part in parts:
            writer.write_table(part)
    sys.stdout.write(f"{time.perf_counter() - start}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
