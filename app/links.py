"""Links of an answer: path-absolute, or under the configured public base; never from the request's Host."""

from collections.abc import Iterable
from urllib.parse import quote

from app.dataset import Dataset
from app.query.ask import Ask, Pairs
from app.query.cursor import encode
from app.store import Page

SAFE = "-._~,:*"


def query_string(pairs: Iterable[tuple[str, str]]) -> str:
    """Pairs as a query string with its question mark, or nothing."""
    text = "&".join(f"{quote(name, safe=SAFE)}={quote(value, safe=SAFE)}" for name, value in pairs)
    return f"?{text}" if text else ""


def page_links(base: str, dataset: Dataset, ask: Ask, page: Page) -> dict[str, str | None]:
    """The links of one page: itself, its neighbours, the first page, the same question as CSV."""
    path = f"{base}/v1/{dataset.name}"
    rest: Pairs = tuple(pair for pair in ask.given if pair[0] not in ("cursor", "offset"))
    filters = tuple(pair for pair in rest if pair[0] not in ("limit", "count"))

    def turn(cursor: object) -> str | None:
        return None if cursor is None else f"{path}{query_string((*rest, ('cursor', encode(cursor, ask.made_for))))}"  # type: ignore[arg-type]

    return {
        "self": f"{path}{query_string(ask.given)}",
        "next": turn(page.following),
        "prev": turn(page.preceding),
        "first": f"{path}{query_string(rest)}",
        "csv": f"{path}.csv{query_string(filters)}",
    }


def link_header(links: dict[str, str | None]) -> str:
    """The RFC 8288 header that repeats `next`, `prev` and `first`."""
    return ", ".join(f'<{links[rel]}>; rel="{rel}"' for rel in ("next", "prev", "first") if links[rel])
