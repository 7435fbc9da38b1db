"""Addresses of pages and of the API that belong to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from app.renderers.site.language import DEFAULT_LANGUAGE, Language
from app.renderers.urls import DEFAULT_BASE_URL, quote_query

Pairs = Iterable[tuple[str, str]]
PAGING = ("cursor", "offset")


@dataclass(frozen=True, slots=True)
class PageAddresses:
    """Makes the links of a page in one language.

    Links that a reader follows are paths below the base's own path, so that they work under any host name. `absolute`
    is for links that programs take away: canonical addresses, feeds, citations.
    """

    public_base_url: str
    language: Language

    @property
    def base(self) -> str:
        """The path before every path of the service: empty, or such as `/gazette`."""
        return base_path(self.public_base_url)

    def page(self, path: str, pairs: Pairs = (), language: Language | None = None) -> str:
        """Return the link to a page with a query; its language is named if it is not the default."""
        return f"{self.base}{path}{query_text(self.page_pairs(pairs, language))}"

    def around_value(self, path: str, pairs: Pairs, name: str) -> tuple[str, str]:
        """Return what stands before and after the value of one more parameter, for pages with many such links."""
        before, key, after = self.page(path, [*without(pairs, name), (name, "")]).rpartition(f"{name}=")
        return before + key, after

    def api(self, path: str, pairs: Pairs = ()) -> str:
        """Return the link to an address of the API."""
        return f"{self.base}{path}{query_text(pairs)}"

    def absolute(self, path: str, pairs: Pairs = (), language: Language | None = None) -> str:
        """Return the whole URL of a page."""
        base = self.public_base_url or DEFAULT_BASE_URL
        return f"{base}{path}{query_text(self.page_pairs(pairs, language))}"

    def absolute_api(self, path: str, pairs: Pairs = ()) -> str:
        """Return the whole URL of an address of the API."""
        return f"{self.public_base_url or DEFAULT_BASE_URL}{path}{query_text(pairs)}"

    def page_pairs(self, pairs: Pairs, language: Language | None = None) -> Pairs:
        """Return the parameters of a page, its language among them if it is not the default."""
        language = language or self.language
        return pairs if language == DEFAULT_LANGUAGE else (*pairs, ("lang", language))


@lru_cache(maxsize=16)
def base_path(public_base_url: str) -> str:
    """Return the path of the configured public base."""
    return urlsplit(public_base_url).path.rstrip("/")


def query_text(pairs: Pairs) -> str:
    """Return parameters as a query string with its question mark, or an empty string."""
    text = "&".join([f"{quote_query(name)}={quote_query(value)}" for name, value in pairs])
    return f"?{text}" if text else ""


def without(pairs: Pairs, *names: str) -> list[tuple[str, str]]:
    """Return the parameters except some."""
    return [pair for pair in pairs if pair[0] not in names]


def replaced(pairs: Pairs, name: str, value: str) -> list[tuple[str, str]]:
    """Return the parameters of the first page with one of them set."""
    return [*without(pairs, name, *PAGING), (name, value)]
