"""The rules of Atom and JSON Feed."""

import json
import re
import uuid
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

ATOM = {"a": "http://www.w3.org/2005/Atom"}

ONCE = ("id", "title", "updated", "published", "summary", "content", "subtitle")

CHILDREN = {
    "feed": {"id", "title", "subtitle", "updated", "author", "link", "entry"},
    "entry": {"id", "title", "updated", "published", "author", "category", "link", "summary", "content"},
}

RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00")

RELATIONS = {"self", "alternate", "first", "next", "previous", "via", "related"}
"""All of them registered with IANA."""

NOT_IN_HTML = re.compile(r"<(?!/?(dl|dt|dd|ul|li|p)>)")

Node = Any
"""An element of lxml."""


def valid_atom(body: bytes) -> Node:
    """Return the parsed feed, after a check of the rules of RFC 4287 that the W3C feed validator checks."""
    root: Node = etree.fromstring(body)
    assert root.tag == f"{{{ATOM['a']}}}feed"
    entries = root.findall("a:entry", ATOM)
    feed_author = root.find("a:author/a:name", ATOM)
    for node in (root, *entries):
        name = etree.QName(node).localname
        tags = [etree.QName(child).localname for child in node]
        assert set(tags) <= CHILDREN[name]
        assert all(tags.count(tag) == 1 for tag in ("id", "title", "updated")), "one of each is required (4.1.1, 4.1.2)"
        assert all(tags.count(tag) <= 1 for tag in ONCE)
        assert node.findtext("a:id", namespaces=ATOM).startswith("urn:uuid:")
        uuid.UUID(node.findtext("a:id", namespaces=ATOM).removeprefix("urn:uuid:"))
        assert node.findtext("a:title", namespaces=ATOM).strip()
        for tag in ("updated", "published"):
            assert all(RFC3339.fullmatch(each.text) for each in node.findall(f"a:{tag}", ATOM))
        valid_links(node)
    assert feed_author is not None, "an entry without an author takes the feed's (4.2.1)"
    assert feed_author.text
    ids = [entry.findtext("a:id", namespaces=ATOM) for entry in entries]
    assert len(set(ids)) == len(ids)
    for told in root.findall("a:entry/a:content", ATOM):
        assert told.get("type") == "html"
        assert not NOT_IN_HTML.search(told.text)
    return root


def valid_links(node: Node) -> None:
    links = node.findall("a:link", ATOM)
    for link in links:
        assert link.get("rel") in RELATIONS
        assert re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", link.get("type", "text/html"))
        parts = urlsplit(link.get("href"))
        assert parts.scheme in ("http", "https")
        assert parts.netloc
        assert not re.search(r"[^!-~]|[<>\"{}|\\^`]", link.get("href")), "no IRI, no blank"
    alternates = [(link.get("type"), link.get("hreflang")) for link in links if link.get("rel") == "alternate"]
    assert len(set(alternates)) == len(alternates) >= 1, "no two of one type (4.1.1, 4.1.2)"
    wanted = 1 if etree.QName(node).localname == "feed" else 0
    assert sum(link.get("rel") == "self" for link in links) == wanted


def valid_json_feed(body: bytes) -> dict[str, Any]:
    """Return the parsed feed, after a check of the rules of JSON Feed 1.1."""
    feed: dict[str, Any] = json.loads(body)
    known = {"version", "title", "home_page_url", "feed_url", "description", "next_url", "authors", "language", "items"}
    assert feed.keys() <= known
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"].strip()
    assert feed["authors"][0]["name"]
    assert all(urlsplit(feed[name]).netloc for name in ("home_page_url", "feed_url"))
    parts = {"id", "url", "title", "content_html", "summary", "date_published", "date_modified", "authors", "tags"}
    for item in feed["items"]:
        assert item.keys() <= parts
        assert {"id", "url", "title", "content_html", "date_modified"} <= item.keys()
        assert all(isinstance(item[name], str) and item[name] for name in item.keys() - {"authors", "tags"})
        assert all(RFC3339.fullmatch(item[name]) for name in ("date_published", "date_modified") if name in item)
        assert all(author.keys() == {"name"} for author in item.get("authors", []))
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"])
    return feed
