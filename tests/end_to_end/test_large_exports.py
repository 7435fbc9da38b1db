"""Exports of large tables are complete, and end when the client disconnects."""

import asyncio
import io
from collections.abc import Iterator
from contextlib import aclosing, suppress
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
import sqlalchemy as sa
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient

from app.api.context import AppContext
from app.datasets import DATASETS
from app.db.engine import open_engine
from app.ingest.load import publish_revision
from app.model.rows import render_row
from tests.support.observations import observation
from tests.support.service import NOW, client_for


@pytest.fixture
def large(writable_url: str) -> Iterator[TestClient]:
    """Return a client of the service on a database with 70,000 more observations."""
    dataset = DATASETS["observations"]
    with open_engine(writable_url) as engine, engine.begin() as connection:
        for start in range(0, 70_000, 10_000):
            rows = []
            for number in range(start, start + 10_000):
                row = observation(number + 1, value=Decimal(number) / 100)
                row_json, row_csv = render_row(dataset, row)
                stored = {column.name: row.get(column.name) for column in dataset.table.columns}
                rows.append(
                    stored | {"row_json": row_json, "row_csv": row_csv, "row_line": number, "row_issue": "2021-05"}
                )
            connection.execute(sa.insert(dataset.table), rows)
        publish_revision(connection, NOW)
    with client_for(writable_url) as client:
        yield client


@pytest.mark.slow
def test_large_tables_are_exported_completely(large: TestClient) -> None:
    plain = {"Accept-Encoding": "identity"}
    streamed = large.get("/v1/observations.csv?area_id=a", headers=plain)
    assert streamed.headers["accept-ranges"] == "bytes"
    assert "content-length" not in streamed.headers
    for path in ("/v1/observations.csv", "/v1/observations.ndjson"):
        whole = large.get(path, headers=plain)
        assert whole.headers["content-length"] == str(len(whole.content))
        middle = len(whole.content) // 2
        part = large.get(path, headers=plain | {"Range": f"bytes={middle}-"})
        assert (part.status_code, part.content) == (206, whole.content[middle:])
    lines = streamed.text.splitlines()
    assert len(lines) == 70_001
    assert lines[-1].startswith("i.a.0070000,")
    file = pa.parquet.ParquetFile(io.BytesIO(large.get("/v1/observations.parquet?area_id=a").content))
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [65_536, 4_464]
    assert file.read().column("value").to_pylist()[-1] == Decimal("699.99")


@pytest.mark.slow
def test_a_client_that_hangs_up_stops_the_query(large: TestClient) -> None:
    """The reader reads only a few batches, and returns its connection."""
    part = [(b"range", b"bytes=5000000-")]
    for path, headers in (
        ("/v1/observations.csv", []),
        ("/v1/observations.csv", part),
        ("/v1/observations.ndjson", part),
        ("/v1/observations.parquet", []),
        ("/v1/observations.xlsx", []),
    ):
        context: AppContext = large.app.app.context  # type: ignore[attr-defined]
        begun = asyncio.Event()
        read, opened, closed = watch(context, begun)
        portal = large.portal
        assert portal is not None
        portal.call(hang_up, large.app, path, headers, begun)
        assert opened
        assert closed == opened
        assert sum(read) < 60_000
        assert large.get("/v1/observations?limit=1").status_code == 200


def watch(context: AppContext, begun: asyncio.Event) -> tuple[list[int], list[bool], list[bool]]:
    """Return lists that grow: with the rows that the reader streams, when a stream begins, and when one ends."""
    reader = context.repository.reader
    read: list[int] = []
    opened: list[bool] = []
    closed: list[bool] = []

    def watched(stream: Any) -> Any:
        async def rows_of(*arguments: Any) -> Any:
            opened.append(True)
            try:
                async with aclosing(stream(*arguments)) as parts:
                    async for part in parts:
                        read.append(part.count(b"\r\n") if isinstance(part, bytes) else len(part))
                        begun.set()
                        yield part
            finally:
                closed.append(True)

        return rows_of

    for name in ("stream", "stream_csv"):
        setattr(reader, name, watched(getattr(type(reader), name).__get__(reader)))
    return read, opened, closed


async def hang_up(app: Any, path: str, headers: list[tuple[bytes, bytes]], begun: asyncio.Event) -> None:
    """Request a path as a server does, and disconnect when the reader has started."""

    async def receive() -> dict[str, Any]:
        await begun.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        del message
        await asyncio.sleep(0)

    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"", "headers": headers,
        "client": ("test", 1), "server": ("test", 80), "root_path": "", "state": {},
    }  # fmt: skip
    with suppress(ClientDisconnect):
        await app(scope, receive, send)
