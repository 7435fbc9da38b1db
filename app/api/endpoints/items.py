"""One row by its id."""

from dataclasses import dataclass
from urllib.parse import quote

from app.api.cache_headers import cache_headers
from app.api.context import AppContext
from app.api.links import item_link_header, query_suffix
from app.api.problems import service_unavailable
from app.db.reader import DatabaseUnavailable
from app.errors import Fault, Problem, bad_request
from app.http import conditional
from app.http.conditional import NotModified
from app.http.response import JSON, ApiResponse
from app.model.dataset import Dataset
from app.model.rows import from_json, select_fields, to_json
from app.model.values import BadValue, clip
from app.parser.text.document_numbers import usual_form
from app.query.params.controls import parse_fields, parse_view_option
from app.query.params.query_string import ParameterPairs, parse_query_string, unknown_parameter


@dataclass(slots=True)
class ItemResult:
    """One row: its id, its JSON cut to the selected fields, and the headers of the response."""

    row_id: str
    row_json: bytes
    fields: tuple[str, ...] | None
    headers: dict[str, str]


async def get_item(context: AppContext, dataset: Dataset, key: str, query_string: bytes) -> ApiResponse:
    """Return a row as a JSON object. Raises Problem (400, 404, 503), NotModified."""
    item = await find_item(context, dataset, key, query_string)
    links = item_link_header(context.settings.public_base_url, dataset, item.row_id)
    return ApiResponse(JSON, item.row_json, {**item.headers, "Link": links}, cache_on_second_request=True)


async def find_item(
    context: AppContext, dataset: Dataset, key: str, query_string: bytes, suffix: str = ""
) -> ItemResult:
    """Return the row with an id or a document number. Raises Problem (400, 404, 503), NotModified."""
    fields, options = parse_item_query(dataset, parse_query_string(query_string, context.settings.max_parameters))
    today = context.today()
    etag_key, revision = f"{dataset.name}/{key}{suffix}?{fields}{options}", context.repository.version.revision
    # No id has other characters than ASCII. For a document number the row is looked up even if nothing has changed,
    # because a 304 has a `Content-Location` too.
    headers, _ = cache_headers(context, dataset, etag_key, revision, today)
    if key.isascii():
        conditional.raise_if_not_modified(headers, None)
    row_id = key
    try:
        row = await context.repository.find_by_id(dataset, key, options, today)
        if row is None and "document_number" in dataset.fields_by_name:
            number = usual_form(key)
            row = await context.repository.find_by_field(dataset, "document_number", number, options, today)
            row_id = from_json(row.row_json)["id"] if row else key
    except DatabaseUnavailable as error:
        raise service_unavailable(error) from None
    if row is None:
        raise Problem(404, f"{dataset.name} has no row '{clip(key)}'.")
    row_json = row.row_json
    if fields is not None:
        row_json = to_json(select_fields(from_json(row_json), fields)).encode()
    if row.revision != revision:
        headers, _ = cache_headers(context, dataset, etag_key, row.revision, today)
    if row_id != key:
        headers["Content-Location"] = content_location(context, dataset, row_id, suffix, query_string)
    return ItemResult(row_id, row_json, fields, headers)


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


def parse_item_query(dataset: Dataset, pairs: ParameterPairs) -> tuple[tuple[str, ...] | None, dict[str, str]]:
    """Parse the parameters of an item: `fields`, and the options of its as-of view. Raises Problem (400)."""
    fields, options = None, {}
    if not pairs:
        return None, {}
    allowed = [
        "fields",
        *((dataset.as_of_view.today_option,) if dataset.as_of_view and dataset.as_of_view.today_option else ()),
    ]
    for name, value in pairs:
        option = dataset.get_view_option(name)
        try:
            if name == "fields":
                fields = parse_fields(dataset, value)
            elif option and name in allowed:
                options[name] = parse_view_option(option, value)
            else:
                raise unknown_parameter(name, allowed)
        except BadValue as error:
            raise bad_request([Fault(name, str(error), error.allowed)]) from None
    return fields, options
