"""Bodies that are not sent in one piece: streams that end when the client is gone, files and ranges of them."""

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, MutableMapping
from typing import Any

import anyio
from starlette.requests import ClientDisconnect
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from app.errors import Problem
from app.http.file_cache import CachedFile, InMemoryFile
from app.http.response import ApiResponse

CHUNK_BYTES = 1_048_576
RANGE = re.compile(r"bytes=\s*([0-9]{0,18})\s*-\s*([0-9]{0,18})\s*\Z", re.IGNORECASE)


def stream_response(response: ApiResponse, request_headers: Mapping[bytes, bytes]) -> Response:
    """Return the ASGI application that sends a stream or a file.

    `request_headers` have names in lower case. Raises Problem (416) when `Range` begins behind the end of the file.
    """
    if response.file is not None:
        byte_range = requested_range(request_headers, response.headers)
        return RangeResponse(response.file, response.headers, response.media_type, byte_range)
    assert response.stream is not None, "a whole body needs no stream"
    byte_range = requested_range(request_headers, response.headers)
    return ClosingStreamingResponse(response.stream, response.headers, response.media_type, response.length, byte_range)


class ClosingStreamingResponse(StreamingResponse):
    """A stream that is closed as soon as the client is gone, so that its query ends.

    Of a stream whose `length` is known a range can be sent: what comes before it is read and left out.
    """

    def __init__(
        self,
        chunks: AsyncGenerator[bytes, None],
        headers: Mapping[str, str],
        media_type: str,
        length: int | None = None,
        range_header: str | None = None,
    ) -> None:
        super().__init__(chunks, headers=headers, media_type=media_type)
        self.chunks = chunks
        self.length = length
        self.range_header = range_header

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream. Raises Problem (416) when the range begins behind the end."""
        try:
            if self.length is not None:
                self._set_range(self.length)
            await super().__call__(scope, receive, send)
        finally:
            with anyio.CancelScope(shield=True):
                await self.chunks.aclose()

    def _set_range(self, length: int) -> None:
        byte_range = parse_range(self.range_header, length)
        if byte_range:
            self.status_code = 206
            self.body_iterator = cut_range(self.chunks, *byte_range)
        self.headers.update(range_headers(byte_range, length))


class RangeResponse(Response):
    """A finished file, or the range of bytes that was asked for."""

    def __init__(
        self,
        file: CachedFile | InMemoryFile,
        headers: Mapping[str, str],
        media_type: str,
        range_header: str | None,
    ) -> None:
        """Parse the `Range` header. Raises Problem (416) when the range begins behind the end."""
        self.file = file
        try:
            byte_range = parse_range(range_header, file.size)
        except Problem:
            file.close()
            raise
        self.first, self.length = byte_range or (0, file.size)
        lengths = range_headers(byte_range, file.size)
        super().__init__(None, 206 if byte_range else 200, {**headers, **lengths}, media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            end = self.first + self.length
            for start in range(self.first, end, CHUNK_BYTES):
                body = self.file.read(start, min(CHUNK_BYTES, end - start))
                await send({"type": "http.response.body", "body": body, "more_body": start + CHUNK_BYTES < end})
            if not self.length:
                await send({"type": "http.response.body", "body": b""})
        finally:
            self.file.close()


def parse_range(header: str | None, size: int) -> tuple[int, int] | None:
    """Return start and length of the one range of bytes asked for (RFC 9110, section 14), or None for everything.

    A header that is no range of bytes, or asks for several, is ignored, as the standard allows.
    Raises Problem (416) when the range begins behind the end.
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
        detail = f"The range begins behind the end of the file, which has {size} bytes."
        raise Problem(416, detail, headers={"Content-Range": f"bytes */{size}"})
    return start, end - start


def range_headers(byte_range: tuple[int, int] | None, size: int) -> dict[str, str]:
    """Return the headers of a range, or of all `size` bytes."""
    if byte_range is None:
        return {"Content-Length": str(size), "Accept-Ranges": "bytes"}
    start, length = byte_range
    content_range = f"bytes {start}-{start + length - 1}/{size}"
    return {"Content-Length": str(length), "Accept-Ranges": "bytes", "Content-Range": content_range}


async def cut_range(chunks: AsyncGenerator[bytes, None], start: int, length: int) -> AsyncGenerator[bytes, None]:
    """Yield the bytes of a range of a stream, and read no further."""
    position, end = 0, start + length
    async for chunk in chunks:
        part = chunk[max(start - position, 0) : end - position]
        position += len(chunk)
        if part:
            yield part
        if position >= end:
            return


def requested_range(request_headers: Mapping[bytes, bytes], headers: Mapping[str, str]) -> str | None:
    """Return the `Range` header, unless `If-Range` names another version than `headers` do."""
    condition = request_headers.get(b"if-range", b"").decode("latin-1")
    if condition and condition not in (headers.get("ETag"), headers.get("Last-Modified")):
        return None
    return request_headers[b"range"].decode("latin-1") if b"range" in request_headers else None


async def cancel_on_disconnect(
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
    work: Awaitable[ApiResponse],
    quick_seconds: float,
    on_slow: Callable[[], None],
) -> ApiResponse:
    """Return the response that some work makes. Cancel it and raise ClientDisconnect when the client disconnects first.

    `on_slow` is called when the work takes longer than `quick_seconds`; it may raise to end it. A response that was
    made all the same is closed.
    """
    task = asyncio.ensure_future(work)
    watch = asyncio.ensure_future(_wait_for_disconnect(receive))
    is_wanted = False
    try:
        done, _ = await asyncio.wait({task, watch}, timeout=quick_seconds, return_when=asyncio.FIRST_COMPLETED)
        if not done:
            on_slow()
            await asyncio.wait({task, watch}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientDisconnect
        is_wanted = True
        return task.result()
    finally:
        for each in (task, watch):
            each.cancel()
        unsent, _ = await asyncio.gather(task, watch, return_exceptions=True)
        if not is_wanted and isinstance(unsent, ApiResponse):
            await unsent.aclose()


async def _wait_for_disconnect(receive: Callable[[], Awaitable[MutableMapping[str, Any]]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
