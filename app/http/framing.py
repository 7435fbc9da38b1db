"""Rules of HTTP/1.1 messages (RFC 9112) that the parser leaves to the server."""

import asyncio
import re
import socket
import struct
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import orjson
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from app.errors import Problem
from app.http.request import ALLOWED_METHODS, method_not_allowed

Header = tuple[bytes, bytes]
Application = Callable[..., Awaitable[Any]]

VERSIONS = ("1.0", "1.1")
HOST = re.compile(rb"(?:\[[0-9A-Fa-f:.v]+\]|[A-Za-z0-9._~!$&'()*+,;=%-]*)(?::[0-9]*)?")
"""A host name or address with an optional port (RFC 9110, section 7.2). It may be empty."""
ABSOLUTE_FORM = re.compile(rb"https?://[^/?#]+", re.IGNORECASE)
"""The beginning of a target in absolute form, as a client sends it to a proxy: `http://host/path`."""
NOT_HTTP = (
    "This is not a valid HTTP request: its first line or a header cannot be read. In an address, everything but ASCII "
    "must be percent-encoded. With curl, use -G --data-urlencode."
)
NO_HOST = "A request has exactly one Host header, and only HTTP/1.0 may do without."
BAD_HOST = "The Host header is not a host name or address with an optional port."
BAD_TARGET = "The address of a request begins with a slash and has no fragment (#)."
BAD_BODY = "The length of the body cannot be told: Transfer-Encoding must end in chunked, and HTTP/1.0 has none."
UNKNOWN_CODING = "Bodies in a transfer coding other than chunked are not supported."
UNKNOWN_METHOD = f"The method of the request is unknown. Only {ALLOWED_METHODS} are allowed."
UNKNOWN_VERSION = "Only HTTP/1.1 and HTTP/1.0 are supported."


@lru_cache(maxsize=64)
def is_valid_host(value: bytes) -> bool:
    """Whether the value of a Host header is valid."""
    return HOST.fullmatch(value) is not None


def find_framing_fault(version: str, method: bytes, target: bytes, headers: Iterable[Header]) -> Problem | None:
    """Return what forbids to answer a request whose head was read, or None. Such a connection must be closed.

    `target` is in origin form; see `origin_form`. `headers` have names in lower case.
    """
    if version not in VERSIONS:
        return Problem(505, UNKNOWN_VERSION)
    values: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        values.setdefault(name, []).append(value.strip(b" \t"))
    hosts = values.get(b"host", [])
    if len(hosts) > 1 or (not hosts and version != "1.0"):
        return Problem(400, NO_HOST)
    if hosts and not is_valid_host(hosts[0]):
        return Problem(400, BAD_HOST)
    if b"transfer-encoding" in values:
        codings = [word.strip(b" \t").lower() for word in b",".join(values[b"transfer-encoding"]).split(b",")]
        if version == "1.0" or codings[-1] != b"chunked":
            return Problem(400, BAD_BODY)
        if len(codings) > 1:
            return Problem(501, UNKNOWN_CODING)
    if method == b"CONNECT":
        return method_not_allowed()
    if b"#" in target or not (target.startswith(b"/") or (target == b"*" and method == b"OPTIONS")):
        return Problem(400, BAD_TARGET)
    return None


def origin_form(target: bytes) -> bytes:
    """Return a target without scheme and host, which a client may send as to a proxy (RFC 9112, section 3.2.2)."""
    found = ABSOLUTE_FORM.match(target)
    if found is None:
        return target
    rest = target[found.end() :]
    return rest if rest.startswith(b"/") else b"/" + rest


def without_chunks(app: Application, cycle: RequestResponseCycle) -> Application:
    """Return the application for a request of HTTP/1.0, which knows neither chunks nor 100 (Continue).

    A body of unknown length ends with the connection. One that breaks off resets it: otherwise it would look complete.
    """

    async def run(scope: Any, receive: Any, send: Callable[[MutableMapping[str, Any]], Awaitable[None]]) -> None:
        ends_with_connection = False

        async def send_until_close(message: MutableMapping[str, Any]) -> None:
            nonlocal ends_with_connection
            if message["type"] == "http.response.start":
                names = {name.lower() for name, _ in message.get("headers", ())}
                ends_with_connection = b"content-length" not in names
                if ends_with_connection:
                    cycle.chunked_encoding = False
            elif ends_with_connection:
                cycle.expected_content_length = len(message.get("body", b""))
            await send(message)

        cycle.waiting_for_100_continue = False
        try:
            await app(scope, receive, send_until_close)
        finally:
            if ends_with_connection and not cycle.response_complete:
                reset(cycle.transport)

    return run


def reset(transport: asyncio.Transport) -> None:
    """Drop a connection so that the client notices that something is missing: with RST instead of FIN."""
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def refusal_bytes(problem: Problem, default_headers: Iterable[Header] = (), head_only: bool = False) -> bytes:
    """Return the response to what is no request that the application could see."""
    body = orjson.dumps(problem.document("/"))
    headers: Mapping[str, str] = {
        "content-type": "application/problem+json",
        "content-language": "en",
        "cache-control": "no-store",
        "access-control-allow-origin": "*",
        **{name.lower(): value for name, value in problem.headers.items()},
        "content-length": str(len(body)),
        "connection": "close",
    }
    lines = [f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}".encode()]
    lines += [b"%b: %b" % header for header in default_headers]
    lines += [f"{name}: {value}".encode() for name, value in headers.items()]
    return b"\r\n".join([*lines, b"", b"" if head_only else body])
