"""Which format an `Accept` header asks for (RFC 9110, section 12.5.1)."""

from functools import lru_cache

from app.errors import Problem
from app.formats.plan import FORMATS

OFFERS = {"json": "application/json", **{form.name: form.media_type for form in FORMATS.values()}}
"""Formats by their media types, the preferred first."""
LONGEST = 1000


def accepted_format(header: str | None) -> str:
    """The offered format that the header likes best; raises Problem (406) with what is on offer."""
    best = liked_format(header.encode("latin-1")) if header else "json"
    if not best:
        raise not_acceptable(*OFFERS.values())
    return best


def liked_format(header: bytes) -> str:
    """The offered format that the header likes best, or an empty string."""
    return _liked(header[:LONGEST])


@lru_cache(maxsize=256)
def _liked(header: bytes) -> str:
    ranges = _ranges(header)
    liked = [(_quality(media_type, ranges), -place, name) for place, (name, media_type) in enumerate(OFFERS.items())]
    quality, _, name = max(liked)
    return name if quality > 0 or not header else ""


def takes(header: bytes, *media_types: str) -> bool:
    """Whether the header takes one of some media types."""
    ranges = _ranges(header[:LONGEST])
    return not header or any(_quality(media_type, ranges) > 0 for media_type in media_types)


def not_acceptable(*media_types: str) -> Problem:
    """The 406 that names what is on offer."""
    return Problem(406, f"None of the formats asked for is on offer; there are: {', '.join(media_types)}.")


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
    """The quality of the most specific range that fits."""
    for pattern in (media_type, f"{media_type.split('/')[0]}/*", "*/*"):
        fitting = [quality for known, quality in ranges if known == pattern]
        if fitting:
            return max(fitting)
    return 0.0
