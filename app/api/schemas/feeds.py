"""The JSON Schemas of feeds and citations, for the OpenAPI document."""

from app.api.schemas.datasets import Json

TEXT: Json = {"type": "string", "minLength": 1}
URI: Json = {"type": "string", "format": "uri"}
MOMENT: Json = {"type": "string", "format": "date-time"}
GENRES = ["regulation", "periodical", "article-magazine", "dataset"]


def json_feed() -> Json:
    """JSON Feed 1.1, as far as it is used."""
    authors: Json = {"type": "array", "items": _object({"name": TEXT}, ["name"])}
    item: Json = {
        "id": {"type": "string", "format": "uri", "description": "The same on every host, for ever."},
        "url": URI,
        "title": TEXT,
        "content_html": {"type": "string"},
        "summary": {"type": "string", "description": "Editorial: written by us."},
        "date_published": MOMENT,
        "date_modified": MOMENT,
        "authors": authors,
        "tags": {"type": "array", "items": TEXT},
    }
    feed: Json = {
        "version": {"type": "string", "const": "https://jsonfeed.org/version/1.1"},
        "title": TEXT,
        "home_page_url": URI,
        "feed_url": URI,
        "description": TEXT,
        "next_url": URI,
        "authors": authors,
        "language": TEXT,
        "items": {"type": "array", "items": _object(item, ["id", "url", "title", "content_html", "date_modified"])},
    }
    return _object(feed, [name for name in feed if name != "next_url"])


def citation() -> Json:
    """CSL-JSON (Citation Style Language 1.0.2), as far as it is used: a list of one item."""
    names = ("genre", "authority", "number", "container-title", "issue", "volume", "page", "publisher", "note")
    parts: Json = {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3}
    dates: Json = {"type": "array", "items": parts, "minItems": 1, "maxItems": 1}
    item: Json = {
        "id": TEXT,
        "type": {"type": "string", "enum": GENRES},
        "title": TEXT,
        **dict.fromkeys(names, TEXT),
        "author": {"type": "array", "items": _object({"literal": TEXT}, ["literal"])},
        "issued": _object({"date-parts": dates}, ["date-parts"]),
        "language": TEXT,
        "URL": URI,
    }
    listed = _object(item, ["id", "type", "title", "genre", "language", "URL"])
    return {"type": "array", "minItems": 1, "maxItems": 1, "items": listed}


def _object(properties: Json, required: list[str]) -> Json:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}
