"""The statements for pages of one query shape and for single rows. Each is compiled when it is first needed."""

from functools import cached_property
from typing import Any

import sqlalchemy as sa

from app.db.data_state import REVISION_COLUMN
from app.db.reader import Statement, Values, compile_statement
from app.model.dataset import Dataset
from app.query.sql.select import QueryShape, count_select, item_select, items_select, late_lookup_select


class PageStatements:
    """The statements of a query shape. The last column of each is the revision of the data."""

    def __init__(
        self, dataset: Dataset, shape: QueryShape, count_shape: QueryShape, dialect: sa.Dialect, row_locator: str
    ) -> None:
        self.dataset = dataset
        self.shape = shape
        self.count_shape = count_shape
        self.row_locator = row_locator
        self._dialect = dialect
        self.is_unfiltered = not (
            count_shape.conditions or count_shape.options or count_shape.filter or count_shape.has_fulltext
        )
        """Whether the query matches all rows, so that the number of all rows is its count."""

    @cached_property
    def page(self) -> Statement:
        """Return the statement for the rows of a page."""
        return self._compile(late_lookup_select(self.dataset, self.shape, self.row_locator, REVISION_COLUMN))

    @cached_property
    def page_with_count(self) -> Statement:
        """Return the statement for the rows of a page; the last column but one is the number of matching rows."""
        count = count_select(self.dataset, self.count_shape).correlate(None).scalar_subquery()
        return self._compile(late_lookup_select(self.dataset, self.shape, self.row_locator, count, REVISION_COLUMN))

    @cached_property
    def count(self) -> Statement:
        """Return the statement for the number of matching rows alone."""
        return self._compile(count_select(self.dataset, self.count_shape).add_columns(REVISION_COLUMN))

    def count_key(self, values: Values) -> tuple[object, ...]:
        """Return the key under which a count is remembered: the SQL of its statement and the bound values."""
        return (self.count.sql, *self.count.arguments(values))

    def _compile(self, select: sa.Select[Any]) -> Statement:
        return compile_statement(select, self._dialect)


class ItemStatements:
    """The statements that find rows of a dataset by id. The last column of each is the revision of the data."""

    def __init__(self, dataset: Dataset, dialect: sa.Dialect) -> None:
        self.dataset = dataset
        self._dialect = dialect

    @cached_property
    def by_id(self) -> Statement:
        """Return the statement for the row with an `id`."""
        return compile_statement(item_select(self.dataset).add_columns(REVISION_COLUMN), self._dialect)

    @cached_property
    def by_ids(self) -> Statement:
        """Return the statement for the rows with a list of `ids`; the id is the first column."""
        return compile_statement(items_select(self.dataset).add_columns(REVISION_COLUMN), self._dialect)
