"""The way in, plain ASGI, and the hot path: what most requests ask for is answered here.

1. An answer given before is sent again from memory, or as a 304: no parsing, no SQL.
2. A page or a row as JSON goes straight to `app.answers`, past the router, whose work would cost
   more than the answer's own. The routes give the same answers by the same functions.
3. Everything else goes to the routes.

On the way out each answer gets its request id, CORS headers, content coding, and its place in the cache.
"""

import itertools
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping, MutableMapping
from functools import cache
from hashlib import blake2b
from typing import Any
from urllib.parse import unquote_to_bytes

from fastapi import FastAPI

from app import __api_version__, answers
from app.answers import JSON, Answer, Desk
from app.cache import NOT_IN_304, AnswerCache, Headers, Kept, Key
from app.conditions import CONDITION, CONDITIONAL, Condition, NotModified, condition_of
from app.datasets import DATASETS
from app.encoding import ENCODERS, SMALLEST, Encoder, encoded_tag, is_textual, refuses_plain, wanted_coding
from app.errors import Problem
from app.formats.offers import ITEM_SUFFIXES
from app.negotiation import LONGEST, not_acceptable, prefers_json, takes
from app.query.ask import BAD_PERCENT, unknown_parameter
from app.refusal import rendered
from app.sdmx.faults import is_sdmx

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

ALLOW = "GET, HEAD, OPTIONS"
REQUEST_ID = re.compile(rb"[A-Za-z0-9._:/+=-]{1,128}\Z")
EXPOSED = b"Link, ETag, Content-Location, Content-Disposition, Content-Range, X-Request-ID, API-Version"
CORS = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", EXPOSED),
    (b"api-version", __api_version__.encode()),
    (b"x-content-type-options", b"nosniff"),
]
"""What every answer carries: CORS, and the version and the caution that the Dutch API Design Rules ask for."""
PREFLIGHT = [
    (b"access-control-allow-methods", ALLOW.encode()),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
    (b"allow", ALLOW.encode()),
]
WORDS = ("schema", "facets", "aggregate", "queryables", "series")
JSON_BYTES = JSON.encode()
JSON_TYPES = (JSON, "application/schema+json")
NOT_FROM_MEMORY = frozenset((b"range", b"if-match", b"if-unmodified-since"))
"""Headers of requests whose answer is no kept one as it stands, or has to be refused first."""
UNASKED = ("/healthz", "/readyz", "/openapi.json", "/docs")
"""Addresses that take no parameters."""
logger = logging.getLogger("gazette")


class HeadDone(Exception):
    """The head of an answer was sent, and its body is not wanted."""


class Front:
    """Wraps the routes."""

    def __init__(self, api: FastAPI, desk: Desk) -> None:
        self.api = api
        self.desk = desk
        self.cache = AnswerCache(desk.settings.answer_cache_bytes)
        self._id_start = secrets.token_hex(6).encode()
        self._id_count = itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.api(scope, receive, send)
            return
        headers = joined(scope)
        identity = self._request_id(headers.get(b"x-request-id", b""))
        method: str = scope["method"]
        if method not in ("GET", "HEAD"):
            await self._other(scope, _identified(send, identity))
            return
        coding = wanted_coding(headers[b"accept-encoding"]) if b"accept-encoding" in headers else None
        accept = headers.get(b"accept", b"")
        # Below /v1 many headers mean plain JSON: they share an answer. What another one gets depends on the address.
        plain = not accept or (scope["path"].startswith("/v1") and prefers_json(accept))
        form = "json" if plain else accept[:LONGEST].decode("latin-1")
        key: Key = (scope["path"], scope["query_string"], form, coding)
        strict = b"q=0" in headers.get(b"accept-encoding", b"") and refuses_plain(headers[b"accept-encoding"])
        kept = None
        if not strict and NOT_FROM_MEMORY.isdisjoint(headers):
            kept = self.cache.get(key, self.desk.store.state.revision)
        if kept is not None and headers.get(b"if-none-match", b"") == kept.tag:
            await send({"type": "http.response.start", "status": 304, "headers": [*kept.unmodified, identity]})
            await send({"type": "http.response.body", "body": b""})
            return
        condition = condition_of(headers, coding)
        if kept is not None:
            await send_kept(send, kept, condition, identity, method)
            return
        way_out = WayOut(self, send, identity, key, method == "HEAD", strict)
        token = CONDITION.set(condition)
        try:
            await self._answer(scope, receive, way_out, key, accept)
        except NotModified as unmodified:
            await way_out.not_modified(unmodified.headers)
        except HeadDone:
            pass
        finally:
            CONDITION.reset(token)

    async def _answer(self, scope: Scope, receive: Receive, way_out: "WayOut", key: Key, accept: bytes) -> None:
        path, query, form, _ = key
        try:
            if refusal := refuse(scope, self.desk.settings.max_url_bytes):
                raise refusal
            if way_out.strict and not key[3]:
                raise Problem(406, f"None of the codings asked for is on offer; there are: {', '.join(ENCODERS)}.")
            if form != "json" and is_json_only(path) and not takes(accept, *JSON_TYPES):
                raise not_acceptable(*JSON_TYPES)
            answer = await self._straight(path, query) if form == "json" else None
        except Problem as problem:
            await send_problem(way_out, problem, path, accept)
        except NotModified:
            raise
        except Exception:
            logger.exception("failed to answer")
            failure = Problem(500, "The service failed to answer; the failure is logged.")
            await send_problem(way_out, failure, path, accept)
        else:
            if answer is not None:
                await way_out.answer(answer)
            elif scope["method"] == "HEAD":
                # To the head alone `Range` does not apply (RFC 9110, section 14.2).
                await self.api(_without({**scope, "method": "GET"}, {*CONDITIONAL, b"range"}), receive, way_out)
            else:
                await self.api(_without(scope, CONDITIONAL) if CONDITION.get() else scope, receive, way_out)

    async def _straight(self, path: str, query: bytes) -> Answer | None:
        """A page or a row as JSON; None for all that the routes answer."""
        if not path.startswith("/v1/"):
            return None
        name, slash, key = path[4:].partition("/")
        dataset = DATASETS.get(name)
        if dataset is None:
            return None
        if not slash:
            return await answers.collection(self.desk, dataset, query)
        if key in WORDS or "/" in key or key.endswith(ITEM_SUFFIXES):
            return None
        return await answers.item(self.desk, dataset, key, query)

    async def _other(self, scope: Scope, send: Send) -> None:
        if scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": PREFLIGHT})
            await send({"type": "http.response.body", "body": b""})
            return
        problem = Problem(405, f"Only {ALLOW} are allowed; no address writes.", headers={"Allow": ALLOW})
        await send_problem(send, problem, scope["path"], joined(scope).get(b"accept", b""))

    def _request_id(self, given: bytes) -> tuple[bytes, bytes]:
        """The caller's request id when its characters are safe, else one of ours, as a header."""
        if given and REQUEST_ID.match(given):
            return (b"x-request-id", given)
        return (b"x-request-id", b"%b-%x" % (self._id_start, next(self._id_count)))


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


def is_json_only(path: str) -> bool:
    """Whether an address answers JSON and nothing else."""
    return path in ("/v1", "/v1/search") or (path.startswith("/v1/") and path.rpartition("/")[2] in WORDS)


def joined(scope: Scope) -> dict[bytes, bytes]:
    """The headers by their names; one that came twice is joined by commas, for the routes as well."""
    headers = dict(scope["headers"])
    if len(headers) < len(scope["headers"]):
        headers = {}
        for name, value in scope["headers"]:
            headers[name] = headers[name] + b", " + value if name in headers else value
        scope["headers"] = list(headers.items())
    return headers


def refuse(scope: Scope, most_bytes: int) -> Problem | None:
    """The problem with an address that no route should see."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    if len(raw) + len(scope["query_string"]) > most_bytes:
        return Problem(414, f"The address is longer than {most_bytes} bytes; ask for less at once.")
    path: str = scope["path"]
    if b"%" in raw or not raw.isascii():
        if BAD_PERCENT.search(raw.decode("latin-1")):
            return Problem(400, "The path has an invalid percent-encoding; a literal % is written %25.")
        try:
            if "\x00" in unquote_to_bytes(raw).decode("utf-8"):
                return Problem(400, "The path holds a NUL character.")
        except UnicodeDecodeError:
            return Problem(400, "The path is not valid UTF-8.")
    if path in UNASKED and scope["query_string"]:
        name = scope["query_string"].decode("latin-1").partition("=")[0]
        return unknown_parameter(name, ())
    if len(path) > 1 and path.endswith("/") and not is_sdmx(path):
        return Problem(404, f"Addresses do not end in a slash; ask for '{path.rstrip('/')[:200]}'.")
    return None


def _without(scope: Scope, names: Collection[bytes]) -> Scope:
    """A request without some headers: conditions are judged here, and by nobody else."""
    return {**scope, "headers": [header for header in scope["headers"] if header[0] not in names]}


def _identified(send: Send, identity: tuple[bytes, bytes]) -> Send:
    async def identified(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *CORS, identity]
        await send(message)

    return identified


class WayOut:
    """`send` for one answer: codes it, dresses its head, keeps it, and stops after the head where asked."""

    def __init__(
        self, front: Front, send: Send, identity: tuple[bytes, bytes], key: Key, head_only: bool, strict: bool
    ) -> None:
        """`strict`: the client refuses a body that is not coded."""
        self.front = front
        self.send = send
        self.identity = identity
        self.key = key
        self.head_only = head_only
        self.strict = strict
        self.start: Message = {}
        self.started = False
        self.encoder: Encoder | None = None
        self.revision = front.desk.store.state.revision

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
        if fit and revision == self.front.desk.store.state.revision:
            self.front.cache.put(self.key, Kept(dressed, body, revision))
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
        if status in (200, 206, 304) and b"no-store" not in (headers.get(b"cache-control") or b""):
            loaded_at = self.front.desk.store.state.loaded_at
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
