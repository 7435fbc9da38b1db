"""Finished responses in memory: bounded in bytes, least recently used out first, valid for one revision of the data.

A response that nobody has asked for in a while is dropped, so that many odd questions do not hold memory for good.

A row by its id enters the cache only on its second request. Otherwise a client that reads every row of a dataset
would push out everything else, for responses that are entry as quickly as they are cached.
"""

from collections import OrderedDict

from app.http.request import CacheKey
from app.http.response import WireResponse

MAX_SEEN_KEYS = 20_000
ENTRY_OVERHEAD_BYTES = 1500
"""Estimated size of an entry without its body."""
MARK: CacheKey = ("", b"", "", None)
"""The key of no response. What stands before it was not asked for since it was set."""


class ResponseCache:
    """The cache of one process."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._entries: OrderedDict[CacheKey, tuple[WireResponse, str, int]] = OrderedDict()
        self._seen: set[int] = set()
        self._bytes = 0

    def get(self, key: CacheKey, revision: str) -> WireResponse | None:
        """Return the cached response of this revision, or None."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        if entry[1] != revision:
            self._forget(key)
            return None
        self._entries.move_to_end(key)
        return entry[0]

    def put(self, key: CacheKey, response: WireResponse, revision: str, on_second_request: bool = False) -> None:
        """Cache a response of a revision, if asked so only from its second request on.

        A response that takes more than a sixteenth of the cache is not cached.
        """
        if on_second_request and not self._seen_before(key):
            return
        size = entry_size(key, response)
        if size > self.max_bytes // 16:
            return
        self._forget(key)
        self._entries[key] = response, revision, size
        self._bytes += size
        while self._bytes > self.max_bytes:
            self._bytes -= self._entries.popitem(last=False)[1][2]

    def drop_unused(self) -> int:
        """Drop the responses that were not asked for since the last call. Return how many bytes they had."""
        before = self._bytes
        if MARK in self._entries:
            key = None
            while key != MARK:
                key, (_, _, size) = self._entries.popitem(last=False)
                self._bytes -= size
        if self._entries:
            self._entries[MARK] = WireResponse(204, b"", b""), "", 0
        return before - self._bytes

    def is_empty(self) -> bool:
        """Return whether there is nothing to drop."""
        return not self._entries

    def _seen_before(self, key: CacheKey) -> bool:
        mark = hash(key)
        if mark in self._seen:
            return True
        if len(self._seen) >= MAX_SEEN_KEYS:
            self._seen.clear()
        self._seen.add(mark)
        return False

    def _forget(self, key: CacheKey) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._bytes -= entry[2]


def entry_size(key: CacheKey, response: WireResponse) -> int:
    """Estimate the bytes of an entry. Its headers are mostly links, which repeat the query."""
    return len(response.body) + 2 * len(key[0]) + 8 * len(key[1]) + len(key[2]) + ENTRY_OVERHEAD_BYTES
