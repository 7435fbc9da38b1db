"""A request as far as it decides its answer, whichever way it came in."""

from collections.abc import Mapping

from app.http.conditional import CONDITIONAL, Condition, condition_of
from app.http.content_coding import SMALLEST, refuses_plain, wanted_coding
from app.http.negotiation import LONGEST, prefers_json

Key = tuple[str, bytes, str, str | None]
"""Path, query string, what `Accept` asks for (`json`, or the header itself), content coding."""


class Request:
    """A GET or HEAD. `path` is decoded, `raw_path` and `query` are as sent; `headers` by their names in lower case."""

    __slots__ = ("accept", "coding", "conditional", "headers", "key", "path", "plain", "query", "raw_path", "strict")

    def __init__(self, path: str, raw_path: bytes, query: bytes, headers: Mapping[bytes, bytes]) -> None:
        self.path = path
        self.raw_path = raw_path
        self.query = query
        self.headers = headers
        self.coding: str | None = None
        self.strict = False
        """Whether the client refuses a body that is not coded."""
        if b"accept-encoding" in headers:
            codings = headers[b"accept-encoding"]
            self.coding = wanted_coding(codings)
            self.strict = b"q=0" in codings and refuses_plain(codings)
        self.accept = headers.get(b"accept", b"")
        # Below /v1 many headers mean plain JSON: they share an answer. What another one gets depends on the address.
        self.plain = not self.accept or (path.startswith("/v1") and prefers_json(self.accept))
        form = "json" if self.plain else self.accept[:LONGEST].decode("latin-1")
        self.key: Key = (path, query, form, self.coding)
        self.conditional = not CONDITIONAL.isdisjoint(headers)

    @property
    def condition(self) -> Condition | None:
        """Under which condition an answer is wanted, or None."""
        return condition_of(self.headers, self.coding) if self.conditional else None

    def coding_of(self, size: int) -> str | None:
        """The coding of a textual body of that size: a short one is sent as it is."""
        return self.coding if size >= SMALLEST or self.strict else None
