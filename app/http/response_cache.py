"""Whole answers kept in memory: bounded in bytes, the least lately used thrown out, none outlives its data.

A row by its id is kept only when it is asked for again: whoever goes through all rows of a dataset would
otherwise push everything else out of memory, for answers that are found as fast as they are kept.
"""

from collections import OrderedDict

from app.http.request import Key
from app.http.response import Reply

MOST_SEEN = 20_000
OVERHEAD = 1500
"""What an entry takes beside its body, roughly."""


class AnswerCache:
    """Answers of one process."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._kept: OrderedDict[Key, tuple[Reply, str, int]] = OrderedDict()
        self._seen: set[int] = set()
        self._bytes = 0

    def get(self, key: Key, revision: str) -> Reply | None:
        """The kept answer, if it holds for this revision."""
        found = self._kept.get(key)
        if found is None:
            return None
        if found[1] != revision:
            self._forget(key)
            return None
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: Key, reply: Reply, revision: str, cheap: bool = False) -> None:
        """Keep an answer of a revision, a cheap one from the second time on.

        One that takes more than a sixteenth of the room is not kept.
        """
        if cheap and not self._came_before(key):
            return
        size = size_of(key, reply)
        if size > self.most_bytes // 16:
            return
        self._forget(key)
        self._kept[key] = reply, revision, size
        self._bytes += size
        while self._bytes > self.most_bytes:
            self._bytes -= self._kept.popitem(last=False)[1][2]

    def _came_before(self, key: Key) -> bool:
        mark = hash(key)
        if mark in self._seen:
            return True
        if len(self._seen) >= MOST_SEEN:
            self._seen.clear()
        self._seen.add(mark)
        return False

    def _forget(self, key: Key) -> None:
        found = self._kept.pop(key, None)
        if found is not None:
            self._bytes -= found[2]


def size_of(key: Key, reply: Reply) -> int:
    """The bytes that an entry takes, roughly: its headers are mostly links, which repeat the query."""
    return len(reply.body) + 2 * len(key[0]) + 8 * len(key[1]) + len(key[2]) + OVERHEAD
