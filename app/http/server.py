"""The server's own process: `python -m app.http.server HOST PORT WORKERS`, on a database that is ready."""

import sys
from contextvars import copy_context

import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.errors import Problem
from app.http.eager_task import begin
from app.http.gateway import Front
from app.http.request import Request
from app.http.response import Reply
from app.model.rows import to_json

NO_REQUEST = (
    "This is no HTTP request: its first line or a header cannot be read. In an address all but ASCII is "
    "percent-encoded; curl does so with -G --data-urlencode."
)
LONGEST_ADDRESS = 65_535
"""The HTTP parser takes no longer one; the application's own bound lies far below."""
NOT_PLAIN = frozenset((b"content-length", b"transfer-encoding", b"expect", b"upgrade"))
"""Headers of requests that are more than a question: they bring a body, or want to talk about something first."""
MOST_AT_ONCE = 8
"""Requests of one connection that are answered before anybody else has a turn: each may take some milliseconds."""


class Turn:
    """What the protocol asks about the request that is being answered, here for one that no ASGI call answers."""

    __slots__ = ("disconnected", "keep_alive", "message_event", "more_body", "response_complete")

    def __init__(self) -> None:
        self.response_complete = False
        self.disconnected = False
        self.keep_alive = True
        self.more_body = False
        self.message_event = self

    def set(self) -> None:
        """Nobody waits for more of the request."""


class Protocol(HttpToolsProtocol):
    """uvicorn's protocol with a short way for what `Front.begin` answers.

    An ASGI call costs as much as most of our answers: a task, a scope, two messages, every header looked at
    again. So a plain GET is answered where its head was read, and all else goes uvicorn's way: what `begin` leaves
    to the routes, other methods, bodies, HTTP/1.0, a connection that is to be closed, one that is behind with
    reading, and whatever follows an answer that is not there yet (HTTP/1.1 answers in order).
    """

    _at_once = 0
    """How many requests of the bytes at hand were answered already."""

    def data_received(self, data: bytes) -> None:
        """Some bytes came, which may hold several requests."""
        self._at_once = 0
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """A request's head was read."""
        # The answer before may have armed it just now, in the same call of `data_received`.
        self._unset_keepalive_if_required()
        if not self._is_plain() or not self._answered(self.app):
            self._by_asgi()

    def on_message_begin(self) -> None:
        """A request begins. What only ASGI needs of it is not made before it is needed."""
        self.url = b""
        self.headers = []
        self.expect_100_continue = False

    def _by_asgi(self) -> None:
        url, headers, expecting = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expecting
        self.headers += headers  # the scope holds just this list
        super().on_headers_complete()

    def _is_plain(self) -> bool:
        parser, url = self.parser, self.url
        return (
            self._at_once < MOST_AT_ONCE
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

    def _answered(self, front: object) -> bool:
        """Whether the request is answered here, now or later."""
        path, _, query = self.url.partition(b"?")
        headers = dict(self.headers)
        twice = len(headers) < len(self.headers)
        if b"%" in path or twice or not NOT_PLAIN.isdisjoint(headers) or not isinstance(front, Front):
            return False
        request = Request(path.decode(), path, query, headers)
        found = front.begin(request)
        if found is None:
            return False
        identity = b"%b: %b\r\n" % front.identity(headers)
        self._at_once += 1
        turn = Turn()
        self.cycle = turn  # type: ignore[assignment]  # it has what the protocol asks a cycle for
        if isinstance(found, Reply):
            self._send(turn, identity, found)
            return True
        context = copy_context() if request.conditional else None  # conditions are the only context there is
        if task := begin(found, lambda reply: self._send(turn, identity, reply), context):
            task.add_done_callback(self.tasks.discard)
            self.tasks.add(task)
        return True

    def _send(self, turn: Turn, identity: bytes, reply: Reply) -> None:
        turn.response_complete = True
        if turn.disconnected:
            return
        lines = [STATUS_LINE[reply.status]]
        lines += [b"%b: %b\r\n" % header for header in self.server_state.default_headers]
        closing = b"" if turn.keep_alive else b"connection: close\r\n"
        self.transport.write(b"".join((*lines, reply.lines, identity, closing, b"\r\n", reply.body)))
        if closing:
            self.transport.close()
        self.on_response_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        """Refuse a request that never reaches the application; `msg` is the server's own text."""
        if self.cycle is not None and not self.cycle.response_complete:
            # What is being answered comes first, and nothing after it.
            self.cycle.keep_alive = False
            self.flow.pause_reading()
            return
        if len(getattr(self, "url", b"")) > LONGEST_ADDRESS:
            problem = Problem(414, "The address is longer than is allowed; ask for less at once.")
        else:
            problem = Problem(400, NO_REQUEST)
        body = to_json(problem.document("/")).encode()
        title = problem.document("/")["title"]
        lines = [
            f"HTTP/1.1 {problem.status} {title}",
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
    """Serve until told to stop."""
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=host,
        port=int(port),
        workers=int(workers),
        http=Protocol,
        ws="none",
        proxy_headers=False,  # no answer depends on who asked, or by which address
        server_header=False,
        access_log=False,
    )


if __name__ == "__main__":
    main(*sys.argv[1:4])
