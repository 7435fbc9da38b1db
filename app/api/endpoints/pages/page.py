"""What all pages share: their language, their address, and the response."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.api.context import AppContext
from app.api.endpoints.snapshot import render_consistently
from app.errors import Fault, bad_request
from app.http.response import ApiResponse
from app.model.dataset import Dataset
from app.query.params.query_string import ParameterPairs, unknown_parameter
from app.renderers.site.addresses import PageAddresses, query_text
from app.renderers.site.language import (
    DEFAULT_LANGUAGE,
    HTML_LANGUAGE_TAGS,
    LANGUAGES,
    Language,
    Text,
    Translate,
    translator,
)
from app.renderers.site.templates import Frame, Site, content_security_policy, render_template, templates_digest

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A request for a page: its path, its language, and its other parameters."""

    context: AppContext
    path: str
    language: Language
    pairs: ParameterPairs

    @property
    def addresses(self) -> PageAddresses:
        """Return what makes the links of the page."""
        return PageAddresses(self.context.settings.public_base_url, self.language)

    @property
    def text(self) -> Translate:
        """Return the function that chooses between a Chinese and an English text."""
        return translator(self.language)

    @property
    def site(self) -> Site:
        """Return what all pages say of the service."""
        settings, version = self.context.settings, self.context.repository.version
        return Site(
            Text(settings.catalogue_title_zh, settings.catalogue_title),
            Text(settings.licence_zh, settings.licence),
            settings.licence_url,
            version.revision,
            version.loaded_at.date().isoformat() if version.totals else "",
        )


def refuse_page_parameters(request: PageRequest, allowed: tuple[str, ...] = ()) -> None:
    """Raise Problem (400) for a parameter that a page does not take."""
    for name, _ in request.pairs:
        if name not in allowed:
            raise unknown_parameter(name, (*allowed, "lang"))


PageBuilder = Callable[[PageRequest, Mapping[str, str]], Awaitable[ApiResponse]]
"""Makes a page; the second argument holds the parameters of the path."""


def parse_page_request(context: AppContext, path: str, pairs: ParameterPairs) -> PageRequest:
    """Return a request for a page. Raises Problem (400) for an unknown language."""
    language = next((value for name, value in pairs if name == "lang"), DEFAULT_LANGUAGE)
    if language not in LANGUAGES:
        raise bad_request([Fault("lang", "is not a language of the pages", LANGUAGES)])
    return PageRequest(context, path, language, tuple(pair for pair in pairs if pair[0] != "lang"))


async def respond_page(
    request: PageRequest,
    template: str,
    build: Callable[[], Awaitable[tuple[Frame, Mapping[str, Any]]]],
    dataset: Dataset | None = None,
    is_embedded: bool = False,
) -> ApiResponse:
    """Return a page, made from a single revision of the data.

    `build` returns the frame and the values of the template. `dataset` is given if the page depends on the current day
    as the rows of that dataset do. Raises NotModified, Problem (503), and what `build` raises.
    """

    async def render() -> bytes:
        frame, values = await build()
        return render_template(template, frame, request.site, request.addresses, values)

    etag_key = f"page {templates_digest()} {request.language} {request.path}?{request.pairs}"
    response = await render_consistently(request.context, etag_key, HTML, render, dataset)
    response.headers |= page_headers(request.language, is_embedded)
    return response


def page_headers(language: Language, is_embedded: bool = False) -> dict[str, str]:
    """Return the headers that every page has."""
    return {
        "Content-Security-Policy": content_security_policy(is_embedded),
        "Content-Language": HTML_LANGUAGE_TAGS[language],
        "Referrer-Policy": "strict-origin-when-cross-origin",
    }


def redirect(location: str, status: int = 303) -> ApiResponse:
    """Return a redirection to another page. It is not cached, because the data may decide it."""
    return ApiResponse(
        "text/plain; charset=utf-8", b"", {"Location": location, "Cache-Control": "no-store"}, status=status
    )


def page_location(addresses: PageAddresses, path: str, pairs: ParameterPairs) -> str:
    """Return the address of a page for a `Location` header; `pairs` may hold the language."""
    return f"{addresses.base}{path}{query_text(pairs)}"
