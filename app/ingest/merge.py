"""What a package makes of the stored rows: what is added, changed and removed, and whether all of it holds together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.datasets import DATASETS
from app.datasets.issues import ISSUES
from app.ingest.document_links import Held, Named, stored_documents
from app.ingest.package_reader import COMPUTED, Package, PackageError, PackageFault, Table
from app.ingest.stored_rows import chunks, issue_of, stored_rows
from app.model.dataset import Dataset
from app.model.rows import Record, ordered, to_json


@dataclass(slots=True)
class Difference:
    """What a load does to one dataset. `changed` maps an id to the row before and the row after."""

    dataset: Dataset
    added: dict[str, Record] = field(default_factory=dict)
    changed: dict[str, tuple[Record, Record]] = field(default_factory=dict)
    removed: dict[str, Record] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def merge(
    connection: sa.Connection, package: Package, editorial: Mapping[str, Mapping[str, Record]]
) -> list[Difference]:
    """Compare a package with what is stored; nothing is written.

    A member that the package lacks keeps its stored value; `editorial` members lie on top. Raises
    PackageError when a row is not whole or refers to nothing.
    """
    faults: list[PackageFault] = []
    published = _publication_dates(connection, package)
    differences = []
    for name, dataset in DATASETS.items():
        if name in package.tables and name not in COMPUTED:
            table = package.tables[name]
            stored = stored_rows(connection, table, package.issue_ids)
            differences.append(_compare(dataset, table, stored, editorial.get(name, {}), published, faults))
    link_relations(connection, differences)
    _check_references(connection, package, differences, faults)
    if faults:
        raise PackageError(faults)
    return [difference for difference in differences if difference]


def _publication_dates(connection: sa.Connection, package: Package) -> dict[str, date]:
    columns = ISSUES.table.c
    dates = {
        key: date.fromisoformat(day) for key, day in connection.execute(sa.select(columns.id, columns.published_on))
    }
    given = package.tables["issues"].rows if "issues" in package.tables else {}
    return dates | {key: row["published_on"] for key, row in given.items() if isinstance(row.get("published_on"), date)}


def _compare(
    dataset: Dataset,
    table: Table,
    stored: dict[str, Record],
    editorial: Mapping[str, Record],
    published: Mapping[str, date],
    faults: list[PackageFault],
) -> Difference:
    difference = Difference(dataset)
    for key, given in table.rows.items():
        before = stored.pop(key, None)
        if before is not None and not _overrides(dataset, before, given, published):
            continue
        own = {name: value for name, value in editorial.get(key, {}).items() if name != "id"}
        after = ordered(dataset, {**(before or {}), **given, **own})
        _check_whole(dataset, table, key, after, faults)
        if before is None:
            difference.added[key] = after
        elif to_json(before) != to_json(after):
            difference.changed[key] = (before, after)
    if not dataset.shared:
        difference.removed = stored
    return difference


def _overrides(dataset: Dataset, before: Record, given: Record, published: Mapping[str, date]) -> bool:
    """Whether a package's row may replace a stored one of the same id.

    The latest issue tells what a row says now; of a shared row the earliest that named it stays.
    """
    old, new = issue_of(before), issue_of(given)
    if old == new or old is None or new is None:
        return True
    earlier = published.get(new, date.max) < published.get(old, date.max)
    return earlier if dataset.shared else not earlier


def _check_whole(dataset: Dataset, table: Table, key: str, row: Record, faults: list[PackageFault]) -> None:
    for spec in dataset.stored:
        if row.get(spec.name) is None and not spec.nullable:
            if spec.kind in ("list", "objects"):
                row[spec.name] = []
            else:
                detail = "has no value, neither in the package nor stored"
                faults.append(PackageFault(table.file, table.row_numbers.get(key), spec.name, detail))


def link_relations(connection: sa.Connection, differences: list[Difference]) -> None:
    """Set `target_id` where the document that a relation names is held, in the package or already."""
    relations = next((each for each in differences if each.dataset.name == "relations"), None)
    if relations is None:
        return
    rows = [*relations.added.values(), *(after for _, after in relations.changed.values())]
    held = Held(_documents(connection, differences))
    for row in rows:
        row["target_id"] = held.target(row)
    unchanged = [key for key, (before, after) in relations.changed.items() if to_json(before) == to_json(after)]
    for key in unchanged:
        del relations.changed[key]


def _documents(connection: sa.Connection, differences: list[Difference]) -> dict[str, Named]:
    """The numbers and titles of the documents that are held once the differences are written, by id."""
    found = stored_documents(connection)
    for each in differences:
        if each.dataset.name == "documents":
            rows = each.added | {key: after for key, (_, after) in each.changed.items()}
            found |= {key: (row["document_number"], row["title"]) for key, row in rows.items()}
            found = {key: named for key, named in found.items() if key not in each.removed}
    return dict(sorted(found.items()))


def existing_ids(
    connection: sa.Connection, dataset: Dataset, differences: list[Difference], wanted: set[str]
) -> set[str]:
    """Which of the ids exist once the differences are written."""
    own = next((each for each in differences if each.dataset is dataset), Difference(dataset))
    found = {key for key in wanted if key in own.added}
    for chunk in chunks(sorted(wanted - found)):
        found.update(connection.execute(sa.select(dataset.table.c.id).where(dataset.table.c.id.in_(chunk))).scalars())
    return found - own.removed.keys()


def _check_references(
    connection: sa.Connection, package: Package, differences: list[Difference], faults: list[PackageFault]
) -> None:
    for difference in differences:
        table = package.tables[difference.dataset.name]
        rows = difference.added | {key: after for key, (_, after) in difference.changed.items()}
        for spec in difference.dataset.stored:
            if spec.fact.references is None:
                continue
            named = {key: _named(row.get(spec.name)) for key, row in rows.items()}
            wanted = {target for targets in named.values() for target in targets}
            missing = wanted - existing_ids(connection, DATASETS[spec.fact.references], differences, wanted)
            for key, targets in named.items() if missing else ():
                for target in targets:
                    if target in missing:
                        detail = f"refers to '{target}', which {spec.fact.references} does not hold"
                        faults.append(PackageFault(table.file, table.row_numbers.get(key), spec.name, detail))


def _named(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [member for member in value if isinstance(member, str)] if isinstance(value, list) else []
