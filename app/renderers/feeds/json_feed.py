"""Feeds as JSON Feed 1.1 (jsonfeed.org)."""

from typing import Any

from app.model.rows import to_json
from app.renderers.feeds.feed import Entry, Feed, to_timestamp

VERSION = "https://jsonfeed.org/version/1.1"


def write_json_feed(feed: Feed) -> bytes:
    next_url = feed.link("next")
    body = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.link("self"),
        "description": feed.subtitle,
        **({"next_url": next_url} if next_url else {}),
        "authors": [{"name": feed.author}],
        "language": "zh-CN",
        "items": [_item(entry) for entry in feed.entries],
    }
    return to_json(body).encode()


def _item(entry: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry.identifier,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.content,
        "summary": entry.summary,
        "date_published": to_timestamp(entry.published) if entry.published else None,
        "date_modified": to_timestamp(entry.updated),
        "authors": [{"name": entry.author}] if entry.author else None,
        "tags": [entry.category[1]],
    }
    return {name: value for name, value in item.items() if value is not None}
