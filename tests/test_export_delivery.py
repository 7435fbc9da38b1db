"""How exports are delivered: parts of files, large tables, clients that hang up, the command."""

import asyncio
import hashlib
import io
import json
import tempfile
from collections.abc import Iterator
from contextlib import aclosing, suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient

from app import tempdir
from app.api.context import Desk
from app.cli.main import main
from app.datasets import DATASETS
from app.db.engine import engine_for
from app.errors import Problem
from app.http.file_cache import Shelf
from app.http.streaming import read_range
from app.model.rows import render
from app.renderers.tabular.formats import FORMATS
from tests.conftest import client_for
from tests.test_exports import observation


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        ("bytes=0-3", 206, 0, 4),
        ("bytes=4-", 206, 4, None),
        ("bytes=-4", 206, -4, None),
        ("bytes=-99999999", 206, 0, None),
        ("bytes=2-99999999", 206, 2, None),
        ("BYTES= 0 - 0 ", 206, 0, 1),
        ("bytes=5-4", 200, 0, None),
        ("bytes=0-1,4-5", 200, 0, None),
        ("bytes=x", 200, 0, None),
        ("bytes=-", 200, 0, None),
        ("rows=0-1", 200, 0, None),
    ],
)
def test_parts_of_files(client: TestClient, suffix: str, asked: str, status: int, first: int, last: int | None) -> None:
    path = f"/v1/urban-villages.{suffix}"
    headers = {"Accept-Encoding": "identity"}
    whole = client.get(path, headers=headers)
    part = client.get(path, headers={**headers, "Range": asked})
    assert part.status_code == status
    assert part.content == whole.content[first:last]
    assert part.headers["content-length"] == str(len(part.content))
    assert part.headers["etag"] == whole.headers["etag"]
    if status == 206:
        size = len(whole.content)
        start = first % size
        assert part.headers["content-range"] == f"bytes {start}-{start + len(part.content) - 1}/{size}"


def test_parts_behind_the_end_and_of_another_version(client: TestClient) -> None:
    path = "/v1/urban-villages.xlsx"
    whole = client.get(path)
    for asked in ("bytes=99999999-", "bytes=-0"):
        refused = client.get(path, headers={"Range": asked})
        assert refused.status_code == 416
        assert refused.headers["content-range"] == f"bytes */{len(whole.content)}"
        assert refused.headers["content-type"] == "application/problem+json"
    part = {"Range": "bytes=0-1"}
    assert client.get(path, headers={**part, "If-Range": whole.headers["etag"]}).status_code == 206
    assert client.get(path, headers={**part, "If-Range": '"other"'}).status_code == 200
    head = client.head(path, headers=part)
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(whole.content)))


@given(first=st.integers(0, 50), last=st.integers(0, 50), size=st.integers(0, 30))
def test_a_range_lies_within_the_file(first: int, last: int, size: int) -> None:
    for header in (f"bytes={first}-{last}", f"bytes={first}-", f"bytes=-{last}"):
        with suppress(Problem):
            part = read_range(header, size)
            assert part is None or (0 <= part[0] < part[0] + part[1] <= size)


@pytest.fixture
def large(writable_url: str) -> Iterator[TestClient]:
    """A client of the service on a database with 70,000 generated observations more."""
    dataset = DATASETS["observations"]
    with engine_for(writable_url) as engine, engine.begin() as connection:
        for start in range(0, 70_000, 10_000):
            rows = []
            for number in range(start, start + 10_000):
                row = observation(number + 1, value=Decimal(number) / 100)
                row_json, row_csv = render(dataset, row)
                stored = {column.name: row.get(column.name) for column in dataset.table.columns}
                rows.append(
                    stored | {"row_json": row_json, "row_csv": row_csv, "row_line": number, "row_issue": "2021-05"}
                )
            connection.execute(sa.insert(dataset.table), rows)
    with client_for(writable_url) as client:
        yield client


def test_large_tables_come_whole(large: TestClient) -> None:
    streamed = large.get("/v1/observations.csv?area_id=a", headers={"Accept-Encoding": "identity"})
    assert streamed.headers["accept-ranges"] == "none"
    assert "content-length" not in streamed.headers
    lines = streamed.text.splitlines()
    assert len(lines) == 70_001
    assert lines[-1].startswith("i.a.0070000,")
    file = pa.parquet.ParquetFile(io.BytesIO(large.get("/v1/observations.parquet?area_id=a").content))
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [65_536, 4_464]
    assert file.read().column("value").to_pylist()[-1] == Decimal("699.99")


def test_a_client_that_hangs_up_stops_the_query(large: TestClient) -> None:
    """The reader is asked for a few batches only, and gives its connection back."""
    for path in ("/v1/observations.csv", "/v1/observations.parquet", "/v1/observations.xlsx"):
        desk: Desk = large.app.api.state.desk  # type: ignore[attr-defined]
        begun = asyncio.Event()
        read, closed = watch(desk, begun)
        portal = large.portal
        assert portal is not None
        portal.call(hang_up, large.app, path, begun)
        assert closed == [True]
        assert sum(read) < 60_000
        assert large.get("/v1/observations?limit=1").status_code == 200


def watch(desk: Desk, begun: asyncio.Event) -> tuple[list[int], list[bool]]:
    """Count what the reader's next stream hands out, and see it end."""
    reader = desk.store.reader
    read: list[int] = []
    closed: list[bool] = []

    def watched(stream: Any) -> Any:
        async def rows_of(*arguments: Any) -> Any:
            try:
                async with aclosing(stream(*arguments)) as parts:
                    async for part in parts:
                        read.append(part.count(b"\r\n") if isinstance(part, bytes) else len(part))
                        begun.set()
                        yield part
            finally:
                closed.append(True)

        return rows_of

    for name in ("stream", "text"):
        setattr(reader, name, watched(getattr(type(reader), name).__get__(reader)))
    return read, closed


async def hang_up(app: Any, path: str, begun: asyncio.Event) -> None:
    """Ask for a path as a server does, and be gone when the reader has begun."""

    async def receive() -> dict[str, Any]:
        await begun.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        del message
        await asyncio.sleep(0)

    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"", "headers": [],
        "client": ("test", 1), "server": ("test", 80), "root_path": "", "state": {},
    }  # fmt: skip
    with suppress(ClientDisconnect):
        await app(scope, receive, send)


def test_export_writes_every_dataset(
    loaded_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", loaded_url)
    first, second = tmp_path / "deep" / "one", tmp_path / "two"
    assert main(["export", str(first)]) == main(["export", str(second)]) == 0
    assert "urban-villages: 102" in capsys.readouterr().out
    package = json.loads((first / "datapackage.json").read_text(encoding="utf-8"))
    names = {path.name for path in first.iterdir()}
    assert names == {"datapackage.json", *(f"{name}.{form}" for name in DATASETS for form in ("csv", "parquet"))}
    for resource in package["resources"]:
        content = (first / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in names)
    [villages] = [resource for resource in package["resources"] if resource["path"] == "urban-villages.csv"]
    heading = (first / "urban-villages.csv").read_text(encoding="utf-8").splitlines()[0]
    assert heading == ",".join(field["name"] for field in villages["schema"]["fields"])


def test_export_tells_what_stands_in_its_way(
    loaded_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", loaded_url)
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["export", str(tmp_path / "file")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_spreadsheet_holds_only_so_many_rows(loaded_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FORMATS, "xlsx", replace(FORMATS["xlsx"], most_rows=100))
    with client_for(loaded_url) as client:
        refused = client.get("/v1/urban-villages.xlsx")
        assert refused.status_code == 400
        [fault] = refused.json()["errors"]
        assert fault["parameter"] == "limit"
        assert "102" in fault["detail"]
        assert ".csv" in fault["detail"]
        for query in ("limit=100", "offset=2", "plan=upgrade"):
            assert client.get(f"/v1/urban-villages.xlsx?{query}").status_code == 200


def test_the_shelf_keeps_what_there_is_room_for() -> None:
    made: list[str] = []

    async def take(shelf: Shelf, key: str) -> bytes:
        async def build(file: BinaryIO) -> None:
            made.append(key)
            file.write(key.encode() * 4)

        whole = await shelf.take(key, build)
        try:
            return whole.read(0, whole.size)
        finally:
            whole.close()

    async def ask() -> None:
        shelf = Shelf(8)
        assert set(await asyncio.gather(take(shelf, "a"), take(shelf, "a"))) == {b"aaaa"}
        for key in ("b", "a", "c", "a", "b"):
            assert await take(shelf, key) == key.encode() * 4
        shelf.close()

    asyncio.run(ask())
    assert made == ["a", "b", "c", "b"]


@pytest.mark.parametrize("suffix", ["xlsx", "parquet"])
def test_files_are_made_in_memory_where_no_directory_can_be_written(
    loaded_sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    def none() -> str:
        raise FileNotFoundError("no usable temporary directory")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    monkeypatch.setattr(tempdir, "MEMORY", str(tmp_path))
    with client_for(loaded_sqlite) as client:
        assert client.get(f"/v1/urban-villages.{suffix}").content.startswith(b"P")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(tempdir, "MEMORY", str(tmp_path / "none"))
    with client_for(loaded_sqlite) as client:
        assert client.get(f"/v1/urban-villages.{suffix}").status_code == 503
