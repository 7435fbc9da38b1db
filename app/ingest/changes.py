"""The change log: what a load did to which row, and why."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from app.datasets.changes import Cause, ChangeKind
from app.formats.rows import Record, to_json
from app.ingest.merge import Difference, issue_of

LONGEST = 200
"""Longer texts are logged by their digest: the log tells that they changed, the row tells what they say."""


Errata = Mapping[tuple[str, str], Mapping[str, Any]]
"""The values that curated corrections replaced, by (dataset, id) and field."""


def describe(differences: Iterable[Difference], at: date, new_issues: set[str], errata: Errata) -> Iterator[Record]:
    """The log entries of a load, without ids.

    The first load of an issue is one entry, whatever the number of its rows; a curated correction
    is an entry of its own.
    """
    for difference in differences:
        name = difference.dataset.name
        for key, row in difference.added.items():
            replaced = errata.get((name, key), {})
            if name == "issues" or (issue_of(row) is not None and issue_of(row) not in new_issues):
                yield _entry(at, name, key, ChangeKind.added, Cause.source, [])
            if replaced:
                cells = [{"field": cell, "from": shown(old), "to": shown(row[cell])} for cell, old in replaced.items()]
                yield _entry(at, name, key, ChangeKind.changed, Cause.erratum, cells)
        for key, (before, after) in difference.changed.items():
            cells = list(changed_cells(before, after))
            corrected = errata.get((name, key), {})
            cause = Cause.source if _digest(before) != _digest(after) else Cause.re_extraction
            for found, why in (
                ([cell for cell in cells if cell["field"] not in corrected], cause),
                ([cell for cell in cells if cell["field"] in corrected], Cause.erratum),
            ):
                if found:
                    yield _entry(at, name, key, ChangeKind.changed, why, found)
        for key in difference.removed:
            yield _entry(at, name, key, ChangeKind.removed, Cause.source, [])


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
