"""The rows of `checks`: taken in, counted again after every load, with those across issues."""

import sqlalchemy as sa

from app.datasets import DATASETS
from app.ingest.checks.rules import recount
from app.ingest.checks.sequence import indicator_of, is_sequence, sequence_checks
from app.ingest.merge import Difference
from app.ingest.package_reader import Package
from app.ingest.row_writer import write
from app.ingest.stored_rows import issue_of
from app.model.rows import Record, from_json, ordered, to_json


def recount_all(connection: sa.Connection) -> list[Record]:
    """Every check, counted again; nothing is written."""
    declared = [recount(connection, check) for check in all_checks(connection) if not is_sequence(check)]
    return [*declared, *sequence_checks(connection).values()]


def all_checks(connection: sa.Connection) -> list[Record]:
    """Every check as it was counted last, in the order of issues and lines."""
    table = DATASETS["checks"].table
    rows = connection.execute(sa.select(table.c.row_json).order_by(table.c.row_issue, table.c.row_line, table.c.id))
    return [from_json(text) for text in rows.scalars()]


def recount_with(connection: sa.Connection, package: Package) -> list[str]:
    """Take in the package's declared numbers and count all checks again; the ids of those that changed."""
    dataset = DATASETS["checks"]
    stored = {check["id"]: check for check in all_checks(connection)}
    wanted = {key: row for key, row in stored.items() if not is_sequence(row)}
    if "checks" in package.tables:
        wanted = {key: row for key, row in wanted.items() if issue_of(row) not in package.issue_ids}
        wanted |= {key: ordered(dataset, row) for key, row in package.tables["checks"].rows.items()}
    counted = {key: recount(connection, check) for key, check in wanted.items()}
    counted |= _in_sequence(connection, package, stored)
    difference = Difference(
        dataset,
        added={key: row for key, row in counted.items() if key not in stored},
        changed={
            key: (stored[key], row)
            for key, row in counted.items()
            if key in stored and to_json(ordered(dataset, row)) != to_json(stored[key])
        },
        removed={key: row for key, row in stored.items() if key not in counted},
    )
    write(connection, difference)
    return [*difference.added, *difference.changed, *difference.removed]


def _in_sequence(connection: sa.Connection, package: Package, stored: dict[str, Record]) -> dict[str, Record]:
    """The checks across issues: counted anew where the package has figures, as they were elsewhere."""
    figures = package.tables["observations"].rows.values() if "observations" in package.tables else ()
    touched = {key for row in figures if isinstance(key := row.get("indicator_id"), str)}
    touched |= {key for row in stored.values() if issue_of(row) in package.issue_ids and (key := indicator_of(row))}
    kept = {key: row for key, row in stored.items() if (own := indicator_of(row)) and own not in touched}
    return kept | sequence_checks(connection, touched)
