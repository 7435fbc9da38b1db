"""Keep the ids of published rows: an id names one fact for good, however the text is read later.

Ids of commitments, relations and water targets end in a number of the row in its provision, document or section. A
reading that finds more rows must not move these numbers. A row that was published keeps its id; a new row takes the
next free number.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import count
from typing import Any

import sqlalchemy as sa

from app.datasets import DATASETS
from app.ingest.id_renaming import RenamedIds, rename_rows
from app.ingest.package_reader import Package
from app.ingest.stored_rows import read_stored_rows
from app.model.rows import Record

FACT_FIELDS: Mapping[str, Sequence[Sequence[str]]] = {
    "commitments": (
        ("kind", "comparator", "value", "value_to", "unit", "due_from", "due_to", "subject_zh"),
        ("comparator", "value", "value_to", "unit", "due_from", "due_to"),
        ("value", "value_to", "unit"),
        ("value", "due_from", "due_to"),
    ),
    "relations": (("target_number", "target_title"), ("target_number",), ("target_title",)),
    "water-targets": (
        ("year_from", "year_to", "target_class", "commitment", "provision_id"),
        ("year_from", "target_class", "commitment"),
        ("target_class", "commitment"),
    ),
}
"""What tells a row from the others with the same beginning of the id. The first fields are compared first; the later
ones find a row whose reading was mended. Rows without any of these values are not compared."""


def find_published_ids(
    dataset: str,
    rows: Mapping[str, Mapping[str, Any]],
    published: Mapping[str, Mapping[str, Any]],
    retired: Iterable[str] = (),
) -> dict[str, str]:
    """Return the ids that change, from the id of a new reading to the published or the next free one.

    `retired` are ids of rows that were removed. A row that the reading itself numbers so is taken for the removed one
    that came back; no other row gets such an id.
    """
    retired = set(retired)
    new_by_base, old_by_base = _by_base(rows), _by_base([*published, *retired])
    changed: dict[str, str] = {}
    for base, keys in new_by_base.items():
        old_keys = old_by_base.get(base, [])
        if not old_keys:
            continue
        old_rows = {key: published[key] for key in old_keys if key in published}
        assigned = _match(dataset, {key: rows[key] for key in keys}, old_rows)
        free = count(max(_number_of(key) for key in old_keys) + 1)
        for key in keys:
            comes_back = key in retired and key not in published
            own = assigned.get(key) or (key if comes_back else f"{base}.{next(free)}")
            if own != key:
                changed[key] = own
    return changed


def keep_published_ids(package: Package, published: Package) -> Package:
    """Return a new reading of an issue with the ids that a published package has."""
    names: RenamedIds = {}
    for name in FACT_FIELDS:
        if name in package.tables and name in published.tables:
            changed = find_published_ids(name, package.tables[name].rows, published.tables[name].rows)
            names |= {name: changed} if changed else {}
    return rename_rows(package, names)


def rows_with_published_ids(rows: Mapping[str, list[Record]], published: Package) -> dict[str, list[Record]]:
    """Return the rows of a new reading by dataset, with the ids that a published package has."""
    kept = dict(rows)
    for name in FACT_FIELDS:
        if name in rows and name in published.tables:
            changed = find_published_ids(name, {row["id"]: row for row in rows[name]}, published.tables[name].rows)
            kept[name] = [row | {"id": changed.get(row["id"], row["id"])} for row in rows[name]]
    return kept


def keep_stored_ids(connection: sa.Connection, package: Package) -> tuple[Package, RenamedIds]:
    """Return a new reading of issues with the ids that the database has, and the ids that changed."""
    names: RenamedIds = {}
    for name in FACT_FIELDS:
        if name in package.tables:
            stored = read_stored_rows(connection, DATASETS[name], (), package.issue_ids)
            changed = find_published_ids(name, package.tables[name].rows, stored, _read_retired(connection, name))
            names |= {name: changed} if changed else {}
    return rename_rows(package, names), names


def _read_retired(connection: sa.Connection, dataset: str) -> Iterator[str]:
    columns = DATASETS["changes"].table.c
    removed = sa.select(columns.row_id).where(columns.dataset == dataset, columns.kind == "removed")
    return iter(connection.execute(removed).scalars())


def _match(
    dataset: str, rows: Mapping[str, Mapping[str, Any]], published: Mapping[str, Mapping[str, Any]]
) -> dict[str, str]:
    """Return the published id of each row that is among the published ones."""
    assigned: dict[str, str] = {}
    left = dict(published)
    for fields in FACT_FIELDS[dataset]:
        by_fact: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for key, row in left.items():
            by_fact[_fact(row, fields)].append(key)
        for key, row in rows.items():
            fact = _fact(row, fields)
            if key not in assigned and any(fact) and by_fact[fact]:
                assigned[key] = by_fact[fact].pop(0)
                del left[assigned[key]]
    return assigned


def _fact(row: Mapping[str, Any], fields: Sequence[str]) -> tuple[str, ...]:
    return tuple(_comparable(row.get(field)) for field in fields)


def _comparable(value: Any) -> str:
    if isinstance(value, (int, float, Decimal)):
        return format(Decimal(str(value)).normalize(), "f")
    return "" if value is None else str(value)


def _by_base(keys: Iterable[str]) -> dict[str, list[str]]:
    """Return numbered ids by what stands before the number, in the order given."""
    found: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        base, _, number = key.rpartition(".")
        if base and number.isdigit():
            found[base].append(key)
    return found


def _number_of(key: str) -> int:
    return int(key.rpartition(".")[2])
