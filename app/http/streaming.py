"""How answers leave: whole bodies, streams that end when the client is gone, files with parts of them."""

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Mapping
from typing import TypeVar

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from app.errors import Problem
from app.http.file_cache import Held, Whole

T = TypeVar("T")
PIECE = 1_048_576
RANGE = re.compile(r"bytes=\s*([0-9]{0,18})\s*-\s*([0-9]{0,18})\s*\Z", re.IGNORECASE)


class Streamed(StreamingResponse):
    """A stream that is closed as soon as nobody reads it, so that its query ends."""

    def __init__(self, parts: AsyncGenerator[bytes, None], headers: Mapping[str, str], media_type: str) -> None:
        super().__init__(parts, headers=headers, media_type=media_type)
        self.parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            with anyio.CancelScope(shield=True):
                await self.parts.aclose()


class Filed(Response):
    """Finished bytes, or the part of them that was asked for."""

    def __init__(self, whole: Whole | Held, headers: Mapping[str, str], media_type: str, asked: str | None) -> None:
        """`asked` is the `Range` header; raises Problem (416) when it lies behind the end."""
        self.whole = whole
        try:
            part = read_range(asked, whole.size)
        except Problem:
            whole.close()
            raise
        self.first, self.length = part or (0, whole.size)
        lengths = {"Content-Length": str(self.length), "Accept-Ranges": "bytes"}
        if part:
            lengths["Content-Range"] = f"bytes {self.first}-{self.first + self.length - 1}/{whole.size}"
        super().__init__(None, 206 if part else 200, {**headers, **lengths}, media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            end = self.first + self.length
            for start in range(self.first, end, PIECE):
                body = self.whole.read(start, min(PIECE, end - start))
                await send({"type": "http.response.body", "body": body, "more_body": start + PIECE < end})
            if not self.length:
                await send({"type": "http.response.body", "body": b""})
        finally:
            self.whole.close()


def read_range(header: str | None, size: int) -> tuple[int, int] | None:
    """The start and length of the one part asked for (RFC 9110, section 14), or None for the whole.

    A header that is no range of bytes, or asks for several parts, is ignored, as the standard allows.
    Raises Problem (416) when the part lies behind the end.
    """
    found = RANGE.match(header or "")
    if not found or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        start, end = max(size - int(last), 0), size
    elif last and int(last) < int(first):
        return None
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
    if start >= end:
        detail = f"The part asked for lies behind the end; there are {size} bytes."
        raise Problem(416, detail, headers={"Content-Range": f"bytes */{size}"})
    return start, end - start


def wanted_range(request: Request, headers: Mapping[str, str]) -> str | None:
    """The `Range` header, unless `If-Range` names another version."""
    condition = request.headers.get("if-range")
    if condition is not None and condition not in (headers.get("ETag"), headers.get("Last-Modified")):
        return None
    return request.headers.get("range")


async def unless_gone(request: Request, work: Awaitable[T]) -> T:
    """What the work gives; it is cancelled when the client hangs up before. Raises ClientDisconnect then."""
    task = asyncio.ensure_future(work)
    watch = asyncio.ensure_future(_hung_up(request))
    try:
        await asyncio.wait({task, watch}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise ClientDisconnect
    finally:
        for each in (task, watch):
            each.cancel()
        await asyncio.gather(task, watch, return_exceptions=True)


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
