"""The writers of all table formats, and the pipeline that writes rows into a file."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import Any, BinaryIO, cast

import anyio

from app.concurrency import run_in_executor
from app.model.dataset import Dataset
from app.renderers.representations import TableFormat
from app.renderers.tabular.csv import CsvWriter
from app.renderers.tabular.export_spec import ExportSpec, FileWriter, TextWriter
from app.renderers.tabular.ndjson import NdjsonWriter

TEXT_WRITERS: dict[str, Callable[[ExportSpec], TextWriter]] = {"csv": CsvWriter, "ndjson": NdjsonWriter}
"""Writers of the formats that are streamed, by the names in `TABLE_FORMATS`."""
BATCH_ROWS = 65_536
"""Rows written at once, while the next ones are read."""
SLICE_ROWS = 1000
"""Rows that a thread writes before it looks whether they are still wanted."""
THREADS = ThreadPoolExecutor(6, thread_name_prefix="export")
"""One for each file that is built at the same time; see `app.http.file_cache`."""


class WriteCancelled(Exception):
    """The file is no longer wanted."""


class CancellableFile:
    """A file whose next write fails when it is no longer wanted. After that it takes everything and keeps nothing."""

    def __init__(self, file: BinaryIO, cancelled: threading.Event) -> None:
        self._file = file
        self._cancelled = cancelled
        self._is_closed = False

    def write(self, data: bytes) -> int:
        """Write some bytes. Raises WriteCancelled, once."""
        if self._is_closed:
            return len(data)
        if self._cancelled.is_set():
            self._is_closed = True
            raise WriteCancelled
        return self._file.write(data)

    def discard(self) -> None:
        """Keep nothing of what is still written."""
        self._is_closed = True

    def flush(self) -> None:
        """Write what is buffered."""
        if not self._is_closed:
            self._file.flush()

    def tell(self) -> int:
        """Return the position."""
        return 0 if self._is_closed else self._file.tell()

    def seek(self, offset: int, whence: int = 0) -> int:
        """Change the position."""
        return 0 if self._is_closed else self._file.seek(offset, whence)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _xlsx_writer(export: ExportSpec, file: BinaryIO) -> FileWriter:
    from app.renderers.tabular.xlsx import XlsxWriter

    return XlsxWriter(export, file)


def _parquet_writer(export: ExportSpec, file: BinaryIO) -> FileWriter:
    from app.renderers.tabular.parquet import ParquetWriter

    return ParquetWriter(export, file)


FILE_WRITERS: dict[str, Callable[[ExportSpec, BinaryIO], FileWriter]] = {
    "xlsx": _xlsx_writer,
    "parquet": _parquet_writer,
}
"""Writers of the formats that need a file, by the names in `TABLE_FORMATS`."""


def create_file_writer(table_format: TableFormat, export: ExportSpec, file: BinaryIO) -> FileWriter:
    """Return the writer of a format that needs a file. It may import a large library: call it in a thread."""
    return FILE_WRITERS[table_format.name](export, file)


def provenance_lines(dataset: Dataset, revision: str, licence: str) -> tuple[tuple[str, str], ...]:
    """Return what a file says about itself, as pairs of a word and a text."""
    source = "The municipal gazette; each row's `source` names issue, pages, table, row and lines."
    return (("dataset", dataset.name), ("source", source), ("licence", licence), ("revision", revision))


RowSource = Callable[[str], AsyncGenerator[list[bytes], None]]
"""Yields batches of rendered rows from a stored column, `row_csv` or `row_json`."""


async def write_export_file(table_format: TableFormat, export: ExportSpec, file: BinaryIO, read: RowSource) -> None:
    """Write all rows of `read` into a file. One batch is written while the next is read, both in threads."""
    cancelled = threading.Event()
    target = CancellableFile(file, cancelled)
    writer = await run_in_executor(
        THREADS, _no_interrupt, create_file_writer, table_format, export, cast(BinaryIO, target)
    )

    def write_slices(rows: list[bytes]) -> None:
        for start in range(0, len(rows), SLICE_ROWS):
            if cancelled.is_set():
                raise WriteCancelled
            writer.write(rows[start : start + SLICE_ROWS])

    async def write_rows(rows: list[bytes]) -> None:
        await run_in_executor(THREADS, cancelled.set, write_slices, rows)

    writing: asyncio.Future[None] = asyncio.ensure_future(asyncio.sleep(0))
    rows: list[bytes] = []
    try:
        async with aclosing(read(writer.row_column)) as batches:
            async for batch in batches:
                rows += batch
                if len(rows) >= BATCH_ROWS:
                    await writing
                    writing = asyncio.ensure_future(write_rows(rows))
                    rows = []
        await writing
        await write_rows(rows)
        await run_in_executor(THREADS, cancelled.set, writer.close)
    except BaseException:
        # The caller closes the file next: no thread may still write into it.
        cancelled.set()
        with anyio.CancelScope(shield=True):
            await asyncio.gather(writing, return_exceptions=True)
        target.discard()
        writer.abandon()
        raise


def _no_interrupt() -> None:
    """Do nothing: a writer is created in a moment."""
