"""Answers from the database: each question's shape is compiled once, counted once a revision, and bound often."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.dataset import Dataset
from app.db.constructs import as_bytes
from app.db.reader import Reader, Rows, Statement, Unavailable, Values, compile_statement
from app.db.search import names_select
from app.db.state import EMPTY, DataState
from app.formats.rows import splice
from app.query.ask import Ask
from app.query.cursor import Cursor, Key
from app.query.groups import GroupShape, groups_select
from app.query.select import (
    bind,
    bytes_select,
    count_select,
    count_shape,
    item_select,
    page_select,
    rows_select,
    shape_of,
)

MOST_STATEMENTS = 2000
MOST_COUNTS = 20_000
WATCH_SECONDS = 0.25
TRIES = 5
"""How often a page is begun again because a load came between its two statements."""


class State(NamedTuple):
    """Which data is served."""

    revision: str
    loaded_at: datetime
    totals: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rendered rows, with the cursors to its neighbours."""

    rows: list[bytes]
    total: int | None
    revision: str
    following: Cursor | None
    preceding: Cursor | None


_state = DataState.__table__  # type: ignore[attr-defined]  # SQLModel sets it on tables
STATE = sa.select(_state.c.revision, _state.c.loaded_at, _state.c.totals)
REVISION = sa.select(_state.c.revision).scalar_subquery()


class Store:
    """The reading side of one database."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.state = read_state([])
        self._statements: dict[object, Statement] = {}
        self._counts: dict[object, int] = {}

    def _statement(self, key: object, build: Callable[[], sa.Select[Any]]) -> Statement:
        statement = self._statements.get(key)
        if statement is None:
            if len(self._statements) >= MOST_STATEMENTS:
                self._statements.clear()
            statement = self._statements[key] = compile_statement(build(), self.reader.dialect)
        return statement

    async def refresh(self) -> State:
        """Look which data the database holds now; raises Unavailable."""
        state = read_state(await self.reader.fetch(self._statement("state", lambda: STATE), {}))
        if state.revision != self.state.revision:
            self._counts.clear()
            self.state = state
        return self.state

    async def watch(self) -> None:
        """Look for new data again and again, until cancelled; a load is seen within a second."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            with suppress(Unavailable):
                await self.refresh()

    async def page(self, dataset: Dataset, ask: Ask, today: date) -> Page:
        """One page of a question; all of it from one revision of the data. Raises Unavailable."""
        assert ask.limit is not None, "a page is limited"
        shape = shape_of(dataset, ask)
        late = self.reader.late_rows
        statement = self._statement(("page", dataset.name, shape), lambda: bytes_select(dataset, shape, REVISION, late))
        values = {**_bound(dataset, ask, today), "limit": ask.limit + 1, "offset": ask.offset}
        for _ in range(TRIES):
            revision = self.state.revision
            rows = await self.reader.fetch(statement, values)
            if not rows or rows[0][-1] != revision:
                await self.refresh()
                if not rows and self.state.revision != revision:
                    continue  # no rows, but of which revision?
                revision = rows[0][-1] if rows else revision
            if ask.cursor is None and ask.offset == 0 and len(rows) <= ask.limit:
                total: int | None = len(rows)  # the first page is all there is
            else:
                total = await self._count(dataset, ask, today, revision) if ask.count else None
            if revision == self.state.revision:
                return _cut(dataset, ask, rows, total if ask.count else None, revision)
        raise Unavailable("the data does not stand still")

    async def _count(self, dataset: Dataset, ask: Ask, today: date, revision: str) -> int | None:
        narrowed = ask.conditions or ask.options or ask.filter or ask.fulltext
        if not narrowed and dataset.name in self.state.totals:
            return self.state.totals[dataset.name]
        depends = today if dataset.perspective and dataset.perspective.today else None
        key = (dataset.name, ask.conditions, ask.filter, ask.fulltext, tuple(ask.options.items()), depends, revision)
        if key not in self._counts:
            shape = count_shape(dataset, ask)
            statement = self._statement(("count", dataset.name, shape), lambda: _stamped(count_select(dataset, shape)))
            [(total, seen)] = await self.reader.fetch(statement, _bound(dataset, ask, today))
            if seen != revision:
                await self.refresh()
                return None
            if len(self._counts) >= MOST_COUNTS:
                self._counts.clear()
            self._counts[key] = total
        return self._counts[key]

    async def fetch(self, key: object, build: Callable[[], sa.Select[Any]], values: Values) -> Rows:
        """All rows of a statement that is compiled once and kept under its key; raises Unavailable."""
        return await self.reader.fetch(self._statement(key, build), values)

    async def names(self, dataset: Dataset, keys: Sequence[str]) -> dict[str, str]:
        """The names of rows with their syllables, as `search_rows` keeps them; raises Unavailable."""
        number = 1 << (len(keys) - 1).bit_length()  # a few statements, whatever the number of rows
        statement = self._statement(("names", number), lambda: names_select(number))
        values = {"dataset": dataset.name, **{f"id{n}": keys[min(n, len(keys) - 1)] for n in range(number)}}
        return dict(await self.reader.fetch(statement, values))

    async def item(self, dataset: Dataset, key: str, options: Values, today: date, by: str = "id") -> bytes | None:
        """One rendered row by its id, or by another field's value; raises Unavailable."""
        statement = self._statement(("item", dataset.name, by), lambda: _stamped(item_select(dataset, by)))
        rows = await self.reader.fetch(statement, {**_today(dataset, today), **options, "id": key})
        if rows and rows[0][-1] != self.state.revision:
            await self.refresh()
        return _row_json(dataset, rows[0]) if rows else None

    async def total(self, dataset: Dataset, ask: Ask, today: date) -> int:
        """How many rows a question matches; raises Unavailable."""
        for _ in range(TRIES):
            total = await self._count(dataset, ask, today, self.state.revision)
            if total is not None:
                return total
        raise Unavailable("the data does not stand still")

    async def groups(
        self, dataset: Dataset, ask: Ask, shapes: Sequence[GroupShape], most: int, today: date
    ) -> tuple[list[Rows], str]:
        """The groups of one question in several ways, all from one revision, which is the second answer.

        Raises Unavailable.
        """
        values = _bound(dataset, ask, today)
        for _ in range(TRIES):
            before = self.state.revision
            found = [await self.reader.fetch(self._groups(dataset, shape, most), values) for shape in shapes]
            if {rows[0][-1] if rows else None for rows in found} == {before}:
                return found, before
            await self.refresh()
            # No groups tell no revision: it is known when it was the same before and after.
            if before == self.state.revision and {rows[0][-1] for rows in found if rows} <= {before}:
                return found, before
        raise Unavailable("the data does not stand still")

    def _groups(self, dataset: Dataset, shape: GroupShape, most: int) -> Statement:
        return self._statement(("groups", dataset.name, shape), lambda: _stamped(groups_select(dataset, shape, most)))

    async def stream(self, dataset: Dataset, ask: Ask, today: date, form: str) -> AsyncGenerator[list[bytes], None]:
        """All rows of a question in batches, rendered in one form (`row_json`, `row_csv`); raises Unavailable."""
        statement, values = self._streamed(dataset, ask, today, form, as_bytes)
        async with aclosing(self.reader.stream(statement, values)) as batches:
            async for rows in batches:
                yield [row[0] for row in rows] if form == "row_csv" else [_row_json(dataset, row) for row in rows]

    def text(self, dataset: Dataset, ask: Ask, today: date) -> AsyncGenerator[bytes, None]:
        """All rows of a question as CSV lines, in pieces; raises Unavailable when it is read."""
        return self.reader.text(*self._streamed(dataset, ask, today, "row_csv", lambda column: column))

    def _streamed(
        self, dataset: Dataset, ask: Ask, today: date, form: str, cast: Callable[[Any], Any]
    ) -> tuple[Statement, Values]:
        shape = shape_of(dataset, ask, form)
        limited = ask.limit is not None or ask.offset > 0
        select = page_select if limited else rows_select
        statement = self._statement(
            ("stream", dataset.name, shape, limited, cast is as_bytes),
            lambda: _only_rows(dataset, cast(dataset.table.c[form]), select(dataset, shape)),
        )
        limit = 2**63 - 1 if ask.limit is None else ask.limit
        return statement, {**_bound(dataset, ask, today), "limit": limit, "offset": ask.offset}


def read_state(rows: Rows) -> State:
    """The state from its row, or that of an empty database."""
    revision, loaded_at, totals = rows[0] if rows else (EMPTY.revision, EMPTY.loaded_at, EMPTY.totals)
    return State(revision, datetime.fromisoformat(loaded_at), json.loads(totals))


def _stamped(select: sa.Select[Any]) -> sa.Select[Any]:
    return select.add_columns(REVISION)


def _only_rows(dataset: Dataset, form: sa.ColumnElement[Any], select: sa.Select[Any]) -> sa.Select[Any]:
    """A select of rows in a form, without the sort keys, which only a cursor needs."""
    computed = dataset.perspective.computed if dataset.perspective else ()
    kept = list(select.selected_columns)[1 : 1 + len(computed)]
    return select.with_only_columns(form, *kept)


def _today(dataset: Dataset, today: date) -> dict[str, str]:
    name = dataset.perspective.today if dataset.perspective else None
    return {name: today.isoformat()} if name else {}


def _bound(dataset: Dataset, ask: Ask, today: date) -> dict[str, Any]:
    return {**_today(dataset, today), **bind(dataset, ask)}


def _row_json(dataset: Dataset, row: tuple[Any, ...]) -> bytes:
    text: bytes = row[0]
    if dataset.perspective and dataset.perspective.computed:
        text = splice(text, {spec.name: row[1 + n] for n, spec in enumerate(dataset.perspective.computed)})
    return text


def _cut(dataset: Dataset, ask: Ask, rows: Rows, total: int | None, revision: str) -> Page:
    """The page from its rows, of which one more was read than is shown, to know whether it goes on."""
    assert ask.limit is not None
    backward = ask.cursor is not None and ask.cursor.backward
    more = len(rows) > ask.limit
    shown = rows[: ask.limit]
    if backward:
        shown = shown[::-1]
    following = (bool(shown) or ask.cursor is not None) if backward else more
    preceding = more if backward else (ask.cursor is not None or ask.offset > 0)
    computed = len(dataset.perspective.computed) if dataset.perspective else 0
    fallback = ask.cursor.key if ask.cursor else None

    def key(row: tuple[Any, ...]) -> Key:
        return tuple(row[1 + computed : 1 + computed + len(ask.sort)])

    first = key(shown[0]) if shown else fallback
    last = key(shown[-1]) if shown else fallback
    return Page(
        rows=[_row_json(dataset, row) for row in shown] if computed else [row[0] for row in shown],
        total=total,
        revision=revision,
        following=Cursor(last) if following and last is not None else None,
        preceding=Cursor(first, backward=True) if preceding and first is not None else None,
    )
