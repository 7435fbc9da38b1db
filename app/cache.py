"""Whole answers kept in memory: bounded in bytes, the least lately used thrown out, none outlives its data."""

from collections import OrderedDict
from dataclasses import dataclass

Headers = list[tuple[bytes, bytes]]
Key = tuple[str, bytes, str, str | None]
"""Path, query string, what `Accept` asks for (`json`, or the header itself), content coding."""
OVERHEAD = 1000
"""What an entry takes beside its body, roughly."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was sent, and for which revision of the data it holds."""

    headers: Headers
    body: bytes
    revision: str


class AnswerCache:
    """Answers of one process."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._bytes = 0

    def get(self, key: Key, revision: str) -> Kept | None:
        """The kept answer, if it holds for this revision."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        if kept.revision != revision:
            self._forget(key)
            return None
        self._kept.move_to_end(key)
        return kept

    def put(self, key: Key, kept: Kept) -> None:
        """Keep an answer; one that takes more than a sixteenth of the room is not kept."""
        size = size_of(key, kept)
        if size > self.most_bytes // 16:
            return
        self._forget(key)
        self._kept[key] = kept
        self._bytes += size
        while self._bytes > self.most_bytes:
            self._forget(next(iter(self._kept)))

    def _forget(self, key: Key) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._bytes -= size_of(key, kept)


def size_of(key: Key, kept: Kept) -> int:
    """The bytes that an entry takes, roughly."""
    headers = sum(len(name) + len(value) for name, value in kept.headers)
    return len(kept.body) + 2 * len(key[0]) + len(key[1]) + len(key[2]) + headers + OVERHEAD
