"""Which format an `Accept` header asks for (RFC 9110, section 12.5.1)."""

from app.errors import Problem
from app.formats.plan import FORMATS

OFFERS = {"json": "application/json", **{form.name: form.media_type for form in FORMATS.values()}}
"""Formats by their media types, the preferred first."""
LONGEST = 1000


def accepted_format(header: str | None) -> str:
    """The offered format that the header likes best; raises Problem (406) with what is on offer."""
    if not header or header == "*/*":
        return "json"
    ranges = [_media_range(part) for part in header[:LONGEST].split(",")]
    best, quality = "", 0.0
    for name, media_type in OFFERS.items():
        liked = _quality(media_type, ranges)
        if liked > quality:
            best, quality = name, liked
    if not best:
        formats = ", ".join(OFFERS.values())
        raise Problem(406, f"None of the formats asked for is on offer; there are: {formats}.")
    return best


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
