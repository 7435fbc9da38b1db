"""The permanent addresses of a dataset's rows, and when each of them last changed."""

from typing import Any

import sqlalchemy as sa

from app.datasets.changes import Change
from app.model.dataset import Dataset


def permanent_select(dataset: Dataset) -> sa.Select[Any]:
    """Id and day of publication of every row, in the order of the ids."""
    columns = dataset.table.c
    return sa.select(columns.id, columns.published_on).order_by(columns.id)


def changed_select(dataset: Dataset) -> sa.Select[Any]:
    """Id and last day of change of every row that was ever changed."""
    columns = Change.__table__.c  # type: ignore[attr-defined]  # SQLModel sets it on tables
    last = sa.func.max(columns["at"])
    return sa.select(columns.row_id, last).where(columns.dataset == dataset.name).group_by(columns.row_id)
