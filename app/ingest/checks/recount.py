"""Recount every row of `checks` after a load, the checks across issues included.

A check that an issue once had stays: when the issue, read again, does not declare its number any more, or when a
figure that it compares is gone, it fails.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.datasets import DATASETS
from app.datasets.checks import Check, CheckStatus
from app.ingest.acknowledgements import (
    Acknowledgement,
    Acknowledgements,
    acknowledge,
    parse_acknowledgement,
    reject_unknown_checks,
)
from app.ingest.checks.rules import evaluate_check
from app.ingest.checks.sequence import indicator_of, is_sequence_check, sequence_checks
from app.ingest.id_assignment import COUNTED_ID
from app.ingest.merge import Difference
from app.ingest.package_reader import Package
from app.ingest.row_writer import write_difference
from app.ingest.stored_rows import issue_of
from app.model.rows import Record, from_json, in_field_order, to_json

LOST = "can no longer be counted: not found when the issue was read again"
"""The detail of a check that the last reading of its issue did not find."""


@dataclass(slots=True)
class Recount:
    """What a load does to the checks: the ids that changed, and the checks that it makes impossible to count.

    `lost` holds them as they were before.
    """

    changed: list[str] = field(default_factory=list)
    lost: list[Record] = field(default_factory=list)


def recount_all(connection: sa.Connection) -> list[Record]:
    """Recount every check; nothing is written."""
    stored = read_checks(connection)
    sequences = sequence_checks(connection)
    declared = [_evaluate(connection, check) for check in stored if not is_sequence_check(check)]
    gone = [_lose(check) for check in stored if is_sequence_check(check) and check["id"] not in sequences]
    known = read_stored_acknowledgements(connection)
    return [acknowledge(check, known.get(check["id"])) for check in (*declared, *sequences.values(), *gone)]


def read_checks(connection: sa.Connection) -> list[Record]:
    """Return every check as it was last counted, ordered by issue and line."""
    table = DATASETS["checks"].table
    rows = connection.execute(sa.select(table.c.row_json).order_by(table.c.row_issue, table.c.row_line, table.c.id))
    return [from_json(text) for text in rows.scalars()]


def read_stored_acknowledgements(connection: sa.Connection) -> dict[str, Acknowledgement]:
    """Return the acknowledgements by the id of the check."""
    columns = DATASETS["checks"].table.c
    select = sa.select(columns.id, columns.row_acknowledgement).where(columns.row_acknowledgement.is_not(None))
    return {key: parse_acknowledgement(text) for key, text in connection.execute(select).all()}


def recount_after_load(
    connection: sa.Connection,
    package: Package,
    acknowledgements: Acknowledgements | None = None,
    indicators: Iterable[str] = (),
) -> Recount:
    """Store the package's declared numbers and recount all checks; `indicators` are those whose figures changed.

    `acknowledgements` replace those of the package's issues; without them, the stored ones stay. Raises PackageError
    when they name a check that does not exist.
    """
    dataset = DATASETS["checks"]
    stored = {check["id"]: check for check in read_checks(connection)}
    declared = {key: row for key, row in stored.items() if not is_sequence_check(row)}
    names: dict[str, str] = {}
    missing: set[str] = set()
    if "checks" in package.tables:
        rows = package.tables["checks"].rows
        issues = {*package.issue_ids, *map(issue_of, rows.values())}
        before = {key: row for key, row in declared.items() if issue_of(row) in issues}
        names = assign_check_ids(rows, before, stored)
        missing = {key for key in before.keys() - names.values() if issue_of(before[key]) in package.issue_ids}
        declared |= {names[key]: in_field_order(dataset, row | {"id": names[key]}) for key, row in rows.items()}
    counted = {key: _lose(check) if key in missing else _evaluate(connection, check) for key, check in declared.items()}
    sequences = _recount_sequences(connection, package, stored, indicators)
    gone = {key for key, row in stored.items() if is_sequence_check(row) and key not in sequences}
    counted |= sequences | {key: _lose(stored[key]) for key in gone}
    known = read_stored_acknowledgements(connection)
    if acknowledgements is not None:
        replacing = {names.get(key, key): each for key, each in acknowledgements.items()}
        reject_unknown_checks(replacing, counted)
        known = {key: each for key, each in known.items() if issue_of(counted[key]) not in package.issue_ids}
        known |= replacing
    counted = {key: acknowledge(row, known.get(key)) for key, row in counted.items()}
    difference = Difference(
        dataset,
        added={key: row for key, row in counted.items() if key not in stored},
        changed={
            key: (stored[key], row)
            for key, row in counted.items()
            if key in stored and to_json(in_field_order(dataset, row)) != to_json(stored[key])
        },
    )
    write_difference(connection, difference)
    _store_acknowledgements(connection, known)
    lost = [stored[key] for key in sorted(missing | gone, key=_natural_order) if not is_lost(stored[key])]
    return Recount([*difference.added, *difference.changed], lost)


def add_acknowledgements(connection: sa.Connection, acknowledgements: Acknowledgements) -> None:
    """Store acknowledgements of checks that exist and have none; nothing is counted."""
    dataset = DATASETS["checks"]
    stored = {check["id"]: check for check in read_checks(connection)}
    known = read_stored_acknowledgements(connection)
    new = {key: each for key, each in acknowledgements.items() if key in stored and key not in known}
    changed = {key: (stored[key], acknowledge(stored[key], each)) for key, each in new.items()}
    write_difference(connection, Difference(dataset, changed=changed))
    _store_acknowledgements(connection, known | new)


def assign_check_ids(rows: Mapping[str, Record], before: Mapping[str, Record], stored: Iterable[str]) -> dict[str, str]:
    """Return the id of each declared check of a package by its id in the package.

    A parser numbers the checks that it finds. A check that the issue already had keeps its id, recognised by rule and
    subject, else by one of them; a new one gets an id that no check ever had.
    """
    assigned: dict[str, str] = {}
    same: list[Callable[[Record], Hashable]] = [
        lambda row: (row["id"], row.get("rule"), row.get("subject")),
        lambda row: (row.get("rule"), row.get("subject")),
        lambda row: row.get("rule"),
        lambda row: row.get("subject"),
    ]
    for identify in same:
        left: dict[Hashable, list[str]] = defaultdict(list)
        used = set(assigned.values())
        for key in sorted(before.keys() - used, key=_natural_order):
            left[identify(before[key])].append(key)
        for key, row in rows.items():
            if key not in assigned and (found := left.get(identify({"id": key, **row}))):
                assigned[key] = found.pop(0)
    taken = {*stored, *assigned.values()}
    for key, row in rows.items():
        if key not in assigned:
            assigned[key] = key if key not in taken else _next_id(f"{issue_of(row)}.", taken)
            taken.add(assigned[key])
    return {key: assigned[key] for key in rows}


def _natural_order(key: str) -> tuple[str, int]:
    match = COUNTED_ID.fullmatch(key)
    return (match[1], int(match[2])) if match else (key, 0)


def _next_id(start: str, taken: Iterable[str]) -> str:
    numbers = [number for base, number in map(_natural_order, taken) if base == start]
    return f"{start}{max(numbers, default=0) + 1}"


def is_lost(check: Record) -> bool:
    """Tell whether a check could not be counted any more when its issue was last read."""
    return check["counted"] is None and check["detail"] == LOST


def _lose(check: Record) -> Record:
    return check | {"counted": None, "status": CheckStatus.failed.value, "detail": LOST}


def _evaluate(connection: sa.Connection, check: Record) -> Record:
    """Return the check with its current count; a lost one stays lost until its issue declares it again."""
    return check if is_lost(check) else evaluate_check(connection, check)


def _store_acknowledgements(connection: sa.Connection, known: Mapping[str, Acknowledgement]) -> None:
    table = DATASETS["checks"].table
    stored = read_stored_acknowledgements(connection)
    for key in sorted(stored.keys() | known.keys()):
        if stored.get(key) != known.get(key):
            text = known[key].dump() if key in known else None
            connection.execute(sa.update(Check).where(table.c.id == key).values(row_acknowledgement=text))


def _recount_sequences(
    connection: sa.Connection, package: Package, stored: Mapping[str, Record], indicators: Iterable[str]
) -> dict[str, Record]:
    """Return the checks across issues, recounted for the indicators that the package touches."""
    figures = package.tables["observations"].rows.values() if "observations" in package.tables else ()
    touched = {*indicators, *(key for row in figures if isinstance(key := row.get("indicator_id"), str))}
    touched |= {key for row in stored.values() if issue_of(row) in package.issue_ids and (key := indicator_of(row))}
    kept = {key: row for key, row in stored.items() if (indicator := indicator_of(row)) and indicator not in touched}
    return kept | sequence_checks(connection, touched)
