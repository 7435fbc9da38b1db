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

from app.http.content_coding import encoded_tag

HTTP_DATE = re.compile(
    rb"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT"  # Sun, 06 Nov 1994 08:49:37 GMT
    rb"|[A-Z][a-z]{5,8}, [0-9]{2}-[A-Z][a-z]{2}-[0-9]{2} [0-9:]{8} GMT"  # Sunday, 06-Nov-94 08:49:37 GMT
    rb"|[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} [0-9]{4}"  # Sun Nov  6 08:49:37 1994
)
"""The three forms of section 5.6.7; what has another is to be ignored."""


@dataclass(frozen=True, slots=True)
class Condition:
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
    def guarded(self) -> bool:
        """Whether the answer may have to be refused, which is decided before a 304 can be."""
        return self.match is not None or self.unmodified_since is not None

    def met_by(self, tag: str, modified: datetime | None, coding: str | None) -> str | None:
        """The validator that the client has, if it is still right; `If-None-Match` decides where both are given.

        `modified` None decides by an exact tag alone: that is right even before it is known that there
        is an answer, for the tag is one that we gave.
        """
        coded = encoded_tag(tag.encode(), coding).decode() if coding else tag
        if self.none_match is not None:
            given = {word.removeprefix("W/") for word in listed(self.none_match)}
            anything = "*" in given and modified is not None
            return next((ours for ours in (coded, tag) if ours in given or anything), None)
        if modified is None or self.modified_since is None:
            return None
        return coded if modified.replace(microsecond=0) <= self.modified_since else None

    def met_by_answer(self, headers: list[tuple[bytes, bytes]], coding: str | None) -> bytes | None:
        """`met_by` for the headers of an answer that is going to be sent in a coding."""
        tag, modified = sent_validators(headers)
        met = self.met_by(tag, modified, coding) if tag and modified else None
        return met.encode() if met else None

    def met_by_kept(self, headers: list[tuple[bytes, bytes]]) -> bytes | None:
        """The same for an answer that was sent before, whose tag is that of the coded body already."""
        tag, modified = sent_validators(headers)
        coding = self.coding if tag.endswith(f'-{self.coding}"') else None
        plain = tag.removesuffix(f'-{coding}"') + '"' if coding else tag
        met = self.met_by(plain, modified, coding) if tag and modified else None
        return met.encode() if met else None

    def failed_by_answer(self, headers: list[tuple[bytes, bytes]], coding: str | None) -> bool:
        """Whether an answer is another than the client wants (a 412)."""
        tag, modified = sent_validators(headers)
        if self.match is not None:
            ours = {tag, encoded_tag(tag.encode(), coding).decode() if coding else tag, "*"}
            return ours.isdisjoint(listed(self.match))
        since = self.unmodified_since
        return since is not None and modified is not None and modified.replace(microsecond=0) > since


CONDITION: ContextVar[Condition | None] = ContextVar("condition", default=None)
CONDITIONAL = frozenset((b"if-none-match", b"if-modified-since", b"if-match", b"if-unmodified-since"))


class NotModified(Exception):
    """The client has it already; `headers` are those of the 304."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__()
        self.headers = headers


def condition_of(headers: Mapping[bytes, bytes], coding: str | None) -> Condition | None:
    """The condition of a request, or None."""
    if CONDITIONAL.isdisjoint(headers):
        return None
    return Condition(
        headers.get(b"if-none-match"),
        read_http_date(headers.get(b"if-modified-since")),
        coding,
        headers.get(b"if-match"),
        read_http_date(headers.get(b"if-unmodified-since")),
    )


def sent_validators(headers: list[tuple[bytes, bytes]]) -> tuple[str, datetime | None]:
    """The entity tag and the date in the headers of an answer."""
    values = dict(headers)
    return values.get(b"etag", b"").decode("latin-1"), read_http_date(values.get(b"last-modified"))


def listed(header: bytes) -> list[str]:
    """The members of a list of entity tags; none of ours holds a comma."""
    return [word.strip() for word in header.decode("latin-1").split(",")]


@lru_cache(maxsize=64)
def read_http_date(header: bytes | None) -> datetime | None:
    """The moment that a header names; None for what is no HTTP date."""
    if header is None or not HTTP_DATE.fullmatch(header):
        return None
    try:
        moment = parsedate_to_datetime(header.decode("ascii"))
    except (ValueError, OverflowError, TypeError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def check(headers: Mapping[str, str], modified: datetime | None) -> None:
    """Raises NotModified when the current request's condition is met by these validators (see `Condition.met_by`)."""
    condition = CONDITION.get()
    if condition is None or condition.guarded:
        return
    tag = condition.met_by(headers["ETag"], modified, condition.coding)
    if tag is not None:
        raise NotModified({**headers, "ETag": tag})


@lru_cache(maxsize=64)
def http_date(moment: datetime) -> str:
    """A moment as HTTP writes it."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)
