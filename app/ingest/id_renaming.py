"""A package whose rows bear ids of their own: what another issue's rows are called is left to them.

`bearers` tells the rules. Here is what follows from a new id: all that names it inside the package,
and the ids that are built from it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.datasets import DATASETS
from app.ingest.corrections import Errata
from app.ingest.id_assignment import COUNTED, Bearer, settle
from app.ingest.package_reader import COMPUTED, Package, Table
from app.ingest.stored_rows import chunks, issue_of
from app.model.dataset import Dataset
from app.model.rows import Record
from app.parser.text.document_numbers import normal_number
from app.parser.text.slugs import unique

Names = dict[str, dict[str, str]]
"""The ids that changed, by dataset: the package's and the one that the row gets."""
WHOLE = ("issues", *COMPUTED)
"""Datasets whose ids are the issue, or begin with it."""
ASKED = re.compile(r"(?<=[?&])(\w+)=([^&#\s]+)")
"""A condition in a check's rule: `document_id=wenzhengban-2021-28`."""
REFERENCES = {spec.name: spec.fact.references for each in DATASETS.values() for spec in each.stored}


def with_own_ids(connection: sa.Connection, package: Package) -> tuple[Package, Names]:
    """The package as it can be merged, and which ids are others now; nothing is written.

    Its corrections are applied before, by the ids that the package has. The package itself stays as it is.
    """
    names: Names = {}
    for name, dataset in DATASETS.items():  # what ids are built from stands before those that are
        if dataset.shared or name in WHOLE or name not in package.tables:
            continue
        if changed := dict(_renamed(connection, package, dataset, names)):
            names[name] = changed
    if not names:
        return package, names
    tables = {name: _table(table, names) for name, table in package.tables.items()}
    return replace(package, tables=tables), names


def renamed_errata(errata: Errata, names: Names) -> Errata:
    """Corrections by the ids that their rows have now."""
    return {(name, names.get(name, {}).get(key, key)): replaced for (name, key), replaced in errata.items()}


def _renamed(connection: sa.Connection, package: Package, dataset: Dataset, names: Names) -> Iterator[tuple[str, str]]:
    rows = package.tables[dataset.name].rows
    taken: dict[str, int] = {}
    wanted = {key: unique(_followed(dataset, key, row, names), taken) for key, row in rows.items()}
    bearers = {wanted[key]: _bearer(dataset, _row(dataset, row, names)) for key, row in rows.items()}
    given = _settled(connection, dataset, bearers, package.issue_ids)
    return ((key, given[wanted[key]]) for key in rows if given[wanted[key]] != key)


def _settled(
    connection: sa.Connection, dataset: Dataset, rows: Mapping[str, Bearer], issues: list[str]
) -> dict[str, str]:
    """The ids that rows get; the database is asked of every id before it is given."""
    columns = dataset.table.c
    held = _held(connection, dataset, columns.row_issue, issues) | _held(connection, dataset, columns.id, rows)
    asked = set(rows)
    while True:
        given = settle(rows, held, issues)
        new = [key for key in given.values() if key not in asked]
        if not new:
            return given
        held |= _held(connection, dataset, columns.id, new)
        asked.update(new)


def _held(
    connection: sa.Connection, dataset: Dataset, column: sa.ColumnElement[Any], values: Iterable[str]
) -> dict[str, Bearer]:
    columns = dataset.table.c
    telling = [columns[name] for name in ("document_number", "title", "signed_on", "document_id") if name in columns]
    select = sa.select(columns.id, columns.row_issue, *telling)
    found = {}
    for chunk in chunks(values):
        for row in connection.execute(select.where(column.in_(chunk))).mappings():
            found[row["id"]] = _bearer(dataset, {**row, "source": {"issue_id": row["row_issue"]}})
    return found


def _bearer(dataset: Dataset, row: Mapping[str, Any]) -> Bearer:
    issue = issue_of(row)
    return Bearer(issue, (_document(row) if dataset.name == "documents" else row.get("document_id")) or str(issue))


def _document(row: Mapping[str, Any]) -> str | None:
    """What a document is known by, wherever it is printed; null when only the issue tells it from its namesakes."""
    number, signed = row.get("document_number"), row.get("signed_on")
    if isinstance(number, str):
        return normal_number(number)
    day = signed.isoformat() if isinstance(signed, date) else signed
    return f"{row.get('title')} {day}" if day else None


def _followed(dataset: Dataset, key: str, row: Record, names: Names) -> str:
    """The id of a row built from the new id of what it belongs to: `yongzhong-2.2021.1`."""
    for spec in dataset.stored if names else ():  # most loads rename nothing
        changed, old = names.get(spec.fact.references or "", {}), row.get(spec.name)
        if isinstance(old, str) and old in changed and key.startswith(f"{old}."):
            return changed[old] + key.removeprefix(old)
    return key


def _table(table: Table, names: Names) -> Table:
    changed = names.get(table.dataset.name, {})
    renamed = replace(table, rows={}, row_numbers={})
    for key, row in table.rows.items():
        own = changed.get(key, key)
        renamed.rows[own] = _row(table.dataset, row, names) | {"id": own} | _number(row, key, own)
        if key in table.row_numbers:
            renamed.row_numbers[own] = table.row_numbers[key]
    return renamed


def _number(row: Record, key: str, own: str) -> Record:
    """The number of a row in a count, where its id counts on."""
    old, new = COUNTED.fullmatch(key), COUNTED.fullmatch(own)
    return {"number": int(new[2])} if old and new and row.get("number") == int(old[2]) else {}


def _row(dataset: Dataset, row: Record, names: Names) -> Record:
    """A row whose references name the new ids."""
    if not names:
        return row
    after = dict(row)
    for spec in dataset.stored:
        if spec.name in row and (changed := names.get(spec.fact.references or "")):
            after[spec.name] = _named(row[spec.name], changed)
    source = row.get("source") or {}
    if document := names.get("documents", {}).get(source.get("document_id") or ""):
        after["source"] = source | {"document_id": document}
    if isinstance(rule := row.get("rule"), str):
        after["rule"] = ASKED.sub(lambda match: f"{match[1]}={_asked(match[1], match[2], names)}", rule)
    return after


def _asked(field: str, value: str, names: Names) -> str:
    return names.get(REFERENCES.get(field) or "", {}).get(value, value)


def _named(value: Any, changed: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [changed.get(each, each) for each in value]
    return changed.get(value, value)
