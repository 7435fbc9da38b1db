"""uvicorn's protocol with bounds on what one connection may take: bytes of a head, time, silence.

uvicorn has none of them: a head without an end is kept in memory, a client that sends nothing or reads nothing keeps
its connection. Here every head is bounded while it is read, and one timer for each process looks at all
connections, so that a request that keeps within its bounds costs no timer of its own. Messages must keep the rules of
HTTP/1.1 (`app.http.framing`).
"""

import asyncio
import resource
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, ClassVar, NoReturn

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.errors import Problem
from app.http.client_limits import ClientCounter, Network, is_in_networks, parse_networks, too_many_requests
from app.http.connection_watch import ConnectionWatch, SharedState, UnsentBytes, has_hung_up
from app.http.framing import (
    NOT_HTTP,
    UNKNOWN_METHOD,
    find_framing_fault,
    origin_form,
    refusal_bytes,
    without_chunks,
)
from app.settings import Settings

MAX_SLICE_BYTES = 16_384
"""Bytes that are parsed at once, so that a head without an end is noticed after at most so many too much."""
MIN_DRAINED_BYTES = 32_768
"""A client that reads must take at least so many bytes within the time-out, or everything."""
LINGER_SECONDS = 1.0
"""Time for a refused client to read the refusal."""
MAX_LINGERING = 64
"""Connections beyond the bound on connections that are given so much time. Each is an open file of the process."""
MAX_DROPPED_BYTES = 1_048_576
"""Bytes that a refused client may still send."""
PARSER_MAX_URL_BYTES = 65_535
"""The HTTP parser accepts no longer address."""


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """The settings that bound one connection; the fields have the names of the settings."""

    max_head_bytes: int
    max_headers: int
    max_body_bytes: int
    head_seconds: float
    body_seconds: float
    send_seconds: float
    max_connections: int
    max_connections_per_client: int
    max_unsent_bytes: int
    trusted_proxies: tuple[Network, ...]

    @classmethod
    def from_settings(cls, settings: Settings) -> "ConnectionLimits":
        """Return the limits that an operator set."""
        values = {each.name: getattr(settings, each.name) for each in fields(cls)}
        values["trusted_proxies"] = parse_networks(settings.trusted_proxies)
        # Connections leave a quarter of the files that the process may open to caches, exports and the database.
        open_files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if open_files != resource.RLIM_INFINITY:
            values["max_connections"] = min(settings.max_connections, max(open_files * 3 // 4, 1))
        return cls(**values)


@cache
def environment_limits() -> ConnectionLimits:
    """Return the limits of the environment, read once in each process."""
    return ConnectionLimits.from_settings(Settings.from_environment())


class BoundExceeded(Exception):
    """Stops the parser in one of its callbacks. The refusal stands in `LimitedProtocol._exceeded`."""


class LimitedProtocol(HttpToolsProtocol):
    """A connection that ends when it exceeds a bound."""

    limits: ClassVar[ConnectionLimits | None] = None
    """Set by tests; the limits of the environment otherwise."""
    _servers: ClassVar[dict[int, SharedState]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limits = self.limits or environment_limits()
        self.client_key: str | None = None
        self._counted = False
        self._is_excess = False
        """Whether it is one connection too many."""
        self._refusal: Problem | None = None
        self._exceeded: Problem | None = None
        self._in_head = False
        self._pipelined = 0
        """Requests answered from the bytes at hand, for subclasses that answer while they parse."""
        self._fed_bytes = 0
        """Bytes of earlier slices that belong to the present head; too many by at most a slice."""
        self._slice_bytes = 0
        self._body_bytes = 0
        self._waiting_since: float | None = None
        """Since when the client owes bytes: since the head or the body began that is not complete yet, since the last
        response, or since the connection was made. None while a response is being made."""
        self._dropped_bytes = 0
        self._unsent_bytes = 0
        self._unsent_since: float | None = None
        self._running: RequestResponseCycle | None = None

    # Connections

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, unless there are too many."""
        super().connection_made(transport)
        self._waiting_since = self.loop.time()
        shared = self._shared()
        shared.watch.start(self.loop)
        address = self.client[0] if self.client else ""
        # Many clients come through one proxy: they are told apart by their requests, not by their connections.
        self.client_key = None if is_in_networks(address, self._limits.trusted_proxies) else address
        self._counted = shared.clients.try_add(self.client_key)
        if not self._counted:
            self._is_excess = True
            self._refuse(too_many_requests())

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell every request of the connection that its client is gone."""
        shared = self._shared()
        shared.unsent.remove(self)
        if self._counted:
            shared.clients.remove(self.client_key)
            self._counted = False
        waiting = [cycle for cycle, _ in self.pipeline]
        self.pipeline.clear()
        super().connection_lost(exc)
        # uvicorn tells only the newest request.
        for cycle in (self._running, *waiting):
            if cycle is not None and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()
        self._running = None

    def pause_writing(self) -> None:
        """Note that the client reads less than it is sent."""
        super().pause_writing()
        self._shared().unsent.add(self)

    def resume_writing(self) -> None:
        """Note that the client has read."""
        self._shared().unsent.remove(self)
        super().resume_writing()

    def _shared(self) -> SharedState:
        """Return what all connections of this server share."""
        key = id(self.connections)
        shared = self._servers.get(key)
        if shared is None or shared.watch.connections is not self.connections:
            limits = self._limits
            interval = min(1.0, limits.head_seconds / 4, limits.body_seconds / 4, limits.send_seconds / 4)
            shared = self._servers[key] = SharedState(
                ConnectionWatch(self.connections, interval),
                ClientCounter(limits.max_connections, limits.max_connections_per_client),
                UnsentBytes(limits.max_unsent_bytes),
            )
        return shared

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        if cycle.scope["http_version"] == "1.0":
            app = without_chunks(app, cycle)
        super()._start_asgi_task(cycle, app)

    # Heads and bodies

    def data_received(self, data: bytes) -> None:
        """Parse bytes of a connection, which may hold several requests."""
        self._pipelined = 0
        if len(data) <= MAX_SLICE_BYTES and self._refusal is None:
            self._parse(data)
        else:
            for start in range(0, len(data), MAX_SLICE_BYTES):
                if self._refusal is None and not self.transport.is_closing():
                    self._parse(data[start : start + MAX_SLICE_BYTES])
                else:
                    self._drop(data[start : start + MAX_SLICE_BYTES])
        if self._in_head or (self.cycle is not None and not self.cycle.response_complete):
            self._note_waiting()

    def _parse(self, data: bytes) -> None:
        """Parse a slice. Who asks for another protocol is answered in this one (RFC 9110, section 7.8)."""
        self._slice_bytes = len(data)
        while data:
            try:
                self.parser.feed_data(data)
                break
            except httptools.HttpParserUpgrade as upgrade:
                data = data[upgrade.args[0] :]
            except httptools.HttpParserError as error:
                self._refuse_unreadable(error)
                return
        if self._in_head:
            self._check_head_without_end()
        elif self.cycle is not None and self.cycle.more_body:
            self._check_body_without_end()

    def _check_head_without_end(self) -> None:
        """Refuse a head that has no end within its bound."""
        self._fed_bytes += self._slice_bytes
        if self._fed_bytes > self._limits.max_head_bytes + MAX_SLICE_BYTES:
            self._refuse(self._head_refusal())

    def _check_body_without_end(self) -> None:
        """Refuse a body whose frames and trailers have no end: the parser tells of the body's own bytes alone."""
        self._fed_bytes += self._slice_bytes
        limits = self._limits
        if self._fed_bytes > limits.max_body_bytes + limits.max_head_bytes + MAX_SLICE_BYTES:
            self._refuse(self._body_refusal())

    def _drop(self, data: bytes) -> None:
        """Drop what a refused client still sends, up to a bound."""
        self._dropped_bytes += len(data)
        if self._dropped_bytes > MAX_DROPPED_BYTES:
            self.transport.abort()

    def _note_waiting(self) -> None:
        """Note since when the client owes the rest of a request."""
        if not self._in_head and not self.cycle.more_body:
            self._waiting_since = None
        elif self._waiting_since is None:
            self._waiting_since = self.loop.time()

    def on_message_begin(self) -> None:
        """Begin a head."""
        super().on_message_begin()
        self.begin_head()

    def begin_head(self) -> None:
        """Count the bytes from here."""
        self._in_head = True
        self._fed_bytes = 0
        self._waiting_since = None

    def on_headers_complete(self) -> None:
        """End a head."""
        self.end_head()
        self.call_application()

    def call_application(self) -> None:
        """Begin the ASGI call of a request that keeps the rules of messages."""
        method = self.parser.get_method()
        self.url = origin_form(self.url)
        problem = find_framing_fault(self.parser.get_http_version(), method, self.url, self.headers)
        if problem is not None:
            self._in_head = True  # there is no response yet
            self._stop_parser(problem)
        HttpToolsProtocol.on_headers_complete(self)

    def end_head(self) -> None:
        """Refuse a head beyond its bounds. A body may follow; without one, the message ends at once."""
        limits = self._limits
        # Adding up is left out where even all bytes so far are within the bound.
        if len(self.headers) > limits.max_headers or (
            self._fed_bytes + self._slice_bytes > limits.max_head_bytes
            and len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > limits.max_head_bytes
        ):
            self._stop_parser(self._head_refusal())
        self._in_head = False
        self._body_bytes = self._fed_bytes = 0
        self._waiting_since = None

    def on_body(self, body: bytes) -> None:
        """Count a part of a body. No address takes one, so it is dropped."""
        self._body_bytes += len(body)
        if self._body_bytes > self._limits.max_body_bytes:
            self._stop_parser(self._body_refusal())

    def on_response_complete(self) -> None:
        """Begin the next request that is here already. Without one, the watch ends the connection after a while.

        uvicorn sets a timer for that after each response and cancels it at the next request. That takes longer than all
        else that this class does for a request.
        """
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif not self._in_head:
            self._waiting_since = self.loop.time()

    def _stop_parser(self, problem: Problem) -> NoReturn:
        self._exceeded = problem
        raise BoundExceeded

    def _head_refusal(self) -> Problem:
        max_bytes = self._limits.max_head_bytes
        if len(self.url) > max_bytes or (not self.headers and len(self.url) + MAX_SLICE_BYTES > max_bytes):
            return Problem(414, "The address is longer than is allowed. Ask for less at once.")
        limits = self._limits
        detail = f"The head of the request has more than {limits.max_head_bytes} bytes or {limits.max_headers} headers."
        return Problem(431, detail)

    def _body_refusal(self) -> Problem:
        return Problem(
            413, f"The body is longer than {self._limits.max_body_bytes} bytes. No address of this service takes one."
        )

    # Time

    def check_time(self, now: float) -> None:
        """End the connection when a bound on time is exceeded, or when its client has left unnoticed."""
        limits = self._limits
        if self.flow.read_paused and not self.transport.is_closing() and has_hung_up(self.transport):
            self.transport.abort()
            return
        unsent = self.transport.get_write_buffer_size()
        if not unsent:
            self._unsent_since = None
        elif self._unsent_since is None or not 0 <= self._unsent_bytes - unsent < MIN_DRAINED_BYTES:
            # More than before is progress, too: nothing is added before the client has taken nearly all.
            self._unsent_bytes, self._unsent_since = unsent, now
        elif now - self._unsent_since > limits.send_seconds * self._shared().unsent.patience:
            self.transport.abort()
            return
        if self.transport.is_closing() or self._waiting_since is None:
            return
        is_answering = self.cycle is not None and not self.cycle.response_complete
        if is_answering:
            seconds = limits.body_seconds
        elif self._in_head or self.cycle is None:
            seconds = limits.head_seconds
        else:
            seconds = self.timeout_keep_alive
        if now - self._waiting_since <= seconds:
            return
        if self._in_head or is_answering:
            self._refuse(Problem(408, "The request did not arrive in time."))
        else:
            self.transport.close()

    # Refusals

    def _refuse_unreadable(self, error: httptools.HttpParserError) -> None:
        """Refuse what the parser cannot read, or what a bound or a rule forbids."""
        if self._exceeded is not None:
            self._refuse(self._exceeded)
        elif isinstance(error, httptools.HttpParserInvalidMethodError):
            self._refuse(Problem(501, UNKNOWN_METHOD))
        elif len(getattr(self, "url", b"") or b"") > PARSER_MAX_URL_BYTES:
            self._refuse(Problem(414, "The address is longer than is allowed. Ask for less at once."))
        else:
            self._refuse(Problem(400, NOT_HTTP))

    def _refuse(self, problem: Problem) -> None:
        """Send a problem and close, behind the response that is being made."""
        is_answered = not self._in_head and self.cycle is not None
        self._refusal = problem
        self._in_head = False
        self._waiting_since = None
        self.url, self.headers = b"", []
        if self.cycle is not None and not self.cycle.response_complete:
            # The response being made is sent first, and nothing after it.
            self.cycle.keep_alive = False
            self.flow.pause_reading()
            return
        if not is_answered:
            head_only = self._exceeded is not None and self.parser.get_method() == b"HEAD"
            self.transport.write(refusal_bytes(problem, self.server_state.default_headers, head_only))
        shared = self._shared()
        if self._is_excess and shared.lingering >= MAX_LINGERING:
            self.transport.close()
            return
        # A close while bytes of the client are unread would reset the connection, and the client lose the refusal.
        shared.lingering += self._is_excess
        self.transport.write_eof()
        self.loop.call_later(LINGER_SECONDS, self._end_refusal)

    def _end_refusal(self) -> None:
        self._shared().lingering -= self._is_excess
        self.transport.abort()
