"""Rules of HTTP/1.1 messages, over a socket."""

import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from app.http.fast_path import FastPathProtocol
from app.http.framing import is_valid_host, origin_form
from app.http.limited_protocol import LimitedProtocol
from app.settings import Settings
from tests.support.served import PATIENCE, Served, get, read_answer, running, serving

PATH = "/v1/areas/330300"
HOST = "Host: x"
CHUNKED = "Transfer-Encoding: chunked"


@pytest.fixture(scope="module")
def served(loaded_sqlite: str) -> Iterator[Served]:
    """Yield the service."""
    with running(loaded_sqlite) as served:
        yield served


def head(first: str, *lines: str) -> bytes:
    """Return the bytes of a head."""
    return "\r\n".join([first, *lines, "", ""]).encode()


def exchange(port: int, data: bytes) -> bytes:
    """Return all that the server sends until it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection, connection.makefile("rb") as stream:
        connection.sendall(data)
        return stream.read()


REFUSED = {
    "no host": (head(f"GET {PATH} HTTP/1.1"), 400),
    "no host, not on the fast path": (head("GET /v1/areas.csv HTTP/1.1"), 400),
    "no host beside an absolute address": (head(f"GET http://x{PATH} HTTP/1.1"), 400),
    "two hosts": (head(f"GET {PATH} HTTP/1.1", HOST, "Host: y"), 400),
    "the same host twice": (head(f"GET {PATH} HTTP/1.1", HOST, HOST), 400),
    "two hosts in HTTP/1.0": (head(f"GET {PATH} HTTP/1.0", HOST, "Host: y"), 400),
    "a host with a blank": (head(f"GET {PATH} HTTP/1.1", "Host: x y"), 400),
    "a host with a path": (head(f"GET {PATH} HTTP/1.1", "Host: x/y"), 400),
    "a host with a user": (head(f"GET {PATH} HTTP/1.1", "Host: me@x"), 400),
    "a port that is no number": (head(f"GET {PATH} HTTP/1.1", "Host: x:http"), 400),
    "an unknown coding": (head(f"GET {PATH} HTTP/1.1", HOST, "Transfer-Encoding: gzip"), 400),
    "a coding like the known one": (head(f"GET {PATH} HTTP/1.1", HOST, "Transfer-Encoding: xchunked"), 400),
    "another coding before the last": (head(f"POST {PATH} HTTP/1.1", HOST, "Transfer-Encoding: gzip, chunked"), 501),
    "chunks in HTTP/1.0": (head(f"POST {PATH} HTTP/1.0", CHUNKED), 400),
    "chunks and a length": (head(f"POST {PATH} HTTP/1.1", HOST, CHUNKED, "Content-Length: 3"), 400),
    "two lengths": (head(f"POST {PATH} HTTP/1.1", HOST, "Content-Length: 3", "Content-Length: 4"), 400),
    "a signed length": (head(f"POST {PATH} HTTP/1.1", HOST, "Content-Length: +3"), 400),
    "a blank before the colon": (head(f"GET {PATH} HTTP/1.1", HOST, "A : b"), 400),
    "a folded header": (head(f"GET {PATH} HTTP/1.1", HOST, "A: b", " c"), 400),
    "lines that end in LF": (f"GET {PATH} HTTP/1.1\nHost: x\n\n".encode(), 400),
    "a NUL in a header": (head(f"GET {PATH} HTTP/1.1", HOST, "A: \0"), 400),
    "HTTP/2.0": (head(f"GET {PATH} HTTP/2.0", HOST), 505),
    "HTTP/0.9": (head(f"GET {PATH}"), 505),
    "an unknown method": (head(f"FETCH {PATH} HTTP/1.1", HOST), 501),
    "a tunnel": (head("CONNECT x:443 HTTP/1.1", "Host: x:443"), 405),
    "a fragment": (head(f"GET {PATH}#a HTTP/1.1", HOST), 400),
    "an asterisk": (head("GET * HTTP/1.1", HOST), 400),
    "another scheme": (head(f"GET ftp://x{PATH} HTTP/1.1", HOST), 400),
}


@pytest.mark.parametrize("begin", [b"", get(PATH)], ids=["first", "second"])
@pytest.mark.parametrize(("request_", "status"), REFUSED.values(), ids=REFUSED)
def test_a_request_against_the_rules_is_refused_and_closes(
    served: Served, begin: bytes, request_: bytes, status: int
) -> None:
    with served.connect() as connection, connection.makefile("rb") as stream:
        if begin:
            connection.sendall(begin)
            assert read_answer(stream)[0] == 200
        connection.sendall(request_ + get("/healthz"))
        answered, headers, body = read_answer(stream)
        assert answered == status
        assert headers[b"connection"] == b"close"
        assert headers[b"content-type"] == b"application/problem+json"
        assert headers[b"date"]
        assert (b"allow" in headers) == (status == 405)
        assert body
        assert stream.read() == b""


ANSWERED = {
    "an empty host": head(f"GET {PATH} HTTP/1.1", "Host:"),
    "a host with blanks around": head(f"GET {PATH} HTTP/1.1", "Host: \t x:80 "),
    "an address of IPv6": head(f"GET {PATH} HTTP/1.1", "Host: [::1]:8000"),
    "HTTP/1.0 without a host": head(f"GET {PATH} HTTP/1.0"),
    "HTTP/1.0 with a host": head(f"GET {PATH} HTTP/1.0", HOST),
    "an absolute address": head(f"GET http://y{PATH} HTTP/1.1", HOST),
    "an absolute address with a user": head(f"GET HTTPS://me:you@y:80{PATH} HTTP/1.1", HOST),
    "an absolute address without a path": head("GET http://y HTTP/1.1", HOST),
    "empty lines before": b"\r\n\r\n" + head(f"GET {PATH} HTTP/1.1", HOST),
}


@pytest.mark.parametrize("request_", ANSWERED.values(), ids=ANSWERED)
def test_a_request_within_the_rules_is_answered(served: Served, request_: bytes) -> None:
    assert served.ask(request_)[0][0] == 200


def test_the_query_of_an_absolute_address_without_a_path_is_read(served: Served) -> None:
    [(status, _, body)] = served.ask(head("GET http://y?nothing=1 HTTP/1.1", HOST))
    assert (status, b"nothing" in body) == (400, True)


def test_options_may_ask_about_the_server(served: Served) -> None:
    assert served.ask(head("OPTIONS * HTTP/1.1", HOST))[0][0] == 204


def test_a_refused_head_request_has_no_body(served: Served) -> None:
    answer = exchange(served.port, head(f"HEAD {PATH} HTTP/1.1"))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.endswith(b"\r\n\r\n")


def test_another_protocol_is_not_spoken_and_no_request_is_lost(served: Served) -> None:
    upgrade = get(PATH, "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQCAAAA")
    websocket = get(PATH, "Connection: Upgrade", "Upgrade: websocket")
    answers = served.ask(upgrade, get("/healthz"), websocket, upgrade, get("/v1/areas/nothing"))
    assert [status for status, _, _ in answers] == [200, 200, 200, 200, 404]


@pytest.mark.parametrize("rest", ["zz\r\n", "1\r\nabc\r\n", "1\nabc"])
def test_nothing_follows_the_response_to_a_request_with_a_broken_body(served: Served, rest: str) -> None:
    with served.connect() as connection, connection.makefile("rb") as stream:
        connection.sendall(head(f"POST {PATH} HTTP/1.1", HOST, CHUNKED))
        assert read_answer(stream)[0] == 405
        connection.sendall(rest.encode() + get("/healthz"))
        assert stream.read() == b""


def test_only_one_request_is_answered_on_a_connection_to_be_closed(served: Served) -> None:
    answer = exchange(served.port, get(PATH, "Connection: close") + get("/healthz"))
    assert answer.count(b"HTTP/1.1 ") == 1


def test_hosts() -> None:
    assert all(map(is_valid_host, [b"", b"x", b"x:", b"a-b.c_d:80", b"127.0.0.1:8000", b"[::1]", b"xn--fiqs8s"]))
    assert not any(map(is_valid_host, [b"a b", b"a/b", b"a?b", b"::1", b"[::1", b"a:b", b"a@b", "中".encode(), b"a\n"]))


@pytest.mark.parametrize(
    ("target", "origin"),
    [
        (b"/a?b", b"/a?b"),
        (b"http://x/a?b", b"/a?b"),
        (b"http://x", b"/"),
        (b"https://x?b", b"/?b"),
        (b"http:///a", b"http:///a"),
        (b"*", b"*"),
    ],
)
def test_addresses_without_scheme_and_host(target: bytes, origin: bytes) -> None:
    assert origin_form(target) == origin


Send = Callable[[dict[str, Any]], Awaitable[None]]
START = {"type": "http.response.start", "status": 200, "headers": []}


@contextmanager
def streaming(fails: bool) -> Iterator[int]:
    """Serve a stream of unknown length that reads the body first; yield the port."""

    async def app(scope: dict[str, Any], receive: Any, send: Send) -> None:
        assert scope["type"] == "http"
        await receive()
        await send(START)
        for chunk in (b"abc", b"", b"def"):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        if fails:
            raise OSError
        await send({"type": "http.response.body", "body": b"ghi", "more_body": False})

    kind = type("WithoutLifespan", (LimitedProtocol,), {})
    with serving(without_lifespan(app), kind, Settings()) as (_, port):
        yield port


def without_lifespan(app: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Return the application with an empty lifespan."""

    async def run(scope: dict[str, Any], receive: Any, send: Send) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        for event in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{event}.complete"})

    return run


def test_a_stream_to_http_1_0_has_no_chunks_and_ends_with_the_connection() -> None:
    with streaming(fails=False) as port:
        lines, _, body = exchange(port, b"GET / HTTP/1.0\r\n\r\n").partition(b"\r\n\r\n")
        assert b"transfer-encoding" not in lines
        assert b"connection: close" in lines
        assert body == b"abcdefghi"
        head_only = exchange(port, b"HEAD / HTTP/1.0\r\n\r\n")
        assert head_only.endswith(b"\r\n\r\n")
        assert b"transfer-encoding" not in head_only
        chunked = exchange(port, get("/", "Connection: close"))
        assert b"transfer-encoding: chunked" in chunked
        assert chunked.endswith(b"3\r\nghi\r\n0\r\n\r\n")


def test_a_stream_to_http_1_0_that_breaks_off_resets_the_connection() -> None:
    with streaming(fails=True) as port, pytest.raises(ConnectionResetError):
        exchange(port, b"GET / HTTP/1.0\r\n\r\n")


def test_http_1_0_is_sent_no_interim_response() -> None:
    expecting = ("Expect: 100-continue", "Content-Length: 3")
    with streaming(fails=False) as port:
        assert exchange(port, head("GET / HTTP/1.0", *expecting) + b"abc").startswith(b"HTTP/1.1 200 ")
        later = exchange(port, head("GET / HTTP/1.1", HOST, *expecting, "Connection: close") + b"abc")
        assert later.startswith(b"HTTP/1.1 100 ")


def test_the_fast_path_keeps_the_rules_of_any_application() -> None:
    async def app(scope: dict[str, Any], _receive: Any, send: Send) -> None:
        assert scope["raw_path"] == b"/x"
        await send({**START, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body"})

    with serving(without_lifespan(app), FastPathProtocol, Settings()) as (_, port):
        assert exchange(port, b"GET http://y/x HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200 ")
        assert exchange(port, b"GET /x HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 400 ")
