"""Compare a package with the stored rows: what is added, changed and removed, and whether every reference resolves."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.datasets import DATASETS
from app.datasets.issues import ISSUES
from app.ingest.document_links import DocumentIndex, DocumentName, read_stored_documents
from app.ingest.id_validation import check_id
from app.ingest.package_reader import COMPUTED_DATASETS, Package, PackageError, PackageFault, PackageTable
from app.ingest.stored_rows import chunk_ids, issue_of, read_stored_rows
from app.model.dataset import Dataset
from app.model.rows import Record, in_field_order, to_json
from app.model.values import BadValue, clip


@dataclass(slots=True)
class Difference:
    """The changes of one dataset. `changed` maps an id to the row before and the row after."""

    dataset: Dataset
    added: dict[str, Record] = field(default_factory=dict)
    changed: dict[str, tuple[Record, Record]] = field(default_factory=dict)
    removed: dict[str, Record] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def merge(
    connection: sa.Connection, package: Package, editorial: Mapping[str, Mapping[str, Record]]
) -> list[Difference]:
    """Compare a package with the stored rows; nothing is written.

    A field that the package lacks keeps its stored value; `editorial` fields override both. Raises
    PackageError when a row lacks a required value, contradicts its issue, or refers to a row that is not there.
    """
    faults: list[PackageFault] = []
    published = _publication_dates(connection, package)
    differences = []
    for name, dataset in DATASETS.items():
        if name in package.tables and name not in COMPUTED_DATASETS:
            table = package.tables[name]
            _check_issues(table, package.issue_ids, faults)
            stored = read_stored_rows(connection, dataset, table.rows, package.issue_ids)
            differences.append(_compare(dataset, table, stored, editorial.get(name, {}), published, faults))
    link_relations(connection, differences)
    _check_references(connection, package, differences, faults)
    if faults:
        raise PackageError(faults)
    return [difference for difference in differences if difference]


def _check_issues(table: PackageTable, issue_ids: Collection[str], faults: list[PackageFault]) -> None:
    """Add a fault for the first row of an issue that the package does not hold: nothing proves what that issue is."""
    for key, row in table.rows.items() if not table.dataset.shared else ():
        issue = issue_of(row)
        if issue is not None and issue not in ([key] if table.dataset is ISSUES else issue_ids):
            what = "this issue" if table.dataset is ISSUES else "an issue of the package"
            detail = f"is '{clip(issue)}', which is not {what}"
            faults.append(PackageFault(table.file, table.row_numbers.get(key), "source.issue_id", detail))
            return


def _publication_dates(connection: sa.Connection, package: Package) -> dict[str, date]:
    columns = ISSUES.table.c
    dates = {
        key: date.fromisoformat(day) for key, day in connection.execute(sa.select(columns.id, columns.published_on))
    }
    issues = package.tables["issues"].rows if "issues" in package.tables else {}
    return dates | {
        key: row["published_on"] for key, row in issues.items() if isinstance(row.get("published_on"), date)
    }


def _compare(
    dataset: Dataset,
    table: PackageTable,
    stored: dict[str, Record],
    editorial: Mapping[str, Record],
    published: Mapping[str, date],
    faults: list[PackageFault],
) -> Difference:
    difference = Difference(dataset)
    for key, row in table.rows.items():
        before = stored.pop(key, None)
        if before is not None and not _overrides(dataset, before, row, published):
            continue
        overrides = {name: value for name, value in editorial.get(key, {}).items() if name != "id"}
        after = in_field_order(dataset, {**(before or {}), **row, **overrides})
        _check_required_values(dataset, table, key, after, faults)
        _check_publication(dataset, table, key, after, published, faults)
        if before is None:
            _check_id(table, key, faults)
            difference.added[key] = after
        elif to_json(before) != to_json(after):
            difference.changed[key] = (before, after)
    if not dataset.shared:
        difference.removed = stored
    return difference


def _overrides(dataset: Dataset, before: Record, row: Record, published: Mapping[str, date]) -> bool:
    """Tell whether a package's row may replace a stored one with the same id.

    The row of the latest issue wins; of a shared dataset, the row of the earliest.
    """
    old, new = issue_of(before), issue_of(row)
    if old == new or old is None or new is None:
        return True
    earlier = published.get(new, date.max) < published.get(old, date.max)
    return earlier if dataset.shared else not earlier


def _check_id(table: PackageTable, key: str, faults: list[PackageFault]) -> None:
    """Add a fault for an id that is none: a number that was added to it may have made it too long."""
    try:
        check_id(key)
    except BadValue as error:
        faults.append(PackageFault(table.file, table.row_numbers.get(key), "id", str(error)))


def _check_required_values(
    dataset: Dataset, table: PackageTable, key: str, row: Record, faults: list[PackageFault]
) -> None:
    for spec in dataset.stored_fields:
        if row.get(spec.name) is None and not spec.nullable:
            if spec.kind in ("list", "objects"):
                row[spec.name] = []
            else:
                detail = "has no value, neither in the package nor stored"
                faults.append(PackageFault(table.file, table.row_numbers.get(key), spec.name, detail))


def _check_publication(
    dataset: Dataset,
    table: PackageTable,
    key: str,
    row: Record,
    published: Mapping[str, date],
    faults: list[PackageFault],
) -> None:
    """Add a fault for a row that was published on another day than its issue."""
    if dataset is ISSUES or "published_on" not in dataset.fields_by_name:
        return
    issue, day = issue_of(row), row.get("published_on")
    if isinstance(day, str):  # a stored row was rendered
        day = date.fromisoformat(day)
    if issue is not None and issue in published and day is not None and day != published[issue]:
        detail = f"is {day}, but the issue {issue} was published on {published[issue]}"
        faults.append(PackageFault(table.file, table.row_numbers.get(key), "published_on", detail))


def link_relations(connection: sa.Connection, differences: list[Difference]) -> None:
    """Set `target_id` where the document that a relation names is in the package or stored."""
    relations = next((each for each in differences if each.dataset.name == "relations"), None)
    if relations is None:
        return
    rows = [*relations.added.values(), *(after for _, after in relations.changed.values())]
    documents = DocumentIndex(_documents_after_load(connection, differences))
    for row in rows:
        row["target_id"] = documents.find_target(row)
    unchanged = [key for key, (before, after) in relations.changed.items() if to_json(before) == to_json(after)]
    for key in unchanged:
        del relations.changed[key]


def _documents_after_load(connection: sa.Connection, differences: list[Difference]) -> dict[str, DocumentName]:
    """Return number and title of the documents after the differences are written, by id."""
    documents = read_stored_documents(connection)
    for each in differences:
        if each.dataset.name == "documents":
            rows = each.added | {key: after for key, (_, after) in each.changed.items()}
            documents |= {key: (row["document_number"], row["title"]) for key, row in rows.items()}
            documents = {key: name for key, name in documents.items() if key not in each.removed}
    return dict(sorted(documents.items()))


def existing_ids(
    connection: sa.Connection, dataset: Dataset, differences: list[Difference], wanted: set[str]
) -> set[str]:
    """Return which of the ids exist after the differences are written."""
    difference = next((each for each in differences if each.dataset is dataset), Difference(dataset))
    existing = {key for key in wanted if key in difference.added}
    for chunk in chunk_ids(sorted(wanted - existing)):
        existing.update(
            connection.execute(sa.select(dataset.table.c.id).where(dataset.table.c.id.in_(chunk))).scalars()
        )
    return existing - difference.removed.keys()


def _check_references(
    connection: sa.Connection, package: Package, differences: list[Difference], faults: list[PackageFault]
) -> None:
    for difference in differences:
        table = package.tables[difference.dataset.name]
        rows = difference.added | {key: after for key, (_, after) in difference.changed.items()}
        columns = {spec.name: spec.info.references for spec in difference.dataset.stored_fields if spec.info.references}
        for column, referenced in {**columns, "source.document_id": "documents"}.items():
            references = {key: _referenced_ids(_cell(row, column)) for key, row in rows.items()}
            wanted = {target for targets in references.values() for target in targets}
            missing = wanted - existing_ids(connection, DATASETS[referenced], differences, wanted)
            for key, targets in references.items() if missing else ():
                for target in targets:
                    if target in missing:
                        detail = f"refers to '{clip(target)}', which {referenced} does not contain"
                        faults.append(PackageFault(table.file, table.row_numbers.get(key), column, detail))
            if column in columns and referenced == difference.dataset.name:
                for key in _circular_rows(connection, difference, column, references):
                    detail = "leads back to the row itself"
                    faults.append(PackageFault(table.file, table.row_numbers.get(key), column, detail))


def _cell(row: Mapping[str, Any], column: str) -> Any:
    member = column.removeprefix("source.")
    return row.get(column) if member == column else (row.get("source") or {}).get(member)


def _circular_rows(
    connection: sa.Connection, difference: Difference, column: str, references: Mapping[str, list[str]]
) -> Iterator[str]:
    """Yield the rows whose references to rows of their own dataset lead back to them."""
    if not any(references.values()):
        return
    columns = difference.dataset.table.c
    stored = connection.execute(sa.select(columns.id, columns[column]).where(columns[column].is_not(None)))
    parents: dict[str, str | None] = dict(stored.all())
    parents |= {key: targets[0] if targets else None for key, targets in references.items()}
    for key in references:
        seen, parent = {key}, parents.get(key)
        while parent is not None and parent not in seen:
            seen.add(parent)
            parent = parents.get(parent)
        if parent == key:
            yield key


def _referenced_ids(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [member for member in value if isinstance(member, str)] if isinstance(value, list) else []
