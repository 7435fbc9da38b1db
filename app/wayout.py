"""The way out of every answer: its content coding, conditions, CORS headers, request id, and its place in memory."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from functools import cache
from hashlib import blake2b
from typing import Any

from app import __api_version__, answers
from app.answers import JSON, Answer
from app.cache import NOT_IN_304, AnswerCache, Headers, Kept, Key
from app.conditions import CONDITION, Condition
from app.encoding import ENCODERS, SMALLEST, Encoder, encoded_tag, is_textual
from app.errors import Problem
from app.refusal import rendered
from app.store import Store

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

EXPOSED = b"Link, ETag, Content-Location, Content-Disposition, Content-Range, X-Request-ID, API-Version"
CORS = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", EXPOSED),
    (b"api-version", __api_version__.encode()),
    (b"x-content-type-options", b"nosniff"),
]
"""What every answer carries: CORS, and the version and the caution that the Dutch API Design Rules ask for."""
JSON_BYTES = JSON.encode()


class HeadDone(Exception):
    """The head of an answer was sent, and its body is not wanted."""


async def send_kept(
    send: Send, kept: Kept, condition: Condition | None, identity: tuple[bytes, bytes], method: str
) -> None:
    """Send an answer from memory once more, or a 304 when the client has it."""
    tag = condition.met_by_kept(kept.headers) if condition else None
    if tag is None:
        await send({"type": "http.response.start", "status": 200, "headers": [*kept.headers, identity]})
        await send({"type": "http.response.body", "body": kept.body if method == "GET" else b""})
        return
    headers = kept.unmodified
    if tag != kept.tag:
        headers = [(name, tag if name == b"etag" else value) for name, value in headers]
    await send({"type": "http.response.start", "status": 304, "headers": [*headers, identity]})
    await send({"type": "http.response.body", "body": b""})


class WayOut:
    """`send` for one answer: codes it, dresses its head, keeps it, and stops after the head where asked."""

    def __init__(
        self,
        store: Store,
        cache: AnswerCache,
        send: Send,
        identity: tuple[bytes, bytes],
        key: Key,
        head_only: bool,
        strict: bool,
    ) -> None:
        """`strict`: the client refuses a body that is not coded."""
        self.store = store
        self.cache = cache
        self.send = send
        self.identity = identity
        self.key = key
        self.head_only = head_only
        self.strict = strict
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

    async def answer(self, answer: Answer) -> None:
        """Send JSON that has its validators; nothing is asked of it twice but a condition."""
        items = [(field_name(name), value.encode()) for name, value in answer.headers.items()]
        items += [(b"content-type", JSON_BYTES), (b"content-length", b"%d" % len(answer.body))]
        self.start = {"type": "http.response.start", "status": 200, "headers": items}
        if self.strict or CONDITION.get() is not None:
            await self._whole(answer.body)
        else:
            coding = self.key[3] if len(answer.body) >= SMALLEST else None
            await self._finish(Head(items), coding, answer.body)

    async def _whole(self, body: bytes) -> None:
        """A body in one piece: coded at once, and kept when it has a validator."""
        headers = self._validated(body)
        short = len(body) < SMALLEST and not self.strict
        coding = None if short else self._coding(headers)
        if not await self._conditional(headers, coding):
            await self._finish(headers, coding, body)

    async def _finish(self, headers: "Head", coding: str | None, body: bytes) -> None:
        if coding:
            encoder = ENCODERS[coding]()
            body = encoder.compress(body) + encoder.flush()
            headers.code(coding, len(body))
        dressed = [*headers.items, *CORS]
        revision = self.revision
        fit = self.start["status"] == 200 and not self.strict and is_kept(headers)
        if fit and revision == self.store.state.revision:
            self.cache.put(self.key, Kept(dressed, body, revision))
        await self._send_head(dressed)
        await self.send({"type": "http.response.body", "body": b"" if self.head_only else body})

    async def _begin_stream(self, body: bytes) -> None:
        headers = self._validated(None)
        coding = self._coding(headers)
        if await self._conditional(headers, coding):
            raise HeadDone
        if coding:
            self.encoder = ENCODERS[coding]()
            headers.code(coding, None)
        await self._send_head([*headers.items, *CORS])
        await self._part(body, True)

    async def _part(self, body: bytes, more: bool) -> None:
        if self.head_only:
            await self.send({"type": "http.response.body", "body": b""})
            raise HeadDone
        if self.encoder is not None:
            body = self.encoder.compress(body) + (b"" if more else self.encoder.flush())
        await self.send({"type": "http.response.body", "body": body, "more_body": more})

    def _coding(self, headers: "Head") -> str | None:
        """The coding that a body is sent in, if it is not too short."""
        codable = self.strict or is_textual(headers.get(b"content-type") or b"")
        return self.key[3] if codable and self.start["status"] not in (206, 304) else None

    def _validated(self, body: bytes | None) -> "Head":
        """The head; a 200 that brings no validators of its own gets them from its body and the data's date."""
        headers, status = Head(self.start["headers"]), self.start["status"]
        headers.default(b"vary", b"Accept-Encoding")
        if status in (200, 206, 304):
            loaded_at = self.store.state.loaded_at
            if body is not None and status == 200 and headers.get(b"etag") is None:
                headers.default(b"etag", f'"{blake2b(body, digest_size=12).hexdigest()}"'.encode())
            headers.default(b"last-modified", answers.http_date(loaded_at).encode())
            headers.default(b"cache-control", f"public, max-age={answers.MAX_AGE}".encode())
        return headers

    async def _conditional(self, headers: "Head", coding: str | None) -> bool:
        """Whether a 304 or 412 was sent; decided once more here, where the answer is known to exist."""
        condition = CONDITION.get()
        if condition is None or self.start["status"] not in (200, 206):
            return False
        if condition.failed_by_answer(headers.items, coding):
            changed = Problem(412, "The answer is another by now; ask again without the condition.")
            await send_problem(self._bare, changed, self.key[0], self.key[2].encode("latin-1"))
            return True
        tag = condition.met_by_answer(headers.items, coding)
        if tag is None:
            return False
        headers.replace(b"etag", tag)
        await self._send_head([*(item for item in headers.items if item[0] not in NOT_IN_304), *CORS], 304)
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


@cache
def field_name(name: str) -> bytes:
    """A header's name as it is sent; there are few."""
    return name.lower().encode()


def is_kept(headers: "Head") -> bool:
    """Whether an answer may be sent again: it has a validator, and its freshness does not end at midnight."""
    return headers.get(b"etag") is not None and b"stale-while-revalidate" in (headers.get(b"cache-control") or b"")


class Head:
    """The headers of an answer while they are changed."""

    def __init__(self, items: Headers) -> None:
        self.items = items

    def get(self, name: bytes) -> bytes | None:
        """The value of a header."""
        for known, value in self.items:
            if known == name:
                return value
        return None

    def replace(self, name: bytes, value: bytes | None) -> None:
        """Set a header, or take it away."""
        self.items = [item for item in self.items if item[0] != name]
        if value is not None:
            self.items.append((name, value))

    def default(self, name: bytes, value: bytes) -> None:
        """Set a header that is not there yet."""
        if self.get(name) is None:
            self.items = [*self.items, (name, value)]

    def code(self, coding: str, length: int | None) -> None:
        """Say that the body is coded; `length` is None for a stream."""
        self.replace(b"content-encoding", coding.encode())
        self.replace(b"content-length", None if length is None else str(length).encode())
        if tag := self.get(b"etag"):
            self.replace(b"etag", encoded_tag(tag, coding))


async def send_problem(send: Send, problem: Problem, instance: str, accept: bytes) -> None:
    """Send a problem in the form of its address."""
    shown = instance.encode("utf-8", "replace").decode("utf-8", "replace")
    media_type, body = rendered(problem, shown, accept.decode("latin-1") or None)
    headers = [(b"content-type", media_type.encode()), (b"content-language", b"en"), (b"cache-control", b"no-store")]
    headers += [(name.lower().encode(), value.encode()) for name, value in problem.headers.items()]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
