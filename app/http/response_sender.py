"""The ASGI `send` behind which FastAPI's routes, streams and files are finished."""

from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from typing import Any

from app.errors import Problem
from app.http.content_coding import STREAM_ENCODERS, Encoder, encode_chunk
from app.http.finish import finish_response, finish_stream_head
from app.http.request import CacheableRequest
from app.http.response import ApiResponse, HeaderList, WireResponse, response_from_asgi

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Header = tuple[bytes, bytes]


class HeadOnlySent(Exception):
    """The head of a response was sent, and its body is not wanted."""


class ResponseSender:
    """`send` for one response: finishes a whole body, and codes a stream chunk by chunk.

    `on_finished` is called with each whole response and its finished form; `finish_problem` finishes the 412 of a
    failed precondition. A stream whose body is not wanted ends with HeadOnlySent after its head.
    """

    def __init__(
        self,
        send: Send,
        request: CacheableRequest,
        request_id: Header,
        head_only: bool,
        loaded_at: datetime,
        on_finished: Callable[[ApiResponse, WireResponse], None],
        finish_problem: Callable[[Problem], WireResponse],
    ) -> None:
        self.send = send
        self.request = request
        self.request_id = request_id
        self.head_only = head_only
        self.loaded_at = loaded_at
        self.on_finished = on_finished
        self.finish_problem = finish_problem
        self.started = False
        self._start: Message = {}
        self._encoder: Encoder | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] != "http.response.body":
            await self.send(message)
        elif self.started:
            await self._send_chunk(message.get("body", b""), message.get("more_body", False))
        elif message.get("more_body", False):
            await self._start_stream(message.get("body", b""))
        else:
            body = message.get("body", b"")
            await self.send_response(response_from_asgi(self._start["status"], self._start["headers"], body))

    async def send_response(self, response: ApiResponse) -> None:
        """Finish and send a response with a whole body."""
        try:
            finished = finish_response(response, self.request, self.loaded_at)
        except Problem as problem:
            finished = self.finish_problem(problem)
        else:
            self.on_finished(response, finished)
        await self.send_finished(finished)

    async def send_finished(self, response: WireResponse) -> None:
        """Send a finished response."""
        await self._send_head(response.status, response.headers)
        body = b"" if self.head_only else response.body
        await self.send({"type": "http.response.body", "body": body})

    async def _start_stream(self, chunk: bytes) -> None:
        headers: HeaderList = self._start["headers"]
        length = next((value for name, value in headers if name == b"content-length"), None)
        response = response_from_asgi(self._start["status"], headers)
        try:
            finished = finish_stream_head(response, length, self.request, self.loaded_at)
        except Problem as problem:
            finished = self.finish_problem(problem)
        if isinstance(finished, WireResponse):
            await self.send_finished(finished)
            raise HeadOnlySent
        finished_headers, coding = finished
        if coding:
            self._encoder = STREAM_ENCODERS[coding]()
        await self._send_head(response.status, finished_headers)
        await self._send_chunk(chunk, True)

    async def _send_chunk(self, chunk: bytes, more: bool) -> None:
        if self.head_only:
            await self.send({"type": "http.response.body", "body": b""})
            raise HeadOnlySent
        if self._encoder is not None:
            chunk = await encode_chunk(self._encoder, chunk, is_last=not more)
        await self.send({"type": "http.response.body", "body": chunk, "more_body": more})

    async def _send_head(self, status: int, headers: HeaderList) -> None:
        self.started = True
        await self.send({"type": "http.response.start", "status": status, "headers": [*headers, self.request_id]})
