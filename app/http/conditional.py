"""Conditional requests (RFC 9110, section 13), decided before any SQL where possible.

The validators of a response depend only on the revision of the data and on the query, so they are known before
the database is asked. The conditional headers of the current request stand in a context variable: an endpoint
that computes its validators checks them there, and no function has to pass them on.
"""

import re
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache

from app.http.content_coding import coded_etag

HTTP_DATE = re.compile(
    rb"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT"  # Sun, 06 Nov 1994 08:49:37 GMT
    rb"|[A-Z][a-z]{5,8}, [0-9]{2}-[A-Z][a-z]{2}-[0-9]{2} [0-9:]{8} GMT"  # Sunday, 06-Nov-94 08:49:37 GMT
    rb"|[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} [0-9]{4}"  # Sun Nov  6 08:49:37 1994
)
"""The three forms of section 5.6.7. A date in any other form is ignored."""


@dataclass(frozen=True, slots=True)
class ConditionalRequest:
    """The validators in a request, and the content coding that its response would have.

    `none_match` and `modified_since` ask for a response only if it has changed; `match` and `unmodified_since` only
    if it has not.
    """

    none_match: bytes | None
    modified_since: datetime | None
    coding: str | None
    match: bytes | None = None
    unmodified_since: datetime | None = None

    @property
    def has_precondition(self) -> bool:
        """Whether the response may be refused (412). That is decided before a 304."""
        return self.match is not None or self.unmodified_since is not None

    def matching_etag(self, tag: str, modified: datetime | None, coding: str | None) -> str | None:
        """Return the entity tag of a 304, or None. `If-None-Match` decides where both headers are given.

        With `modified` None only an exact tag counts. That is safe before it is known that the response exists,
        because the client has the tag from us.
        """
        coded = coded_etag(tag.encode(), coding).decode() if coding else tag
        if self.none_match is not None:
            given = {word.removeprefix("W/") for word in parse_etag_list(self.none_match)}
            anything = "*" in given and modified is not None
            return next((ours for ours in (coded, tag) if ours in given or anything), None)
        if modified is None or self.modified_since is None:
            return None
        return coded if modified.replace(microsecond=0) <= self.modified_since else None

    def matching_etag_for_response(self, headers: list[tuple[bytes, bytes]], coding: str | None) -> bytes | None:
        """Return the entity tag of a 304 for a response that would be sent in a coding, or None."""
        tag, modified = response_validators(headers)
        met = self.matching_etag(tag, modified, coding) if tag and modified else None
        return met.encode() if met else None

    def matching_etag_for_cached(self, headers: list[tuple[bytes, bytes]]) -> bytes | None:
        """Return the entity tag of a 304 for a cached response, whose own tag is that of the coded body."""
        tag, modified = response_validators(headers)
        coding = self.coding if tag.endswith(f'-{self.coding}"') else None
        plain = tag.removesuffix(f'-{coding}"') + '"' if coding else tag
        met = self.matching_etag(plain, modified, coding) if tag and modified else None
        return met.encode() if met else None

    def precondition_failed(self, headers: list[tuple[bytes, bytes]], coding: str | None) -> bool:
        """Return whether a response is not the one that the client expects (412)."""
        tag, modified = response_validators(headers)
        if self.match is not None:
            ours = {tag, coded_etag(tag.encode(), coding).decode() if coding else tag, "*"}
            return ours.isdisjoint(parse_etag_list(self.match))
        since = self.unmodified_since
        return since is not None and modified is not None and modified.replace(microsecond=0) > since


CURRENT_CONDITIONAL_REQUEST: ContextVar[ConditionalRequest | None] = ContextVar("condition", default=None)
CONDITIONAL_HEADERS = frozenset((b"if-none-match", b"if-modified-since", b"if-match", b"if-unmodified-since"))


class NotModified(Exception):
    """The client has the response already; `headers` are those of the 304."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__()
        self.headers = headers


def parse_conditional_request(headers: Mapping[bytes, bytes], coding: str | None) -> ConditionalRequest | None:
    """Return the validators in a request's headers, or None if there are none."""
    if CONDITIONAL_HEADERS.isdisjoint(headers):
        return None
    return ConditionalRequest(
        headers.get(b"if-none-match"),
        parse_http_date(headers.get(b"if-modified-since")),
        coding,
        headers.get(b"if-match"),
        parse_http_date(headers.get(b"if-unmodified-since")),
    )


def response_validators(headers: list[tuple[bytes, bytes]]) -> tuple[str, datetime | None]:
    """Return the entity tag and the date in the headers of a response."""
    values = dict(headers)
    return values.get(b"etag", b"").decode("latin-1"), parse_http_date(values.get(b"last-modified"))


def parse_etag_list(header: bytes) -> list[str]:
    """Parse a list of entity tags. None of ours contains a comma."""
    return [word.strip() for word in header.decode("latin-1").split(",")]


@lru_cache(maxsize=64)
def parse_http_date(header: bytes | None) -> datetime | None:
    """Parse an HTTP date. Return None for anything else."""
    if header is None or not HTTP_DATE.fullmatch(header):
        return None
    try:
        moment = parsedate_to_datetime(header.decode("ascii"))
    except (ValueError, OverflowError, TypeError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def raise_if_not_modified(headers: Mapping[str, str], modified: datetime | None) -> None:
    """Raise NotModified if the client of the current request has the response with these validators.

    `modified` is as in `ConditionalRequest.matching_etag`.
    """
    condition = CURRENT_CONDITIONAL_REQUEST.get()
    if condition is None or condition.has_precondition:
        return
    tag = condition.matching_etag(headers["ETag"], modified, condition.coding)
    if tag is not None:
        raise NotModified({**headers, "ETag": tag})


@lru_cache(maxsize=64)
def format_http_date(moment: datetime) -> str:
    """Format a moment as an HTTP date."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)
