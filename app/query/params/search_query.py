"""One question in words to all datasets: parameters in, a checked question and its SQL out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.errors import Fault, bad_request, nearest
from app.model.dataset import Dataset
from app.model.values import BadValue, clip, read_flag, read_list
from app.query.fulltext.search_expression import FullText, read_fulltext
from app.query.params.controls import DEFAULT_LIMIT, MAX_LIMIT, Sort, read_limit, read_offset
from app.query.params.cursor import BadCursor, Cursor, decode, purpose
from app.query.params.query_string import Pairs
from app.settings import Settings

CONTROLS = ("q", "dataset", "limit", "offset", "cursor", "count")
ORDER: Sort = (("score", True), ("place", False), ("row_id", False))
"""The best first; then the datasets in the order of the catalogue, and the ids in theirs."""


@dataclass(frozen=True, slots=True)
class Search:
    """A checked question to the datasets named."""

    fulltext: FullText
    names: tuple[str, ...]
    limit: int
    offset: int
    cursor: Cursor | None
    count: bool
    given: Pairs
    made_for: str


def read_search(pairs: Pairs, datasets: Mapping[str, Dataset], settings: Settings) -> Search:
    """The question that decoded parameters put; raises Problem (400) that lists every fault."""
    values = dict(pairs)
    faults = [Fault(clip(n), f"is an unknown parameter.{nearest(n, CONTROLS)}") for n in values if n not in CONTROLS]
    if "q" not in values:
        faults.append(Fault("q", "is required: the words to look for"))

    def taken(name: str, read: Any, default: Any) -> Any:
        try:
            return read(values[name]) if name in values else default
        except BadValue as error:
            faults.append(Fault(name, str(error), error.allowed))
        except BadCursor as error:
            faults.append(Fault(name, str(error)))
        return default

    asked = taken("q", lambda text: read_fulltext(text, settings.max_search_alternatives), FullText(()))
    names = taken("dataset", lambda text: read_names(text, datasets), tuple(datasets))
    made_for = purpose("search", values.get("q", ""), *names)
    search_for = Search(
        fulltext=asked,
        names=names,
        limit=taken("limit", lambda text: read_limit(text, MAX_LIMIT), DEFAULT_LIMIT),
        offset=taken("offset", read_offset, 0),
        cursor=taken("cursor", lambda text: decode(text, made_for, [int, int, str]), None),
        count=taken("count", read_flag, 1) != 0,
        given=pairs,
        made_for=made_for,
    )
    if "cursor" in values and "offset" in values:
        faults.append(Fault("offset", "is not allowed together with 'cursor'; leave one of them out"))
    if faults:
        raise bad_request(faults)
    return search_for


def read_names(text: str, datasets: Mapping[str, Dataset]) -> tuple[str, ...]:
    """The datasets named in a comma-separated list, in the order of the catalogue; raises BadValue."""
    wanted = read_list(text)
    for name in wanted:
        if name not in datasets:
            raise BadValue(f"'{clip(name)}' is no dataset.{nearest(name, datasets)}", tuple(datasets))
    return tuple(name for name in datasets if name in wanted)
