"""Responses: what an endpoint returns, and the finished response that is sent.

`ApiResponse` is an endpoint's result. `finish.finish_response` makes a `WireResponse` of it, which holds the
headers as the lines that HTTP/1.1 sends: no other form is as small in the cache, or as quick to send.
"""

from collections.abc import AsyncGenerator, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from app.http.file_cache import CachedFile, InMemoryFile
from app.http.request import CacheableRequest
from app.version import VERSION

HeaderList = list[tuple[bytes, bytes]]
"""Headers as ASGI has them: names in lower case."""

JSON = "application/json"
MAX_AGE_SECONDS = 60
STALE_WHILE_REVALIDATE = ", stale-while-revalidate=600"
EXPOSED = (
    b"Link, ETag, Content-Location, Content-Disposition, Content-Range, Accept-Ranges, Retry-After, X-Request-ID, "
    b"API-Version"
)
COMMON_HEADERS: HeaderList = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", EXPOSED),
    (b"api-version", VERSION.encode()),
    (b"x-content-type-options", b"nosniff"),
]
"""Headers of every response: CORS, and the two that the Dutch API Design Rules ask for."""
BODY_HEADERS = frozenset(
    (b"content-length", b"content-type", b"content-encoding", b"content-disposition", b"content-range", b"link")
)
"""Headers that describe a body. A 304 leaves them out."""
CANONICAL_NAMES = {
    b"etag": "ETag",
    b"last-modified": "Last-Modified",
    b"cache-control": "Cache-Control",
    b"vary": "Vary",
}
"""Names under which `ApiResponse.headers` holds the headers that finishing looks at."""


@dataclass(slots=True)
class ApiResponse:
    """The result of an endpoint: a body, a stream of chunks, or a file.

    `headers` holds neither `Content-Type`, which is `media_type`, nor `Content-Length`.
    """

    media_type: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    stream: AsyncGenerator[bytes, None] | None = None
    file: CachedFile | InMemoryFile | None = None
    cache_on_second_request: bool = False
    """For a response that is found as quickly as it is cached: it enters the cache when it is asked for again."""
    status: int = 200
    length: int | None = None
    """The number of bytes of a stream, where it is known. Then ranges of it are sent, too."""

    @property
    def is_cacheable(self) -> bool:
        """Whether it holds for as long as the data does. One whose freshness ends at midnight does not."""
        return STALE_WHILE_REVALIDATE in self.headers.get("Cache-Control", "") and "ETag" in self.headers

    async def aclose(self) -> None:
        """Release the stream or file of a response that is not sent."""
        if self.stream is not None:
            await self.stream.aclose()
        if self.file is not None:
            self.file.close()


def response_from_asgi(status: int, headers: HeaderList, body: bytes = b"") -> ApiResponse:
    """Return the response that ASGI messages describe; `body` is its whole body."""
    response = ApiResponse("", body, status=status)
    for name, value in headers:
        text = value.decode("utf-8" if _is_utf_8(value) else "latin-1")
        if name == b"content-type":
            response.media_type = text
        elif name != b"content-length":
            known = CANONICAL_NAMES.get(name) or name.decode("ascii")
            response.headers[known] = f"{response.headers[known]}, {text}" if known in response.headers else text
    return response


def _is_utf_8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def header_pairs(headers: Mapping[str, str]) -> HeaderList:
    """Return headers in the form of ASGI."""
    return [(header_name(name), value.encode()) for name, value in headers.items()]


@cache
def lower_case(name: str) -> str:
    """Return a header's name in lower case. There are few, so each is made once."""
    return name.lower()


@cache
def header_name(name: str) -> bytes:
    """Return a header's name in lower case. There are few, so each is made once."""
    return name.lower().encode()


def serialise_text_headers(headers: Mapping[str, str]) -> bytes:
    """Return headers as the lines of HTTP/1.1. Encoding them together takes half the time of one by one."""
    return "".join([f"{lower_case(name)}: {value}\r\n" for name, value in headers.items()]).encode()


def serialise_headers(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return headers as the lines of HTTP/1.1. None of ours holds a line break."""
    return b"".join([b"%b: %b\r\n" % header for header in headers])


COMMON_HEADER_LINES = serialise_headers(COMMON_HEADERS)


class WireResponse:
    """A finished response with its whole body, complete but for the request's id."""

    __slots__ = ("_etag", "_headers", "_not_modified", "body", "header_lines", "status")

    def __init__(self, status: int, header_lines: bytes, body: bytes) -> None:
        self.status = status
        self.header_lines = header_lines
        self.body = body
        self._headers: HeaderList | None = None
        self._etag: bytes | None = None
        self._not_modified: WireResponse | None = None

    @property
    def headers(self) -> HeaderList:
        """The headers in the form of ASGI."""
        if self._headers is None:
            split = [line.partition(b": ") for line in self.header_lines.split(b"\r\n")[:-1]]
            self._headers = [(name, value) for name, _, value in split]
        return self._headers

    @property
    def etag(self) -> bytes:
        """The entity tag. Every response in the cache has one."""
        if self._etag is None:
            self._etag = next(value for name, value in self.headers if name == b"etag")
        return self._etag

    @property
    def not_modified(self) -> "WireResponse":
        """The 304 with the same entity tag (RFC 9110, section 15.4.5)."""
        if self._not_modified is None:
            kept = [header for header in self.headers if header[0] not in BODY_HEADERS]
            self._not_modified = WireResponse(304, serialise_headers(kept), b"")
        return self._not_modified

    def for_request(self, request: CacheableRequest) -> "WireResponse":
        """Return this cached 200, or a 304 where the client has it already."""
        if request.headers.get(b"if-none-match") == self.etag:
            return self.not_modified
        condition = request.conditional_request
        etag = condition.matching_etag_for_cached(self.headers) if condition else None
        if etag is None:
            return self
        headers = [(name, etag if name == b"etag" else value) for name, value in self.not_modified.headers]
        return WireResponse(304, serialise_headers(headers), b"")
