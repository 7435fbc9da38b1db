"""Links in responses: absolute paths, or addresses under the public base. The `Host` of a request is never used."""

from collections.abc import Collection, Iterable, Mapping

from app.model.dataset import Dataset
from app.query.page import Page
from app.query.params.cursor import Cursor, encode_cursor
from app.query.params.dataset_query import DatasetQuery
from app.renderers.akoma_ntoso.naming import anchor
from app.renderers.representations import AKOMA_NTOSO, CITATIONS, FEEDS, TABLE_FORMATS
from app.renderers.urls import quote_query

PAGING_PARAMS = frozenset(("cursor", "offset", "limit", "count"))
JSON_PARAMS = frozenset(("expand",))
"""Parameters that only formats of JSON take."""
NON_TABLE_PARAMS = PAGING_PARAMS | JSON_PARAMS
NON_FEED_PARAMS = NON_TABLE_PARAMS | {"fields", "sort"}
"""Parameters that links to feeds leave out. A feed has whole entries and its own order."""
TABLE_SUFFIXES = [(table_format.name, table_format.suffix) for table_format in TABLE_FORMATS.values()]
EXPANDING_SUFFIXES = [(each.name, each.suffix) for each in TABLE_FORMATS.values() if "expand" in each.extra_parameters]
FEED_SUFFIXES = [(feed.name, feed.suffix) for feed in FEEDS.values()]
API_PREFIX = "/v1"
PATH_PLACEHOLDER = "\0"
ITEM_LINKS = ", ".join(
    [f'<{PATH_PLACEHOLDER}>; rel="cite-as"']
    + [
        f'<{PATH_PLACEHOLDER}{citation.suffix}>; rel="describedby"; type="{citation.media_type}"'
        for citation in CITATIONS.values()
    ]
)
"""The links that every row has, with a placeholder for its address."""


def page_links(base: str, dataset: Dataset, query: DatasetQuery, page: Page) -> dict[str, str | None]:
    """Return the links of a page: itself, its neighbours, the first page, and the same query in other formats."""
    path = f"{base}/v1/{dataset.name}"
    all_parameters, page_parameters, table_parameters, feed_parameters = [], [], [], []
    for name, value in query.raw_parameters:
        parameter = f"{name}={quote_query(value)}"  # known names need no quoting
        all_parameters.append(parameter)
        if name not in NON_TABLE_PARAMS:
            table_parameters.append(parameter)
        if name not in ("cursor", "offset"):
            page_parameters.append(parameter)
        if name not in NON_FEED_PARAMS:
            feed_parameters.append(parameter)
    first = f"{path}{join_parameters(page_parameters)}"
    table_query, feed_query = join_parameters(table_parameters), join_parameters(feed_parameters)

    def page_link(cursor: Cursor | None) -> str | None:
        if cursor is None:
            return None
        return f"{first}{'&' if page_parameters else '?'}cursor={encode_cursor(cursor, query.cursor_scope)}"

    links = {
        "self": f"{path}{join_parameters(all_parameters)}",
        "next": page_link(page.next_cursor),
        "prev": page_link(page.previous_cursor),
        "first": first,
    }
    links |= [(name, f"{path}{suffix}{table_query}") for name, suffix in TABLE_SUFFIXES]
    if query.expand is not None:
        expanded_query = join_parameters([*table_parameters, f"expand={query.expand}"])
        links |= [(name, f"{path}{suffix}{expanded_query}") for name, suffix in EXPANDING_SUFFIXES]
    links |= [(name, f"{path}{suffix}{feed_query}") for name, suffix in FEED_SUFFIXES]
    return links


def query_suffix(pairs: Iterable[tuple[str, str]]) -> str:
    """Return parameters as the query string of an address, with the question mark if there are any."""
    return join_parameters([f"{quote_query(name)}={quote_query(value)}" for name, value in pairs])


def join_parameters(parameters: Collection[str]) -> str:
    """Return parameters that are quoted already (`name=value`) as the query string of an address."""
    return f"?{'&'.join(parameters)}" if parameters else ""


def link_header(base: str, links: Mapping[str, str | None]) -> str:
    """Return the `Link` header (RFC 8288) with `next`, `prev` and `first`, and the page that shows the same rows."""
    header = ", ".join([f'<{links[rel]}>; rel="{rel}"' for rel in ("next", "prev", "first") if links[rel]])
    return f'{header}, <{page_link(base, links["self"] or "")}>; rel="alternate"; type="text/html"'


def page_link(base: str, link: str) -> str:
    """Return the link to the page that shows what an address of the API answers: the same without `/v1`."""
    return f"{base}{link[len(base) + len(API_PREFIX) :]}"


def item_link_header(base: str, dataset: Dataset, row_id: str) -> str:
    """Return the `Link` header of a row: its permanent address, its citations (signposting.org), its legal text.

    The text of a provision is an anchor in the text of its document; the relation for that is `bookmark`.
    """
    path = f"{base}/v1/{dataset.name}/{quote_query(row_id)}"
    links = [ITEM_LINKS.replace(PATH_PLACEHOLDER, path)]
    links.append(f'<{page_link(base, path)}>; rel="alternate"; type="text/html"')
    if dataset.name == "documents":
        links.append(f'<{path}{AKOMA_NTOSO.suffix}>; rel="alternate"; type="{AKOMA_NTOSO.media_type}"')
    elif dataset.name == "provisions":
        document_id, _, place = row_id.partition(".")
        text = f"{base}/v1/documents/{quote_query(document_id)}{AKOMA_NTOSO.suffix}#{anchor(place)}"
        links.append(f'<{text}>; rel="bookmark"; type="{AKOMA_NTOSO.media_type}"')
    return ", ".join(links)
