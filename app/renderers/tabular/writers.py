"""Write all rows of a query into one file."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import BinaryIO

import anyio

from app.concurrency import in_thread
from app.model.dataset import Dataset
from app.renderers.tabular.csv import CsvWriter
from app.renderers.tabular.formats import FileWriter, Format, Plan, TextWriter
from app.renderers.tabular.ndjson import NdjsonWriter

TEXT_WRITERS: dict[str, Callable[[Plan], TextWriter]] = {"csv": CsvWriter, "ndjson": NdjsonWriter}
PART = 65_536
"""Rows that are written at once while as many are read."""
THREADS = ThreadPoolExecutor(4, thread_name_prefix="export")


def file_writer(form: Format, plan: Plan, file: BinaryIO) -> FileWriter:
    """A writer of a file. The libraries are big and loaded when first used: call it in a thread."""
    if form.name == "parquet":
        from app.renderers.tabular.parquet import ParquetWriter

        return ParquetWriter(plan, file)
    from app.renderers.tabular.xlsx import XlsxWriter

    return XlsxWriter(plan, file)


def about_of(dataset: Dataset, revision: str, licence: str) -> tuple[tuple[str, str], ...]:
    """What a file says of itself."""
    source = "The municipal gazette; each row's `source` names issue, pages, table, row and lines."
    return (("dataset", dataset.name), ("source", source), ("licence", licence), ("revision", revision))


Read = Callable[[str], AsyncGenerator[list[bytes], None]]


async def write_file(form: Format, plan: Plan, file: BinaryIO, read: Read) -> None:
    """Write the rows that `read` gives in the stored form that the writer wants.

    While one part is written the next is read; both in threads.
    """
    writer = await in_thread(THREADS, _nothing, file_writer, form, plan, file)
    writing: asyncio.Future[None] = asyncio.ensure_future(asyncio.sleep(0))
    rows: list[bytes] = []
    try:
        async with aclosing(read(writer.form)) as batches:
            async for batch in batches:
                rows += batch
                if len(rows) >= PART:
                    await writing
                    writing = asyncio.ensure_future(in_thread(THREADS, _nothing, writer.write, rows))
                    rows = []
        await writing
        await in_thread(THREADS, _nothing, writer.write, rows)
        await in_thread(THREADS, _nothing, writer.close)
    except BaseException:
        # The file is closed next: no thread may still write into it.
        with anyio.CancelScope(shield=True):
            await asyncio.wait([writing])
        writer.abandon()
        raise


def _nothing() -> None:
    """A batch is short: it is not interrupted."""
