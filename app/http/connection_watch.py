"""What the connections of one process share: a timer for all, their number, and the bytes that wait for readers."""

import asyncio
import select
from typing import Any, Protocol

from app.http.client_limits import ClientCounter
from app.http.memory import MemoryTrimmer

HANG_UP = getattr(select, "POLLRDHUP", 0)
"""Says that the other side sends no more; not every system has it."""


def has_hung_up(transport: asyncio.Transport) -> bool:
    """Return whether the client has closed a connection from which nothing is read at the moment.

    Reading is paused behind a pipelined request, and then the event loop does not tell.
    """
    poll = select.poll()
    poll.register(transport.get_extra_info("socket").fileno(), HANG_UP)
    return bool(poll.poll(0))


class ConnectionWatch:
    """The timer of one process: looks at its connections at intervals."""

    def __init__(self, connections: set[Any], interval: float) -> None:
        self.connections = connections
        self.interval = interval
        self._timer: asyncio.TimerHandle | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start the timer, unless it runs."""
        if self._timer is None:
            self._timer = loop.call_later(self.interval, self._check, loop)

    def _check(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        now = loop.time()
        for connection in list(self.connections):
            connection.check_time(now)
        if self.connections:
            self.start(loop)


class WaitingConnection(Protocol):
    """A connection that has more to send than its client reads."""

    client_key: str | None
    transport: asyncio.Transport


CROWD = 4
"""The number of connections from which many clients do not keep up. Fewer than the exports that run at once."""
CROWD_PATIENCE = 0.25
"""The part of the usual time that such clients have when there are many."""


class UnsentBytes:
    """The bytes that wait for their readers, in all connections that have more to send than the system takes."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.total = 0
        self._memory = MemoryTrimmer()
        self._waiting: dict[WaitingConnection, int] = {}
        """The size of each when it began to wait, the longest wait first."""

    @property
    def patience(self) -> float:
        """The part of the usual time that a client may take nothing. With many, others wait for what they hold."""
        return CROWD_PATIENCE if len(self._waiting) >= CROWD else 1.0

    def add(self, connection: WaitingConnection) -> None:
        """Count what a connection has to send. Drop connections when that is too much.

        These are the oldest of the client that makes most bytes wait, so that nobody else suffers from it.
        """
        self.remove(connection)
        size = connection.transport.get_write_buffer_size()
        self._waiting[connection] = size
        self.total += size
        while self.total > self.max_bytes:
            oldest = self._oldest_of_greatest_client()
            oldest.transport.abort()
            self.remove(oldest)

    def remove(self, connection: WaitingConnection) -> None:
        """Count a connection no more: its client reads, or is gone."""
        size = self._waiting.pop(connection, 0)
        if size:
            self.total -= size
            self._memory.schedule()

    def _oldest_of_greatest_client(self) -> WaitingConnection:
        by_client: dict[str | None, int] = {}
        for connection, size in self._waiting.items():
            by_client[connection.client_key] = by_client.get(connection.client_key, 0) + size
        greatest = max(by_client, key=lambda client: by_client[client])
        return next(connection for connection in self._waiting if connection.client_key == greatest)


class SharedState:
    """What all connections of one server share."""

    def __init__(self, watch: ConnectionWatch, clients: ClientCounter, unsent: UnsentBytes) -> None:
        self.watch = watch
        self.clients = clients
        self.unsent = unsent
        self.lingering = 0
        """Connections beyond the bound that still have time to read their refusal."""
