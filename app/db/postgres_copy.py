"""Postgres' COPY as a stream: one column of text, as fast as the server sends it."""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import asyncpg

PIECE = 262_144
"""Bytes that are gathered before they go on: the driver hands out a few thousand at once."""
AHEAD = 4
"""Pieces that are received before they are asked for; then the server waits."""
LINE_END = rb"\r\n" + b"\n"
"""How COPY writes a value that ends in CR LF: escaped, and its own line end behind."""
ESCAPED = re.compile(rb"\\(.)|\n", re.DOTALL)
MEANING = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


async def copied(
    connection: "asyncpg.Connection[asyncpg.Record]", sql: str, arguments: Sequence[Any]
) -> AsyncGenerator[bytes, None]:
    """The values of a statement's only column, none of them null, joined, in pieces of whole values."""
    received: asyncio.Queue[bytes | None] = asyncio.Queue(AHEAD)
    gathered = bytearray()
    enough = 1  # the first piece goes on at once

    async def gather(data: bytes) -> None:
        nonlocal enough
        gathered.extend(data)
        if len(gathered) >= enough:
            enough = PIECE
            await received.put(bytes(gathered))
            gathered.clear()

    async def copy() -> None:
        try:
            await connection.copy_from_query(sql, *arguments, output=gather)
            await received.put(bytes(gathered))
        finally:
            if (task := asyncio.current_task()) is None or not task.cancelling():
                await received.put(None)

    copying = asyncio.ensure_future(copy())
    try:
        while (piece := await received.get()) is not None:
            yield unescaped(piece)
        await copying
    finally:
        copying.cancel()
        await asyncio.gather(copying, return_exceptions=True)


def unescaped(piece: bytes) -> bytes:
    """Values from COPY's text format, where each stands on a line of its own."""
    simple = piece.replace(LINE_END, b"\r\n")
    # Where no backslash is left every escape was a line end, and every line feed belongs to one.
    if b"\\" not in simple and simple.count(b"\n") == simple.count(b"\r\n"):
        return simple
    return ESCAPED.sub(_meant, piece)


def _meant(found: re.Match[bytes]) -> bytes:
    letter: bytes | None = found[1]
    return b"" if letter is None else MEANING.get(letter, letter)
