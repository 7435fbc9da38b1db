"""One row by its id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from urllib.parse import quote

from app.api.cache_headers import cache_headers
from app.api.context import AppContext
from app.api.endpoints.reference_names import add_names_member
from app.api.links import item_link_header, query_suffix
from app.api.problems import service_unavailable
from app.db.reader import DatabaseUnavailable
from app.errors import Fault, Problem, bad_request
from app.http import conditional
from app.http.conditional import NotModified
from app.http.response import JSON, ApiResponse
from app.model.dataset import Dataset
from app.model.rows import from_json, select_fields, to_json
from app.model.values import BadValue, clip, parse_document_key
from app.query.params.controls import parse_expand, parse_fields, parse_view_option
from app.query.params.query_string import ParameterPairs, parse_query_string, unknown_parameter
from app.query.repository import VersionedRow, retry_until_consistent
from app.renderers.tabular.name_columns import with_names


@dataclass(slots=True)
class ItemResult:
    """One row: its id, its JSON cut to the selected fields, and the headers of the response."""

    row_id: str
    row_json: bytes
    fields: tuple[str, ...] | None
    expand: str | None
    headers: dict[str, str]


class ItemQuery(NamedTuple):
    """What a request for one row asks: members, what is expanded, and the options of the as-of view."""

    fields: tuple[str, ...] | None
    expand: str | None
    options: Mapping[str, str]


PLAIN_ITEM = ItemQuery(None, None, {})
"""The query of most requests: no parameters."""


async def get_item(context: AppContext, dataset: Dataset, key: str, query_string: bytes) -> ApiResponse:
    """Return a row as a JSON object. Raises Problem (400, 404, 503), NotModified."""
    item = await find_item(context, dataset, key, query_string, can_expand=True)
    links = item_link_header(context.settings.public_base_url, dataset, item.row_id)
    return ApiResponse(JSON, item.row_json, {**item.headers, "Link": links}, cache_on_second_request=True)


async def find_item(
    context: AppContext, dataset: Dataset, key: str, query_string: bytes, suffix: str = "", can_expand: bool = False
) -> ItemResult:
    """Return the row with an id or a document number, in a form that may be one that `can_expand` names.

    Raises Problem (400, 404, 503), NotModified.
    """
    pairs = parse_query_string(query_string, context.settings.max_parameters)
    fields, expand, options = parse_item_query(dataset, pairs, can_expand)
    today = context.today()
    etag_key = f"{dataset.name}/{key}{suffix}?{fields}{expand or ''}{options}"
    revision = context.repository.version.revision
    # No id has other characters than ASCII. For a document number the row is looked up even if nothing has changed,
    # because a 304 has a `Content-Location` too.
    headers, _ = cache_headers(context, dataset, etag_key, revision, today)
    if key.isascii():
        conditional.raise_if_not_modified(headers, None)
    try:
        if expand is None:
            found = await find_row(context, dataset, key, options, today)
        else:
            found = await find_named_row(context, dataset, key, options, today, fields)
    except DatabaseUnavailable as error:
        raise service_unavailable(error) from None
    if found is None:
        raise Problem(404, f"{dataset.name} has no row '{clip(key)}'.")
    row_id, row = found
    row_json = row.row_json
    members = with_names(fields, expand)
    if members is not None:
        row_json = to_json(select_fields(from_json(row_json), members)).encode()
    if row.revision != revision:
        headers, _ = cache_headers(context, dataset, etag_key, row.revision, today)
    if row_id != key:
        headers["Content-Location"] = content_location(context, dataset, row_id, suffix, query_string)
    return ItemResult(row_id, row_json, fields, expand, headers)


FoundRow = tuple[str, VersionedRow]
"""The id of a row, and the row."""


async def find_row(
    context: AppContext, dataset: Dataset, key: str, options: Mapping[str, str], today: date
) -> FoundRow | None:
    """Return the row with an id or a document number. Raises DatabaseUnavailable."""
    row = await context.repository.find_by_id(dataset, key, options, today)
    if row is not None or "document_number" not in dataset.fields_by_name:
        return None if row is None else (key, row)
    row = await context.repository.find_by_field(dataset, "document_number", parse_document_key(key), options, today)
    return None if row is None else (from_json(row.row_json)["id"], row)


async def find_named_row(
    context: AppContext,
    dataset: Dataset,
    key: str,
    options: Mapping[str, str],
    today: date,
    fields: Sequence[str] | None,
) -> FoundRow | None:
    """Return what `find_row` does, the row with `names`, read from a single revision. Raises DatabaseUnavailable."""

    async def attempt() -> tuple[FoundRow | None] | None:
        found = await find_row(context, dataset, key, options, today)
        if found is None:
            return (None,)
        row_id, row = found
        [named] = await add_names_member(context, dataset, fields, [row.row_json])
        is_current = (await context.repository.refresh()).revision == row.revision
        return ((row_id, row._replace(row_json=named)),) if is_current else None

    [found] = await retry_until_consistent(attempt)
    return found


async def located_304(
    context: AppContext, dataset: Dataset, key: str, query_string: bytes, suffix: str, unmodified: NotModified
) -> NotModified:
    """Return the 304 for a form of a row with the `Content-Location` that the 200 has (RFC 9110, section 15.4.5).

    Raises Problem (400, 404, 503).
    """
    if key.isascii():
        return unmodified
    item = await find_item(context, dataset, key, query_string, suffix)
    return NotModified({**unmodified.headers, "Content-Location": item.headers["Content-Location"]})


def content_location(context: AppContext, dataset: Dataset, row_id: str, suffix: str, query_string: bytes) -> str:
    """Return the address of a row in the form and with the parameters that were asked for (RFC 9110, section 8.7)."""
    pairs = parse_query_string(query_string, context.settings.max_parameters)
    path = f"/v1/{dataset.name}/{quote(row_id, safe='')}{suffix}{query_suffix(pairs)}"
    return f"{context.settings.public_base_url}{path}"


def parse_item_query(dataset: Dataset, pairs: ParameterPairs, can_expand: bool = False) -> ItemQuery:
    """Parse the parameters of an item: `fields`, `expand`, and the options of its as-of view. Raises Problem (400)."""
    if not pairs:
        return PLAIN_ITEM
    fields: tuple[str, ...] | None = None
    expand: str | None = None
    options: dict[str, str] = {}
    allowed = [
        "fields",
        *(("expand",) if can_expand else ()),
        *((dataset.today_option,) if dataset.today_option else ()),
    ]
    for name, value in pairs:
        option = dataset.get_view_option(name)
        try:
            if name == "fields":
                fields = dataset.with_day(parse_fields(dataset, value))
            elif name == "expand" and can_expand:
                expand = parse_expand(value)
            elif option and name in allowed:
                options[name] = parse_view_option(option, value)
            else:
                raise unknown_parameter(name, allowed)
        except BadValue as error:
            raise bad_request([Fault(name, str(error), error.allowed)]) from None
    return ItemQuery(fields, expand, options)
