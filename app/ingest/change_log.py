"""The change log: what a load did to which row, and why."""

import hashlib
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from app.datasets.changes import Cause, ChangeKind
from app.ingest.merge import Difference
from app.ingest.package_writer import RUNNING_TEXT
from app.ingest.stored_rows import issue_of
from app.model.rows import Record, to_json

LONGEST = 200
"""Longer texts are logged by their digest: the log tells that they changed, the row tells what they say."""


Errata = Mapping[tuple[str, str], Mapping[str, Any]]
"""The values that curated corrections replaced, by (dataset, id) and field."""


def describe(
    differences: Iterable[Difference], at: date, new_issues: set[str], errata: Errata, reread: Container[str | None]
) -> Iterator[Record]:
    """The log entries of a load, without ids.

    The first load of an issue is one entry, whatever the number of its rows; the first arrival of
    its running text is none. A curated correction is an entry of its own. `reread` holds the issues
    whose whole text is known to be the same as before.
    """
    for difference in differences:
        name = difference.dataset.name
        lost = {_digest(row) for row in difference.removed.values()} - {None}
        found_again = {_digest(row) for row in difference.added.values()} & lost
        for key, row in difference.added.items():
            replaced = errata.get((name, key), {})
            if name == "issues" or (issue_of(row) is not None and issue_of(row) not in new_issues):
                yield _entry(at, name, key, ChangeKind.added, _cause(row, reread, found_again), [])
            if replaced:
                cells = [{"field": cell, "from": shown(old), "to": shown(row[cell])} for cell, old in replaced.items()]
                yield _entry(at, name, key, ChangeKind.changed, Cause.erratum, cells)
        for key, (before, after) in difference.changed.items():
            cells = [cell for cell in changed_cells(before, after) if not _arrived(name, cell)]
            corrected = errata.get((name, key), {})
            cause = _cause(after, reread, {_digest(before)})
            for found, why in (
                ([cell for cell in cells if cell["field"] not in corrected], cause),
                ([cell for cell in cells if cell["field"] in corrected], Cause.erratum),
            ):
                if found:
                    yield _entry(at, name, key, ChangeKind.changed, why, found)
        for key, row in difference.removed.items():
            yield _entry(at, name, key, ChangeKind.removed, _cause(row, reread, found_again), [])


def _cause(row: Mapping[str, Any], reread: Container[str | None], digests: Container[Any]) -> Cause:
    """The same text read anew: the issue's whole text is the same, or the row's lines were there before."""
    return Cause.re_extraction if issue_of(row) in reread or _digest(row) in digests else Cause.source


def _arrived(dataset: str, cell: Mapping[str, Any]) -> bool:
    """Whether a cell is running text that was not held before."""
    return cell["from"] is None and cell["field"] in RUNNING_TEXT.get(dataset, ())


def _entry(
    at: date, dataset: str, row_id: str, kind: ChangeKind, cause: Cause, changed: list[dict[str, Any]]
) -> Record:
    return {
        "at": at,
        "dataset": dataset,
        "row_id": row_id,
        "kind": kind.value,
        "cause": cause.value,
        "changed": changed,
    }


def _digest(row: Mapping[str, Any]) -> Any:
    return (row.get("source") or {}).get("sha256")


def changed_cells(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The cells of a row that say something else than before.

    Where a row stands in the text is no cell of it; a printed cell is named only when the typed
    field that it fills stayed the same.
    """
    typed = {name for name in after if name not in ("source", "printed")}
    differing = {name for name in typed if not same(before.get(name), after[name])}
    for name in after:
        if name in differing:
            yield {"field": name, "from": shown(before.get(name)), "to": shown(after[name])}
    old, new = before.get("printed") or {}, after.get("printed") or {}
    for name in new:
        if name not in differing and old.get(name) != new[name]:
            yield {"field": f"printed.{name}", "from": old.get(name), "to": new[name]}


def same(left: Any, right: Any) -> bool:
    """Whether two values are rendered the same."""
    return to_json(left) == to_json(right)


def shown(value: Any) -> Any:
    """A value as the log shows it."""
    text = value if isinstance(value, str) else to_json(value) if isinstance(value, list) else ""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}" if len(text) > LONGEST else value
