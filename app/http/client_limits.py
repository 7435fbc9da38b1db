"""How many connections and slow requests one client may have, and all clients together. Each worker counts its own."""

import ipaddress
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from app.errors import Problem

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
RETRY_AFTER_SECONDS = 5


class ClientCounter:
    """Counts something for each client address, within a bound for one client and a bound for all."""

    def __init__(self, max_total: int, max_per_client: int) -> None:
        self.max_total = max_total
        self.max_per_client = max_per_client
        self.total = 0
        self._by_client: Counter[str] = Counter()

    def try_add(self, client: str | None) -> bool:
        """Count one more of a client, unless a bound is reached. `client` None is bounded by the total alone."""
        if self.total >= self.max_total:
            return False
        if client is not None:
            if self._by_client[client] >= self.max_per_client:
                return False
            self._by_client[client] += 1
        self.total += 1
        return True

    def remove(self, client: str | None) -> None:
        """Count one less of a client."""
        self.total -= 1
        if client is not None:
            self._by_client[client] -= 1
            if self._by_client[client] <= 0:
                del self._by_client[client]

    @contextmanager
    def slot(self, client: str | None) -> Iterator["Slot"]:
        """Lend a slot that the block may take. It is given back at the end."""
        slot = Slot(self, client)
        try:
            yield slot
        finally:
            slot.give_back()


class Slot:
    """One more of a client, counted from the moment when it is taken."""

    def __init__(self, counter: ClientCounter, client: str | None) -> None:
        self._counter = counter
        self._client = client
        self._is_taken = False

    def take(self) -> None:
        """Count it, unless it is counted. Raises Problem (503) when a bound is reached."""
        if not self._is_taken:
            if not self._counter.try_add(self._client):
                raise too_many_requests()
            self._is_taken = True

    def give_back(self) -> None:
        """Count it no more."""
        if self._is_taken:
            self._counter.remove(self._client)
            self._is_taken = False


def too_many_requests() -> Problem:
    """Return the 503 for a client, or a service, that has too many requests under way."""
    detail = "Too many requests are being answered at the moment. Try again in a few seconds."
    return Problem(503, detail, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})


def parse_networks(text: str) -> tuple[Network, ...]:
    """Parse a comma-separated list of addresses and networks. Raises ValueError."""
    return tuple(ipaddress.ip_network(word.strip(), strict=False) for word in text.split(",") if word.strip())


def is_in_networks(address: str, networks: tuple[Network, ...]) -> bool:
    """Whether an address is in one of some networks."""
    if not networks:
        return False
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


def client_address(scope: Mapping[str, Any], headers: Mapping[bytes, bytes], trusted: tuple[Network, ...]) -> str:
    """Return the address of a request's client.

    Behind a trusted proxy that is the last address of `X-Forwarded-For` that is no trusted proxy itself: what stands
    before it, the client can write as it likes.
    """
    peer = scope.get("client")
    address = str(peer[0]) if peer else ""
    if not is_in_networks(address, trusted):
        return address
    for forwarded in reversed(headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")):
        candidate = forwarded.strip()
        if candidate and not is_in_networks(candidate, trusted):
            return candidate[:64]
    return address
