"""Check that a source is an issue of the gazette that the database holds, and the issue that it says it is.

Publisher, year and number identify an issue; its serial number and its day of publication prove it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.datasets import DATASETS
from app.ingest.corrections import Errata
from app.ingest.merge import Difference
from app.ingest.package_reader import Package
from app.model.rows import Record, from_json
from app.parser.structure.issue_identity import NO_DECISIONS, IssueDecisions, parse_issue_id
from app.parser.text.document_numbers import build_document_id
from app.parser.text.normalise import match_key

DOCUMENTS = DATASETS["documents"]
OFFICES = ("办公厅", "办公室")
"""The office of a government, which some issues name as the publisher of the government's gazette."""


class RefusedError(Exception):
    """A source that is refused as a whole; the message says why in one line."""


def check_identity(connection: sa.Connection, package: Package, decisions: IssueDecisions = NO_DECISIONS) -> None:
    """Compare the issues of a package with each other and with the issues of the database; nothing is written.

    What `decisions` say of serial number and day of publication may contradict the database. Raises RefusedError when
    the publisher is another, when an issue is not the one that its id says, or when the print says in two ways which
    issue it is and `decisions` do not say what is right.
    """
    issues = list(package.tables["issues"].rows.values()) if "issues" in package.tables else []
    if undecided := list(_undecided(package, issues, decisions)):
        raise RefusedError("; ".join(undecided))
    stored = {row["id"]: row for row in _read_issues(connection)}
    reasons = [
        *(reason for issue in issues for reason in _id_contradictions(issue)),
        *_publisher_contradictions(issues, list(stored.values())),
        *(reason for issue in issues for reason in _stored_contradictions(issue, stored, decisions)),
    ]
    if reasons:
        raise RefusedError("; ".join(reasons))


def _undecided(package: Package, issues: Iterable[Mapping[str, Any]], decisions: IssueDecisions) -> Iterator[str]:
    """Yield what the print says in two ways, unless the operator decides as the package does."""
    decided = {
        "--issue": ("id", decisions.issue.issue_id if decisions.issue else None),
        "--serial": ("cumulative_number", decisions.serial),
        "--published-on": ("published_on", decisions.published_on),
    }
    for option, reason in package.undecided.items():
        name, value = decided.get(option, ("id", None))
        held = [issue.get(name) for issue in issues]
        if value is None:
            yield reason
        elif held != [value]:
            yield f"the package has {name} {', '.join(map(str, held))}; parse the text again with {option} {value}"


def check_ids_stay(differences: Iterable[Difference], errata: Errata) -> None:
    """Raise RefusedError when the id of a document, which was made from its number, would move to another number.

    A curated correction of the number is no other document.
    """
    for difference in differences:
        for key, (before, after) in difference.changed.items() if difference.dataset is DOCUMENTS else ():
            old, new = before["document_number"], after["document_number"]
            if old is None or new is None or "document_number" in errata.get((DOCUMENTS.name, key), {}):
                continue
            if build_document_id(old, "", None) == key != build_document_id(new, "", None):
                raise RefusedError(
                    f"the id {key} is that of {old} in the database and of {new} in the source; an id never moves to "
                    "another document"
                )


def check_sources_agree(sources: Iterable[tuple[str, Package]]) -> None:
    """Raise RefusedError when sources that are loaded together hold one issue twice, or have two publishers.

    `sources` are the names and packages.
    """
    issues: dict[str, Record] = {}
    names: dict[str, str] = {}
    for name, package in sources:
        for key, row in package.tables["issues"].rows.items() if "issues" in package.tables else ():
            if key in issues:
                raise RefusedError(f"{names[key]} and {name} are both the issue {key}")
            issues[key], names[key] = row, name
    if reason := next(_publisher_contradictions(issues.values(), ()), None):
        raise RefusedError(reason)


def _read_issues(connection: sa.Connection) -> Iterator[Record]:
    for text in connection.execute(sa.select(DATASETS["issues"].table.c.row_json)).scalars():
        yield from_json(text)


def _id_contradictions(issue: Mapping[str, Any]) -> Iterator[str]:
    number = parse_issue_id(str(issue["id"]))
    if number is None:
        yield (
            f"'{issue['id']}' is not the id of an issue; write 2021-05, 2021-05_06 for a combined issue, "
            "2021-05-s1 for a supplement"
        )
        return
    serial = issue.get("cumulative_number")
    if serial is not None and serial < 1:
        yield f"the serial number of {issue['id']} is {serial}"
    for name in ("year", "number", "number_to"):
        if name in issue and issue[name] != getattr(number, name):
            yield f"{name} of the issue {issue['id']} is {issue[name]}"


def _publisher_contradictions(
    issues: Iterable[Mapping[str, Any]], stored: Iterable[Mapping[str, Any]]
) -> Iterator[str]:
    held = {key: name for row in stored for key, name in [_publisher(row)] if key}
    for issue in issues:
        key, name = _publisher(issue)
        if key and held and key not in held:
            known = ", ".join(dict.fromkeys(held.values()))
            holder = "the database holds the gazette" if stored else "another issue to load is that"
            yield f"the publisher of {issue['id']} is {name}, but {holder} of {known}"
            return
        if key and not held:
            held = {key: name}


def _publisher(issue: Mapping[str, Any]) -> tuple[str, str]:
    """Return the publisher in a form to compare, and as it is shown; the title names it where the issue does not.

    Both are empty when neither is known.
    """
    name = str(issue.get("publisher") or str(issue.get("title") or "").removesuffix("公报")).strip()
    key = match_key(name).casefold()
    for office in OFFICES:
        key = key.removesuffix(office)
    return key, name


def _stored_contradictions(
    issue: Mapping[str, Any], stored: Mapping[str, Mapping[str, Any]], decisions: IssueDecisions
) -> Iterator[str]:
    key = str(issue["id"])
    serial, day = issue.get("cumulative_number"), _day(issue)
    if before := stored.get(key):
        held_serial, held_day = before["cumulative_number"], _day(before)
        if None not in (serial, held_serial) and serial != held_serial and serial != decisions.serial:
            yield (
                f"the serial number of {key} is {held_serial} in the database and {serial} in the source "
                f"(confirm with --serial {serial})"
            )
        if None not in (day, held_day) and day != held_day and day != decisions.published_on:
            yield (
                f"the day of publication of {key} is {held_day} in the database and {day} in the source "
                f"(confirm with --published-on {day})"
            )
        return
    if serial is None or serial == decisions.serial or _is_supplement(key):
        return
    for other, row in stored.items():
        if row["cumulative_number"] == serial and not _is_supplement(other):
            also = f" and the day of publication {day}" if day is not None and _day(row) == day else ""
            yield f"{key} has the serial number {serial}{also} of {other} (confirm with --serial {serial})"


def _is_supplement(key: str) -> bool:
    number = parse_issue_id(key)
    return number is not None and number.supplement is not None


def _day(row: Mapping[str, Any]) -> date | None:
    """Return the day of publication of a typed or a rendered row."""
    day = row.get("published_on")
    return date.fromisoformat(day) if isinstance(day, str) else day
