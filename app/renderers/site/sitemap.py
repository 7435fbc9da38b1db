"""What crawlers read: `robots.txt` (RFC 9309) and sitemaps (sitemaps.org, protocol 0.9)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from app.renderers.urls import absolute

MOST_URLS = 50_000
"""What one sitemap may hold."""
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
SITEMAP = "/sitemap.xml"


@dataclass(frozen=True, slots=True)
class Located:
    """An address, already quoted, and the day or moment (ISO 8601) of its last change, where one is known."""

    path: str
    changed: str | None


def robots(base: str) -> str:
    """Everybody may read everything; where the sitemap is."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {absolute(base, SITEMAP)}\n"


def sitemap(base: str, located: Sequence[Located], changed: str) -> str:
    """The addresses themselves, or where there are too many for one file the files that hold them."""
    if len(located) <= MOST_URLS:
        return urls(base, located)
    number = -(-len(located) // MOST_URLS)
    files = [Located(f"/sitemap-{n}.xml", changed) for n in range(1, number + 1)]
    return _document("sitemapindex", "sitemap", base, files)


def part(base: str, located: Sequence[Located], number: int) -> str | None:
    """The file of that number, from 1; None where there is none."""
    start = (number - 1) * MOST_URLS
    return urls(base, located[start : start + MOST_URLS]) if 0 <= start < len(located) else None


def urls(base: str, located: Iterable[Located]) -> str:
    """A sitemap of these addresses."""
    return _document("urlset", "url", base, located)


def _document(root: str, element: str, base: str, located: Iterable[Located]) -> str:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{root} xmlns="{NAMESPACE}">']
    for place in located:
        changed = f"<lastmod>{place.changed}</lastmod>" if place.changed else ""
        lines.append(f"<{element}><loc>{escape(absolute(base, place.path))}</loc>{changed}</{element}>")
    return "\n".join([*lines, f"</{root}>", ""])
