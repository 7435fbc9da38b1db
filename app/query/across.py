"""One question in words to all datasets: parameters in, a checked question and its SQL out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.dataset import Dataset
from app.db import search
from app.errors import Fault, bad_request, nearest
from app.query.controls import DEFAULT_LIMIT, MAX_LIMIT, Sort, read_limit, read_offset
from app.query.cursor import BadCursor, Cursor, decode, purpose
from app.query.fulltext import FullText, read_fulltext
from app.query.parameters import Pairs
from app.query.select import Key, beyond
from app.query.values import BadValue, clip, read_flag, read_list
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


@dataclass(frozen=True, slots=True)
class SearchShape:
    """What of a question decides its SQL text."""

    names: tuple[str, ...]
    indexed: bool
    paged: bool
    backward: bool


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


def search_shape(asked: Search) -> SearchShape:
    """The shape of a question."""
    cursor = asked.cursor
    return SearchShape(asked.names, asked.fulltext.indexed, cursor is not None, cursor is not None and cursor.backward)


def search_values(asked: Search, datasets: Mapping[str, Dataset]) -> dict[str, Any]:
    """The parameters of a question, by the names that the selects use."""
    marks = [search.mark(name) for name in asked.names] if len(asked.names) < len(datasets) else []
    key = {f"k{n}": value for n, value in enumerate(asked.cursor.key)} if asked.cursor else {}
    return {"q": asked.fulltext.content, "q_match": asked.fulltext.match(marks), **key}


def search_select(shape: SearchShape, datasets: Mapping[str, Dataset]) -> sa.Select[Any]:
    """A page of hits: dataset, id, JSON of the row, names, then the sort keys.

    The rows are looked up in their tables only for the page.
    """
    wanted = [datasets[name] for name in shape.names]
    keys = [Key(column, down) for column, (_, down) in zip(_columns(datasets), ORDER, strict=True)]
    named = (key.column.label(f"k{n}") for n, key in enumerate(keys))
    found = sa.select(search.ROWS.c.dataset, search.ROWS.c.names, *named).where(*_where(shape, wanted))
    if shape.paged:
        found = found.where(beyond(keys, [False] * len(keys), shape.backward))
    found = found.order_by(*(key.order(shape.backward) for key in keys))
    found = found.limit(sa.bindparam("limit", type_=sa.BigInteger()))
    if not shape.paged:
        found = found.offset(sa.bindparam("offset", type_=sa.BigInteger()))
    page = found.subquery("page")
    again = (Key(page.c[f"k{n}"], down).order(shape.backward) for n, (_, down) in enumerate(ORDER))
    columns = (page.c.dataset, page.c.k2.label("id"), _row_of(page, wanted), page.c.names)
    return sa.select(*columns, page.c.k0, page.c.k1, page.c.k2).order_by(*again)


def _columns(datasets: Mapping[str, Dataset]) -> tuple[sa.ColumnElement[Any], ...]:
    places = {name: sa.literal(n, sa.BigInteger()) for n, name in enumerate(datasets)}
    return search.score(), sa.case(places, value=search.ROWS.c.dataset), search.ROWS.c.row_id


def search_count(shape: SearchShape, datasets: Mapping[str, Dataset]) -> sa.Select[Any]:
    """How many rows a question matches."""
    where = _where(shape, [datasets[name] for name in shape.names])
    return sa.select(sa.func.count()).select_from(search.ROWS).where(*where)


def _where(shape: SearchShape, wanted: Sequence[Dataset]) -> Iterator[sa.ColumnElement[bool]]:
    """The conditions on `search_rows`; a row that its dataset does not show by default is not found either."""
    yield search.ROWS.c.dataset.in_([sa.literal(dataset.name) for dataset in wanted])
    yield from search.found(shape.indexed)
    for dataset in wanted:
        hidden = dataset.perspective.scope({}).where if dataset.perspective else ()
        if hidden:
            own = sa.exists().where(dataset.table.c.id == search.ROWS.c.row_id, *hidden).correlate(search.ROWS)
            yield sa.or_(search.ROWS.c.dataset != dataset.name, own)


def _row_of(page: sa.Subquery, wanted: Iterable[Dataset]) -> sa.ColumnElement[str]:
    """The JSON of a hit's row, from its own table."""
    cases = []
    for dataset in wanted:
        table = dataset.table
        row = sa.select(table.c.row_json).where(table.c.id == page.c.k2).scalar_subquery()
        cases.append((page.c.dataset == dataset.name, row))
    return sa.case(*cases)
