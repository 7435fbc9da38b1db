"""Stream a text column with COPY, which is the fastest way to read it from Postgres."""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import asyncpg

CHUNK_BYTES = 262_144
"""The number of bytes that are collected into a chunk; the driver delivers a few thousand at a time."""
MAX_BUFFERED_CHUNKS = 4
"""The number of chunks that are received in advance; after that the server has to wait."""
LINE_END = rb"\r\n" + b"\n"
"""How COPY writes the end of a value that ends in CR LF: escaped, followed by its own line end."""
ESCAPED = re.compile(rb"\\(.)|\n", re.DOTALL)
ESCAPE_CHARACTERS = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


async def copy_chunks(
    connection: "asyncpg.Connection[asyncpg.Record]", sql: str, arguments: Sequence[Any], stall_seconds: float
) -> AsyncGenerator[bytes, None]:
    """Yield the values of a statement's only column, joined to chunks of complete values. None may be null.

    Raises TimeoutError when the server sends nothing for `stall_seconds`.
    """
    chunks: asyncio.Queue[bytes | None] = asyncio.Queue(MAX_BUFFERED_CHUNKS)
    buffer = bytearray()
    threshold = 1  # the first chunk is sent immediately
    loop = asyncio.get_running_loop()
    received_at = loop.time()

    async def receive(data: bytes) -> None:
        nonlocal threshold, received_at
        received_at = loop.time()
        buffer.extend(data)
        if len(buffer) >= threshold:
            threshold = CHUNK_BYTES
            await chunks.put(bytes(buffer))
            buffer.clear()

    async def copy() -> None:
        try:
            await connection.copy_from_query(sql, *arguments, output=receive)
            await chunks.put(bytes(buffer))
        finally:
            if (task := asyncio.current_task()) is None or not task.cancelling():
                await chunks.put(None)

    async def next_chunk() -> bytes | None:
        """Return the next chunk. Only the time in which the server sends nothing counts, not the reader's own."""
        started = loop.time()
        while chunks.empty():
            try:
                async with asyncio.timeout_at(max(started, received_at) + stall_seconds) as limit:
                    return await chunks.get()
            except TimeoutError:
                if not limit.expired() or max(started, received_at) + stall_seconds <= loop.time():
                    raise
        return chunks.get_nowait()

    copy_task = asyncio.ensure_future(copy())
    try:
        while (chunk := await next_chunk()) is not None:
            yield unescape(chunk)
        await copy_task
    finally:
        copy_task.cancel()
        await asyncio.gather(copy_task, return_exceptions=True)


def unescape(chunk: bytes) -> bytes:
    """Return values from the text format of COPY, which has one value a line."""
    text = chunk.replace(LINE_END, b"\r\n")
    # If no backslash is left, all escapes were line ends, and every line feed belongs to one.
    if b"\\" not in text and text.count(b"\n") == text.count(b"\r\n"):
        return text
    return ESCAPED.sub(_unescape, chunk)


def _unescape(match: re.Match[bytes]) -> bytes:
    letter: bytes | None = match[1]
    return b"" if letter is None else ESCAPE_CHARACTERS.get(letter, letter)
