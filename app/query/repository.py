"""Answers from the database: each question's shape is compiled once, counted once a revision, and bound often."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.db.data_state import EMPTY, REVISION, DataState
from app.db.fulltext_index import names_select
from app.db.reader import Reader, Rows, Statement, TooLong, Unavailable, Values, compile_statement
from app.db.sql_functions import as_bytes
from app.model.dataset import Dataset
from app.query.page import Page, cut, row_json
from app.query.params.dataset_query import Ask
from app.query.sql.first_last import Ends, ends_select
from app.query.sql.groups import GroupShape, groups_select
from app.query.sql.select import bind, count_shape, item_select, page_select, rows_select, shape_of
from app.query.statement_plan import ItemPlan, Plan

MOST_STATEMENTS = 2000
MOST_COUNTS = 20_000
WATCH_SECONDS = 0.25
logger = logging.getLogger("gazette")
TRIES = 5
"""How often an answer is begun again because a load came between."""


class State(NamedTuple):
    """Which data is served."""

    revision: str
    loaded_at: datetime
    totals: Mapping[str, int]


class Seen(NamedTuple):
    """A rendered row, and the revision that it was read from."""

    row: bytes
    revision: str


_state = DataState.__table__  # type: ignore[attr-defined]  # SQLModel sets it on tables
STATE = sa.select(_state.c.revision, _state.c.loaded_at, _state.c.totals)


class Store:
    """The reading side of one database."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.state = read_state([])
        self._statements: dict[object, Statement] = {}
        self._plans: dict[object, Plan] = {}
        self._items: dict[str, ItemPlan] = {}
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
        await self.reader.renew()
        state = read_state(await self.reader.fetch(self._statement("state", lambda: STATE), {}))
        if state.revision != self.state.revision:
            self._counts.clear()
            self.state = state
        return self.state

    async def watch(self) -> None:
        """Look for new data again and again, until cancelled; a load is seen within a second."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            try:
                await self.refresh()
            except Unavailable:
                pass
            except Exception:
                logger.exception("failed to look for new data")  # and looks again: else old data is served for ever

    def plan(self, dataset: Dataset, ask: Ask) -> Plan:
        """How the database is asked for a page; the same for all questions of a shape."""
        plan = self._plans.get(ask.kin) if ask.kin else None
        if plan is None:
            shape = shape_of(dataset, ask)
            plan = self._plans.get((dataset.name, shape))
            if plan is None:
                plan = Plan(dataset, shape, count_shape(dataset, ask), self.reader.dialect, self.reader.row_address)
            if len(self._plans) >= MOST_STATEMENTS:
                self._plans.clear()
            self._plans[ask.kin or (dataset.name, shape)] = self._plans[dataset.name, shape] = plan
        return plan

    async def page(self, dataset: Dataset, ask: Ask, today: date, plan: Plan | None = None) -> Page:
        """One page of a question; all of it from one revision of the data. Raises Unavailable.

        The count comes along with the rows, in one statement, unless it is known already.
        """
        assert ask.limit is not None, "a page is limited"
        plan = plan or self.plan(dataset, ask)
        values = _bound(dataset, ask, today)
        values["limit"], values["offset"] = ask.limit + 1, ask.offset
        for _ in range(TRIES):
            revision = self.state.revision
            key = plan.count_key(values) if ask.count else ()
            total = self._counted(plan, key) if ask.count else None
            statement = plan.counted if ask.count and total is None else plan.page
            rows = await self.reader.fetch(statement, values)
            if not rows or rows[0][-1] != revision:
                await self.refresh()
            if self.state.revision != revision or (rows and rows[0][-1] != revision):
                continue  # a load came between
            if ask.count and ask.cursor is None and ask.offset == 0 and len(rows) <= ask.limit:
                total = len(rows)  # the first page is all there is
            elif ask.count and total is None:
                total = self._keep(key, rows[0][-2]) if rows else await self._count(plan, values)
            if self.state.revision == revision:
                return cut(dataset, ask, rows, total, revision)
        raise Unavailable("the data does not stand still")

    def _counted(self, plan: Plan, key: tuple[object, ...]) -> int | None:
        """How many rows a question matches, if that was found out in this revision."""
        if plan.whole and plan.dataset.name in self.state.totals:
            return self.state.totals[plan.dataset.name]
        return self._counts.get(key)

    def _keep(self, key: tuple[object, ...], total: int) -> int:
        if len(self._counts) >= MOST_COUNTS:
            self._counts.clear()
        self._counts[key] = total
        return total

    async def _count(self, plan: Plan, values: Values) -> int | None:
        """How many rows a question matches; None when a load came between."""
        key = plan.count_key(values)
        total = self._counted(plan, key)
        if total is None:
            [(total, seen)] = await self.reader.fetch(plan.count, values)
            if seen != self.state.revision:
                await self.refresh()
                return None
            self._keep(key, total)
        return total

    async def fetch(self, key: object, build: Callable[[], sa.Select[Any]], values: Values) -> Rows:
        """All rows of a statement that is compiled once and kept under its key; raises Unavailable."""
        return await self.reader.fetch(self._statement(key, build), values)

    async def names(self, dataset: Dataset, keys: Sequence[str]) -> dict[str, str]:
        """The names of rows with their syllables, as `search_rows` keeps them; raises Unavailable."""
        number = 1 << (len(keys) - 1).bit_length()  # a few statements, whatever the number of rows
        statement = self._statement(("names", number), lambda: names_select(number))
        values = {"dataset": dataset.name, **{f"id{n}": keys[min(n, len(keys) - 1)] for n in range(number)}}
        return dict(await self.reader.fetch(statement, values))

    async def item(self, dataset: Dataset, key: str, options: Values, today: date) -> Seen | None:
        """One rendered row by its id; raises Unavailable."""
        plan = self._items.get(dataset.name)
        if plan is None:
            plan = self._items[dataset.name] = ItemPlan(dataset, self.reader.dialect)
        row = await self.reader.find(plan, {**_today(dataset, today), **options}, key)
        return None if row is None else await self._seen(dataset, row)

    async def item_by(self, dataset: Dataset, field: str, value: str, options: Values, today: date) -> Seen | None:
        """The first rendered row with a value in a field; raises Unavailable."""
        statement = self._statement(("item", dataset.name, field), lambda: _stamped(item_select(dataset, field)))
        rows = await self.reader.fetch(statement, {**_today(dataset, today), **options, "id": value})
        return await self._seen(dataset, rows[0]) if rows else None

    async def _seen(self, dataset: Dataset, row: tuple[Any, ...]) -> Seen:
        if row[-1] != self.state.revision:
            await self.refresh()
        return Seen(row_json(dataset, row), row[-1])

    async def total(self, dataset: Dataset, ask: Ask, today: date) -> int:
        """How many rows a question matches; raises Unavailable."""
        plan, values = self.plan(dataset, ask), _bound(dataset, ask, today)
        for _ in range(TRIES):
            total = await self._count(plan, values)
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
            found = [await self._grouped(dataset, shape, most, values) for shape in shapes]
            if {rows[0][-1] if rows else None for rows in found} == {before}:
                return found, before
            await self.refresh()
            # No groups tell no revision: it is known when it was the same before and after.
            if before == self.state.revision and {rows[0][-1] for rows in found if rows} <= {before}:
                return found, before
        raise Unavailable("the data does not stand still")

    async def _grouped(self, dataset: Dataset, shape: GroupShape, most: int, values: Values) -> Rows:
        def statement(shape: GroupShape) -> Statement:
            key = ("groups", dataset.name, shape)
            return self._statement(key, lambda: _stamped(groups_select(dataset, shape, most)))

        try:
            return await self.reader.fetch(statement(shape), values)
        except TooLong:
            return await self.reader.fetch(statement(replace(shape, halves=True)), values)

    async def stream(self, dataset: Dataset, ask: Ask, today: date, form: str) -> AsyncGenerator[list[bytes], None]:
        """All rows of a question in batches, rendered in one form (`row_json`, `row_csv`); raises Unavailable."""
        statement, values = self._streamed(dataset, ask, today, form, as_bytes)
        async with aclosing(self.reader.stream(statement, values)) as batches:
            async for rows in batches:
                yield [row[0] for row in rows] if form == "row_csv" else [row_json(dataset, row) for row in rows]

    async def ends(self, dataset: Dataset, ask: Ask, ends: Ends, today: date) -> AsyncGenerator[list[bytes], None]:
        """The rows at the ends of each group of a limited question, in batches; raises Unavailable."""
        shape = shape_of(dataset, ask)
        key = ("ends", dataset.name, shape, ends.by, ends.along)
        statement = self._statement(key, lambda: ends_select(dataset, shape, ends.by, ends.along))
        values = {**_bound(dataset, ask, today), "limit": ask.limit, "first": ends.first, "last": ends.last}
        async with aclosing(self.reader.stream(statement, values)) as batches:
            async for rows in batches:
                yield [row[0] for row in rows]

    def text(self, dataset: Dataset, ask: Ask, today: date) -> AsyncGenerator[bytes, None]:
        """All rows of a question as CSV lines, in pieces; raises Unavailable when it is read."""
        return self.reader.text(*self._streamed(dataset, ask, today, "row_csv", self.reader.piece))

    def _streamed(
        self, dataset: Dataset, ask: Ask, today: date, form: str, cast: Callable[[Any], Any]
    ) -> tuple[Statement, Values]:
        shape = shape_of(dataset, ask, form)
        limited = ask.limit is not None or ask.offset > 0
        select = page_select if limited else rows_select
        statement = self._statement(
            ("stream", dataset.name, shape, limited, cast == self.reader.piece),
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
    values = bind(dataset, ask)
    if name := dataset.perspective and dataset.perspective.today:
        values.setdefault(name, today.isoformat())
    return values
