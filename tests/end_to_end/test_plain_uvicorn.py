"""Under plain uvicorn the service sends, byte for byte, what its own server sends."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

DEADLINE_SECONDS = 60
OWN_SERVER = ("-m", "app.http.server", "127.0.0.1", "0", "1")
# uvicorn's command line adds a `Server` header of its own unless it is told not to.
PLAIN_UVICORN = ("-m", "uvicorn", "app.main:create_app", "--factory", "--port", "0", "--no-server-header")
ADDRESS = re.compile(r"running on http://127\.0\.0\.1:(\d+)")
DATE = re.compile(rb"(?m)^date: [^\r]*\r\n")
TARGETS = (
    "/",
    "/docs",
    "/healthz",
    "/readyz",
    "/v1",
    "/v1/urban-villages?district=%E9%BE%99%E6%B9%BE%E5%8C%BA&limit=3",
    "/v1/urban-villages/facets?by=district",
    "/v1/urban-villages/schema",
    "/v1/urban-villages.csv?limit=4",
    "/v1/urban-villages.xlsx?limit=4",
    "/v1/urban-villages/wenzhengban-2021-29.longwan-01",
    "/v1/observations/aggregate?by=indicator_id&metric=avg:value",
    "/v1/documents/wenzhengban-2021-30?on=2021-07-01",
    "/v1/documents/wenzhengban-2021-30.xml?on=2021-07-01",
    "/v1/documents/wenzhengban-2021-30.bib",
    "/v1/documents/%E6%B8%A9%E6%94%BF%E5%8A%9E%E3%80%942021%E3%80%9530%E5%8F%B7?on=2021-07-01",
    "/v1/briefs.atom",
    "/v1/search?q=%E6%B0%B4",
    "/v1/indicators/cpi/series",
    "/catalog.ttl",
    "/sdmx/2.1/dataflow",
    "/v1/urban-villages?distrct=x",
    "/v1/nothing",
    "/v1/areas/",
    "/v1/areas/nothing/x",
    "/v1/areas?limit=%zz",
)
HEADERS = (
    (),
    ("Accept-Encoding: gzip",),
    ("Accept: text/csv",),
    ("Accept: image/png",),
    ('If-None-Match: "x"', "Accept-Encoding: br"),
    ("If-None-Match: *",),
    ('If-Match: "x"',),
    ("Range: bytes=0-9",),
)


@contextmanager
def started(url: str, command: tuple[str, ...]) -> Iterator[int]:
    """Start a server and return its port."""
    process = subprocess.Popen(
        [sys.executable, *command], env={**os.environ, "DATABASE_URL": url}, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    try:
        found = next((match for line in process.stderr if (match := ADDRESS.search(line))), None)
        assert found, "the server did not start"
        yield int(found[1])
    finally:
        process.terminate()
        process.communicate(timeout=DEADLINE_SECONDS)


def ask(port: int, requests: list[bytes]) -> list[bytes]:
    """Send each request on a connection of its own, which the server closes, and return what comes back."""
    responses = []
    for request in requests:
        with socket.create_connection(("127.0.0.1", port), DEADLINE_SECONDS) as connection:
            connection.sendall(request)
            with connection.makefile("rb") as stream:
                responses.append(DATE.sub(b"", stream.read()))
    return responses


def ask_pipelined(port: int, requests: list[bytes]) -> bytes:
    """Send all requests at once on one connection that stays open for the next, and return what comes back."""
    last = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Request-ID: last\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), DEADLINE_SECONDS) as connection:
        connection.sendall(b"".join([*requests, last]))
        with connection.makefile("rb") as stream:
            return DATE.sub(b"", stream.read())


def request_bytes(method: str, target: str, headers: tuple[str, ...]) -> bytes:
    """Return a complete request with a request id."""
    lines = (f"{method} {target} HTTP/1.1", "Host: example.org", "X-Request-ID: test", *headers)
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_both_servers_send_the_same_bytes(request: pytest.FixtureRequest, database: str) -> None:
    url: str = request.getfixturevalue(f"loaded_{database}")
    with ExitStack() as stack:
        own, plain = (stack.enter_context(started(url, command)) for command in (OWN_SERVER, PLAIN_UVICORN))
        combinations = [(method, headers) for method in ("GET", "HEAD") for headers in HEADERS]
        combinations += [("OPTIONS", ()), ("POST", ()), ("DELETE", ("Content-Length: 0",))]
        for target in TARGETS:
            requests = [
                request_bytes(method, target, (*headers, "Connection: close")) for method, headers in combinations
            ]
            # The second time responses come from the cache.
            for _ in range(2):
                for sent, ours, theirs in zip(requests, ask(own, requests), ask(plain, requests), strict=True):
                    assert ours == theirs, sent
            kept_open = [request_bytes(method, target, headers) for method, headers in combinations if method == "GET"]
            assert ask_pipelined(own, kept_open) == ask_pipelined(plain, kept_open), target
