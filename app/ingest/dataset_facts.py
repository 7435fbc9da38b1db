"""What a catalogue says of each dataset's data, found out when data is loaded: days, coverage, sizes, digests."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.datasets import DATASETS
from app.db.data_state import Facts, FileFacts
from app.db.sql_functions import as_bytes
from app.model.dataset import Dataset
from app.query.params.dataset_query import Ask
from app.query.sql.select import bind, rows_select, shape_of
from app.renderers.tabular.formats import Plan
from app.renderers.tabular.writers import TEXT_WRITERS

BATCH = 5000
FOLLOWING: Mapping[str, tuple[str, ...]] = {"relations": ("documents",), "checks": tuple(DATASETS)}
"""Datasets some of whose values follow from rows of others, when those come: held targets, counts."""
Days = dict[str, list[str]]


def facts_of(connection: sa.Connection) -> dict[str, Facts]:
    """The facts of every dataset."""
    days = _days(connection)
    return {
        name: Facts(_first(days, name), _last(days, name), _covers(connection, dataset), _files(connection, dataset))
        for name, dataset in DATASETS.items()
    }


def _first(days: Days, name: str) -> str | None:
    return min(days[name], default=None)


def _last(days: Days, name: str) -> str | None:
    """The last change, in doubt too late: one too early would hide a change from those who ask since when."""
    followed = [day for known in FOLLOWING.get(name, ()) for day in days[known]]
    return max([*days[name], *followed]) if days[name] else None


def _days(connection: sa.Connection) -> Days:
    """The days of the packages that brought rows of each dataset or changed them.

    The log has one entry for all that the first load of an issue brought, and one for each later change.
    """
    columns = DATASETS["changes"].table.c
    added = sa.select(columns.row_id, sa.func.min(columns.at)).group_by(columns.row_id)
    added = added.where(columns.dataset == "issues", columns.kind == "added")
    arrived: dict[str, str] = dict(connection.execute(added).all())
    days: Days = defaultdict(list)
    for at, name in connection.execute(sa.select(columns.at, columns.dataset).distinct()).all():
        days[name].append(at)
        days["changes"].append(at)
    for name, dataset in DATASETS.items():
        issues = connection.execute(sa.select(dataset.table.c.row_issue).distinct()).scalars().all()
        # Rows of no issue in particular, like areas, came with some package: none says which.
        days[name] += [arrived[issue] for issue in issues if issue in arrived]
        if None in issues and not days[name]:
            days[name] += arrived.values()
    return days


def _covers(connection: sa.Connection, dataset: Dataset) -> tuple[str, str] | None:
    """The first and last of what the rows are about, or of the days on which their issues appeared."""
    columns = [dataset.table.c[name] for name in dataset.covers]
    found = _bounds(connection, columns) if columns else []
    if not columns:
        published = DATASETS["issues"].table.c
        held = sa.select(dataset.table.c.row_issue).distinct()
        found = _bounds(connection, [published.published_on], published.id.in_(held))
        # Rows of no issue in particular are served beside all of them.
        found = found or _bounds(connection, [published.published_on])
    return (min(found), max(found)) if found else None


def _bounds(connection: sa.Connection, columns: list[sa.Column[Any]], *where: sa.ColumnElement[bool]) -> list[str]:
    """The least and greatest values of some columns, as far as there are any."""
    bounds = [bound(column) for column in columns for bound in (sa.func.min, sa.func.max)]
    values = connection.execute(sa.select(*bounds).where(*where)).one()
    return [str(value) for value in values if value is not None]


def _files(connection: sa.Connection, dataset: Dataset) -> dict[str, FileFacts]:
    """Sizes and digests of the files whose bytes depend on the data alone, by the writers that serve them."""
    if dataset.perspective and dataset.perspective.today:
        return {}
    ask = Ask(sort=dataset.default_sort)
    writers = {name: write(Plan(dataset)) for name, write in TEXT_WRITERS.items()}
    forms = [as_bytes(dataset.table.c[writer.form]) for writer in writers.values()]
    select = rows_select(dataset, shape_of(dataset, ask)).with_only_columns(*forms)
    digests = {name: hashlib.sha256(writer.head()) for name, writer in writers.items()}
    sizes = {name: len(writer.head()) for name, writer in writers.items()}
    rows = connection.execute(select, bind(dataset, ask), execution_options={"yield_per": BATCH})
    for batch in rows.partitions():
        for (name, writer), column in zip(writers.items(), zip(*batch, strict=True), strict=True):
            piece = writer.piece(column)
            digests[name].update(piece)
            sizes[name] += len(piece)
    return {name: FileFacts(sizes[name], digests[name].hexdigest()) for name in writers}
