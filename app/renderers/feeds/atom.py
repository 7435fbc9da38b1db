"""A feed as Atom (RFC 4287), its pages linked as RFC 5005 says."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from app.renderers.feeds.feed import Entry, Feed, Link, moment
from app.renderers.xml import add, serialised

NAMESPACE = "http://www.w3.org/2005/Atom"


def write_atom(feed: Feed) -> bytes:
    """The document."""
    root = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": "zh-CN"})
    add(root, "id", feed.identifier)
    add(root, "title", feed.title)
    add(root, "subtitle", feed.subtitle)
    add(root, "updated", moment(feed.updated))
    add(add(root, "author"), "name", feed.author)
    _links(root, [*feed.links, Link("alternate", feed.home, None)])
    for entry in feed.entries:
        _entry(root, entry)
    return serialised(root)


def _entry(root: ET.Element, entry: Entry) -> None:
    made = add(root, "entry")
    add(made, "id", entry.identifier)
    add(made, "title", entry.title)
    add(made, "updated", moment(entry.updated))
    if entry.published:
        add(made, "published", moment(entry.published))
    if entry.author:
        add(add(made, "author"), "name", entry.author)
    add(made, "category", term=entry.category[0], label=entry.category[1])
    _links(made, [Link("alternate", entry.url, None), *entry.links])
    if entry.summary:
        add(made, "summary", entry.summary)
    add(made, "content", entry.content, type="html")


def _links(parent: ET.Element, links: Sequence[Link]) -> None:
    for link in links:
        add(parent, "link", rel=link.rel, type=link.media_type, href=link.href, title=link.title)
