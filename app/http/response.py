"""A reply that is ready to be sent: status, header lines, a body in one piece. Made once; kept, it is only sent again.

Its headers are kept as the lines that HTTP/1.1 sends: no other form is as small, or as quick to send.
"""

from collections.abc import Iterable, Mapping
from functools import cache

from app import __api_version__
from app.errors import Problem
from app.http.conditional import Condition
from app.http.content_coding import ENCODERS, encoded_tag
from app.http.request import Request

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


def lines_of(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Headers as lines, each with its end. None of ours holds a line break."""
    return b"".join([b"%b: %b\r\n" % header for header in headers])


def pairs(headers: Mapping[str, str]) -> Headers:
    """Headers as they are sent, their names in lower case."""
    return [(field_name(name), value.encode()) for name, value in headers.items()]


@cache
def field_name(name: str) -> bytes:
    """A header's name as it is sent; there are few."""
    return name.lower().encode()


CORS_LINES = lines_of(CORS)


class Reply:
    """All that is sent but for the request's id."""

    __slots__ = ("_headers", "_tag", "_unmodified", "body", "lines", "status")

    def __init__(self, status: int, lines: bytes, body: bytes) -> None:
        self.status = status
        self.lines = lines
        self.body = body
        self._headers: Headers | None = None
        self._tag: bytes | None = None
        self._unmodified: Reply | None = None

    @property
    def headers(self) -> Headers:
        """The headers as ASGI has them."""
        if self._headers is None:
            split = [line.partition(b": ") for line in self.lines.split(b"\r\n")[:-1]]
            self._headers = [(name, value) for name, _, value in split]
        return self._headers

    @property
    def tag(self) -> bytes:
        """The entity tag of an answer that is kept."""
        if self._tag is None:
            self._tag = next(value for name, value in self.headers if name == b"etag")
        return self._tag

    @property
    def unmodified(self) -> "Reply":
        """The 304 that names the same tag (RFC 9110, section 15.4.5)."""
        if self._unmodified is None:
            kept = [header for header in self.headers if header[0] not in NOT_IN_304]
            self._unmodified = Reply(304, lines_of(kept), b"")
        return self._unmodified

    def asked_by(self, request: Request) -> "Reply":
        """This kept 200 once more, or a 304 where the client has it already."""
        if request.headers.get(b"if-none-match") == self.tag:
            return self.unmodified
        condition = request.condition
        tag = condition.met_by_kept(self.headers) if condition else None
        if tag is None:
            return self
        headers = [(name, tag if name == b"etag" else value) for name, value in self.unmodified.headers]
        return Reply(304, lines_of(headers), b"")


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
        body = coded(body, coding)
        head.code(coding, len(body))
    return Reply(status, lines_of(head.items) + CORS_LINES, body)


def coded(body: bytes, coding: str) -> bytes:
    """A whole body in a content coding."""
    encoder = ENCODERS[coding]()
    return encoder.compress(body) + encoder.flush()


def answered(headers: Mapping[str, str], media_type: str, body: bytes, coding: str | None) -> Reply:
    """The 200 of an answer that has its validators: `reply_of` without a head that is changed again and again."""
    if coding:
        body = coded(body, coding)
        tag = encoded_tag(headers["ETag"].encode(), coding).decode()
        headers = {**headers, "ETag": tag, "Content-Encoding": coding}
    described = b"content-type: %b\r\ncontent-length: %d\r\n" % (media_type.encode(), len(body))
    return Reply(200, lines_of(pairs(headers)) + described + CORS_LINES, body)


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
    return Reply(304, lines_of(item for item in head.items if item[0] not in NOT_IN_304) + CORS_LINES, b"")
