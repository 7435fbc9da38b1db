"""Sitemaps."""

from xml.etree import ElementTree

from app.renderers.site import sitemap
from app.renderers.site.sitemap import SitemapUrl

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_a_long_sitemap_becomes_an_index() -> None:
    located = [SitemapUrl(f"/v1/documents/{n}&", None) for n in range(sitemap.MAX_URLS + 1)]
    index = ElementTree.fromstring(sitemap.render_sitemap("https://x.org", located, "2021-07-01"))
    assert index.tag == f"{MAP}sitemapindex"
    assert [entry.findtext(f"{MAP}loc") for entry in index] == [
        "https://x.org/sitemap-1.xml",
        "https://x.org/sitemap-2.xml",
    ]
    full, rest, none = (sitemap.render_sitemap_part("https://x.org", located, n) for n in (1, 2, 3))
    assert full is not None
    assert full.count("<url>") == sitemap.MAX_URLS
    assert rest is not None
    assert rest.count("<url>") == 1
    assert "<loc>https://x.org/v1/documents/50000&amp;</loc>" in rest
    assert none is None
    assert sitemap.render_sitemap("", located[:1], "").startswith('<?xml version="1.0" encoding="UTF-8"?>\n<urlset')
