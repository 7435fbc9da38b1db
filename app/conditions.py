"""Conditional requests (RFC 9110, section 13), decided before any SQL.

The validators of an answer depend on the data's revision and the question alone, so they are known
before the database is asked. The condition travels beside the request in a context variable: every
answer that computes its validators is thereby conditional, and none has to pass it on.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from app.encoding import encoded_tag


@dataclass(frozen=True, slots=True)
class Condition:
    """What the client has: `If-None-Match`, `If-Modified-Since`, and the coding it would get now."""

    none_match: bytes | None
    modified_since: bytes | None
    coding: str | None

    def met_by(self, tag: str, modified: datetime | None) -> str | None:
        """The validator that the client has, if it is still right; `If-None-Match` decides where both are given.

        `modified` None decides by an exact tag alone: that is right even before it is known that there
        is an answer, for the tag is one that we gave.
        """
        coded = encoded_tag(tag.encode(), self.coding).decode() if self.coding else tag
        if self.none_match is not None:
            given = {word.strip().removeprefix("W/") for word in self.none_match.decode("latin-1").split(",")}
            anything = "*" in given and modified is not None
            return next((ours for ours in (coded, tag) if ours in given or anything), None)
        return coded if modified is not None and self._unmodified(modified) else None

    def _unmodified(self, modified: datetime) -> bool:
        try:
            since = parsedate_to_datetime((self.modified_since or b"").decode("latin-1"))
            return modified.replace(microsecond=0) <= (since if since.tzinfo else since.replace(tzinfo=UTC))
        except (ValueError, OverflowError, TypeError):
            return False

    def met_by_sent(self, headers: list[tuple[bytes, bytes]]) -> bytes | None:
        """`met_by` for an answer's own headers, whose tag may be that of a coded body."""
        values = dict(headers)
        tag, modified = values.get(b"etag", b"").decode("latin-1"), values.get(b"last-modified", b"").decode("latin-1")
        if self.coding and tag.endswith(f'-{self.coding}"'):
            tag = tag.removesuffix(f'-{self.coding}"') + '"'
        met = self.met_by(tag, parsedate_to_datetime(modified)) if tag and modified else None
        return met.encode() if met else None


CONDITION: ContextVar[Condition | None] = ContextVar("condition", default=None)


class NotModified(Exception):
    """The client has it already; `headers` are those of the 304."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__()
        self.headers = headers


def condition_of(headers: Mapping[bytes, bytes], coding: str | None) -> Condition | None:
    """The condition of a request, or None."""
    none_match, since = headers.get(b"if-none-match"), headers.get(b"if-modified-since")
    return Condition(none_match, since, coding) if none_match is not None or since is not None else None


def check(headers: Mapping[str, str], modified: datetime | None) -> None:
    """Raises NotModified when the current request's condition is met by these validators (see `Condition.met_by`)."""
    condition = CONDITION.get()
    tag = condition.met_by(headers["ETag"], modified) if condition is not None else None
    if tag is not None:
        raise NotModified({**headers, "ETag": tag})
