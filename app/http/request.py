"""A GET or HEAD request, as far as it decides its response."""

from collections.abc import Mapping
from typing import ClassVar

from app.errors import Problem
from app.http.conditional import CONDITIONAL_HEADERS, ConditionalRequest, parse_conditional_request
from app.http.content_coding import MIN_CODED_BYTES, forbids_identity, preferred_coding
from app.http.negotiation import MAX_ACCEPT_LENGTH

ALLOWED_METHODS = "GET, HEAD, OPTIONS"
CacheKey = tuple[str, bytes, str, str | None]
"""Path, query string, what `Accept` asks for (`json`, or the header itself), content coding."""


class CacheableRequest:
    """A GET or HEAD. `path` is decoded, `raw_path` and `query` are as sent; `headers` have names in lower case."""

    is_head: ClassVar[bool] = False
    """Whether only the head of the response is wanted."""
    __slots__ = (
        "accept",
        "coding",
        "headers",
        "identity_forbidden",
        "is_conditional",
        "path",
        "query_string",
        "raw_path",
        "wants_json",
    )

    def __init__(self, path: str, raw_path: bytes, query_string: bytes, headers: Mapping[bytes, bytes]) -> None:
        self.path = path
        self.raw_path = raw_path
        self.query_string = query_string
        self.headers = headers
        self.coding: str | None = None
        self.identity_forbidden = False
        """Whether the client refuses a body without a content coding."""
        if b"accept-encoding" in headers:
            codings = headers[b"accept-encoding"]
            self.coding = preferred_coding(codings)
            self.identity_forbidden = b"q=0" in codings and forbids_identity(codings)
        self.accept = headers.get(b"accept", b"")
        self.wants_json = not self.accept
        """Whether JSON is preferred to every other representation. The gateway decides where `Accept` is given."""
        self.is_conditional = not CONDITIONAL_HEADERS.isdisjoint(headers)

    @property
    def cache_key(self) -> CacheKey:
        """The key of the response in the cache: `Accept` headers that prefer JSON share a response."""
        accept = "json" if self.wants_json else self.accept[:MAX_ACCEPT_LENGTH].decode("latin-1")
        return (self.path, self.query_string, accept, self.coding)

    @property
    def conditional_request(self) -> ConditionalRequest | None:
        """The validators that the client has, or None."""
        return parse_conditional_request(self.headers, self.coding) if self.is_conditional else None

    def coding_for_size(self, size: int) -> str | None:
        """Return the content coding of a compressible body; a short one is sent as it is."""
        return self.coding if size >= MIN_CODED_BYTES or self.identity_forbidden else None


class HeadRequest(CacheableRequest):
    """A HEAD request."""

    is_head = True
    __slots__ = ()


def method_not_allowed() -> Problem:
    """Return the 405 for a method that would write."""
    detail = f"Only {ALLOWED_METHODS} are allowed. No address of this service writes."
    return Problem(405, detail, headers={"Allow": ALLOWED_METHODS})
