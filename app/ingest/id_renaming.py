"""Give a package's rows new ids where rows of another issue have them, and update what refers to these ids.

The rules are in `id_assignment`. A new id also changes the references to it inside the package, and
the ids that are built from it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.datasets import DATASETS
from app.ingest.corrections import Errata
from app.ingest.id_assignment import COUNTED_ID, RowIdentity, assign_ids
from app.ingest.package_reader import COMPUTED_DATASETS, Package, PackageTable
from app.ingest.stored_rows import chunk_ids, issue_of
from app.model.dataset import Dataset
from app.model.rows import Record
from app.parser.text.document_numbers import normalise_number
from app.parser.text.slugs import unique_id

RenamedIds = dict[str, dict[str, str]]
"""The ids that changed, by dataset: from the package's id to the assigned one."""
FIXED_ID_DATASETS = ("issues", *COMPUTED_DATASETS)
"""Datasets whose ids are the issue's, or start with it; they never collide."""
RULE_CONDITION = re.compile(r"(?<=[?&])(\w+)=([^&#\s]+)")
"""A condition in a check's rule: `document_id=wenzhengban-2021-28`."""
REFERENCED_DATASETS = {spec.name: spec.info.references for each in DATASETS.values() for spec in each.stored_fields}


def assign_package_ids(connection: sa.Connection, package: Package) -> tuple[Package, RenamedIds]:
    """Return the package with assigned ids, and the ids that changed; nothing is written.

    Corrections must be applied before, because they use the ids of the package. The package given is not modified.
    """
    names: RenamedIds = {}
    for name, dataset in DATASETS.items():  # a dataset stands after those that its ids are built from
        if dataset.shared or name in FIXED_ID_DATASETS or name not in package.tables:
            continue
        if changed := dict(_assign_dataset_ids(connection, package, dataset, names)):
            names[name] = changed
    return rename_rows(package, names), names


def rename_rows(package: Package, names: RenamedIds) -> Package:
    """Return the package with other ids and the references to them. The package given is not modified."""
    if not names:
        return package
    tables = {name: _rename_table(table, names) for name, table in package.tables.items()}
    return replace(package, tables=tables)


def rename_corrections(errata: Errata, names: RenamedIds) -> Errata:
    """Return the corrections by the assigned ids of their rows."""
    return {(name, names.get(name, {}).get(key, key)): replaced for (name, key), replaced in errata.items()}


def _assign_dataset_ids(
    connection: sa.Connection, package: Package, dataset: Dataset, names: RenamedIds
) -> Iterator[tuple[str, str]]:
    rows = package.tables[dataset.name].rows
    taken: dict[str, int] = {}
    package_ids = {key: unique_id(_derived_id(dataset, key, row, names), taken) for key, row in rows.items()}
    identities = {
        package_ids[key]: _row_identity(dataset, _rename_references(dataset, row, names)) for key, row in rows.items()
    }
    assigned = _assign_free_ids(connection, dataset, identities, package.issue_ids)
    return ((key, assigned[package_ids[key]]) for key in rows if assigned[package_ids[key]] != key)


def _assign_free_ids(
    connection: sa.Connection, dataset: Dataset, rows: Mapping[str, RowIdentity], issues: list[str]
) -> dict[str, str]:
    """Return the assigned ids. Every id is looked up in the database before it is assigned."""
    columns = dataset.table.c
    stored = _stored_identities(connection, dataset, columns.row_issue, issues)
    stored |= _stored_identities(connection, dataset, columns.id, rows)
    looked_up = set(rows)
    while True:
        assigned = assign_ids(rows, stored, issues)
        new = [key for key in assigned.values() if key not in looked_up]
        if not new:
            return assigned
        stored |= _stored_identities(connection, dataset, columns.id, new)
        looked_up.update(new)


def _stored_identities(
    connection: sa.Connection, dataset: Dataset, column: sa.ColumnElement[Any], values: Iterable[str]
) -> dict[str, RowIdentity]:
    columns = dataset.table.c
    identifying = [
        columns[name] for name in ("document_number", "title", "signed_on", "document_id") if name in columns
    ]
    select = sa.select(columns.id, columns.row_issue, *identifying)
    identities = {}
    for chunk in chunk_ids(values):
        for row in connection.execute(select.where(column.in_(chunk))).mappings():
            identities[row["id"]] = _row_identity(dataset, {**row, "source": {"issue_id": row["row_issue"]}})
    return identities


def _row_identity(dataset: Dataset, row: Mapping[str, Any]) -> RowIdentity:
    issue = issue_of(row)
    document = _document_key(row) if dataset.name == "documents" else row.get("document_id")
    return RowIdentity(issue, document or str(issue))


def _document_key(row: Mapping[str, Any]) -> str | None:
    """Return what identifies a document in every issue: its number, else title and day of signature, else None."""
    number, signed = row.get("document_number"), row.get("signed_on")
    if isinstance(number, str):
        return normalise_number(number)
    day = signed.isoformat() if isinstance(signed, date) else signed
    return f"{row.get('title')} {day}" if day else None


def _derived_id(dataset: Dataset, key: str, row: Record, names: RenamedIds) -> str:
    """Return a row's id, built anew when the id it starts with has changed: `yongzhong-2.2021.1`."""
    for spec in dataset.stored_fields if names else ():
        changed, old = names.get(spec.info.references or "", {}), row.get(spec.name)
        if isinstance(old, str) and old in changed and key.startswith(f"{old}."):
            return changed[old] + key.removeprefix(old)
    return key


def _rename_table(table: PackageTable, names: RenamedIds) -> PackageTable:
    changed = names.get(table.dataset.name, {})
    renamed = replace(table, rows={}, row_numbers={})
    for key, row in table.rows.items():
        own = changed.get(key, key)
        renamed.rows[own] = _rename_references(table.dataset, row, names) | {"id": own} | _renumber(row, key, own)
        if key in table.row_numbers:
            renamed.row_numbers[own] = table.row_numbers[key]
    return renamed


def _renumber(row: Record, key: str, own: str) -> Record:
    """Return the new `number` of a row whose numbered id changed."""
    old, new = COUNTED_ID.fullmatch(key), COUNTED_ID.fullmatch(own)
    return {"number": int(new[2])} if old and new and row.get("number") == int(old[2]) else {}


def _rename_references(dataset: Dataset, row: Record, names: RenamedIds) -> Record:
    """Return a row with the assigned ids in its references."""
    if not names:
        return row
    after = dict(row)
    for spec in dataset.stored_fields:
        if spec.name in row and (changed := names.get(spec.info.references or "")):
            after[spec.name] = _rename_value(row[spec.name], changed)
    source = row.get("source") or {}
    if document := names.get("documents", {}).get(source.get("document_id") or ""):
        after["source"] = source | {"document_id": document}
    if isinstance(rule := row.get("rule"), str):
        after["rule"] = RULE_CONDITION.sub(
            lambda match: f"{match[1]}={_rule_parameter(match[1], match[2], names)}", rule
        )
    return after


def _rule_parameter(field: str, value: str, names: RenamedIds) -> str:
    return names.get(REFERENCED_DATASETS.get(field) or "", {}).get(value, value)


def _rename_value(value: Any, changed: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [changed.get(each, each) for each in value]
    return changed.get(value, value)
