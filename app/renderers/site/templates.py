"""The templates of the pages, and what every page shows around its content."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.runtime import Macro

from app.datasets import DATASETS
from app.model.remarks import in_chinese
from app.renderers.captions import truncate
from app.renderers.site.addresses import PageAddresses
from app.renderers.site.assets import ASSETS
from app.renderers.site.constant_folding import FoldingCodeGenerator
from app.renderers.site.language import HTML_LANGUAGE_TAGS, LANGUAGES, Text, translator
from app.renderers.urls import quote_query

DIRECTORY = Path(__file__).parent / "templates"
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
)
MAX_TITLE_LENGTH = 70
TITLE_SEPARATOR = " · "
NAVIGATION = (
    ("/documents", Text("公文", "Documents")),
    ("/commitments", Text("承诺", "Commitments")),
    ("/indicators", Text("指标", "Indicators")),
    ("/water-sections", Text("水质", "Water")),
    ("/urban-villages", Text("城中村", "Villages")),
    ("/events", Text("日程", "Diary")),
    ("/issues", Text("各期", "Issues")),
    ("/about", Text("关于", "About")),
)
"""The links in the head of every page."""


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages say of the service."""

    title: Text
    licence: Text
    licence_url: str
    revision: str
    modified: str
    """The day of the last load; empty before the first."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a page shows around its content.

    `path` and `pairs` are its address; `data` is the address of the same data in the API, empty where there is none.
    `canonical_pairs` are the parameters that make it a page of its own for search engines.
    """

    title: str
    description: str
    path: str
    pairs: tuple[tuple[str, str], ...] = ()
    data: str = ""
    feeds: tuple[tuple[str, str, str], ...] = ()
    """Media type, address and title of feeds."""
    linked_data: str = ""
    """JSON-LD."""
    trail: tuple[tuple[str, str], ...] = ()
    """The pages above this one: path and title."""
    image: str = ""
    """The address of a picture for previews of the page."""
    is_embedded: bool = False
    indexed: bool = True
    """Whether search engines should list the page."""


def browser_title(page: str, site: str) -> str:
    """Return the title of a page, with that of the site behind it where both are short enough for search engines."""
    title = f"{page}{TITLE_SEPARATOR}{site}"
    return title if page != site and len(title) <= MAX_TITLE_LENGTH else truncate(page, MAX_TITLE_LENGTH)


class PageEnvironment(Environment):
    """Compiles templates for one language and one base address, which are globals."""

    code_generator_class = FoldingCodeGenerator


@lru_cache(maxsize=4)
def environment(addresses: PageAddresses) -> Environment:
    """Return the Jinja environment of a language. Templates are compiled once in a process."""
    language = addresses.language
    jinja = PageEnvironment(
        loader=FileSystemLoader(DIRECTORY),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    jinja.filters["quote"] = quote_query
    jinja.filters["in_chinese"] = in_chinese
    jinja.filters["group_thousands"] = lambda number: f"{number:,}"
    jinja.globals["to"] = addresses
    jinja.globals["base"] = addresses.base
    jinja.globals["language"] = language
    jinja.globals["text"] = translator(language)
    jinja.globals["once"] = once
    jinja.globals["browser_title"] = browser_title
    jinja.globals["assets"] = ASSETS
    jinja.globals["languages"] = LANGUAGES
    jinja.globals["language_tags"] = HTML_LANGUAGE_TAGS
    jinja.globals["navigation"] = NAVIGATION
    jinja.globals["datasets"] = DATASETS
    return jinja


@lru_cache(maxsize=1024)
def once(macro: Macro, *arguments: Hashable) -> str:
    """Return what a macro makes of its arguments, kept for the next page that has the same piece."""
    return macro(*arguments)


@cache
def templates_digest() -> str:
    """Return a digest of all templates and assets, which is part of the entity tags of pages."""
    digest = blake2b(digest_size=8)
    for file in sorted(DIRECTORY.rglob("*.html")):
        digest.update(file.read_bytes())
    for asset in ASSETS.values():
        digest.update(asset.path.encode())
    return digest.hexdigest()


def render_template(
    template: str, frame: Frame, site: Site, addresses: PageAddresses, values: Mapping[str, Any]
) -> bytes:
    """Return a page. `values` are what its template shows besides the frame."""
    return environment(addresses).get_template(template).render({"frame": frame, "site": site, **values}).encode()


def content_security_policy(is_embedded: bool = False) -> str:
    """Return the policy of a page: everything from ourselves; other sites may frame only what is made for it."""
    return CONTENT_SECURITY_POLICY.format(ancestors="*" if is_embedded else "'none'")
