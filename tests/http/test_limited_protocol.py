"""Bounds on heads, bodies, time and connections, over a socket."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest
import uvicorn
from uvicorn.server import ServerState

from app.http.connection_watch import CROWD
from app.http.limited_protocol import MAX_SLICE_BYTES, ConnectionLimits, LimitedProtocol
from app.http.response_sender import Receive, Scope, Send
from app.settings import Settings
from tests.support.served import PATIENCE, Served, get, read_answer, running, serving

HEAD_BYTES, HEADERS, BODY_BYTES = 4000, 20, 1000


@pytest.fixture(scope="module")
def served(loaded_sqlite: str) -> Iterator[Served]:
    """Yield the service with small bounds."""
    with running(
        loaded_sqlite,
        max_head_bytes=HEAD_BYTES,
        max_headers=HEADERS,
        max_body_bytes=BODY_BYTES,
        head_seconds=1,
        body_seconds=1,
        send_seconds=1,
        max_connections=8,
        max_connections_per_client=6,
    ) as served:
        yield served


def send_all(connection: socket.socket, data: bytes) -> None:
    """Send what the server takes; it may close before the end."""
    try:
        connection.sendall(data)
    except (BrokenPipeError, ConnectionResetError):
        return


def refusal(served: Served, data: bytes) -> tuple[int, str]:
    """Send bytes and return status and detail of the problem that closes the connection."""
    with served.connect() as connection:
        send_all(connection, data)
        with connection.makefile("rb") as stream:
            status, headers, body = read_answer(stream)
            assert headers[b"content-type"] == b"application/problem+json"
            assert headers[b"connection"] == b"close"
            assert stream.read() == b""
    problem = json.loads(body)
    assert problem["status"] == status
    return status, problem["detail"]


def with_header(size: int) -> bytes:
    """Return a request whose head counts `size` bytes."""
    plain = len("/healthz") + len("Host") + len("x") + 4 + len("Long") + 4
    return b"GET /healthz HTTP/1.1\r\nHost: x\r\nLong: " + b"a" * (size - plain) + b"\r\n\r\n"


def test_a_head_at_the_bound_is_answered(served: Served) -> None:
    assert served.ask(with_header(HEAD_BYTES))[0][0] == 200
    assert refusal(served, with_header(HEAD_BYTES + 1))[0] == 431


def test_the_number_of_headers_is_bounded(served: Served) -> None:
    lines = [f"X-{n}: {n}" for n in range(HEADERS - 1)]
    assert served.ask(get("/healthz", *lines))[0][0] == 200
    assert refusal(served, get("/healthz", *lines, "X-More: 1"))[0] == 431


@pytest.mark.parametrize(
    ("begin", "piece", "status"),
    [
        (b"GET /", b"a" * 1000, 414),
        (b"GET / HTTP/1.1\r\nHost: x\r\nEndless: ", b"a" * 1000, 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", b"a: b\r\n" * 100, 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", b"a" * 1000, 431),
    ],
)
def test_a_head_without_an_end_is_refused_while_it_is_read(
    served: Served, begin: bytes, piece: bytes, status: int
) -> None:
    assert refusal(served, begin + piece * 200)[0] == status


def test_a_head_too_large_behind_a_request_does_not_take_its_response(served: Served) -> None:
    with served.connect() as connection:
        send_all(connection, get("/v1/urban-villages.csv?limit=3") + with_header(HEAD_BYTES + 1))
        with connection.makefile("rb") as stream:
            assert read_answer(stream)[0] == 200
            assert stream.read() == b""


def test_many_requests_in_one_packet_are_no_large_head(served: Served) -> None:
    requests = [get("/v1/areas/330300", "X-Long: " + "a" * 500)] * 200
    assert {status for status, _, _ in served.ask(*requests)} == {200}


def test_a_body_is_bounded(served: Served) -> None:
    head = b"POST /v1 HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
    assert served.ask(head % BODY_BYTES + b"a" * BODY_BYTES)[0][0] == 405
    # The 405 is sent before the body ends, and the connection closes behind it.
    with served.connect() as connection:
        send_all(connection, head % 10**9 + b"a" * (BODY_BYTES + 1))
        with connection.makefile("rb") as stream:
            assert read_answer(stream)[0] in (405, 413)
            stream.read()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /healthz HTTP/1.1\r\nHost:", 408),
        (b"GET /healthz", 408),
        (b"", None),
        (b"\r\n", None),
    ],
)
def test_a_silent_client_is_dropped(served: Served, sent: bytes, status: int | None) -> None:
    with served.connect() as connection, connection.makefile("rb") as stream:
        connection.sendall(sent)
        answer = stream.read()
    if status is None:
        assert answer == b""
    else:
        assert answer.startswith(b"HTTP/1.1 %d " % status)


@pytest.mark.slow
def test_an_idle_connection_is_closed_after_its_last_response(served: Served) -> None:
    with served.connect() as connection, connection.makefile("rb") as stream:
        for _ in range(2):  # the time begins again with each response
            connection.sendall(get("/healthz"))
            assert read_answer(stream)[0] == 200
        for protocol in list(served.server.server_state.connections):
            assert isinstance(protocol, LimitedProtocol)
            protocol.timeout_keep_alive = 0
        assert stream.read() == b""


def test_a_long_address_with_a_complete_head_is_an_address_too_long(served: Served) -> None:
    assert refusal(served, get("/" + "a" * HEAD_BYTES))[0] == 414


@pytest.mark.slow
def test_a_silent_body_is_dropped(served: Served) -> None:
    with served.connect() as connection, connection.makefile("rb") as stream:
        connection.sendall(b"GET /v1 HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
        assert stream.read().startswith(b"HTTP/1.1 200 ")


@pytest.mark.slow
def test_a_client_that_reads_nothing_is_dropped(loaded_sqlite: str) -> None:
    with running(loaded_sqlite, send_seconds=1, max_slow_requests=1) as served, socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(PATIENCE)
        connection.connect(("127.0.0.1", served.port))
        connection.sendall(get("/v1/observations.ndjson") + get("/v1/provisions?limit=1000") * 100)
        while served.server.server_state.connections:
            served.ask(get("/healthz"))
            if len(served.server.server_state.connections) <= 1:
                break


@pytest.mark.parametrize("lingering", [0, 64])
def test_connections_of_one_client_are_bounded(served: Served, monkeypatch: pytest.MonkeyPatch, lingering: int) -> None:
    monkeypatch.setattr("app.http.limited_protocol.MAX_LINGERING", lingering)
    with served.connect() as first:
        first.sendall(get("/healthz"))
        with first.makefile("rb") as stream:
            read_answer(stream)
        others = [served.connect() for _ in range(5)]
        try:
            status, detail = refusal(served, b"")
            assert status == 503
            assert "Try again" in detail
        finally:
            for other in others:
                other.close()
    # The places are free again as soon as the server has seen the ends.
    assert any(answers(served) for _ in range(1000))


def answers(served: Served) -> bool:
    """Return whether the service takes a connection."""
    return served.ask(get("/healthz"))[0][0] == 200


@pytest.mark.parametrize(
    ("begin", "piece", "end"),
    [
        ("0\r\n", "a: b\r\n", "\r\n"),
        ("0\r\nlong: ", "a", "\r\n\r\n"),
        ("1;", "a", "\r\na\r\n0\r\n\r\n"),
        ("", "1;an=extension\r\na\r\n", "0\r\n\r\n"),
    ],
    ids=["trailers", "a trailer", "an extension", "extensions"],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_surrounds_the_chunks_of_a_body_is_bounded(
    served: Served, method: str, begin: str, piece: str, end: str
) -> None:
    head = f"{method} /v1/urban-villages.csv HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    last = get("/healthz", "Connection: close")
    for size, responses in ((500, 2), (HEAD_BYTES + BODY_BYTES + 2 * MAX_SLICE_BYTES, 1)):
        surroundings = piece * (size // len(piece))
        with served.connect() as connection:
            send_all(connection, f"{head}{begin}{surroundings}{end}".encode() + last)
            assert read_to_end(connection).count(b"HTTP/1.1 ") == responses


def read_to_end(connection: socket.socket) -> bytes:
    """Return what the server sends until it closes or resets the connection."""
    received = bytearray()
    with suppress(ConnectionResetError):
        while chunk := connection.recv(65_536):
            received += chunk
    return bytes(received)


def test_the_bytes_that_wait_for_readers_are_bounded(loaded_sqlite: str) -> None:
    with running(loaded_sqlite, max_unsent_bytes=300_000) as served, ExitStack() as stack:
        for _ in range(8):
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(PATIENCE)
            connection.connect(("127.0.0.1", served.port))
            connection.sendall(get("/v1/provisions?limit=1000") * 100)
        # One response is larger than a third of the bound.
        while len(served.server.server_state.connections) > 3:
            assert answers(served)


def test_small_exports_at_once_need_no_slot(loaded_sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy's clients have one address: what takes a moment only is not refused however many ask."""
    monkeypatch.setattr("app.http.gateway.QUICK_SECONDS", PATIENCE)  # the machine may be slow
    with running(loaded_sqlite, max_slow_requests=1, max_slow_requests_per_client=1) as served, ExitStack() as stack:
        connections = [stack.enter_context(served.connect()) for _ in range(30)]
        for number, connection in enumerate(connections):
            connection.sendall(get(f"/v1/urban-villages.csv?limit=5&offset={number}"))
        for connection in connections:
            with connection.makefile("rb") as stream:
                assert read_answer(stream)[0] == 200


def test_a_client_that_leaves_behind_a_pipelined_request_ends_its_work() -> None:
    """Nothing is read behind a pipelined request, so that the event loop does not see the end."""
    begun, ended = threading.Event(), threading.Event()

    async def application(scope: Scope, receive: Receive, _send: Send) -> None:
        assert scope["type"] == "http"  # it has no lifespan
        begun.set()
        while (await receive())["type"] != "http.disconnect":
            pass
        ended.set()

    with serving(application, LimitedProtocol, Settings(database_url="sqlite://")) as (_, port):
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
            connection.sendall(get("/") * 2)
            assert begun.wait(PATIENCE)
        assert ended.wait(PATIENCE)


class SlowTransport(asyncio.Transport):
    """A transport that holds some bytes which its client has not read."""

    unsent = 0
    is_aborted = False

    def get_write_buffer_size(self) -> int:
        """Return the number of bytes."""
        return self.unsent

    def abort(self) -> None:
        """Note it."""
        self.is_aborted = True

    def is_closing(self) -> bool:
        """Return whether it was aborted."""
        return self.is_aborted


@pytest.mark.parametrize(
    ("unsent", "others", "is_dropped"),
    [
        pytest.param([10**6, 10**6, 10**6], 0, True, id="reads nothing"),
        pytest.param([10**6, 10**6 - 10, 10**6 - 20], 0, True, id="reads next to nothing"),
        pytest.param([10**6, 900_000, 800_000, 700_000], 0, False, id="reads slowly"),
        pytest.param([50_000, 2 * 10**6, 1_950_000, 1_900_000], 0, False, id="is sent the next part"),
        pytest.param([10**6, 10**6, 0, 10**6, 10**6], 0, False, id="reads all in between"),
        pytest.param([10**6, 0, 0, 0, 0], 0, False, id="has read all"),
        pytest.param([10**6, 10**6], CROWD - 1, False, id="reads nothing for a moment, as few others"),
        pytest.param([10**6, 10**6], CROWD, True, id="reads nothing for a moment, as many others"),
        pytest.param([10**6, 900_000, 800_000], CROWD, False, id="reads slowly, as many others"),
    ],
)
def test_a_client_must_read_a_little_now_and_then(unsent: list[int], others: int, is_dropped: bool) -> None:
    """There is a look at the connection every 20 of 30 seconds."""
    config = uvicorn.Config(app=lambda: None, log_config=None)
    state, transport = ServerState(), SlowTransport()
    limits = ConnectionLimits.from_settings(Settings(send_seconds=30, head_seconds=1000))
    kind = type("Protocol", (LimitedProtocol,), {"limits": limits})

    async def run() -> None:
        config.load()
        for _ in range(others):
            other = kind(config, state, {})
            other.connection_made(SlowTransport())
            other.pause_writing()
        protocol = kind(config, state, {})
        protocol.connection_made(transport)
        for look, size in enumerate(unsent):
            transport.unsent = size
            protocol.check_time(20.0 * look)

    asyncio.run(run())
    assert transport.is_aborted == is_dropped
