"""Load a package in one transaction: assign ids, compare, write, link, recount checks, log, publish the revision."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.datasets import DATASETS
from app.datasets.documents import Document
from app.datasets.issues import Issue
from app.datasets.observations import Observation
from app.db.data_state import DataState, dump_stats
from app.ingest import change_log
from app.ingest.acknowledgements import Acknowledgements
from app.ingest.checks.recount import read_checks, recount_after_load
from app.ingest.corrections import Errata
from app.ingest.dataset_stats import compute_dataset_stats
from app.ingest.document_links import DocumentIndex, read_stored_documents
from app.ingest.id_renaming import RenamedIds, assign_package_ids, rename_corrections
from app.ingest.identity import check_identity, check_ids_stay
from app.ingest.losses import Losses, describe_lost_check, find_lost_facts, find_lost_rows, find_shared_documents
from app.ingest.merge import Difference, merge
from app.ingest.package_reader import Package
from app.ingest.published_ids import keep_stored_ids
from app.ingest.row_writer import ProgressCallback, no_progress, to_column_values, write_difference
from app.ingest.seed import read_editorial
from app.ingest.stored_rows import chunk_ids
from app.model.dataset import Dataset
from app.model.rows import Record, from_json, render_row
from app.parser.structure.issue_identity import NO_DECISIONS, IssueDecisions
from app.settings import TIME_ZONE


@dataclass(slots=True)
class Outcome:
    """The result of a load: the number of rows added, changed and removed by dataset, and the log entries.

    `relocated` counts rows whose values stayed the same but whose place in the text changed, or which
    gained running text. `renamed` holds the ids that were assigned because rows of another issue have
    those of the package. `losses` is what the load takes from issues that the database held.
    """

    issue_ids: list[str]
    added: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)
    relocated: dict[str, int] = field(default_factory=dict)
    renamed: RenamedIds = field(default_factory=dict)
    log: list[Record] = field(default_factory=list)
    failed_checks: list[Record] = field(default_factory=list)
    losses: Losses = field(default_factory=Losses)
    revision: str = ""


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What is known of a load's source beside the package: its name or address, and what stands beside it.

    `is_as_parsed` tells that the rows are those that the parser has read in the text of the package's digest.
    `decisions` may contradict what the database says of an issue's serial number and day of publication.
    """

    loaded_from: str | None = None
    is_as_parsed: bool = False
    acknowledgements: Acknowledgements | None = None
    decisions: IssueDecisions = NO_DECISIONS


NO_FACTS = SourceFacts()


class LossRefusedError(Exception):
    """A reload that is refused because it loses rows or checks. `outcome` shows what the load would have changed."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome

    def __str__(self) -> str:
        return "; ".join(self.outcome.losses.lines())


def load_package(
    connection: sa.Connection,
    package: Package,
    now: datetime,
    errata: Errata | None = None,
    progress: ProgressCallback = no_progress,
    facts: SourceFacts = NO_FACTS,
    accept_loss: bool = False,
) -> Outcome:
    """Write a package to the database, on a connection that holds the load lock; the caller commits.

    Raises PackageError or RefusedError when the package is refused, and LossRefusedError when an issue that the
    database holds would lose rows or checks: then the caller must roll back. The loss is let through with
    `accept_loss`, and when the text is the one that was loaded last and only the parser reads it differently.
    """
    check_identity(connection, package, facts.decisions)
    stored_issues = set(connection.execute(sa.select(DATASETS["issues"].table.c.id)).scalars())
    progress("compare", 0, 0)
    package, renamed = assign_package_ids(connection, package)
    errata = rename_corrections(errata or {}, renamed)
    if facts.is_as_parsed:
        package, kept = keep_stored_ids(connection, package)
        errata = rename_corrections(errata, kept)
    differences = merge(connection, package, read_editorial())
    check_ids_stay(differences, errata)
    outcome = Outcome(package.issue_ids, renamed=renamed)
    new_issues = set(package.issue_ids) - stored_issues
    reparsed_issues = _reparsed_issues(connection, package)
    outcome.losses.re_extraction = facts.is_as_parsed and reparsed_issues == set(package.issue_ids)
    outcome.losses.rows += find_lost_rows(connection, differences, stored_issues)
    outcome.losses.facts += find_lost_facts(differences)
    outcome.losses.shared += find_shared_documents(connection, package, differences, new_issues)
    outcome.log = list(change_log.build_change_log(differences, package.created, new_issues, errata, reparsed_issues))
    changed = {(entry["dataset"], entry["row_id"]) for entry in outcome.log}
    for difference in differences:
        write_difference(connection, difference, progress)
        name = difference.dataset.name
        cells_changed = sum((name, key) in changed for key in difference.changed)
        for counts, number in (
            (outcome.added, len(difference.added)),
            (outcome.changed, cells_changed),
            (outcome.relocated, len(difference.changed) - cells_changed),
            (outcome.removed, len(difference.removed)),
        ):
            if number:
                counts[name] = number
    progress("check", 0, 0)
    touched = [*differences, *_link_rows(connection, package)]
    _store_origin(connection, package, facts, now)
    recount = recount_after_load(connection, package, facts.acknowledgements, _changed_indicators(differences))
    outcome.failed_checks = [check for check in read_checks(connection) if check["status"] == "fail"]
    if new_issues != set(package.issue_ids):
        outcome.losses.checks += map(describe_lost_check, recount.lost)
    outcome.log += change_log.lost_check_entries(recount.lost, package.created, reparsed_issues)
    if outcome.losses and not (accept_loss or outcome.losses.re_extraction):
        raise LossRefusedError(outcome)
    if touched or recount.changed or outcome.log:
        _write_change_log(connection, outcome.log)
        outcome.revision = publish_revision(connection, now)
    return outcome


def _link_rows(connection: sa.Connection, package: Package) -> list[str]:
    """Update what depends on rows of several issues; return the ids of the rows that changed."""
    linked = [*_link_targets(connection), *_link_repeals(connection)]
    return linked + (_link_vintages(connection, package) if "observations" in package.tables else [])


def _link_targets(connection: sa.Connection) -> list[str]:
    """Update relations of other issues whose target was added or removed by this load."""
    dataset = DATASETS["relations"]
    columns = dataset.table.c
    documents = DocumentIndex(read_stored_documents(connection))
    linked = []
    for key, text in connection.execute(sa.select(columns.id, columns.row_json)).all():
        row = from_json(text)
        target = documents.find_target(row)
        if row["target_id"] != target:
            values = to_column_values(dataset, row | {"target_id": target})
            connection.execute(sa.update(dataset.table).where(columns.id == key).values(values))
            linked.append(key)
    return linked


def _link_repeals(connection: sa.Connection) -> list[str]:
    """Set the day of repeal: the day on which the first document that repeals it takes effect."""
    documents = Document.__table__  # type: ignore[attr-defined]  # SQLModel sets it on tables
    relations = DATASETS["relations"].table
    repealing = documents.alias()
    repealed_on = dict(
        connection.execute(
            sa.select(relations.c.target_id, sa.func.min(repealing.c.effective_on))
            .join(repealing, repealing.c.id == relations.c.document_id)
            .where(relations.c.relation == "repeals", relations.c.target_id.is_not(None))
            .group_by(relations.c.target_id)
        ).all()
    )
    linked = []
    for key, stored in connection.execute(sa.select(documents.c.id, documents.c.row_repealed_on)).all():
        if repealed_on.get(key) != stored:
            day = date.fromisoformat(repealed_on[key]) if repealed_on.get(key) else None
            connection.execute(sa.update(documents).where(documents.c.id == key).values(row_repealed_on=day))
            linked.append(key)
    return linked


def _link_vintages(connection: sa.Connection, package: Package) -> list[str]:
    """Set the day on which each vintage was superseded: the publication of the next vintage of its month."""
    columns = Observation.__table__.c  # type: ignore[attr-defined]  # SQLModel sets it on tables
    series = {row.get("indicator_id") for row in package.tables["observations"].rows.values()}
    linked = []
    for chunk in chunk_ids(sorted(key for key in series if isinstance(key, str))):
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


def _reparsed_issues(connection: sa.Connection, package: Package) -> set[str | None]:
    """Return the package's issues whose text is the same as in the last load, by its digest."""
    columns = Issue.__table__.c  # type: ignore[attr-defined]  # SQLModel sets it on tables
    if package.digest is None or len(package.issue_ids) != 1:
        return set()
    select = sa.select(columns.id).where(columns.id.in_(package.issue_ids), columns.row_text == package.digest)
    return set(connection.execute(select).scalars())


def _store_origin(connection: sa.Connection, package: Package, facts: SourceFacts, now: datetime) -> None:
    """Store whence and when the issues were loaded, and the digest of the text that a single one was parsed from.

    None of it enters the revision.
    """
    columns = Issue.__table__.c  # type: ignore[attr-defined]  # SQLModel sets it on tables
    origin = {"row_loaded_from": facts.loaded_from, "row_loaded_on": now.astimezone(TIME_ZONE).date()}
    if len(package.issue_ids) == 1:
        origin["row_text"] = package.digest
    for chunk in chunk_ids(package.issue_ids):
        connection.execute(sa.update(Issue).where(columns.id.in_(chunk)).values(**origin))


def _changed_indicators(differences: Iterable[Difference]) -> set[str]:
    """Return the indicators whose figures a load changes or removes."""
    rows = (
        row
        for each in differences
        if each.dataset.name == "observations"
        for row in (*each.removed.values(), *(before for before, _ in each.changed.values()))
    )
    return {row["indicator_id"] for row in rows}


def _write_change_log(connection: sa.Connection, entries: Iterable[Record]) -> None:
    dataset = DATASETS["changes"]
    last = connection.execute(sa.select(sa.func.max(sa.cast(dataset.table.c.id, sa.BigInteger)))).scalar() or 0
    rows = {}
    for number, entry in enumerate(entries, start=last + 1):
        source = {"issue_id": entry.get("issue_id")}
        rows[str(number)] = change_log.to_served_entry(entry) | {"id": str(number), "source": source}
    write_difference(connection, Difference(dataset, added=rows))


def publish_revision(connection: sa.Connection, now: datetime) -> str:
    """Compute and store the revision, and total and statistics of each dataset; return the revision."""
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
    connection.execute(sa.insert(table).values(**state, facts=dump_stats(compute_dataset_stats(connection))))
    return revision


def needs_refresh(connection: sa.Connection) -> bool:
    """Tell whether the data was loaded by a version that rendered rows or stored statistics in another way.

    A migration that adds a field says so by removing the statistics.
    """
    columns = DataState.__table__.c  # type: ignore[attr-defined]  # SQLModel sets it on tables
    return bool(connection.execute(sa.select(sa.func.count()).where(columns.facts.is_(None))).scalar_one())


def refresh_stored_data(connection: sa.Connection, now: datetime) -> None:
    """Bring what an older version loaded to the form of this one: rendered rows, revision, statistics.

    Does nothing where the data is in that form already.
    """
    if not needs_refresh(connection):
        return
    rendered = sum(_render_again(connection, dataset) for dataset in DATASETS.values())
    if rendered:
        publish_revision(connection, now)
    else:
        connection.execute(sa.update(DataState).values(facts=dump_stats(compute_dataset_stats(connection))))


def _render_again(connection: sa.Connection, dataset: Dataset) -> int:
    """Render the rows that lack a field; return their number."""
    columns = dataset.table.c
    lacking = [
        (key, row)
        for key, text in connection.execute(sa.select(columns.id, columns.row_json)).all()
        if list(row := from_json(text)) != list(dataset.members)
    ]
    for key, row in lacking:
        row_json, row_csv = render_row(dataset, row)
        connection.execute(sa.update(dataset.table).where(columns.id == key).values(row_json=row_json, row_csv=row_csv))
    return len(lacking)
