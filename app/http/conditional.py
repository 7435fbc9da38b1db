"""Conditional requests (RFC 9110, section 13), decided before any SQL where that can be.

The validators of an answer depend on the data's revision and the question alone, so they are known
before the database is asked. The condition travels beside the request in a context variable: every
answer that computes its validators is thereby conditional, and none has to pass it on.
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
"""The three forms of section 5.6.7; what has another is to be ignored."""


@dataclass(frozen=True, slots=True)
class ConditionalRequest:
    """What the client has, and the coding it would get now.

    `none_match` and `modified_since` ask for an answer only where it is another; `match` and
    `unmodified_since` only where it is the same.
    """

    none_match: bytes | None
    modified_since: datetime | None
    coding: str | None
    match: bytes | None = None
    unmodified_since: datetime | None = None

    @property
    def has_precondition(self) -> bool:
        """Whether the answer may have to be refused, which is decided before a 304 can be."""
        return self.match is not None or self.unmodified_since is not None

    def matching_etag(self, tag: str, modified: datetime | None, coding: str | None) -> str | None:
        """The validator that the client has, if it is still right; `If-None-Match` decides where both are given.

        `modified` None decides by an exact tag alone: that is right even before it is known that there
        is an answer, for the tag is one that we gave.
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
        """`met_by` for the headers of an answer that is going to be sent in a coding."""
        tag, modified = response_validators(headers)
        met = self.matching_etag(tag, modified, coding) if tag and modified else None
        return met.encode() if met else None

    def matching_etag_for_cached(self, headers: list[tuple[bytes, bytes]]) -> bytes | None:
        """The same for an answer that was sent before, whose tag is that of the coded body already."""
        tag, modified = response_validators(headers)
        coding = self.coding if tag.endswith(f'-{self.coding}"') else None
        plain = tag.removesuffix(f'-{coding}"') + '"' if coding else tag
        met = self.matching_etag(plain, modified, coding) if tag and modified else None
        return met.encode() if met else None

    def precondition_failed(self, headers: list[tuple[bytes, bytes]], coding: str | None) -> bool:
        """Whether an answer is another than the client wants (a 412)."""
        tag, modified = response_validators(headers)
        if self.match is not None:
            ours = {tag, coded_etag(tag.encode(), coding).decode() if coding else tag, "*"}
            return ours.isdisjoint(parse_etag_list(self.match))
        since = self.unmodified_since
        return since is not None and modified is not None and modified.replace(microsecond=0) > since


CURRENT_CONDITIONAL_REQUEST: ContextVar[ConditionalRequest | None] = ContextVar("condition", default=None)
CONDITIONAL_HEADERS = frozenset((b"if-none-match", b"if-modified-since", b"if-match", b"if-unmodified-since"))


class NotModified(Exception):
    """The client has it already; `headers` are those of the 304."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__()
        self.headers = headers


def parse_conditional_request(headers: Mapping[bytes, bytes], coding: str | None) -> ConditionalRequest | None:
    """The condition of a request, or None."""
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
    """The entity tag and the date in the headers of an answer."""
    values = dict(headers)
    return values.get(b"etag", b"").decode("latin-1"), parse_http_date(values.get(b"last-modified"))


def parse_etag_list(header: bytes) -> list[str]:
    """The members of a list of entity tags; none of ours holds a comma."""
    return [word.strip() for word in header.decode("latin-1").split(",")]


@lru_cache(maxsize=64)
def parse_http_date(header: bytes | None) -> datetime | None:
    """The moment that a header names; None for what is no HTTP date."""
    if header is None or not HTTP_DATE.fullmatch(header):
        return None
    try:
        moment = parsedate_to_datetime(header.decode("ascii"))
    except (ValueError, OverflowError, TypeError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def raise_if_not_modified(headers: Mapping[str, str], modified: datetime | None) -> None:
    """Raises NotModified when the current request's condition is met by these validators (see `Condition.met_by`)."""
    condition = CURRENT_CONDITIONAL_REQUEST.get()
    if condition is None or condition.has_precondition:
        return
    tag = condition.matching_etag(headers["ETag"], modified, condition.coding)
    if tag is not None:
        raise NotModified({**headers, "ETag": tag})


@lru_cache(maxsize=64)
def format_http_date(moment: datetime) -> str:
    """A moment as HTTP writes it."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)
