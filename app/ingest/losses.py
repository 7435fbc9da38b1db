"""What a reload would take from an issue that the database holds: rows, checks, facts of the issue itself."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.datasets import DATASETS
from app.ingest.merge import Difference
from app.ingest.stored_rows import issue_of
from app.model.rows import Record, to_json

MAX_LOST_SHARE = 10
"""A reload may remove one row in this many of a dataset; more is a loss."""
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


@dataclass(slots=True)
class Losses:
    """What a reload takes away. Where the text is the one that was loaded last, `re_extraction` is true."""

    rows: list[LostRows] = field(default_factory=list)
    facts: list[LostFact] = field(default_factory=list)
    checks: list[LostCheck] = field(default_factory=list)
    re_extraction: bool = False

    def __bool__(self) -> bool:
        return bool(self.rows or self.facts or self.checks)

    def lines(self) -> Iterator[str]:
        """Yield a line for each loss; checks are named until they are many."""
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


def describe_lost_check(check: Record) -> LostCheck:
    """Return the loss of a check."""
    return LostCheck(str(issue_of(check)), check["id"], check["subject"])
