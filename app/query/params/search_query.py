"""Parse the parameters of a search across datasets into a validated query."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.errors import Fault, bad_request, did_you_mean
from app.model.dataset import Dataset
from app.model.values import BadValue, clip, parse_boolean, parse_list
from app.query.fulltext.search_expression import SearchExpression, is_blank, parse_search_expression
from app.query.params.controls import DEFAULT_LIMIT, MAX_LIMIT, Sort, parse_limit, parse_offset
from app.query.params.cursor import BadCursor, Cursor, decode_cursor, scope_digest
from app.query.params.name_hints import unknown_name
from app.query.params.query_string import ParameterPairs
from app.settings import Settings

SEARCH_PARAMS = ("q", "dataset", "limit", "offset", "cursor", "count")
SEARCH_SORT: Sort = (("score", True), ("place", False), ("row_id", False))
"""The best hits first, then by the position of the dataset in the catalogue, then by id."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A validated full-text search of the named datasets."""

    fulltext: SearchExpression
    dataset_names: tuple[str, ...]
    limit: int
    offset: int
    cursor: Cursor | None
    count: bool
    raw_parameters: ParameterPairs
    cursor_scope: str


def parse_search_query(pairs: ParameterPairs, datasets: Mapping[str, Dataset], settings: Settings) -> SearchQuery:
    """Parse decoded parameters into a search. Raises Problem (400) that lists every fault."""
    values = dict(pairs)
    faults = [Fault(clip(name), unknown_name(name, SEARCH_PARAMS)) for name in values if name not in SEARCH_PARAMS]
    if is_blank(values.get("q", "")):
        faults.append(Fault("q", "is required: the words to look for"))

    def parse_parameter(name: str, parse: Any, default: Any) -> Any:
        try:
            return parse(values[name]) if name in values else default
        except BadValue as error:
            faults.append(Fault(name, str(error), error.allowed))
        except BadCursor as error:
            faults.append(Fault(name, str(error)))
        return default

    fulltext = parse_parameter(
        "q",
        lambda text: (
            SearchExpression(()) if is_blank(text) else parse_search_expression(text, settings.max_search_alternatives)
        ),
        SearchExpression(()),
    )
    dataset_names = parse_parameter("dataset", lambda text: parse_dataset_names(text, datasets), tuple(datasets))
    cursor_scope = scope_digest("search", values.get("q", ""), *dataset_names)
    search_query = SearchQuery(
        fulltext=fulltext,
        dataset_names=dataset_names,
        limit=parse_parameter("limit", lambda text: parse_limit(text, MAX_LIMIT), DEFAULT_LIMIT),
        offset=parse_parameter("offset", lambda text: parse_offset(text, settings.max_offset), 0),
        cursor=parse_parameter("cursor", lambda text: decode_cursor(text, cursor_scope, [int, int, str]), None),
        count=parse_parameter("count", parse_boolean, 1) != 0,
        raw_parameters=pairs,
        cursor_scope=cursor_scope,
    )
    if "cursor" in values and "offset" in values:
        faults.append(Fault("offset", "is not allowed together with 'cursor'; leave one of them out"))
    if faults:
        raise bad_request(faults)
    return search_query


def parse_dataset_names(text: str, datasets: Mapping[str, Dataset]) -> tuple[str, ...]:
    """Parse a comma-separated list of dataset names; return them in the order of the catalogue. Raises BadValue."""
    names = parse_list(text)
    for name in names:
        if name not in datasets:
            raise BadValue(f"'{clip(name)}' is not a dataset.{did_you_mean(name, datasets)}", tuple(datasets))
    return tuple(name for name in datasets if name in names)
