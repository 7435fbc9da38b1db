"""The bytes that wait for their readers, and which connections are dropped for them."""

import asyncio
from typing import Any

from app.http.connection_watch import UnsentBytes


class Transport(asyncio.Transport):
    """A transport with some bytes to send."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size
        self.is_aborted = False

    def get_write_buffer_size(self) -> int:
        """Return the number of bytes."""
        return self.size

    def abort(self) -> None:
        """Note it."""
        self.is_aborted = True


class Connection:
    """A connection of a client."""

    def __init__(self, client_key: str | None, size: int) -> None:
        self.client_key = client_key
        self.transport: Any = Transport(size)


def dropped(unsent: UnsentBytes, *connections: Connection) -> list[int]:
    """Add connections and return the positions of those that were dropped."""

    async def run() -> None:
        for connection in connections:
            unsent.add(connection)

    asyncio.run(run())
    return [n for n, connection in enumerate(connections) if connection.transport.is_aborted]


def test_the_oldest_connections_of_the_greatest_client_are_dropped() -> None:
    unsent = UnsentBytes(100)
    greedy = [Connection("greedy", 30) for _ in range(4)]
    assert dropped(unsent, Connection("patient", 20), *greedy) == [1, 2]
    assert unsent.total == 80


def test_a_bound_that_is_just_reached_drops_nothing() -> None:
    unsent = UnsentBytes(100)
    assert dropped(unsent, Connection("a", 50), Connection(None, 50)) == []
    assert dropped(unsent, Connection("a", 1)) == []
    assert unsent.total == 51


def test_one_that_is_too_large_alone_is_dropped() -> None:
    unsent = UnsentBytes(100)
    assert dropped(unsent, Connection("a", 60), Connection("b", 101)) == [1]
    assert unsent.total == 60


def test_who_reads_counts_no_more() -> None:
    async def run() -> None:
        unsent = UnsentBytes(100)
        connection = Connection("a", 60)
        for _ in range(3):
            unsent.add(connection)
            assert unsent.total == 60
        unsent.remove(connection)
        unsent.remove(connection)
        assert unsent.total == 0

    asyncio.run(run())
