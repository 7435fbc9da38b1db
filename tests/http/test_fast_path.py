"""The server's protocol: over a socket it returns the bytes of ASGI, in order, and loses no response."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from hypothesis import given, settings
from hypothesis import strategies as st
from uvicorn.server import ServerState

from app.http.fast_path import MAX_PIPELINED_PER_READ, FastPathProtocol
from tests.support.served import BY_ASGI, PATIENCE, Answer, Served, get, read_answer, running
from tests.support.service import client_for


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    """Yield the service on a loaded database of each kind, without a response cache."""
    url: str = request.getfixturevalue(f"loaded_{request.param}")
    with running(url, answer_cache_bytes=1) as served:
        yield served


def same(one: Answer, other: Answer) -> bool:
    """Return whether two responses differ only in date and request id."""
    plain = [
        (status, {name: value for name, value in headers.items() if name not in (b"date", b"x-request-id")}, body)
        for status, headers, body in (one, other)
    ]
    return plain[0] == plain[1]


FAST = [
    "/v1/urban-villages",
    "/v1/urban-villages?plan=demolition&sort=-year_from,number&limit=20",
    "/v1/urban-villages?plan=demolition&limit=3&offset=7&fields=id,village",
    "/v1/urban-villages?q=%E6%9D%91&limit=5",
    "/v1/documents?count=false",
    "/v1/documents/facets?by=status",
    "/v1/observations/aggregate?by=indicator_id&metric=avg:value",
    "/v1/search?q=%E6%B0%A8%E6%B0%AE",
    "/v1/documents/nothing",
    "/v1/urban-villages?nonsense=1",
    "/v1/urban-villages?limit=-1",
    "/v1/urban-villages?cursor=x",
    "/v1/urban-villages/",
    "/v1/observations?indicator_id=gdp",
    "/v1/water-sections?filter=district='%E9%B9%BF%E5%9F%8E%E5%8C%BA'",
]

BY_ASGI_ONLY = [
    "/",
    "/docs",
    "/v1/documents.atom",
    "/v1/urban-villages.csv",
    "/v1/documents/wenzhengban-2021-30.bib",
    "/v1/nothing",
    "/v1/search/x",
]

HEADERS = [
    "Accept: application/json",
    "Accept: text/csv;q=0.1, application/json",
    "Accept-Encoding: gzip",
    "Accept-Encoding: br;q=0.9, zstd;q=0.5",
    "Accept-Encoding: gzip, identity;q=0",
    "Accept-Encoding: compress, identity;q=0",
    "If-None-Match: *",
    'If-None-Match: "nothing"',
    'If-Match: "nothing"',
    "If-Modified-Since: Thu, 01 Jul 2021 04:00:00 GMT",
    "Connection: keep-alive",
    "X-Request-ID: mine",
]


@pytest.mark.parametrize("target", FAST)
def test_the_fast_path_returns_the_bytes_of_asgi(served: Served, target: str) -> None:
    short, long, calls = served.both(target)
    assert same(short, long)
    assert calls == [0, 1]


@pytest.mark.parametrize("target", BY_ASGI_ONLY)
def test_routed_addresses_are_served_by_asgi(served: Served, target: str) -> None:
    short, long, calls = served.both(target)
    assert same(short, long)
    assert calls == [1, 1]


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(FAST + BY_ASGI_ONLY), st.lists(st.sampled_from(HEADERS), unique_by=lambda line: line[:9]))
def test_any_headers_give_the_bytes_of_asgi(served: Served, target: str, lines: list[str]) -> None:
    short, long, _ = served.both(target, *lines)
    assert same(short, long)


def test_the_fast_path_returns_304(served: Served) -> None:
    [(_, headers, _)] = served.ask(get("/v1/documents", "Accept-Encoding: zstd"))
    line = f"If-None-Match: {headers[b'etag'].decode()}"
    short, long, calls = served.both("/v1/documents", "Accept-Encoding: zstd", line)
    assert same(short, long)
    assert short[0] == 304
    assert short[2] == b""
    assert calls == [0, 1]


@pytest.mark.parametrize(
    "request_",
    [
        b"HEAD /v1/documents HTTP/1.1\r\nHost: x\r\n\r\n",
        b"OPTIONS /v1/documents HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /v1/documents HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
        b"GET /v1/documents HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /v1/documents HTTP/1.0\r\nHost: x\r\n\r\n",
        b"GET http://x/v1/documents HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /v1/documents HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\nAccept: application/json\r\n\r\n",
        b"GET /v1/documents HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"GET /v1/documents HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n",
        b"GET /v1/documents/x%2Fy HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
def test_requests_that_are_not_simple_are_served_by_asgi(served: Served, request_: bytes) -> None:
    before = served.app.calls
    with served.connect() as connection, connection.makefile("rb") as stream:
        connection.sendall(request_)
        assert stream.readline().startswith(b"HTTP/1.1 ")
    assert served.app.calls == before + 1


def test_responses_come_in_the_order_of_requests(served: Served) -> None:
    """Fast-path requests, requests that wait for the database, and routed ones are sent at once."""
    targets = [target for pair in zip(FAST, BY_ASGI_ONLY * 3, strict=False) for target in pair] * 3
    together = served.ask(*[get(target) for target in targets])
    alone = {target: served.ask(get(target))[0] for target in set(targets)}
    for target, answer in zip(targets, together, strict=True):
        assert same(answer, alone[target]), target


@pytest.mark.slow
def test_a_slow_reader_gets_every_response(served: Served) -> None:
    number = 3000
    targets = [f"/v1/urban-villages?limit=20&number__ne={n}" for n in range(number)]
    requests = b"".join(get(target, f"X-Request-ID: {n}") for n, target in enumerate(targets))
    with served.connect() as connection, connection.makefile("rb") as stream:
        sender = threading.Thread(target=lambda: connection.sendall(requests))
        sender.start()
        for n in range(number):
            status, headers, _ = read_answer(stream)
            assert (status, headers[b"x-request-id"]) == (200, str(n).encode())
        sender.join(PATIENCE)


def test_a_disconnected_client_does_not_affect_others(served: Served) -> None:
    for target in FAST:
        with served.connect() as connection:
            connection.sendall(get(target) * 3)
    assert served.ask(get("/v1/documents"))[0][0] == 200


def test_a_cached_response_is_sent_again(loaded_sqlite: str) -> None:
    with running(loaded_sqlite) as served:
        answers = served.ask(*[get("/v1/documents")] * 3, get("/healthz"), get("/healthz"))
        assert same(answers[0], answers[1])
        assert same(answers[0], answers[2])
        assert len({headers[b"x-request-id"] for _, headers, _ in answers}) == 5
        assert served.app.calls == 0


@pytest.mark.parametrize(
    "place",
    [
        "app.api.dispatch.ApiApplication.check_request",
        "app.api.endpoints.items.find_item",
        "app.api.endpoints.items.item_link_header",
    ],
)
def test_a_failure_is_a_problem_and_the_connection_stays_open(
    loaded_sqlite: str, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    with running(loaded_sqlite) as served:

        def failing(*given: Any) -> Any:
            raise RuntimeError(f"a fault of ours, with {len(given)} arguments")

        with monkeypatch.context() as patch:
            patch.setattr(place, failing)
            short, long, calls = served.both("/v1/urban-villages/wenzhengban-2021-29.longwan-01")
            assert same(short, long)
            assert calls == [0, 1]
            assert short[0] == 500
            assert b'"status":500' in short[2]
            assert b"a fault of ours" not in short[2]
        first, second = served.ask(get("/v1/issues"), get("/v1/issues"))
        assert (first[0], second[0]) == (200, 200)


def test_many_pipelined_requests_do_not_block_other_connections(loaded_sqlite: str) -> None:
    """Only some are answered before the event loop continues; the rest are queued, as in uvicorn."""
    with running(loaded_sqlite) as served:
        number = 3 * MAX_PIPELINED_PER_READ
        answers = served.ask(*[get(f"/v1/urban-villages?limit=1&offset={n}") for n in range(number)])
        assert [status for status, _, _ in answers] == [200] * number
        assert served.app.calls >= number - 2 * MAX_PIPELINED_PER_READ  # the bytes may come in two pieces


class HeldUp:
    """A service whose pages wait until they are released."""

    def __init__(self, served: Served) -> None:
        self.asked, self.go_on = threading.Event(), threading.Event()
        page = served.app.app.context.repository.fetch_page

        async def held_up(*args: Any, **kwargs: Any) -> Any:
            self.asked.set()
            await asyncio.to_thread(self.go_on.wait, PATIENCE)
            return await page(*args, **kwargs)

        served.app.app.context.repository.fetch_page = held_up  # type: ignore[method-assign]


def test_a_pipelined_request_is_not_timed_out(loaded_sqlite: str) -> None:
    """The keep-alive timeout ends when the next request is read, also from the same bytes."""
    with running(loaded_sqlite) as served, served.connect() as connection:
        held = HeldUp(served)
        for question in (get("/v1/documents"), get("/v1/documents", BY_ASGI)):
            connection.sendall(get("/v1/documents/facets?by=status") + question)
            assert held.asked.wait(PATIENCE)
            [protocol] = served.server.server_state.connections
            assert isinstance(protocol, FastPathProtocol)
            assert protocol._waiting_since is None
            held.asked.clear()
            held.go_on.set()
            with connection.makefile("rb") as stream:
                assert [read_answer(stream)[0] for _ in range(2)] == [200, 200]
            held.go_on.clear()


def test_garbage_after_a_request_does_not_replace_its_response(loaded_sqlite: str) -> None:
    with running(loaded_sqlite) as served, served.connect() as connection:
        held = HeldUp(served)
        connection.sendall(get("/v1/documents") + b"\x01garbage\r\n\r\n")
        assert held.asked.wait(PATIENCE)
        held.go_on.set()
        with connection.makefile("rb") as stream:
            status, headers, _ = read_answer(stream)
            assert (status, headers[b"connection"]) == (200, b"close")
            assert stream.read() == b""


def test_shutdown_waits_for_a_response_and_closes_the_connection(loaded_sqlite: str) -> None:
    """The server is stopped while a request waits; the request is answered and the connection closed."""
    with running(loaded_sqlite) as served, served.connect() as connection:
        held = HeldUp(served)
        connection.sendall(get("/v1/documents"))
        assert held.asked.wait(PATIENCE)
        served.stop()
        held.go_on.set()
        with connection.makefile("rb") as stream:
            status, headers, _ = read_answer(stream)
            assert (status, headers[b"connection"]) == (200, b"close")
            assert stream.read() == b""


class Wire:
    """A transport that keeps the bytes sent."""

    def __init__(self) -> None:
        self.sent = b""
        self.closed = False

    def write(self, data: bytes) -> None:
        self.sent += data

    def write_eof(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def get_extra_info(self, name: str) -> Any:
        del name


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GARBAGE\r\n\r\n", b"501 Not Implemented"),
        (b"FOO /v1 HTTP/1.1\r\nHost: x\r\n\r\n", b"501 Not Implemented"),
        (b"GET /v1/a\x00b HTTP/1.1\r\nHost: x\r\n\r\n", b"400 Bad Request"),
        (b"GET /v1?\xff HTTP/1.1\r\nHost: x\r\n\r\n", b"400 Bad Request"),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"414 "),
    ],
)
def test_malformed_http_is_a_problem_document(loaded_sqlite: str, request_: bytes, status: bytes) -> None:
    wire = Wire()

    async def send() -> None:
        config = uvicorn.Config(client_for(loaded_sqlite).app, http=FastPathProtocol, log_config=None)
        protocol = FastPathProtocol(config, ServerState(), {})
        protocol.connection_made(wire)  # type: ignore[arg-type]  # as much of a transport as is used
        protocol.data_received(request_)

    asyncio.run(send())
    head, _, body = wire.sent.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 " + status)
    assert b"content-type: application/problem+json" in head
    assert f"content-length: {len(body)}".encode() in head
    assert b'"status":%b' % status[:3] in body
    assert wire.closed
