"""Build the SELECTs of a dataset's permanent addresses and of the day on which each row last changed."""

from typing import Any

import sqlalchemy as sa

from app.datasets.changes import Change
from app.model.dataset import Dataset


def permalinks_select(dataset: Dataset) -> sa.Select[Any]:
    """Select id and publication day of every row, ordered by id."""
    columns = dataset.table.c
    return sa.select(columns.id, columns.published_on).order_by(columns.id)


def last_changes_select(dataset: Dataset) -> sa.Select[Any]:
    """Select id and day of the last change of every row that was ever changed."""
    columns = Change.__table__.c  # type: ignore[attr-defined]  # SQLModel sets it on tables
    last = sa.func.max(columns["at"])
    return sa.select(columns.row_id, last).where(columns.dataset == dataset.name).group_by(columns.row_id)
