"""`robots.txt` (RFC 9309) and sitemaps (sitemaps.org, protocol 0.9)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.renderers.urls import absolute_url
from app.renderers.xml import DECLARATION, end_tag, start_tag, text_element

MAX_URLS = 50_000
"""The most addresses that one sitemap may hold."""
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
SITEMAP = "/sitemap.xml"


@dataclass(frozen=True, slots=True)
class SitemapUrl:
    """A quoted path, and the day or time (ISO 8601) of its last change if it is known."""

    path: str
    changed: str | None


def render_robots(base: str) -> str:
    """Return `robots.txt`: everything may be read, and the address of the sitemap."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {absolute_url(base, SITEMAP)}\n"


def render_sitemap(base: str, urls: Sequence[SitemapUrl], changed: str) -> str:
    """Return the sitemap, or a sitemap index where there are too many addresses for one file."""
    if len(urls) <= MAX_URLS:
        return render_urlset(base, urls)
    number = -(-len(urls) // MAX_URLS)
    files = [SitemapUrl(f"/sitemap-{n}.xml", changed) for n in range(1, number + 1)]
    return _document("sitemapindex", "sitemap", base, files)


def render_sitemap_part(base: str, urls: Sequence[SitemapUrl], number: int) -> str | None:
    """Return the part of that number, counted from 1, or None if it does not exist."""
    start = (number - 1) * MAX_URLS
    return render_urlset(base, urls[start : start + MAX_URLS]) if 0 <= start < len(urls) else None


def render_urlset(base: str, urls: Iterable[SitemapUrl]) -> str:
    """Return a sitemap of these addresses."""
    return _document("urlset", "url", base, urls)


def _document(root: str, element: str, base: str, urls: Iterable[SitemapUrl]) -> str:
    parts = [DECLARATION, start_tag(root, [("xmlns", NAMESPACE)]), "\n"]
    for url in urls:
        changed = text_element("lastmod", url.changed) if url.changed else ""
        location = text_element("loc", absolute_url(base, url.path))
        parts += (start_tag(element), location, changed, end_tag(element), "\n")
    return "".join([*parts, end_tag(root), "\n"])
