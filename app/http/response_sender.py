"""The way out of what the routes answer: coding, conditions, CORS headers, request id, and a place in memory."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from hashlib import blake2b
from typing import Any

from app.api.problems import rendered
from app.errors import Problem
from app.http.conditional import CONDITION, http_date
from app.http.content_coding import ENCODERS, Encoder, is_textual
from app.http.request import Request
from app.http.response import CORS, Head, Headers, Reply, instead, reply_of
from app.http.response_cache import AnswerCache
from app.http.result import MAX_AGE, STALE
from app.query.repository import Store

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class HeadDone(Exception):
    """The head of an answer was sent, and its body is not wanted."""


class WayOut:
    """`send` for one answer: codes it, dresses its head, keeps it, and stops after the head where asked."""

    def __init__(
        self,
        store: Store,
        cache: AnswerCache,
        send: Send,
        identity: tuple[bytes, bytes],
        request: Request,
        head_only: bool,
    ) -> None:
        self.store = store
        self.cache = cache
        self.send = send
        self.identity = identity
        self.request = request
        self.head_only = head_only
        self.start: Message = {}
        self.started = False
        self.encoder: Encoder | None = None
        self.revision = store.state.revision

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        elif message["type"] == "http.response.body":
            await self._body(message.get("body", b""), bool(message.get("more_body")))
        else:
            await self.send(message)

    async def _body(self, body: bytes, more: bool) -> None:
        if self.started:
            await self._part(body, more)
        elif more:
            await self._begin_stream(body)
        else:
            await self._whole(body)

    async def _whole(self, body: bytes) -> None:
        """A body in one piece: coded at once, and kept when it has a validator."""
        head = self._validated(body)
        coding = self._coding(head, len(body))
        if await self._conditional(head, coding):
            return
        status, revision = self.start["status"], self.revision
        reply = reply_of(status, head, body, coding)
        fit = status == 200 and not self.request.strict and is_kept(head)
        if fit and revision == self.store.state.revision:
            self.cache.put(self.request.key, reply, revision)
        await self._send_head(reply.headers)
        await self.send({"type": "http.response.body", "body": b"" if self.head_only else reply.body})

    async def _begin_stream(self, body: bytes) -> None:
        head = self._validated(None)
        coding = self._coding(head, None)
        if await self._conditional(head, coding):
            raise HeadDone
        if coding:
            self.encoder = ENCODERS[coding]()
            head.code(coding, None)
        await self._send_head([*head.items, *CORS])
        await self._part(body, True)

    async def _part(self, body: bytes, more: bool) -> None:
        if self.head_only:
            await self.send({"type": "http.response.body", "body": b""})
            raise HeadDone
        if self.encoder is not None:
            body = self.encoder.compress(body) + (b"" if more else self.encoder.flush())
        await self.send({"type": "http.response.body", "body": body, "more_body": more})

    def _coding(self, head: Head, size: int | None) -> str | None:
        """The coding that a body is sent in; `size` is None for a stream."""
        codable = self.request.strict or is_textual(head.get(b"content-type") or b"")
        if not codable or self.start["status"] in (206, 304):
            return None
        return self.request.coding if size is None else self.request.coding_of(size)

    def _validated(self, body: bytes | None) -> Head:
        """The head; a 200 that brings no validators of its own gets them from its body and the data's date."""
        headers, status = Head(self.start["headers"]), self.start["status"]
        headers.default(b"vary", b"Accept-Encoding")
        if status in (200, 206, 304):
            loaded_at = self.store.state.loaded_at
            if body is not None and status == 200 and headers.get(b"etag") is None:
                headers.default(b"etag", f'"{blake2b(body, digest_size=12).hexdigest()}"'.encode())
            headers.default(b"last-modified", http_date(loaded_at).encode())
            headers.default(b"cache-control", f"public, max-age={MAX_AGE}".encode())
        return headers

    async def _conditional(self, head: Head, coding: str | None) -> bool:
        """Whether a 304 or 412 was sent."""
        condition = CONDITION.get()
        if condition is None or self.start["status"] not in (200, 206):
            return False
        try:
            unmodified = instead(head, coding, condition)
        except Problem as problem:
            await send_problem(self._bare, problem, self.request)
            return True
        if unmodified is None:
            return False
        await self._send_head(unmodified.headers, 304)
        await self.send({"type": "http.response.body", "body": b""})
        return True

    async def _bare(self, message: Message) -> None:
        """Send a problem as it is."""
        if message["type"] == "http.response.start":
            self.start = message
            await self._send_head([*message["headers"], *CORS])
        else:
            await self.send({**message, "body": b"" if self.head_only else message["body"]})

    async def _send_head(self, headers: Headers, status: int | None = None) -> None:
        self.started = True
        self.start["status"] = status or self.start["status"]
        await self.send({**self.start, "headers": [*headers, self.identity]})

    async def not_modified(self, headers: Mapping[str, str]) -> None:
        """Send a 304."""
        items = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await self({"type": "http.response.start", "status": 304, "headers": items})
        await self({"type": "http.response.body", "body": b""})


def is_kept(headers: Head) -> bool:
    """Whether an answer may be sent again: it has a validator, and its freshness does not end at midnight."""
    return headers.get(b"etag") is not None and STALE.encode() in (headers.get(b"cache-control") or b"")


async def send_reply(send: Send, reply: Reply, identity: tuple[bytes, bytes], head_only: bool) -> None:
    """Send a reply as ASGI has it."""
    await send({"type": "http.response.start", "status": reply.status, "headers": [*reply.headers, identity]})
    await send({"type": "http.response.body", "body": b"" if head_only else reply.body})


def told(problem: Problem, request: Request) -> tuple[Headers, bytes]:
    """Headers and body of a problem in the form of its address, without what every answer carries."""
    shown = request.path.encode("utf-8", "replace").decode("utf-8", "replace")
    media_type, body = rendered(problem, shown, request.accept.decode("latin-1") or None)
    headers = [(b"content-type", media_type.encode()), (b"content-language", b"en"), (b"cache-control", b"no-store")]
    headers += [(name.lower().encode(), value.encode()) for name, value in problem.headers.items()]
    return [*headers, (b"content-length", str(len(body)).encode())], body


async def send_problem(send: Send, problem: Problem, request: Request) -> None:
    """Send a problem through what codes and dresses it."""
    headers, body = told(problem, request)
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
