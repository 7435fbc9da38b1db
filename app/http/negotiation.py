"""Content negotiation: which representation an `Accept` header prefers (RFC 9110, section 12.5.1)."""

from collections.abc import Mapping
from functools import lru_cache

from app.errors import Problem

MAX_ACCEPT_LENGTH = 1000


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
    ranges = _ranges(header)
    candidates = [
        (_quality(media_type, ranges), -place, name) for place, (name, media_type) in enumerate(representations)
    ]
    quality, _, name = max(candidates)
    return name if quality > 0 or not header else ""


def accepts_any(header: bytes, *media_types: str) -> bool:
    """Whether a header accepts one of some media types."""
    ranges = _ranges(header[:MAX_ACCEPT_LENGTH])
    return not header or any(_quality(media_type, ranges) > 0 for media_type in media_types)


def not_acceptable(*media_types: str) -> Problem:
    """Return the 406 that lists the media types on offer."""
    detail = f"None of the requested formats is available. Available are: {', '.join(media_types)}."
    return Problem(406, detail, headers={"Vary": "Accept, Accept-Encoding"})


def _ranges(header: bytes) -> list[tuple[str, float]]:
    return [_media_range(part) for part in header.decode("latin-1").split(",")]


def _media_range(part: str) -> tuple[str, float]:
    media_type, *parameters = (word.strip().lower() for word in part.split(";"))
    quality = next((word[2:] for word in parameters if word.startswith("q=")), "1")
    try:
        return media_type, min(max(float(quality), 0.0), 1.0)
    except ValueError:
        return media_type, 0.0


def _quality(media_type: str, ranges: list[tuple[str, float]]) -> float:
    """Return the quality value of the most specific media range that matches."""
    for pattern in (media_type, f"{media_type.split('/')[0]}/*", "*/*"):
        qualities = [quality for known, quality in ranges if known == pattern]
        if qualities:
            return max(qualities)
    return 0.0
