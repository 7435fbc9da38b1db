"""Schemas of feeds and citations."""

from app.api.schemas.json_schema import NON_EMPTY_TEXT, Json, strict_object

URI: Json = {"type": "string", "format": "uri"}
TIMESTAMP: Json = {"type": "string", "format": "date-time"}
CSL_TYPES = ["regulation", "periodical", "article-magazine", "dataset"]


def json_feed_schema() -> Json:
    """Return the schema of a feed: the part of JSON Feed 1.1 that is used."""
    authors: Json = {"type": "array", "items": strict_object({"name": NON_EMPTY_TEXT}, ["name"])}
    item: Json = {
        "id": {"type": "string", "format": "uri", "description": "The permanent id, the same on every host."},
        "url": URI,
        "title": NON_EMPTY_TEXT,
        "content_html": {"type": "string"},
        "summary": {"type": "string", "description": "Editorial: written by us."},
        "date_published": TIMESTAMP,
        "date_modified": TIMESTAMP,
        "authors": authors,
        "tags": {"type": "array", "items": NON_EMPTY_TEXT},
    }
    feed: Json = {
        "version": {"type": "string", "const": "https://jsonfeed.org/version/1.1"},
        "title": NON_EMPTY_TEXT,
        "home_page_url": URI,
        "feed_url": URI,
        "description": NON_EMPTY_TEXT,
        "next_url": URI,
        "authors": authors,
        "language": NON_EMPTY_TEXT,
        "items": {
            "type": "array",
            "items": strict_object(item, ["id", "url", "title", "content_html", "date_modified"]),
        },
    }
    return strict_object(feed, [name for name in feed if name != "next_url"])


def citation_schema() -> Json:
    """Return the schema of a citation: the part of CSL-JSON 1.0.2 that is used, a list of one item."""
    names = ("genre", "authority", "number", "container-title", "issue", "volume", "page", "publisher", "note")
    parts: Json = {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3}
    dates: Json = {"type": "array", "items": parts, "minItems": 1, "maxItems": 1}
    item: Json = {
        "id": NON_EMPTY_TEXT,
        "type": {"type": "string", "enum": CSL_TYPES},
        "title": NON_EMPTY_TEXT,
        **dict.fromkeys(names, NON_EMPTY_TEXT),
        "author": {"type": "array", "items": strict_object({"literal": NON_EMPTY_TEXT}, ["literal"])},
        "issued": strict_object({"date-parts": dates}, ["date-parts"]),
        "language": NON_EMPTY_TEXT,
        "URL": URI,
    }
    citation = strict_object(item, ["id", "type", "title", "genre", "language", "URL"])
    return {"type": "array", "minItems": 1, "maxItems": 1, "items": citation}
