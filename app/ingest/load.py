"""One load is one transaction: compare, write, link, count again, log, and only then be seen."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.datasets import DATASETS
from app.datasets.documents import Document
from app.datasets.issues import Issue
from app.datasets.observations import Observation
from app.db.data_state import DataState, write_facts
from app.ingest import change_log
from app.ingest.checks.recount import all_checks, recount_with
from app.ingest.corrections import Errata, apply_corrections
from app.ingest.dataset_facts import facts_of
from app.ingest.document_links import Held, stored_documents
from app.ingest.id_renaming import Names, renamed_errata, with_own_ids
from app.ingest.merge import Difference, merge
from app.ingest.package_reader import Package, read_package
from app.ingest.row_writer import Progress, silent, stored_form, write
from app.ingest.seed import read_editorial
from app.ingest.stored_rows import chunks
from app.model.rows import Record, from_json


@dataclass(slots=True)
class Outcome:
    """What a load did: the rows of each dataset that it added, changed, removed, and the log entries.

    `moved` counts rows that say what they said, but stand elsewhere in the text or gained running text.
    `renamed` has the ids that rows got because another issue's rows bear those of the package.
    """

    issue_ids: list[str]
    added: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)
    moved: dict[str, int] = field(default_factory=dict)
    renamed: Names = field(default_factory=dict)
    log: list[Record] = field(default_factory=list)
    failed_checks: list[Record] = field(default_factory=list)
    revision: str = ""


def load_directory(connection: sa.Connection, directory: Path, now: datetime, progress: Progress = silent) -> Outcome:
    """Load a data package with its corrections; raises PackageError, then nothing was written."""
    package = read_package(directory)
    errata = apply_corrections(package, directory)
    return load_package(connection, package, now, errata, progress)


def load_package(
    connection: sa.Connection,
    package: Package,
    now: datetime,
    errata: Errata | None = None,
    progress: Progress = silent,
) -> Outcome:
    """Bring the database to what the package says, on a connection that holds the load lock.

    Raises PackageError when the package is refused. Committing is the caller's part.
    """
    held = set(connection.execute(sa.select(DATASETS["issues"].table.c.id)).scalars())
    progress("compare", 0, 0)
    package, renamed = with_own_ids(connection, package)
    errata = renamed_errata(errata or {}, renamed)
    differences = merge(connection, package, read_editorial())
    outcome = Outcome(package.issue_ids, renamed=renamed)
    new_issues = set(package.issue_ids) - held
    reread = _reread(connection, package)
    outcome.log = list(change_log.describe(differences, package.created, new_issues, errata, reread))
    changed = {(entry["dataset"], entry["row_id"]) for entry in outcome.log}
    for difference in differences:
        write(connection, difference, progress)
        name = difference.dataset.name
        cells_changed = sum((name, key) in changed for key in difference.changed)
        for counts, number in (
            (outcome.added, len(difference.added)),
            (outcome.changed, cells_changed),
            (outcome.moved, len(difference.changed) - cells_changed),
            (outcome.removed, len(difference.removed)),
        ):
            if number:
                counts[name] = number
    progress("check", 0, 0)
    touched = [*differences, *_link(connection, package)]
    _keep_digest(connection, package)
    checks = recount_with(connection, package)
    outcome.failed_checks = [check for check in all_checks(connection) if check["status"] == "fail"]
    if touched or checks or outcome.log:
        _log(connection, outcome.log)
        outcome.revision = publish(connection, now)
    return outcome


def _link(connection: sa.Connection, package: Package) -> list[str]:
    """What follows from rows of several issues: held targets of relations, repeals, superseded vintages."""
    linked = [*_link_targets(connection), *_link_repeals(connection)]
    return linked + (_link_vintages(connection, package) if "observations" in package.tables else [])


def _link_targets(connection: sa.Connection) -> list[str]:
    """Relations of other issues whose target came or went with this load."""
    dataset = DATASETS["relations"]
    columns = dataset.table.c
    held = Held(stored_documents(connection))
    linked = []
    for key, text in connection.execute(sa.select(columns.id, columns.row_json)).all():
        row = from_json(text)
        target = held.target(row)
        if row["target_id"] != target:
            values = stored_form(dataset, row | {"target_id": target})
            connection.execute(sa.update(dataset.table).where(columns.id == key).values(values))
            linked.append(key)
    return linked


def _link_repeals(connection: sa.Connection) -> list[str]:
    """A repealed document is so from the day on which the first document that repeals it takes effect."""
    documents = Document.__table__  # type: ignore[attr-defined]  # SQLModel sets it on tables
    relations = DATASETS["relations"].table
    repealing = documents.alias()
    wanted = dict(
        connection.execute(
            sa.select(relations.c.target_id, sa.func.min(repealing.c.effective_on))
            .join(repealing, repealing.c.id == relations.c.document_id)
            .where(relations.c.relation == "repeals", relations.c.target_id.is_not(None))
            .group_by(relations.c.target_id)
        ).all()
    )
    linked = []
    for key, stored in connection.execute(sa.select(documents.c.id, documents.c.row_repealed_on)).all():
        if wanted.get(key) != stored:
            day = date.fromisoformat(wanted[key]) if wanted.get(key) else None
            connection.execute(sa.update(documents).where(documents.c.id == key).values(row_repealed_on=day))
            linked.append(key)
    return linked


def _link_vintages(connection: sa.Connection, package: Package) -> list[str]:
    """Each vintage is superseded on the day on which the next one of its month was published."""
    columns = Observation.__table__.c  # type: ignore[attr-defined]  # SQLModel sets it on tables
    series = {row.get("indicator_id") for row in package.tables["observations"].rows.values()}
    linked = []
    for chunk in chunks(sorted(key for key in series if isinstance(key, str))):
        select = sa.select(
            columns.id,
            columns.indicator_id,
            columns.area_id,
            columns.period,
            columns.published_on,
            columns.row_superseded_on,
        ).where(columns.indicator_id.in_(chunk))
        order = (columns.indicator_id, columns.area_id, columns.period, columns.published_on.desc(), columns.id.desc())
        newer: tuple[Any, ...] = ()
        for key, *month, published, stored in connection.execute(select.order_by(*order)).all():
            superseded = newer[1] if newer and newer[0] == month else None
            if superseded != stored:
                day = date.fromisoformat(superseded) if superseded else None
                statement = sa.update(Observation).where(columns.id == key).values(row_superseded_on=day)
                connection.execute(statement)
                linked.append(key)
            newer = (month, published)
    return linked


def _reread(connection: sa.Connection, package: Package) -> set[str | None]:
    """The package's issues whose text is known to be the one that was loaded last."""
    columns = Issue.__table__.c  # type: ignore[attr-defined]  # SQLModel sets it on tables
    if package.digest is None or len(package.issue_ids) != 1:
        return set()
    select = sa.select(columns.id).where(columns.id.in_(package.issue_ids), columns.row_text == package.digest)
    return set(connection.execute(select).scalars())


def _keep_digest(connection: sa.Connection, package: Package) -> None:
    """Remember which text the issue was read from; nothing that is shown changes by it."""
    columns = Issue.__table__.c  # type: ignore[attr-defined]  # SQLModel sets it on tables
    if len(package.issue_ids) == 1:
        statement = sa.update(Issue).where(columns.id == package.issue_ids[0]).values(row_text=package.digest)
        connection.execute(statement)


def _log(connection: sa.Connection, entries: Iterable[Record]) -> None:
    dataset = DATASETS["changes"]
    last = connection.execute(sa.select(sa.func.max(sa.cast(dataset.table.c.id, sa.BigInteger)))).scalar() or 0
    rows = {}
    for number, entry in enumerate(entries, start=last + 1):
        dataset_table = entry["dataset"]
        rows[str(number)] = entry | {"id": str(number), "source": {"issue_id": entry.get("issue_id")}}
        assert dataset_table in DATASETS
    write(connection, Difference(dataset, added=rows))


def publish(connection: sa.Connection, now: datetime) -> str:
    """Compute the revision, the totals and the facts of each dataset anew and store them; the revision."""
    digest = hashlib.sha256()
    totals = {}
    for name, dataset in DATASETS.items():
        columns = dataset.table.c
        digest.update(f"\x1e{name}\x1f".encode())
        total = 0
        for (text,) in connection.execute(sa.select(columns.row_json).order_by(columns.id)).yield_per(1000):
            digest.update(text.encode())
            total += 1
        totals[name] = total
    superseded = Observation.__table__.c.row_superseded_on  # type: ignore[attr-defined]  # SQLModel sets it
    hidden = sa.select(sa.func.count()).select_from(Observation).where(superseded.is_not(None))
    totals["observations"] -= connection.execute(hidden).scalar_one()
    revision = digest.hexdigest()[:32]
    table = DataState.__table__  # type: ignore[attr-defined]  # SQLModel sets it on tables
    stamp = now.replace(microsecond=0).isoformat()
    connection.execute(sa.delete(table))
    state = {"id": "current", "revision": revision, "loaded_at": stamp, "totals": json.dumps(totals)}
    connection.execute(sa.insert(table).values(**state, facts=write_facts(facts_of(connection))))
    return revision


def lacks_facts(connection: sa.Connection) -> bool:
    """Whether the data was loaded before facts were kept."""
    columns = DataState.__table__.c  # type: ignore[attr-defined]  # SQLModel sets it on tables
    return bool(connection.execute(sa.select(sa.func.count()).where(columns.facts.is_(None))).scalar_one())


def complete(connection: sa.Connection) -> None:
    """Add the facts that such data lacks."""
    if lacks_facts(connection):
        connection.execute(sa.update(DataState).values(facts=write_facts(facts_of(connection))))
