"""The protocol of our own server: simple GET requests are answered without an ASGI call.

Nobody but the server imports this module. Under any other ASGI server the application gives the same responses.
"""

import asyncio
from collections.abc import Coroutine, Mapping
from contextvars import copy_context
from typing import Any, Protocol

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.http.eager_task import run_eagerly
from app.http.framing import is_valid_host
from app.http.limited_protocol import LimitedProtocol
from app.http.request import CacheableRequest
from app.http.response import WireResponse

BODY_OR_UPGRADE_HEADERS = frozenset((b"content-length", b"transfer-encoding", b"expect", b"upgrade"))
"""A request with one of these brings a body, or negotiates something first."""
MAX_PIPELINED_PER_READ = 8
"""Requests of one connection answered before other connections have their turn: each may take some milliseconds."""


class FastPathApplication(Protocol):
    """What the protocol asks of the application beside ASGI."""

    def try_fast_response(self, request: CacheableRequest) -> WireResponse | Coroutine[Any, Any, WireResponse] | None:
        """Return the finished response, or the coroutine that makes it; None for what needs an ASGI call."""

    def request_id_header(self, headers: Mapping[bytes, bytes]) -> tuple[bytes, bytes]:
        """Return the `X-Request-ID` header of the response to a request."""


class FastPathCycle:
    """Stands where uvicorn's protocol keeps its request-response cycle, for a request without an ASGI call."""

    __slots__ = ("disconnected", "keep_alive", "message_event", "more_body", "response_complete", "task")

    def __init__(self) -> None:
        self.task: asyncio.Task[None] | None = None
        self.response_complete = False
        self.disconnected = False
        self.keep_alive = True
        self.more_body = False
        self.message_event = self

    def set(self) -> None:
        """Stop the work when the client is gone. Nothing else waits for more of the request."""
        if self.disconnected and self.task is not None:
            self.task.cancel()


class FastPathProtocol(LimitedProtocol):
    """A bounded connection with a fast path for simple GET requests.

    An ASGI call costs as much as most of our responses: a task, a scope, two messages, another look at every header.
    So a simple GET is answered as soon as its head is read, where `try_fast_response` can do so. uvicorn handles
    everything else: other methods, bodies, HTTP/1.0, connections that are to be closed or that cannot be written to,
    and requests behind one that is still being answered (HTTP/1.1 keeps the order).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        app: Any = self.app
        self._fast_app: FastPathApplication | None = app if hasattr(app, "try_fast_response") else None

    def on_message_begin(self) -> None:
        """Begin a request. What only an ASGI call needs is made when there is one."""
        self._in_head = True
        self._fed_bytes = 0
        self._waiting_since = None
        self.url = b""
        self.headers = []
        self.expect_100_continue = False

    def on_headers_complete(self) -> None:
        """Answer a request whose head is complete, or pass it on to ASGI."""
        self.end_head()
        if self._fast_app is None or not self._is_simple_get() or not self._try_fast_path(self._fast_app):
            self._fall_back_to_asgi()

    def _fall_back_to_asgi(self) -> None:
        url, headers, expecting = self.url, self.headers, self.expect_100_continue
        HttpToolsProtocol.on_message_begin(self)
        self.url, self.expect_100_continue = url, expecting
        self.headers += headers  # the scope holds this very list
        self.call_application()

    def _is_simple_get(self) -> bool:
        parser, url = self.parser, self.url
        return (
            self._pipelined < MAX_PIPELINED_PER_READ
            and (self.cycle is None or self.cycle.response_complete)
            and parser.get_method() == b"GET"
            and parser.get_http_version() == "1.1"
            and parser.should_keep_alive()
            and url[:1] == b"/"
            and url[1:2] != b"/"
            and b"#" not in url
            and url.isascii()
            and not self.flow.write_paused
            and not self.config.access_log
            and not self.root_path
            and self.limit_concurrency is None
        )

    def _try_fast_path(self, app: FastPathApplication) -> bool:
        """Return whether the request is answered here, now or later."""
        path, _, query = self.url.partition(b"?")
        headers = dict(self.headers)
        has_duplicates = len(headers) < len(self.headers)
        if b"%" in path or has_duplicates or not BODY_OR_UPGRADE_HEADERS.isdisjoint(headers):
            return False
        if not is_valid_host(headers.get(b"host", b"/")):
            return False
        request = CacheableRequest(path.decode(), path, query, headers)
        response = app.try_fast_response(request)
        if response is None:
            return False
        request_id = b"%b: %b\r\n" % app.request_id_header(headers)
        self._pipelined += 1
        cycle = FastPathCycle()
        self.cycle = cycle  # type: ignore[assignment]  # it has what the protocol asks of a cycle
        if isinstance(response, WireResponse):
            self._send(cycle, request_id, response)
            return True
        context = copy_context() if request.is_conditional else None  # conditions are the only context variable
        if task := run_eagerly(response, lambda finished: self._send(cycle, request_id, finished), context):
            cycle.task = task
            task.add_done_callback(self.tasks.discard)
            self.tasks.add(task)
        return True

    def _send(self, cycle: FastPathCycle, request_id: bytes, response: WireResponse) -> None:
        cycle.response_complete = True
        if cycle.disconnected:
            return
        lines = [STATUS_LINE[response.status]]
        lines += [b"%b: %b\r\n" % header for header in self.server_state.default_headers]
        closing = b"" if cycle.keep_alive else b"connection: close\r\n"
        self.transport.write(b"".join((*lines, response.header_lines, request_id, closing, b"\r\n", response.body)))
        if closing:
            self.transport.close()
        self.on_response_complete()
