"""The server's own protocol: over a socket it answers byte for byte what ASGI answers, in order, and loses nothing."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from hypothesis import given, settings
from hypothesis import strategies as st

from app.http.gateway import Front
from app.http.response_sender import Receive, Scope, Send
from app.http.server import MOST_AT_ONCE, Protocol
from app.main import create_app
from app.settings import Settings
from tests.conftest import NOW, TODAY

PATIENCE = 30
"""Seconds after which a test gives up waiting for bytes."""
BY_ASGI = "Content-Length: 0"
"""A header that changes nothing but the way a request takes."""
Answer = tuple[int, dict[bytes, bytes], bytes]


class Counted(Front):
    """The application, with the number of ASGI calls that it took."""

    calls = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what comes by ASGI."""
        self.calls += scope["type"] == "http"
        await super().__call__(scope, receive, send)


class Server(uvicorn.Server):
    """uvicorn, which says when it runs, and when it has told its connections to end."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.running, self.stopping = threading.Event(), threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen."""
        await super().startup(sockets)
        self.running.set()

    async def _wait_tasks_to_complete(self) -> None:
        self.stopping.set()
        await super()._wait_tasks_to_complete()


class Served:
    """A running server of ours."""

    def __init__(self, app: Counted, server: "Server", port: int) -> None:
        self.app = app
        self.server = server
        self.port = port

    def stop(self) -> None:
        """Tell the server to stop, and wait until it closes what is idle."""
        self.server.should_exit = True
        assert self.server.stopping.wait(PATIENCE)

    def connect(self) -> socket.socket:
        """A new connection."""
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE)

    def ask(self, *requests: bytes) -> list[Answer]:
        """The answers to some requests that are sent in one piece over one connection."""
        with self.connect() as connection:
            connection.sendall(b"".join(requests))
            with connection.makefile("rb") as stream:
                return [read_answer(stream) for _ in requests]

    def both(self, target: str, *lines: str) -> tuple[Answer, Answer, list[int]]:
        """The answers to a GET on the short way and by ASGI, and how many ASGI calls each took."""
        before = self.app.calls
        [short] = self.ask(get(target, *lines))
        between = self.app.calls
        [long] = self.ask(get(target, *lines, BY_ASGI))
        return short, long, [between - before, self.app.calls - between]


def get(target: str, *lines: str) -> bytes:
    """A GET as it is sent."""
    return "\r\n".join([f"GET {target} HTTP/1.1", "Host: gazette.test", *lines, "", ""]).encode()


def read_answer(stream) -> Answer:  # type: ignore[no-untyped-def]  # a buffered reader of a socket
    """One answer, read to its end and no further."""
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


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    """The service on a loaded database of each kind, keeping no answers, so that each is made anew."""
    url: str = request.getfixturevalue(f"loaded_{request.param}")
    with running(url, answer_cache_bytes=1) as served:
        yield served


@contextlib.contextmanager
def running(url: str, **config: int) -> Iterator[Served]:
    """A server on a free port, in a thread of its own."""
    made = create_app(Settings(database_url=url, **config), lambda: TODAY, lambda: NOW)  # type: ignore[arg-type]
    app = Counted(made.api, made.desk)
    settings = uvicorn.Config(app, http=Protocol, ws="none", proxy_headers=False, access_log=False, log_config=None)
    server = Server(settings)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
        thread.start()
        try:
            assert server.running.wait(PATIENCE)
            yield Served(app, server, listening.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join(PATIENCE)


def same(one: Answer, other: Answer) -> bool:
    """Whether two answers differ in nothing but when they were given and under which id."""
    plain = [
        (status, {name: value for name, value in headers.items() if name not in (b"date", b"x-request-id")}, body)
        for status, headers, body in (one, other)
    ]
    return plain[0] == plain[1]


STRAIGHT = [
    "/v1/urban-villages",
    "/v1/urban-villages?plan=demolition&sort=-year_from,number&limit=20",
    "/v1/urban-villages?plan=demolition&limit=3&offset=7&fields=id,village",
    "/v1/urban-villages?q=%E6%9D%91&limit=5",
    "/v1/documents?count=false",
    "/v1/documents/facets?by=status",
    "/v1/observations/aggregate?by=area_id&metric=avg:value",
    "/v1/search?q=%E6%B0%A8%E6%B0%AE",
    "/v1/documents/nothing",
    "/v1/urban-villages?nonsense=1",
    "/v1/urban-villages?limit=0",
    "/v1/urban-villages?cursor=x",
    "/v1/urban-villages/",
    "/v1/observations?indicator_id=gdp",
    "/v1/water-sections?filter=district='%E9%B9%BF%E5%9F%8E%E5%8C%BA'",
]
ROUTED = ["/v1", "/", "/v1/documents/schema", "/v1/urban-villages.csv", "/healthz", "/v1/nothing", "/v1/search/x"]
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


@pytest.mark.parametrize("target", STRAIGHT)
def test_the_short_way_answers_what_asgi_answers(served: Served, target: str) -> None:
    short, long, calls = served.both(target)
    assert same(short, long)
    assert calls == [0, 1]


@pytest.mark.parametrize("target", ROUTED)
def test_what_the_routes_answer_goes_by_asgi(served: Served, target: str) -> None:
    short, long, calls = served.both(target)
    assert same(short, long)
    assert calls == [1, 1]


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(STRAIGHT + ROUTED), st.lists(st.sampled_from(HEADERS), unique_by=lambda line: line[:9]))
def test_under_any_headers(served: Served, target: str, lines: list[str]) -> None:
    short, long, _ = served.both(target, *lines)
    assert same(short, long)


def test_a_validator_is_met_on_the_short_way(served: Served) -> None:
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
def test_what_is_more_than_a_plain_question_goes_by_asgi(served: Served, request_: bytes) -> None:
    before = served.app.calls
    with served.connect() as connection, connection.makefile("rb") as stream:
        connection.sendall(request_)
        assert stream.readline().startswith(b"HTTP/1.1 ")
    assert served.app.calls == before + 1


def test_answers_come_in_the_order_of_the_questions(served: Served) -> None:
    """Short ones, such as wait for the database, and such as the routes answer, all sent at once."""
    targets = [target for pair in zip(STRAIGHT, ROUTED * 3, strict=False) for target in pair] * 3
    together = served.ask(*[get(target) for target in targets])
    alone = {target: served.ask(get(target))[0] for target in set(targets)}
    for target, answer in zip(targets, together, strict=True):
        assert same(answer, alone[target]), target


def test_whoever_reads_late_gets_every_answer(served: Served) -> None:
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


def test_a_client_that_hangs_up_harms_nobody(served: Served) -> None:
    for target in STRAIGHT:
        with served.connect() as connection:
            connection.sendall(get(target) * 3)
    assert served.ask(get("/v1/documents"))[0][0] == 200


def test_a_kept_answer_is_sent_again(loaded_sqlite: str) -> None:
    with running(loaded_sqlite) as served:
        answers = served.ask(*[get("/v1/documents")] * 3, get("/healthz"), get("/healthz"))
        assert same(answers[0], answers[1])
        assert same(answers[0], answers[2])
        assert len({headers[b"x-request-id"] for _, headers, _ in answers}) == 5
        assert served.app.calls == 2


@pytest.mark.parametrize(
    "place",
    ["app.http.gateway.refuse", "app.api.endpoints.items.find_item", "app.api.endpoints.items.item_link_header"],
)
def test_a_failure_is_a_problem_and_the_connection_goes_on(
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


def test_many_questions_at_once_leave_others_a_turn(loaded_sqlite: str) -> None:
    """Only some are answered before the event loop goes on: the rest are queued, as uvicorn does it."""
    with running(loaded_sqlite) as served:
        number = 3 * MOST_AT_ONCE
        answers = served.ask(*[get(f"/v1/urban-villages?limit=1&offset={n}") for n in range(number)])
        assert [status for status, _, _ in answers] == [200] * number
        assert served.app.calls >= number - 2 * MOST_AT_ONCE  # the bytes may come in two pieces


class HeldUp:
    """Pages of a service that wait until they may go on."""

    def __init__(self, served: Served) -> None:
        self.asked, self.go_on = threading.Event(), threading.Event()
        page = served.app.desk.store.page

        async def held_up(*args: Any, **kwargs: Any) -> Any:
            self.asked.set()
            await asyncio.to_thread(self.go_on.wait, PATIENCE)
            return await page(*args, **kwargs)

        served.app.desk.store.page = held_up  # type: ignore[method-assign]


def test_a_waiting_question_behind_an_answer_is_not_timed_out(loaded_sqlite: str) -> None:
    """The answer's own time limit for the next question ends when that is read, also from the same bytes."""
    with running(loaded_sqlite) as served, served.connect() as connection:
        held = HeldUp(served)
        for question in (get("/v1/documents"), get("/v1/documents", BY_ASGI)):
            connection.sendall(get("/v1/documents/facets?by=status") + question)
            assert held.asked.wait(PATIENCE)
            [protocol] = served.server.server_state.connections
            assert isinstance(protocol, Protocol)
            assert protocol.timeout_keep_alive_task is None
            held.asked.clear()
            held.go_on.set()
            with connection.makefile("rb") as stream:
                assert [read_answer(stream)[0] for _ in range(2)] == [200, 200]
            held.go_on.clear()


def test_garbage_behind_a_question_does_not_take_its_place(loaded_sqlite: str) -> None:
    with running(loaded_sqlite) as served, served.connect() as connection:
        held = HeldUp(served)
        connection.sendall(get("/v1/documents") + b"\x01garbage\r\n\r\n")
        assert held.asked.wait(PATIENCE)
        held.go_on.set()
        with connection.makefile("rb") as stream:
            status, headers, _ = read_answer(stream)
            assert (status, headers[b"connection"]) == (200, b"close")
            assert stream.read() == b""


def test_an_end_of_the_service_waits_for_an_answer_and_says_so(loaded_sqlite: str) -> None:
    """The server is told to stop while a question waits: it is answered, and the connection closed."""
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
