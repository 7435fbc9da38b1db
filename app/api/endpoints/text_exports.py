"""Exports that are text: sent while they are read, or finished first, so that ranges of them can be sent.

Small text is finished before it is sent. Of all other text a plain GET is sent from its first rows on; its length is
known where the catalogue tells the size of the file. Who asks for ranges, or for the head alone, needs a length:
the text is written to a file then, as XLSX and Parquet are. What such a file may not hold is read again for each
range if its length is known, and else has neither length nor ranges.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

from app.api.context import AppContext
from app.api.endpoints.reference_names import needs_names, stream_with_names
from app.api.endpoints.snapshot import fetch_stats
from app.api.problems import service_unavailable
from app.concurrency import run_in_executor
from app.db.reader import DatabaseUnavailable
from app.http.file_cache import CachedFile, InMemoryFile
from app.http.request import CacheableRequest
from app.http.response import ApiResponse
from app.model.dataset import Dataset
from app.query.params.dataset_query import DatasetQuery
from app.renderers.representations import TableFormat
from app.renderers.tabular.csv import BOM
from app.renderers.tabular.export_spec import TextWriter
from app.renderers.tabular.writers import THREADS

BUFFERED_BYTES = 1_048_576
"""Text up to this length is complete before it is sent, so that its length is known."""
BuildFile = Callable[[Callable[[BinaryIO], Awaitable[None]]], Awaitable[CachedFile]]
"""Returns the cached file of an export, which is built if there is none. Raises Problem (503), OSError."""


class FileTooLarge(Exception):
    """A text has more bytes than the cache of files may hold."""


@dataclass(frozen=True, slots=True)
class TextExport:
    """All rows of a query as text."""

    context: AppContext
    dataset: Dataset
    query: DatasetQuery
    today: date
    table_format: TableFormat
    writer: TextWriter

    async def respond(self, request: CacheableRequest, headers: dict[str, str], build_file: BuildFile) -> ApiResponse:
        """Return the response. Raises Problem (503), DatabaseUnavailable."""
        has_range = b"range" in request.headers
        chunks = self.render_chunks()
        start, is_complete = await buffer_start(chunks)
        if is_complete:
            return self._response(headers, file=InMemoryFile(start))
        try:
            length = await self._known_length()
            if length is None:
                needs_file = has_range or request.is_head or is_whole(self.query)
            else:
                needs_file = has_range and length <= self._max_file_bytes
            if needs_file:
                await chunks.aclose()
                file = await self._try_file(build_file)
                if file is not None:
                    return self._response(headers, file=file)
                chunks = self.render_chunks()
                start, _ = await buffer_start(chunks)
        except BaseException:
            await chunks.aclose()
            raise
        if length is None:
            headers["Accept-Ranges"] = "none" if needs_file else "bytes"
        return self._response(headers, stream=ResumedStream(start, chunks), length=length)

    def _response(self, headers: dict[str, str], **body: Any) -> ApiResponse:
        return ApiResponse(self.table_format.content_type, headers=headers, **body)

    @property
    def _max_file_bytes(self) -> int:
        return self.context.settings.export_cache_bytes

    async def _try_file(self, build_file: BuildFile) -> CachedFile | None:
        """Return the text as a file, or None where it is too large or there is no room. Raises Problem (503)."""
        try:
            return await build_file(self._write_file)
        except (FileTooLarge, OSError):
            return None

    async def _write_file(self, file: BinaryIO) -> None:
        """Write the text into a file. Raises DatabaseUnavailable, FileTooLarge, OSError."""
        size = 0
        async with aclosing(self.render_chunks()) as chunks:
            async for chunk in chunks:
                size += len(chunk)
                if size > self._max_file_bytes:
                    raise FileTooLarge
                await run_in_executor(THREADS, lambda: None, file.write, chunk)

    async def _known_length(self) -> int | None:
        """Return the length that the catalogue tells, or None. Raises DatabaseUnavailable."""
        if not is_whole(self.query):
            return None
        stats = (await fetch_stats(self.context)).get(self.dataset.name)
        known = stats.files.get(self.table_format.name) if stats else None
        return None if known is None else known.bytes + (len(BOM) if self.query.bom else 0)

    async def render_chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the text. Raises DatabaseUnavailable."""
        repository, writer = self.context.repository, self.writer
        yield writer.render_header()
        if writer.row_column == "row_csv":
            async with aclosing(repository.stream_csv(self.dataset, self.query, self.today)) as chunks:
                async for chunk in chunks:
                    yield chunk
            return
        rows = repository.stream_rows(self.dataset, self.query, self.today, writer.row_column)
        if needs_names(self.query):
            rows = stream_with_names(self.context, self.dataset, self.query, rows)
        async with aclosing(rows) as batches:
            async for batch in batches:
                yield writer.render_rows(batch)


def is_whole(query: DatasetQuery) -> bool:
    """Return whether a query asks for all rows, with all fields, as the catalogue offers them; in whatever order."""
    selects = query.conditions or query.filter or query.fulltext or query.options or query.offset
    return not selects and query.limit is None and query.fields is None and not needs_names(query)


async def buffer_start(chunks: AsyncGenerator[bytes, None]) -> tuple[bytes, bool]:
    """Return the first chunks, joined, and whether they are all. Raises Problem (503).

    If they are all, the response has a `Content-Length`, which some clients need. If the database fails at once, the
    response is a 503 and not a 200 that breaks off.
    """
    buffered: list[bytes] = []
    try:
        async for chunk in chunks:
            buffered.append(chunk)
            if sum(map(len, buffered)) >= BUFFERED_BYTES:
                return b"".join(buffered), False
    except DatabaseUnavailable as error:
        raise service_unavailable(error) from None
    return b"".join(buffered), True


class ResumedStream(AsyncGenerator[bytes, None]):
    """The buffered start of a stream, then its other chunks.

    A generator function would not do: closed before its first step, it would leave the stream open.
    """

    def __init__(self, start: bytes, chunks: AsyncGenerator[bytes, None]) -> None:
        self._start: bytes | None = start
        self._chunks = chunks

    async def asend(self, value: None) -> bytes:
        """Return the next chunk."""
        if self._start is not None:
            start, self._start = self._start, None
            return start
        return await self._chunks.asend(value)

    async def athrow(self, *error: Any) -> bytes:
        """Raise an error in the stream."""
        return await self._chunks.athrow(*error)

    async def aclose(self) -> None:
        """Close the stream."""
        await self._chunks.aclose()
