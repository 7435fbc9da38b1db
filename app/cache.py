"""Whole answers kept in memory: bounded in bytes, the least lately used thrown out, none outlives its data."""

from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property

Headers = list[tuple[bytes, bytes]]
Key = tuple[str, bytes, str, str | None]
"""Path, query string, what `Accept` asks for (`json`, or the header itself), content coding."""
NOT_IN_304 = frozenset(
    (b"content-length", b"content-type", b"content-encoding", b"content-disposition", b"content-range", b"link")
)
"""Headers that describe a body, and are left out where none is sent."""
OVERHEAD = 1500
"""What an entry takes beside its body, roughly."""


@dataclass(frozen=True)
class Kept:
    """An answer as it was sent, and for which revision of the data it holds."""

    headers: Headers
    body: bytes
    revision: str

    @cached_property
    def tag(self) -> bytes | None:
        """The entity tag that it was sent with."""
        return next((value for name, value in self.headers if name == b"etag"), None)

    @cached_property
    def unmodified(self) -> Headers:
        """The headers of a 304 that names the same tag (RFC 9110, section 15.4.5)."""
        return [header for header in self.headers if header[0] not in NOT_IN_304]


class AnswerCache:
    """Answers of one process."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._kept: OrderedDict[Key, tuple[Kept, int]] = OrderedDict()
        self._bytes = 0

    def get(self, key: Key, revision: str) -> Kept | None:
        """The kept answer, if it holds for this revision."""
        found = self._kept.get(key)
        if found is None:
            return None
        if found[0].revision != revision:
            self._forget(key)
            return None
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: Key, kept: Kept) -> None:
        """Keep an answer; one that takes more than a sixteenth of the room is not kept."""
        size = size_of(key, kept)
        if size > self.most_bytes // 16:
            return
        self._forget(key)
        self._kept[key] = kept, size
        self._bytes += size
        while self._bytes > self.most_bytes:
            self._bytes -= self._kept.popitem(last=False)[1][1]

    def _forget(self, key: Key) -> None:
        found = self._kept.pop(key, None)
        if found is not None:
            self._bytes -= found[1]


def size_of(key: Key, kept: Kept) -> int:
    """The bytes that an entry takes, roughly: its headers are mostly links, which repeat the query."""
    return len(kept.body) + 2 * len(key[0]) + 8 * len(key[1]) + len(key[2]) + OVERHEAD
