"""Recount every row of `checks` after a load, the checks across issues included."""

import sqlalchemy as sa

from app.datasets import DATASETS
from app.ingest.checks.rules import evaluate_check
from app.ingest.checks.sequence import indicator_of, is_sequence_check, sequence_checks
from app.ingest.merge import Difference
from app.ingest.package_reader import Package
from app.ingest.row_writer import write_difference
from app.ingest.stored_rows import issue_of
from app.model.rows import Record, from_json, in_field_order, to_json


def recount_all(connection: sa.Connection) -> list[Record]:
    """Recount every check; nothing is written."""
    declared = [evaluate_check(connection, check) for check in read_checks(connection) if not is_sequence_check(check)]
    return [*declared, *sequence_checks(connection).values()]


def read_checks(connection: sa.Connection) -> list[Record]:
    """Return every check as it was last counted, ordered by issue and line."""
    table = DATASETS["checks"].table
    rows = connection.execute(sa.select(table.c.row_json).order_by(table.c.row_issue, table.c.row_line, table.c.id))
    return [from_json(text) for text in rows.scalars()]


def recount_after_load(connection: sa.Connection, package: Package) -> list[str]:
    """Store the package's declared numbers and recount all checks; return the ids of the checks that changed."""
    dataset = DATASETS["checks"]
    stored = {check["id"]: check for check in read_checks(connection)}
    declared = {key: row for key, row in stored.items() if not is_sequence_check(row)}
    if "checks" in package.tables:
        declared = {key: row for key, row in declared.items() if issue_of(row) not in package.issue_ids}
        declared |= {key: in_field_order(dataset, row) for key, row in package.tables["checks"].rows.items()}
    counted = {key: evaluate_check(connection, check) for key, check in declared.items()}
    counted |= _recount_sequences(connection, package, stored)
    difference = Difference(
        dataset,
        added={key: row for key, row in counted.items() if key not in stored},
        changed={
            key: (stored[key], row)
            for key, row in counted.items()
            if key in stored and to_json(in_field_order(dataset, row)) != to_json(stored[key])
        },
        removed={key: row for key, row in stored.items() if key not in counted},
    )
    write_difference(connection, difference)
    return [*difference.added, *difference.changed, *difference.removed]


def _recount_sequences(connection: sa.Connection, package: Package, stored: dict[str, Record]) -> dict[str, Record]:
    """Return the checks across issues, recounted for the indicators that the package touches."""
    figures = package.tables["observations"].rows.values() if "observations" in package.tables else ()
    touched = {key for row in figures if isinstance(key := row.get("indicator_id"), str)}
    touched |= {key for row in stored.values() if issue_of(row) in package.issue_ids and (key := indicator_of(row))}
    kept = {key: row for key, row in stored.items() if (indicator := indicator_of(row)) and indicator not in touched}
    return kept | sequence_checks(connection, touched)
