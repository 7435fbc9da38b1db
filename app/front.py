"""The outermost layer, plain ASGI: request ids, CORS, HEAD and OPTIONS, refusal of malformed addresses."""

import re
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import unquote_to_bytes

from fastapi import FastAPI

from app.errors import Problem
from app.formats.rows import to_json
from app.query.ask import BAD_PERCENT

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

ALLOW = "GET, HEAD, OPTIONS"
REQUEST_ID = re.compile(rb"[A-Za-z0-9._:/+=-]{1,128}\Z")
CORS = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"Link, ETag, Content-Location, Content-Disposition, Content-Range, X-Request-ID"),
]
PREFLIGHT = [
    (b"access-control-allow-methods", ALLOW.encode()),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
    (b"allow", ALLOW.encode()),
]


class HeadDone(Exception):
    """The head of an answer was sent, and its body is not wanted."""


class Front:
    """Wraps the application."""

    def __init__(self, api: FastAPI, max_url_bytes: int) -> None:
        self.api = api
        self.max_url_bytes = max_url_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.api(scope, receive, send)
            return
        head = scope["method"] == "HEAD"
        dressed = _dressed(send, request_id(scope), head)
        try:
            if scope["method"] == "OPTIONS":
                await _send_plain(dressed, 204, [*PREFLIGHT], b"")
                return
            if problem := self._refusal(scope):
                path = scope["path"].encode("utf-8", "replace").decode("utf-8", "replace")
                await send_problem(dressed, problem, path)
                return
            await self.api(_without_range({**scope, "method": "GET"}) if head else scope, receive, dressed)
        except HeadDone:
            pass

    def _refusal(self, scope: Scope) -> Problem | None:
        """The problem with an address that no route should see."""
        raw: bytes = scope.get("raw_path") or scope["path"].encode()
        if len(raw) + len(scope["query_string"]) > self.max_url_bytes:
            return Problem(414, f"The address is longer than {self.max_url_bytes} bytes; ask for less at once.")
        if BAD_PERCENT.search(raw.decode("latin-1")):
            return Problem(400, "The path has an invalid percent-encoding; a literal % is written %25.")
        try:
            if "\x00" in unquote_to_bytes(raw).decode("utf-8"):
                return Problem(400, "The path holds a NUL character.")
        except UnicodeDecodeError:
            return Problem(400, "The path is not valid UTF-8.")
        if len(scope["path"]) > 1 and scope["path"].endswith("/"):
            return Problem(404, f"Addresses do not end in a slash; ask for '{scope['path'].rstrip('/')[:200]}'.")
        return None


def _without_range(scope: Scope) -> Scope:
    """A request for the head alone, to which `Range` does not apply (RFC 9110, section 14.2)."""
    return {**scope, "headers": [header for header in scope["headers"] if header[0] != b"range"]}


def request_id(scope: Scope) -> bytes:
    """The caller's request id when its characters are safe, else one of ours."""
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return given if REQUEST_ID.match(given) else uuid.uuid4().hex.encode()


def _dressed(send: Send, identity: bytes, head: bool) -> Send:
    """`send` that adds the headers of every answer, and stops after the head where no body is wanted."""

    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *CORS, (b"x-request-id", identity)]
            await send(message)
        elif head:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            raise HeadDone
        else:
            await send(message)

    return dressed


async def _send_plain(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    length = [(b"content-length", str(len(body)).encode())] if status != 204 else []
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *length]})
    await send({"type": "http.response.body", "body": body})


async def send_problem(send: Send, problem: Problem, instance: str) -> None:
    """Send a problem document."""
    headers = [(b"content-type", b"application/problem+json"), (b"cache-control", b"no-store")]
    headers += [(name.lower().encode(), value.encode()) for name, value in problem.headers.items()]
    await _send_plain(send, problem.status, headers, to_json(problem.document(instance)).encode())
