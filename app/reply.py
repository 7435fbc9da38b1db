"""A reply that is ready to be sent: status, headers, a body in one piece. Made once; kept, it is only sent again."""

from dataclasses import dataclass
from functools import cached_property

from app import __api_version__
from app.conditions import Condition
from app.encoding import ENCODERS, encoded_tag
from app.errors import Problem

Headers = list[tuple[bytes, bytes]]

EXPOSED = b"Link, ETag, Content-Location, Content-Disposition, Content-Range, X-Request-ID, API-Version"
CORS: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", EXPOSED),
    (b"api-version", __api_version__.encode()),
    (b"x-content-type-options", b"nosniff"),
]
"""What every answer carries: CORS, and the version and the caution that the Dutch API Design Rules ask for."""
NOT_IN_304 = frozenset(
    (b"content-length", b"content-type", b"content-encoding", b"content-disposition", b"content-range", b"link")
)
"""Headers that describe a body, and are left out where none is sent."""


@dataclass(frozen=True)
class Reply:
    """All that is sent but for the request's id; the headers' names are in lower case."""

    status: int
    headers: Headers
    body: bytes

    @cached_property
    def tag(self) -> bytes | None:
        """The entity tag."""
        return next((value for name, value in self.headers if name == b"etag"), None)

    @cached_property
    def lines(self) -> bytes:
        """The headers as HTTP/1.1 has them, each line with its end. None of ours holds a line break."""
        return b"".join([b"%b: %b\r\n" % header for header in self.headers])

    @cached_property
    def unmodified(self) -> "Reply":
        """The 304 that names the same tag (RFC 9110, section 15.4.5)."""
        return Reply(304, [header for header in self.headers if header[0] not in NOT_IN_304], b"")

    def under(self, condition: Condition) -> "Reply":
        """This 200 once more, or a 304 where the client has it already."""
        if condition.none_match is not None and condition.none_match == self.tag:
            return self.unmodified
        tag = condition.met_by_kept(self.headers)
        if tag is None:
            return self
        headers = [(name, tag if name == b"etag" else value) for name, value in self.unmodified.headers]
        return Reply(304, headers, b"")


class Head:
    """The headers of an answer while they are changed."""

    def __init__(self, items: Headers) -> None:
        self.items = items

    def get(self, name: bytes) -> bytes | None:
        """The value of a header."""
        for known, value in self.items:
            if known == name:
                return value
        return None

    def replace(self, name: bytes, value: bytes | None) -> None:
        """Set a header, or take it away."""
        self.items = [item for item in self.items if item[0] != name]
        if value is not None:
            self.items.append((name, value))

    def default(self, name: bytes, value: bytes) -> None:
        """Set a header that is not there yet."""
        if self.get(name) is None:
            self.items = [*self.items, (name, value)]

    def code(self, coding: str, length: int | None) -> None:
        """Say that the body is coded; `length` is None for a stream."""
        self.replace(b"content-encoding", coding.encode())
        self.replace(b"content-length", None if length is None else str(length).encode())
        if tag := self.get(b"etag"):
            self.replace(b"etag", encoded_tag(tag, coding))


def reply_of(status: int, head: Head, body: bytes, coding: str | None) -> Reply:
    """A body in one piece, coded as the client likes it."""
    if coding:
        encoder = ENCODERS[coding]()
        body = encoder.compress(body) + encoder.flush()
        head.code(coding, len(body))
    return Reply(status, [*head.items, *CORS], body)


def instead(head: Head, coding: str | None, condition: Condition) -> Reply | None:
    """The 304 that is sent instead of an answer which the client has; raises Problem (412) for one it does not want.

    Decided here, where the answer is known to exist, for whatever could not be decided before.
    """
    if condition.failed_by_answer(head.items, coding):
        raise Problem(412, "The answer is another by now; ask again without the condition.")
    tag = condition.met_by_answer(head.items, coding)
    if tag is None:
        return None
    head.replace(b"etag", tag)
    return Reply(304, [*(item for item in head.items if item[0] not in NOT_IN_304), *CORS], b"")
