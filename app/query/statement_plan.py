"""How the database is asked for pages of one shape, and for a row: compiled when first needed, then only bound."""

from functools import cached_property
from typing import Any

import sqlalchemy as sa

from app.db.data_state import REVISION
from app.db.reader import Statement, Values, compile_statement
from app.model.dataset import Dataset
from app.query.sql.select import Shape, bytes_select, count_select, item_select, items_select


class Plan:
    """The statements of a shape; each row ends in the data's revision."""

    def __init__(self, dataset: Dataset, shape: Shape, counting: Shape, dialect: sa.Dialect, address: str) -> None:
        self.dataset = dataset
        self.shape = shape
        self.counting = counting
        self.address = address
        self._dialect = dialect
        self.whole = not (counting.conditions or counting.options or counting.filter or counting.searched)
        """Whether the question narrows nothing, so that the number of all rows is its count."""

    @cached_property
    def page(self) -> Statement:
        """The rows of a page."""
        return self._compiled(bytes_select(self.dataset, self.shape, self.address, REVISION))

    @cached_property
    def counted(self) -> Statement:
        """The rows of a page, and before the revision how many rows the question matches."""
        count = count_select(self.dataset, self.counting).correlate(None).scalar_subquery()
        return self._compiled(bytes_select(self.dataset, self.shape, self.address, count, REVISION))

    @cached_property
    def count(self) -> Statement:
        """Only how many rows the question matches."""
        return self._compiled(count_select(self.dataset, self.counting).add_columns(REVISION))

    def count_key(self, values: Values) -> tuple[object, ...]:
        """What tells the count of a question from others: text and values of its statement."""
        return (self.count.sql, *self.count.arguments(values))

    def _compiled(self, select: sa.Select[Any]) -> Statement:
        return compile_statement(select, self._dialect)


class ItemPlan:
    """How a row of a dataset is found by its id; each row ends in the data's revision."""

    def __init__(self, dataset: Dataset, dialect: sa.Dialect) -> None:
        self.dataset = dataset
        self._dialect = dialect

    @cached_property
    def one(self) -> Statement:
        """The row of an `id`."""
        return compile_statement(item_select(self.dataset).add_columns(REVISION), self._dialect)

    @cached_property
    def several(self) -> Statement:
        """The rows of a list of `ids`, each with its id before the rest."""
        return compile_statement(items_select(self.dataset).add_columns(REVISION), self._dialect)
