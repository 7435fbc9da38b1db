"""Content negotiation: which representation an `Accept` header prefers (RFC 9110, section 12.5.1)."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from app.errors import Problem

MAX_ACCEPT_LENGTH = 1000
LIST_MEMBER = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+')
"""A member of a comma-separated list; a quoted parameter may hold commas."""
MEMBER_PIECE = re.compile(r'(?:[^;"]|"(?:[^"\\]|\\.)*"?)+')
"""What stands between the semicolons of such a member."""
QUALITY = re.compile(r"(?:[01](?:\.[0-9]*)?|\.[0-9]+)\Z")
"""A weight. The standard wants a digit before the point, but old clients leave it out (`q=.2`)."""


class MediaRange(NamedTuple):
    """One range of an `Accept` header: what it names, its parameters in lower case, and its weight."""

    media_type: str
    parameters: Mapping[str, str]
    quality: float

    def specificity(self, media_type: str) -> int:
        """Return how exactly the range names a media type: 3 itself, 2 its type, 1 anything, 0 not at all."""
        if self.media_type == media_type:
            return 3
        if self.media_type == "*/*":
            return 1
        return 2 if self.media_type.endswith("/*") and media_type.startswith(self.media_type[:-1]) else 0


def parse_accept(header: str) -> list[MediaRange]:
    """Parse an `Accept` header. A range with a malformed weight accepts nothing."""
    return [_parse_media_range(member) for member in LIST_MEMBER.findall(header[:MAX_ACCEPT_LENGTH])]


def _parse_media_range(member: str) -> MediaRange:
    media_type, *pieces = [piece.strip() for piece in MEMBER_PIECE.findall(member)] or [""]
    pairs = [piece.partition("=") for piece in pieces]
    parameters = {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}
    weight = parameters.pop("q", "1")
    quality = min(float(weight), 1.0) if QUALITY.match(weight) else 0.0
    # Java's own client has sent a lone asterisk for `*/*` since its first version.
    return MediaRange("*/*" if media_type == "*" else media_type.lower(), parameters, quality)


def negotiate(accept: bytes, representations: Mapping[str, str]) -> str:
    """Return the name of the representation that an `Accept` header prefers, the first of several alike.

    `representations` are media types by name. Raises Problem (406) with what is on offer.
    """
    best = best_match(accept, tuple(representations.items())) if accept else next(iter(representations))
    if not best:
        raise not_acceptable(*representations.values())
    return best


def best_match(header: bytes, representations: tuple[tuple[str, str], ...]) -> str:
    """Return the name of the representation that a header prefers, or an empty string."""
    return _best_match(header[:MAX_ACCEPT_LENGTH], representations)


@lru_cache(maxsize=256)
def _best_match(header: bytes, representations: tuple[tuple[str, str], ...]) -> str:
    ranges = parse_accept(header.decode("latin-1"))
    candidates = [
        (_quality(media_type, ranges), -place, name) for place, (name, media_type) in enumerate(representations)
    ]
    quality, _, name = max(candidates)
    return name if quality > 0 or not header else ""


def accepts_any(header: bytes, *media_types: str) -> bool:
    """Whether a header accepts one of some media types."""
    ranges = parse_accept(header.decode("latin-1"))
    return not header or any(_quality(media_type, ranges) > 0 for media_type in media_types)


def not_acceptable(*media_types: str) -> Problem:
    """Return the 406 that lists the media types on offer."""
    detail = f"None of the requested formats is available. Available are: {', '.join(media_types)}."
    return Problem(406, detail, headers={"Vary": "Accept, Accept-Encoding"})


def _quality(media_type: str, ranges: list[MediaRange]) -> float:
    """Return the weight of the most specific range that matches, the greatest of several.

    Parameters count for nothing here: no two representations of an address differ in them alone.
    """
    matches = [(media_range.specificity(media_type), media_range.quality) for media_range in ranges]
    specificity, quality = max(matches, default=(0, 0.0))
    return quality if specificity else 0.0
