"""What a reload would take from an issue that the database holds: rows, checks, facts of the issue itself."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.datasets import DATASETS
from app.ingest.merge import Difference
from app.ingest.package_reader import Package
from app.ingest.stored_rows import chunk_ids, issue_of
from app.model.rows import Record, to_json

MAX_LOST_SHARE = 10
"""A reload may remove one row in this many of a dataset; more is a loss."""
MIN_SHARED = 2
"""The number of documents from which it is a loss that two issues have the same."""
MAX_NAMED_CHECKS = 5
ISSUE_FACTS = ("cumulative_number", "publisher")
"""What proves an issue: an empty value never replaces one that is held."""


class LostRows(NamedTuple):
    """A dataset of which a reload removes too many rows of an issue. `rows` is how many the issue had."""

    issue_id: str
    dataset: str
    rows: int
    removed: int

    def __str__(self) -> str:
        number = f"all {self.rows}" if self.removed == self.rows else f"{self.removed} of {self.rows}"
        return f"{self.dataset} of {self.issue_id} loses {number} rows"


class LostCheck(NamedTuple):
    """A check that can no longer be counted after a reload."""

    issue_id: str
    check_id: str
    subject: str

    def __str__(self) -> str:
        return f"the check {self.check_id} can no longer be counted: {self.subject}"


class LostFact(NamedTuple):
    """A fact of an issue that a reload does not know any more."""

    issue_id: str
    name: str
    value: Any

    def __str__(self) -> str:
        return f"{self.name} of {self.issue_id} is {self.value} in the database and missing in the source"


class SharedDocuments(NamedTuple):
    """Documents that the package's issue has and another issue too, although a document belongs to one issue only.

    `documents` is how many the issue has that would lose the `shared` ones: the earlier of the two.
    """

    issue_id: str
    other_issue_id: str
    documents: int
    shared: int
    is_later: bool
    """Whether the package's issue is the later one, which takes the documents."""

    def __str__(self) -> str:
        earlier, later = (self.issue_id, self.other_issue_id)[:: -1 if self.is_later else 1]
        number = f"all {self.documents}" if self.shared == self.documents else f"{self.shared} of {self.documents}"
        return f"{number} documents of {earlier} {'would become' if self.is_later else 'are held as'} those of {later}"


@dataclass(slots=True)
class Losses:
    """What a load takes away. Where the text is the one that was loaded last, `re_extraction` is true."""

    rows: list[LostRows] = field(default_factory=list)
    facts: list[LostFact] = field(default_factory=list)
    checks: list[LostCheck] = field(default_factory=list)
    shared: list[SharedDocuments] = field(default_factory=list)
    re_extraction: bool = False

    def __bool__(self) -> bool:
        return bool(self.rows or self.facts or self.checks or self.shared)

    def lines(self) -> Iterator[str]:
        """Yield a line for each loss; checks are named until they are many."""
        yield from map(str, self.shared)
        yield from map(str, self.rows)
        yield from map(str, self.facts)
        yield from map(str, self.checks[:MAX_NAMED_CHECKS])
        if more := self.checks[MAX_NAMED_CHECKS:]:
            yield f"{len(more)} more checks can no longer be counted: {', '.join(each.check_id for each in more)}"


def find_lost_rows(
    connection: sa.Connection, differences: Iterable[Difference], reloaded: Collection[str]
) -> Iterator[LostRows]:
    """Yield the losses of rows, before the differences are written. `reloaded` holds the issues that are stored.

    A row that gets another id and stays the same otherwise is not lost.
    """
    for difference in differences:
        added = Counter(_content(row) for row in difference.added.values()) if difference.removed else Counter()
        removed: dict[str, int] = defaultdict(int)
        for row in difference.removed.values():
            content = _content(row)
            if added[content]:
                added[content] -= 1
            elif (issue := issue_of(row)) in reloaded and issue is not None:
                removed[issue] += 1
        for issue, number in removed.items():
            columns = difference.dataset.table.c
            count = sa.select(sa.func.count()).where(columns.row_issue == issue)
            rows = connection.execute(count).scalar_one()
            if number * MAX_LOST_SHARE > rows:
                yield LostRows(issue, difference.dataset.name, rows, number)


def _content(row: Mapping[str, Any]) -> str:
    """Return what a row says, without its id and its place."""
    return to_json({name: value for name, value in row.items() if name not in ("id", "source")})


def find_lost_facts(differences: Iterable[Difference]) -> Iterator[LostFact]:
    """Yield the facts of stored issues that an empty value would replace."""
    for difference in differences:
        if difference.dataset is DATASETS["issues"]:
            for key, (before, after) in difference.changed.items():
                for name in ISSUE_FACTS:
                    if before[name] is not None and after[name] is None:
                        yield LostFact(key, name, before[name])


def find_shared_documents(
    connection: sa.Connection, package: Package, differences: Iterable[Difference], new_issues: Collection[str]
) -> Iterator[SharedDocuments]:
    """Yield the other issues with which the package shares several documents, and more than a tenth of the earlier's.

    A gazette may print one document again; several documents of one issue are that issue under a wrong number. The
    differences are not yet written. What a later issue took before is left to it when an issue is loaded again.
    """
    documents = DATASETS["documents"]
    columns = documents.table.c
    rows = package.tables["documents"].rows if "documents" in package.tables else {}
    held: dict[str, str | None] = {}
    for chunk in chunk_ids(rows):
        held |= dict(connection.execute(sa.select(columns.id, columns.row_issue).where(columns.id.in_(chunk))).all())
    taken = {key for each in differences if each.dataset is documents for key in each.changed}
    shared: Counter[tuple[str, str, bool]] = Counter()
    for key, other in held.items():
        issue = issue_of(rows[key])
        if issue is None or other is None or other in package.issue_ids:
            continue
        if key in taken or issue in new_issues:
            shared[issue, other, key in taken] += 1
    for (issue, other, is_taken), number in sorted(shared.items()):
        if is_taken:
            earlier = connection.execute(sa.select(sa.func.count()).where(columns.row_issue == other)).scalar_one()
        else:
            earlier = sum(issue_of(row) == issue for row in rows.values())
        if number >= MIN_SHARED and number * MAX_LOST_SHARE > earlier:
            yield SharedDocuments(issue, other, earlier, number, is_taken)


def describe_lost_check(check: Record) -> LostCheck:
    """Return the loss of a check."""
    return LostCheck(str(issue_of(check)), check["id"], check["subject"])
