"""Feeds as Atom (RFC 4287), with pages linked as in RFC 5005."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from app.renderers.feeds.feed import Entry, Feed, Link, to_timestamp
from app.renderers.xml import add_element, serialise

NAMESPACE = "http://www.w3.org/2005/Atom"


def write_atom(feed: Feed) -> bytes:
    root = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": "zh-CN"})
    add_element(root, "id", feed.identifier)
    add_element(root, "title", feed.title)
    add_element(root, "subtitle", feed.subtitle)
    add_element(root, "updated", to_timestamp(feed.updated))
    add_element(add_element(root, "author"), "name", feed.author)
    _links(root, [*feed.links, Link("alternate", feed.home, None)])
    for entry in feed.entries:
        _entry(root, entry)
    return serialise(root, feed.style)


def _entry(root: ET.Element, entry: Entry) -> None:
    element = add_element(root, "entry")
    add_element(element, "id", entry.identifier)
    add_element(element, "title", entry.title)
    add_element(element, "updated", to_timestamp(entry.updated))
    if entry.published:
        add_element(element, "published", to_timestamp(entry.published))
    if entry.author:
        add_element(add_element(element, "author"), "name", entry.author)
    add_element(element, "category", term=entry.category[0], label=entry.category[1])
    _links(element, [Link("alternate", entry.url, None), *entry.links])
    if entry.summary:
        add_element(element, "summary", entry.summary)
    add_element(element, "content", entry.content, type="html")


def _links(parent: ET.Element, links: Sequence[Link]) -> None:
    for link in links:
        add_element(parent, "link", rel=link.rel, type=link.media_type, href=link.href, title=link.title)
