"""The service behind its own server, in a thread of the tests' process, asked over a socket."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import uvicorn

from app.api.dispatch import ApiApplication
from app.http.fast_path import FastPathProtocol
from app.http.gateway import GatewayMiddleware
from app.http.limited_protocol import ConnectionLimits, LimitedProtocol
from app.http.response_sender import Receive, Scope, Send
from app.main import create_app
from app.settings import Settings
from tests.support.service import NOW, TODAY

PATIENCE = 30
"""Seconds after which a test gives up waiting for bytes."""

BY_ASGI = "Content-Length: 0"
"""A header that changes nothing but the way a request takes."""

Answer = tuple[int, dict[bytes, bytes], bytes]


class Counted(GatewayMiddleware[ApiApplication]):
    """The application, which counts its ASGI calls."""

    calls = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the calls by ASGI."""
        self.calls += scope["type"] == "http"
        await super().__call__(scope, receive, send)


class Server(uvicorn.Server):
    """uvicorn, with events for its start and for the closing of its connections."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.running, self.stopping = threading.Event(), threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen, and report it."""
        await super().startup(sockets)
        self.running.set()

    async def _wait_tasks_to_complete(self) -> None:
        self.stopping.set()
        await super()._wait_tasks_to_complete()


class Served:
    """A running server."""

    def __init__(self, app: Counted, server: "Server", port: int) -> None:
        self.app = app
        self.server = server
        self.port = port

    def stop(self) -> None:
        """Tell the server to stop, and wait until it closes idle connections."""
        self.server.should_exit = True
        assert self.server.stopping.wait(PATIENCE)

    def connect(self) -> socket.socket:
        """Open a connection."""
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE)

    def ask(self, *requests: bytes) -> list[Answer]:
        """Return the responses to requests that are sent at once over one connection."""
        with self.connect() as connection:
            connection.sendall(b"".join(requests))
            with connection.makefile("rb") as stream:
                return [read_answer(stream) for _ in requests]

    def both(self, target: str, *lines: str) -> tuple[Answer, Answer, list[int]]:
        """Return the responses to a GET by the fast path and by ASGI, and the number of ASGI calls of each."""
        before = self.app.calls
        [short] = self.ask(get(target, *lines))
        between = self.app.calls
        [long] = self.ask(get(target, *lines, BY_ASGI))
        return short, long, [between - before, self.app.calls - between]


def get(target: str, *lines: str) -> bytes:
    """Return the bytes of a GET request."""
    return "\r\n".join([f"GET {target} HTTP/1.1", "Host: gazette.test", *lines, "", ""]).encode()


def read_answer(stream) -> Answer:  # type: ignore[no-untyped-def]  # a buffered reader of a socket
    """Read one response to its end and no further."""
    line = stream.readline()
    assert line.startswith(b"HTTP/1.1 "), line
    status = int(line.split()[1])
    headers: dict[bytes, bytes] = {}
    while (line := stream.readline().rstrip(b"\r\n")) != b"":
        name, _, value = line.partition(b": ")
        assert name == name.lower(), "the same names on both ways"
        assert name not in headers, f"{name!r} comes twice"
        headers[name] = value
    if headers.get(b"transfer-encoding") == b"chunked":
        body = b""
        while (size := int(stream.readline(), 16)) > 0:
            body += stream.read(size)
            stream.readline()
        stream.readline()
        return status, headers, body
    return status, headers, stream.read(int(headers.get(b"content-length", b"0")))


@contextlib.contextmanager
def running(url: str, **values: int) -> Iterator[Served]:
    """Run a server on a free port in a thread."""
    settings = Settings(database_url=url, **values)  # type: ignore[arg-type]
    made = create_app(settings, lambda: TODAY, lambda: NOW)
    app = Counted(made.app, made.cache, made.slow_requests)
    with serving(app, FastPathProtocol, settings) as (server, port):
        yield Served(app, server, port)


@contextlib.contextmanager
def serving(app: Any, kind: type[LimitedProtocol], settings: Settings) -> Iterator[tuple[Server, int]]:
    """Run an ASGI application on a free port in a thread."""
    protocol = type("Protocol", (kind,), {"limits": ConnectionLimits.from_settings(settings)})
    config = uvicorn.Config(app, http=protocol, ws="none", proxy_headers=False, access_log=False, log_config=None)
    server = Server(config)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
        thread.start()
        try:
            assert server.running.wait(PATIENCE)
            yield server, listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(PATIENCE)
