"""Statistics of each dataset for the catalogue: days of change, coverage, file sizes and digests.

They are computed when data is loaded and stored with the revision.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.datasets import DATASETS
from app.db.data_state import DatasetStats, FileStats
from app.db.sql_functions import as_bytes
from app.model.dataset import Dataset
from app.query.params.dataset_query import DatasetQuery
from app.query.sql.select import bind_values, query_shape, rows_select
from app.renderers.tabular.export_spec import ExportSpec
from app.renderers.tabular.writers import TEXT_WRITERS

BATCH_ROWS = 5000
DERIVED_FROM: Mapping[str, tuple[str, ...]] = {"relations": ("documents",), "checks": tuple(DATASETS)}
"""Datasets with values that are computed from rows of other datasets, and which those are."""
_COMPILED_BY = re.compile(rb'"compiled_by":("(?:[^"\\]|\\.)*")')
"""The member of a rendered `source` that names who made the figures. Quotes are escaped in JSON strings."""
Days = Mapping[str, list[str]]
"""Days (ISO 8601) by dataset."""


def compute_dataset_stats(connection: sa.Connection) -> dict[str, DatasetStats]:
    """Return the statistics of every dataset by name."""
    days = _change_days(connection)
    return {
        name: DatasetStats(
            _first_change(days, name),
            _last_change(days, name),
            _coverage(connection, dataset),
            *_file_stats(connection, dataset),
        )
        for name, dataset in DATASETS.items()
    }


def _first_change(days: Days, name: str) -> str | None:
    return min(days[name], default=None)


def _last_change(days: Days, name: str) -> str | None:
    """Return the day of the last change; in doubt a later one: a harvester must not miss a change."""
    source_days = [day for source in DERIVED_FROM.get(name, ()) for day in days[source]]
    return max([*days[name], *source_days]) if days[name] else None


def _change_days(connection: sa.Connection) -> Days:
    """Return the days of the packages that added or changed rows, by dataset.

    The change log has one entry for the first load of an issue, and one for each later change.
    """
    columns = DATASETS["changes"].table.c
    added = sa.select(columns.row_id, sa.func.min(columns.at)).group_by(columns.row_id)
    added = added.where(columns.dataset == "issues", columns.kind == "added")
    loaded_on: dict[str, str] = dict(connection.execute(added).all())
    days: dict[str, list[str]] = defaultdict(list)
    for at, name in connection.execute(sa.select(columns.at, columns.dataset).distinct()).all():
        days[name].append(at)
        days["changes"].append(at)
    for name, dataset in DATASETS.items():
        issues = connection.execute(sa.select(dataset.table.c.row_issue).distinct()).scalars().all()
        # Rows without an issue (areas) came with some package; which one is not recorded.
        days[name] += [loaded_on[issue] for issue in issues if issue in loaded_on]
        if None in issues and not days[name]:
            days[name] += loaded_on.values()
    return days


def _coverage(connection: sa.Connection, dataset: Dataset) -> tuple[str, str] | None:
    """Return the first and last day, month or year of the rows, else of the publication of their issues."""
    columns = [dataset.table.c[name] for name in dataset.coverage_fields]
    bounds = _min_and_max(connection, columns) if columns else []
    if not columns:
        published = DATASETS["issues"].table.c
        issues = sa.select(dataset.table.c.row_issue).distinct()
        bounds = _min_and_max(connection, [published.published_on], published.id.in_(issues))
        # Rows without an issue belong to all issues.
        bounds = bounds or _min_and_max(connection, [published.published_on])
    return (min(bounds), max(bounds)) if bounds else None


def _min_and_max(connection: sa.Connection, columns: list[sa.Column[Any]], *where: sa.ColumnElement[bool]) -> list[str]:
    """Return the smallest and greatest values of the columns, without nulls."""
    expressions = [function(column) for column in columns for function in (sa.func.min, sa.func.max)]
    values = connection.execute(sa.select(*expressions).where(*where)).one()
    return [str(value) for value in values if value is not None]


def _file_stats(connection: sa.Connection, dataset: Dataset) -> tuple[dict[str, FileStats], tuple[str, ...]]:
    """Return size and digest of each file whose bytes depend on the data alone, and who made the figures in it.

    The files are made by the writers that serve them.
    """
    if dataset.as_of_view and dataset.as_of_view.today_option:
        return {}, ()
    query = DatasetQuery(sort=dataset.default_sort)
    writers = {name: write(ExportSpec(dataset)) for name, write in TEXT_WRITERS.items()}
    columns = [as_bytes(dataset.table.c[writer.row_column]) for writer in writers.values()]
    select = rows_select(dataset, query_shape(dataset, query)).with_only_columns(*columns)
    digests = {name: hashlib.sha256(writer.render_header()) for name, writer in writers.items()}
    sizes = {name: len(writer.render_header()) for name, writer in writers.items()}
    rows = connection.execute(select, bind_values(dataset, query), execution_options={"yield_per": BATCH_ROWS})
    makers: set[bytes] = set()
    for batch in rows.partitions():
        for (name, writer), column in zip(writers.items(), zip(*batch, strict=True), strict=True):
            chunk = writer.render_rows(column)
            digests[name].update(chunk)
            sizes[name] += len(chunk)
            makers.update(_COMPILED_BY.findall(chunk) if name == "ndjson" else ())
    files = {name: FileStats(sizes[name], digests[name].hexdigest()) for name in writers}
    return files, tuple(sorted(json.loads(maker) for maker in makers))
