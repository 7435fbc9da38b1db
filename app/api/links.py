"""Links of an answer: path-absolute, or under the configured public base; never from the request's Host."""

from collections.abc import Collection

from app.model.dataset import Dataset
from app.query.page import Page
from app.query.params.cursor import Cursor, encode
from app.query.params.dataset_query import Ask
from app.renderers.akoma_ntoso.naming import anchor
from app.renderers.representations import AKOMA_NTOSO, CITATIONS, FEEDS
from app.renderers.tabular.formats import FORMATS
from app.renderers.urls import quoted

PAGE_ONLY = frozenset(("cursor", "offset", "limit", "count"))
NOT_OF_FEEDS = PAGE_ONLY | {"fields", "sort"}
"""What a feed of the same question leaves out: its entries are whole, and the newest come first."""
TABLE_SUFFIXES = [(form.name, form.suffix) for form in FORMATS.values()]
FEED_SUFFIXES = [(offer.name, offer.suffix) for offer in FEEDS.values()]
PATH = "\0"
CITED = ", ".join(
    [f'<{PATH}>; rel="cite-as"']
    + [f'<{PATH}{offer.suffix}>; rel="describedby"; type="{offer.media_type}"' for offer in CITATIONS.values()]
)
"""The links of every row, but for its address: they are made for each answer."""


def page_links(base: str, dataset: Dataset, ask: Ask, page: Page) -> dict[str, str | None]:
    """The links of one page: itself, its neighbours, the first page, the same question in the other formats."""
    path = f"{base}/v1/{dataset.name}"
    given, rest, narrowing, news = [], [], [], []
    for name, value in ask.given:
        piece = f"{name}={quoted(value)}"  # the names are known ones, which need no quoting
        given.append(piece)
        if name not in PAGE_ONLY:
            narrowing.append(piece)
        if name not in ("cursor", "offset"):
            rest.append(piece)
        if name not in NOT_OF_FEEDS:
            news.append(piece)
    onwards, tail, news_tail = f"{path}{query_of(rest)}", query_of(narrowing), query_of(news)

    def turn(cursor: Cursor | None) -> str | None:
        return f"{onwards}{'&' if rest else '?'}cursor={encode(cursor, ask.made_for)}" if cursor else None

    links = {
        "self": f"{path}{query_of(given)}",
        "next": turn(page.following),
        "prev": turn(page.preceding),
        "first": onwards,
    }
    links |= [(name, f"{path}{suffix}{tail}") for name, suffix in TABLE_SUFFIXES]
    links |= [(name, f"{path}{suffix}{news_tail}") for name, suffix in FEED_SUFFIXES]
    return links


def query_of(pieces: Collection[str]) -> str:
    """Quoted parameters as the end of an address."""
    return f"?{'&'.join(pieces)}" if pieces else ""


def link_header(links: dict[str, str | None]) -> str:
    """The RFC 8288 header that repeats `next`, `prev` and `first`."""
    return ", ".join(f'<{links[rel]}>; rel="{rel}"' for rel in ("next", "prev", "first") if links[rel])


def item_link_header(base: str, dataset: Dataset, key: str) -> str:
    """The `Link` of a row: its permanent address, how to cite it (signposting.org), its legal text.

    A provision's text is an anchor within its document's: RFC 8288 calls that a bookmark.
    """
    path = f"{base}/v1/{dataset.name}/{quoted(key)}"
    links = [CITED.replace(PATH, path)]
    if dataset.name == "documents":
        links.append(f'<{path}{AKOMA_NTOSO.suffix}>; rel="alternate"; type="{AKOMA_NTOSO.media_type}"')
    elif dataset.name == "provisions":
        document, _, place = key.partition(".")
        text = f"{base}/v1/documents/{quoted(document)}{AKOMA_NTOSO.suffix}#{anchor(place)}"
        links.append(f'<{text}>; rel="bookmark"; type="{AKOMA_NTOSO.media_type}"')
    return ", ".join(links)
