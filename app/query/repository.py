"""Read the rows of queries. Each query shape is compiled once, and each count is remembered for one revision."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa

from app.db.data_state import EMPTY_STATE, REVISION_COLUMN, DataState
from app.db.fulltext_index import readings_select
from app.db.reader import (
    DatabaseReader,
    DatabaseReplaced,
    DatabaseUnavailable,
    IntegerOverflow,
    Rows,
    Statement,
    Values,
    compile_statement,
)
from app.db.sql_functions import as_bytes
from app.model.dataset import Dataset
from app.query.page import Page, build_page, complete_row
from app.query.params.dataset_query import DatasetQuery
from app.query.sql.first_last import FirstLast, first_last_select
from app.query.sql.groups import GroupShape, groups_select
from app.query.sql.select import bind_values, count_shape, item_select, page_select, query_shape, rows_select
from app.query.statement_plan import ItemStatements, PageStatements

MAX_STATEMENTS = 2000
MAX_COUNTS = 20_000
WATCH_INTERVAL_SECONDS = 0.25
logger = logging.getLogger("gazette")
MAX_RETRIES = 5
"""How many times a read is attempted when loads keep changing the data in between."""
T = TypeVar("T")


class DataVersion(NamedTuple):
    """The version of the data: its revision, when it was loaded, and the number of rows of each dataset."""

    revision: str
    loaded_at: datetime
    totals: Mapping[str, int]
    cache_key: str
    """What caches compare: the revision, and how many times the database has been replaced by another."""


class VersionedRow(NamedTuple):
    """A rendered row, with the revision that it was read from."""

    row_json: bytes
    revision: str


_data_state = DataState.__table__  # type: ignore[attr-defined]  # SQLModel sets it on tables
DATA_VERSION_SELECT = sa.select(_data_state.c.revision, _data_state.c.loaded_at, _data_state.c.totals)


async def retry_until_consistent(attempt: Callable[[], Awaitable[T | None]]) -> T:
    """Return the first result of `attempt` that is not None; None means that a load changed the data meanwhile.

    Raises DatabaseUnavailable when `MAX_RETRIES` attempts have failed.
    """
    for _ in range(MAX_RETRIES):
        result = await attempt()
        if result is not None:
            return result
    raise DatabaseUnavailable("the data kept changing while it was read")


class Repository:
    """Read access to the rows of one database."""

    def __init__(self, reader: DatabaseReader) -> None:
        self.reader = reader
        self.version = to_data_version([])
        self._statements: dict[object, Statement] = {}
        self._page_statements: dict[object, PageStatements] = {}
        self._item_statements: dict[str, ItemStatements] = {}
        self._counts: dict[object, int] = {}

    def _statement(self, key: object, build: Callable[[], sa.Select[Any]]) -> Statement:
        statement = self._statements.get(key)
        if statement is None:
            if len(self._statements) >= MAX_STATEMENTS:
                self._statements.clear()
            statement = self._statements[key] = compile_statement(build(), self.reader.dialect)
        return statement

    async def refresh(self) -> DataVersion:
        """Read which version of the data the database holds now. Raises DatabaseUnavailable."""
        try:
            await self.reader.refresh_snapshot()
            rows = await self.reader.fetch(self._statement("state", lambda: DATA_VERSION_SELECT), {})
        except DatabaseReplaced:
            self.version = UNKNOWN_VERSION  # neither a cached response nor a 304 is right any more
            raise
        if not rows or cache_key(rows[0][0], self.reader.generation) != self.version.cache_key:
            version = to_data_version(rows, self.reader.generation)
            if version.cache_key != self.version.cache_key:
                self._counts.clear()
                self.version = version
        return self.version

    async def watch(self) -> None:
        """Check for new data at intervals until cancelled, so that a load is noticed within a second."""
        while True:
            await asyncio.sleep(WATCH_INTERVAL_SECONDS)
            try:
                await self.refresh()
            except DatabaseUnavailable:
                pass
            except Exception:
                logger.exception("failed to look for new data")  # keep checking, or old data would be served forever

    def get_page_statements(self, dataset: Dataset, query: DatasetQuery) -> PageStatements:
        """Return the statements for a page; all queries of one shape share them."""
        statements = self._page_statements.get(query.plan_key) if query.plan_key else None
        if statements is None:
            shape = query_shape(dataset, query)
            statements = self._page_statements.get((dataset.name, shape))
            if statements is None:
                statements = PageStatements(
                    dataset, shape, count_shape(dataset, query), self.reader.dialect, self.reader.row_locator
                )
            if len(self._page_statements) >= MAX_STATEMENTS:
                self._page_statements.clear()
            self._page_statements[dataset.name, shape] = statements
            if query.plan_key:
                self._page_statements[query.plan_key] = statements
        return statements

    async def fetch_page(
        self, dataset: Dataset, query: DatasetQuery, today: date, statements: PageStatements | None = None
    ) -> Page:
        """Return one page of a query, read from a single revision of the data.

        The count is read in the same statement as the rows, unless it is already known. Raises DatabaseUnavailable.
        """
        assert query.limit is not None, "a page has a limit"
        if query.limit == 0:
            total = await self.count(dataset, query, today) if query.count else None
            return Page([], total, self.version.revision, None, None)
        page_statements = statements or self.get_page_statements(dataset, query)
        values = _bind_query(dataset, query, today)
        values["limit"], values["offset"] = query.limit + 1, query.offset
        page = await self._try_page(page_statements, query, values)
        if page is not None:  # nearly always, so that the usual request needs no retries
            return page
        return await retry_until_consistent(lambda: self._try_page(page_statements, query, values))

    async def _try_page(self, statements: PageStatements, query: DatasetQuery, values: Values) -> Page | None:
        revision = self.version.revision
        key = statements.count_key(values) if query.count else ()
        total = self._known_count(statements, key) if query.count else None
        statement = statements.page_with_count if query.count and total is None else statements.page
        rows = await self.reader.fetch(statement, values)
        if not rows or rows[0][-1] != revision:
            await self.refresh()
        if self.version.revision != revision or (rows and rows[0][-1] != revision):
            return None
        if query.count and query.cursor is None and query.offset == 0 and len(rows) < values["limit"]:
            total = len(rows)  # the first page has all rows
        elif query.count and total is None:
            total = self._remember_count(key, rows[0][-2]) if rows else await self._count(statements, values)
        if self.version.revision != revision:
            return None
        return build_page(statements.dataset, query, rows, total, revision)

    def _known_count(self, statements: PageStatements, key: tuple[object, ...]) -> int | None:
        """Return the number of rows that a query matches, if it is known for this revision."""
        if statements.is_unfiltered and statements.dataset.name in self.version.totals:
            return self.version.totals[statements.dataset.name]
        return self._counts.get(key)

    def _remember_count(self, key: tuple[object, ...], total: int) -> int:
        if len(self._counts) >= MAX_COUNTS:
            self._counts.clear()
        self._counts[key] = total
        return total

    async def _count(self, statements: PageStatements, values: Values) -> int | None:
        """Return the number of rows that a query matches, or None if a load changed the data meanwhile."""
        key = statements.count_key(values)
        total = self._known_count(statements, key)
        if total is None:
            [(total, revision)] = await self.reader.fetch(statements.count, values)
            if revision != self.version.revision:
                await self.refresh()
                return None
            self._remember_count(key, total)
        return total

    async def fetch(self, key: object, build: Callable[[], sa.Select[Any]], values: Values) -> Rows:
        """Return all rows of a statement, which is compiled once and kept under its key. Raises DatabaseUnavailable."""
        return await self.reader.fetch(self._statement(key, build), values)

    async def fetch_readings(self, dataset: Dataset, row_ids: Sequence[str]) -> dict[str, str]:
        """Return the stored readings of the names of rows, by row id. Raises DatabaseUnavailable."""
        count = 1 << (len(row_ids) - 1).bit_length()  # a power of two, so that few statements are compiled
        statement = self._statement(("names", count), lambda: readings_select(count))
        values = {"dataset": dataset.name, **{f"id{n}": row_ids[min(n, len(row_ids) - 1)] for n in range(count)}}
        return dict(await self.reader.fetch(statement, values))

    async def find_by_id(self, dataset: Dataset, row_id: str, options: Values, today: date) -> VersionedRow | None:
        """Return the rendered row with an id, or None. Raises DatabaseUnavailable."""
        statements = self._item_statements.get(dataset.name)
        if statements is None:
            statements = self._item_statements[dataset.name] = ItemStatements(dataset, self.reader.dialect)
        row = await self.reader.lookup(statements, {**_today_value(dataset, today), **options}, row_id)
        return None if row is None else await self._versioned_row(dataset, row)

    async def find_by_field(
        self, dataset: Dataset, field: str, value: str, options: Values, today: date
    ) -> VersionedRow | None:
        """Return the first rendered row with a value in a field, or None. Raises DatabaseUnavailable."""
        statement = self._statement(("item", dataset.name, field), lambda: _with_revision(item_select(dataset, field)))
        rows = await self.reader.fetch(statement, {**_today_value(dataset, today), **options, "id": value})
        return await self._versioned_row(dataset, rows[0]) if rows else None

    async def _versioned_row(self, dataset: Dataset, row: tuple[Any, ...]) -> VersionedRow:
        if row[-1] != self.version.revision:
            await self.refresh()
        return VersionedRow(complete_row(dataset, row), row[-1])

    async def count(self, dataset: Dataset, query: DatasetQuery, today: date) -> int:
        """Return the number of rows that a query matches. Raises DatabaseUnavailable."""
        statements, values = self.get_page_statements(dataset, query), _bind_query(dataset, query, today)
        return await retry_until_consistent(lambda: self._count(statements, values))

    async def fetch_groups(
        self, dataset: Dataset, query: DatasetQuery, shapes: Sequence[GroupShape], max_groups: int, today: date
    ) -> tuple[list[Rows], str]:
        """Return the rows of several groupings of one query, and the single revision that all were read from.

        Raises DatabaseUnavailable.
        """
        values = _bind_query(dataset, query, today)

        async def attempt() -> tuple[list[Rows], str] | None:
            revision = self.version.revision
            groups = [await self._fetch_grouping(dataset, shape, max_groups, values) for shape in shapes]
            if {rows[0][-1] if rows else None for rows in groups} == {revision}:
                return groups, revision
            await self.refresh()
            # A grouping without rows has no revision: it counts if the revision was the same before and after.
            if revision == self.version.revision and {rows[0][-1] for rows in groups if rows} <= {revision}:
                return groups, revision
            return None

        return await retry_until_consistent(attempt)

    async def _fetch_grouping(self, dataset: Dataset, shape: GroupShape, max_groups: int, values: Values) -> Rows:
        def statement(shape: GroupShape) -> Statement:
            key = ("groups", dataset.name, shape)
            return self._statement(key, lambda: _with_revision(groups_select(dataset, shape, max_groups)))

        try:
            return await self.reader.fetch(statement(shape), values)
        except IntegerOverflow:
            return await self.reader.fetch(statement(replace(shape, split_sums=True)), values)

    async def stream_rows(
        self, dataset: Dataset, query: DatasetQuery, today: date, row_column: str
    ) -> AsyncGenerator[list[bytes], None]:
        """Yield all rows of a query in batches, as JSON (`row_json`) or CSV (`row_csv`). Raises DatabaseUnavailable."""
        statement, values = self._stream_statement(dataset, query, today, row_column, as_bytes)
        async with aclosing(self.reader.stream(statement, values)) as batches:
            async for rows in batches:
                yield (
                    [row[0] for row in rows]
                    if row_column == "row_csv"
                    else [complete_row(dataset, row) for row in rows]
                )

    async def fetch_rows(self, dataset: Dataset, query: DatasetQuery, today: date) -> list[bytes]:
        """Return all rows of a query that has few, as JSON. Raises DatabaseUnavailable.

        Few rows are read sooner at once than in batches, for which the database may need a thread.
        """
        statement, values = self._stream_statement(dataset, query, today, "row_json", as_bytes)
        return [complete_row(dataset, row) for row in await self.reader.fetch(statement, values)]

    async def stream_first_last(
        self, dataset: Dataset, query: DatasetQuery, first_last: FirstLast, today: date
    ) -> AsyncGenerator[list[bytes], None]:
        """Yield the first and last rows of each group of a limited query, in batches. Raises DatabaseUnavailable."""
        shape = query_shape(dataset, query)
        key = ("ends", dataset.name, shape, first_last.group_by, first_last.order_by)
        statement = self._statement(
            key, lambda: first_last_select(dataset, shape, first_last.group_by, first_last.order_by)
        )
        values = {
            **_bind_query(dataset, query, today),
            "limit": query.limit,
            "first": first_last.first,
            "last": first_last.last,
        }
        async with aclosing(self.reader.stream(statement, values)) as batches:
            async for rows in batches:
                yield [row[0] for row in rows]

    def stream_csv(self, dataset: Dataset, query: DatasetQuery, today: date) -> AsyncGenerator[bytes, None]:
        """Return all rows of a query as chunks of CSV lines. Iterating raises DatabaseUnavailable."""
        return self.reader.stream_csv(
            *self._stream_statement(dataset, query, today, "row_csv", self.reader.stream_cast)
        )

    def _stream_statement(
        self, dataset: Dataset, query: DatasetQuery, today: date, row_column: str, cast: Callable[[Any], Any]
    ) -> tuple[Statement, Values]:
        shape = query_shape(dataset, query, row_column)
        limited = query.limit is not None or query.offset > 0
        select = page_select if limited else rows_select
        statement = self._statement(
            ("stream", dataset.name, shape, limited, cast == self.reader.stream_cast),
            lambda: _without_sort_keys(dataset, cast(dataset.table.c[row_column]), select(dataset, shape)),
        )
        limit = 2**63 - 1 if query.limit is None else query.limit
        return statement, {**_bind_query(dataset, query, today), "limit": limit, "offset": query.offset}


def to_data_version(rows: Rows, generation: int = 0) -> DataVersion:
    """Return the version from the rows of `DATA_VERSION_SELECT`, or that of an empty database."""
    revision, loaded_at, totals = rows[0] if rows else (EMPTY_STATE.revision, EMPTY_STATE.loaded_at, EMPTY_STATE.totals)
    return DataVersion(revision, datetime.fromisoformat(loaded_at), json.loads(totals), cache_key(revision, generation))


def cache_key(revision: str, generation: int) -> str:
    """Return what caches compare: see `DataVersion`."""
    return f"{generation}:{revision}"


UNKNOWN_VERSION = to_data_version([])._replace(revision="unknown", cache_key="unknown")
"""The version while the database is missing or is being replaced."""


def _with_revision(select: sa.Select[Any]) -> sa.Select[Any]:
    return select.add_columns(REVISION_COLUMN)


def _without_sort_keys(dataset: Dataset, row: sa.ColumnElement[Any], select: sa.Select[Any]) -> sa.Select[Any]:
    """Return the select with the given row expression and without the sort keys, which only cursors need."""
    computed = dataset.as_of_view.computed if dataset.as_of_view else ()
    computed_columns = list(select.selected_columns)[1 : 1 + len(computed)]
    return select.with_only_columns(row, *computed_columns)


def _today_value(dataset: Dataset, today: date) -> dict[str, str]:
    name = dataset.today_option
    return {name: today.isoformat()} if name else {}


def _bind_query(dataset: Dataset, query: DatasetQuery, today: date) -> dict[str, Any]:
    values = bind_values(dataset, query)
    if name := dataset.today_option:
        values.setdefault(name, today.isoformat())
    return values
