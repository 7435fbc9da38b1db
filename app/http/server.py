"""The server's own process: `python -m app.http.server HOST PORT WORKERS`, on a database that is ready.

Nobody imports this module. Under any other ASGI server the application gives the same responses.
"""

import sys
from collections.abc import Coroutine, Mapping
from contextvars import copy_context
from typing import Any, Protocol

import orjson
import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.errors import Problem
from app.http.eager_task import run_eagerly
from app.http.request import CacheableRequest
from app.http.response import WireResponse

NOT_HTTP = (
    "This is not a valid HTTP request: its first line or a header cannot be read. In an address, everything but ASCII "
    "must be percent-encoded. With curl, use -G --data-urlencode."
)
MAX_PARSER_URL_BYTES = 65_535
"""The HTTP parser accepts no longer address. The application's own limit is far below."""
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

    __slots__ = ("disconnected", "keep_alive", "message_event", "more_body", "response_complete")

    def __init__(self) -> None:
        self.response_complete = False
        self.disconnected = False
        self.keep_alive = True
        self.more_body = False
        self.message_event = self

    def set(self) -> None:
        """Do nothing: nothing waits for more of the request."""


class FastPathProtocol(HttpToolsProtocol):
    """uvicorn's protocol with a fast path for simple GET requests.

    An ASGI call costs as much as most of our responses: a task, a scope, two messages, another look at every header.
    So a simple GET is answered as soon as its head is read, where `try_fast_response` can do so. uvicorn handles
    everything else: other methods, bodies, HTTP/1.0, connections that are to be closed or that cannot be written to,
    and requests behind one that is still being answered (HTTP/1.1 keeps the order).
    """

    _pipelined = 0
    """Requests already answered from the bytes at hand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        app: Any = self.app
        self._fast_app: FastPathApplication | None = app if hasattr(app, "try_fast_response") else None

    def data_received(self, data: bytes) -> None:
        """Parse bytes of a connection, which may hold several requests."""
        self._pipelined = 0
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Begin a request. What only an ASGI call needs is made when there is one."""
        self.url = b""
        self.headers = []
        self.expect_100_continue = False

    def on_headers_complete(self) -> None:
        """Answer a request whose head is complete, or pass it on to ASGI."""
        # The response before may have set the keep-alive timer in the same call of `data_received`.
        self._unset_keepalive_if_required()
        if self._fast_app is None or not self._is_simple_get() or not self._try_fast_path(self._fast_app):
            self._fall_back_to_asgi()

    def _fall_back_to_asgi(self) -> None:
        url, headers, expecting = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expecting
        self.headers += headers  # the scope holds this very list
        super().on_headers_complete()

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

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        """Refuse bytes that are no request. `msg` is the server's own text."""
        if self.cycle is not None and not self.cycle.response_complete:
            # The response being made is sent first, and nothing after it.
            self.cycle.keep_alive = False
            self.flow.pause_reading()
            return
        if len(getattr(self, "url", b"")) > MAX_PARSER_URL_BYTES:
            problem = Problem(414, "The address is longer than is allowed. Ask for less at once.")
        else:
            problem = Problem(400, NOT_HTTP)
        document = problem.document("/")
        body = orjson.dumps(document)
        lines = [
            f"HTTP/1.1 {problem.status} {document['title']}",
            "content-type: application/problem+json",
            "content-language: en",
            "cache-control: no-store",
            "access-control-allow-origin: *",
            f"content-length: {len(body)}",
            "connection: close",
        ]
        self.transport.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        self.transport.close()


def main(host: str, port: str, workers: str) -> None:
    """Serve until the process is told to stop."""
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=host,
        port=int(port),
        workers=int(workers),
        http=FastPathProtocol,
        ws="none",
        proxy_headers=False,  # no response depends on who asks, or by which address
        server_header=False,
        access_log=False,
    )


if __name__ == "__main__":
    main(*sys.argv[1:4])
