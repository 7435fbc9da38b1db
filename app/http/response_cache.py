"""Whole answers kept in memory: bounded in bytes, the least lately used thrown out, none outlives its data.

A row by its id is kept only when it is asked for again: whoever goes through all rows of a dataset would
otherwise push everything else out of memory, for answers that are found as fast as they are kept.
"""

from collections import OrderedDict

from app.http.request import CacheKey
from app.http.response import WireResponse

MAX_SEEN_KEYS = 20_000
ENTRY_OVERHEAD_BYTES = 1500
"""What an entry takes beside its body, roughly."""


class ResponseCache:
    """Answers of one process."""

    def __init__(self, most_bytes: int) -> None:
        self.max_bytes = most_bytes
        self._entries: OrderedDict[CacheKey, tuple[WireResponse, str, int]] = OrderedDict()
        self._seen: set[int] = set()
        self._bytes = 0

    def get(self, key: CacheKey, revision: str) -> WireResponse | None:
        """The kept answer, if it holds for this revision."""
        found = self._entries.get(key)
        if found is None:
            return None
        if found[1] != revision:
            self._forget(key)
            return None
        self._entries.move_to_end(key)
        return found[0]

    def put(self, key: CacheKey, reply: WireResponse, revision: str, on_second_request: bool = False) -> None:
        """Keep an answer of a revision, a cheap one from the second time on.

        One that takes more than a sixteenth of the room is not kept.
        """
        if on_second_request and not self._seen_before(key):
            return
        size = entry_size(key, reply)
        if size > self.max_bytes // 16:
            return
        self._forget(key)
        self._entries[key] = reply, revision, size
        self._bytes += size
        while self._bytes > self.max_bytes:
            self._bytes -= self._entries.popitem(last=False)[1][2]

    def _seen_before(self, key: CacheKey) -> bool:
        mark = hash(key)
        if mark in self._seen:
            return True
        if len(self._seen) >= MAX_SEEN_KEYS:
            self._seen.clear()
        self._seen.add(mark)
        return False

    def _forget(self, key: CacheKey) -> None:
        found = self._entries.pop(key, None)
        if found is not None:
            self._bytes -= found[2]


def entry_size(key: CacheKey, reply: WireResponse) -> int:
    """The bytes that an entry takes, roughly: its headers are mostly links, which repeat the query."""
    return len(reply.body) + 2 * len(key[0]) + 8 * len(key[1]) + len(key[2]) + ENTRY_OVERHEAD_BYTES
