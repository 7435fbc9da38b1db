"""The writers of all table formats, and the pipeline that writes rows into a file."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import BinaryIO

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
THREADS = ThreadPoolExecutor(4, thread_name_prefix="export")


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
    writer = await run_in_executor(THREADS, _no_interrupt, create_file_writer, table_format, export, file)
    writing: asyncio.Future[None] = asyncio.ensure_future(asyncio.sleep(0))
    rows: list[bytes] = []
    try:
        async with aclosing(read(writer.row_column)) as batches:
            async for batch in batches:
                rows += batch
                if len(rows) >= BATCH_ROWS:
                    await writing
                    writing = asyncio.ensure_future(run_in_executor(THREADS, _no_interrupt, writer.write, rows))
                    rows = []
        await writing
        await run_in_executor(THREADS, _no_interrupt, writer.write, rows)
        await run_in_executor(THREADS, _no_interrupt, writer.close)
    except BaseException:
        # The caller closes the file next: no thread may still write into it.
        with anyio.CancelScope(shield=True):
            await asyncio.wait([writing])
        writer.abandon()
        raise


def _no_interrupt() -> None:
    """Do nothing: a batch is short and is never interrupted."""
