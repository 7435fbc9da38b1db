"""Files that are no longer wanted while they are written."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Sequence
from io import BytesIO
from typing import BinaryIO, cast

import pytest

from app.datasets import DATASETS
from app.renderers.representations import TABLE_FORMATS
from app.renderers.tabular.export_spec import ExportSpec
from app.renderers.tabular.writers import (
    FILE_WRITERS,
    SLICE_ROWS,
    CancellableFile,
    WriteCancelled,
    create_file_writer,
    write_export_file,
)

SPEC = ExportSpec(DATASETS["urban-villages"], ("id", "village"), rerender=True)
ROWS = [b'{"id":"x","village":"y"}'] * 100
WAIT_SECONDS = 10


class SlowWriter:
    """A writer that stops in its first slice until it is let go on."""

    row_column = "row_json"

    def __init__(self, *_: object) -> None:
        self.began, self.may_go_on = threading.Event(), threading.Event()
        self.written = 0
        self.is_abandoned = False

    def write(self, rows: Sequence[bytes]) -> None:
        self.written += len(rows)
        self.began.set()
        assert self.may_go_on.wait(WAIT_SECONDS)

    def close(self) -> None:
        raise AssertionError("the file was finished")

    def abandon(self) -> None:
        self.is_abandoned = True


def test_no_more_than_a_slice_is_written_for_a_client_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    writer = SlowWriter()
    monkeypatch.setitem(FILE_WRITERS, "xlsx", lambda _spec, _file: writer)

    async def read(_: str) -> AsyncGenerator[list[bytes], None]:
        yield ROWS * SLICE_ROWS

    async def cancel_while_writing() -> None:
        building = asyncio.create_task(write_export_file(TABLE_FORMATS["xlsx"], SPEC, BytesIO(), read))
        assert await asyncio.to_thread(writer.began.wait, WAIT_SECONDS)
        building.cancel()
        asyncio.get_running_loop().call_soon(writer.may_go_on.set)
        with pytest.raises(asyncio.CancelledError):
            await building

    asyncio.run(cancel_while_writing())
    assert (writer.written, writer.is_abandoned) == (SLICE_ROWS, True)


@pytest.mark.parametrize("name", ["xlsx", "parquet"])
def test_finishing_a_file_ends_when_it_is_no_longer_wanted(name: str) -> None:
    cancelled, content = threading.Event(), BytesIO()
    target = CancellableFile(content, cancelled)
    writer = create_file_writer(TABLE_FORMATS[name], SPEC, cast(BinaryIO, target))
    writer.write(ROWS)
    before = len(content.getvalue())
    cancelled.set()
    with pytest.raises(WriteCancelled):
        writer.close()
    target.discard()
    writer.abandon()
    assert len(content.getvalue()) == before


@pytest.mark.parametrize("name", ["xlsx", "parquet"])
def test_a_file_that_is_wanted_is_the_same_as_without_the_guard(name: str) -> None:
    contents = []
    for guarded in (False, True):
        content = BytesIO()
        target = cast(BinaryIO, CancellableFile(content, threading.Event())) if guarded else content
        writer = create_file_writer(TABLE_FORMATS[name], SPEC, target)
        writer.write(ROWS)
        writer.close()
        contents.append(content.getvalue())
    assert contents[0] == contents[1]
