"""The change log: which rows a load changed, how and why."""

import hashlib
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from app.datasets import DATASETS
from app.datasets.changes import Cause, ChangeKind
from app.datasets.checks import CheckStatus
from app.ingest.corrections import Errata
from app.ingest.merge import Difference
from app.ingest.package_writer import RUNNING_TEXT_FIELDS
from app.ingest.stored_rows import issue_of
from app.model.cells import format_cell
from app.model.rows import Record, to_json

MAX_VALUE_LENGTH = 200
"""Characters. A longer text is logged as its digest: the log says that it changed, the row holds the text."""


def build_change_log(
    differences: Iterable[Difference],
    at: date,
    new_issues: set[str],
    errata: Errata,
    reparsed_issues: Container[str | None],
) -> Iterator[Record]:
    """Yield the log entries of a load, without ids.

    The first load of an issue is one entry, whatever the number of its rows. Running text that arrives
    for the first time is not logged. A curated correction is an entry of its own. `reparsed_issues`
    holds the issues whose text is known to be the same as in the last load.
    """
    for difference in differences:
        name = difference.dataset.name
        removed_digests = {_text_digest(row) for row in difference.removed.values()} - {None}
        moved_digests = {_text_digest(row) for row in difference.added.values()} & removed_digests
        for key, row in difference.added.items():
            replaced = errata.get((name, key), {})
            if "id" in replaced:
                yield _build_entry(at, name, key, ChangeKind.added, Cause.erratum, [])
            elif name == "issues" or (issue_of(row) is not None and issue_of(row) not in new_issues):
                yield _build_entry(at, name, key, ChangeKind.added, _cause(row, reparsed_issues, moved_digests), [])
            if replaced and "id" not in replaced:
                cells = [
                    {"field": cell, "from": to_logged_value(old), "to": to_logged_value(row[cell])}
                    for cell, old in replaced.items()
                ]
                yield _build_entry(at, name, key, ChangeKind.changed, Cause.erratum, cells)
        for key, (before, after) in difference.changed.items():
            cells = [cell for cell in changed_cells(before, after) if not _is_new_running_text(name, cell)]
            corrected = errata.get((name, key), {})
            cause = _cause(after, reparsed_issues, {_text_digest(before)})
            for logged, reason in (
                ([cell for cell in cells if cell["field"] not in corrected], cause),
                ([cell for cell in cells if cell["field"] in corrected], Cause.erratum),
            ):
                if logged:
                    yield _build_entry(at, name, key, ChangeKind.changed, reason, logged)
        for key, row in difference.removed.items():
            cause = _cause(row, reparsed_issues, moved_digests)
            cause = Cause.erratum if "id" in errata.get((name, key), {}) else cause
            yield _build_entry(at, name, key, ChangeKind.removed, cause, [])


def lost_check_entries(lost: Iterable[Record], at: date, reparsed_issues: Container[str | None]) -> Iterator[Record]:
    """Yield an entry for each check that can no longer be counted; `lost` holds them as they were before."""
    for check in lost:
        cells = [{"field": "status", "from": check["status"], "to": CheckStatus.failed.value}]
        if check["status"] != CheckStatus.failed.value:
            yield _build_entry(at, "checks", check["id"], ChangeKind.changed, _cause(check, reparsed_issues, ()), cells)


def _cause(row: Mapping[str, Any], reparsed_issues: Container[str | None], digests: Container[Any]) -> Cause:
    """Return re-extraction when the same text was parsed again: the whole issue's, or at least the row's lines."""
    return Cause.re_extraction if issue_of(row) in reparsed_issues or _text_digest(row) in digests else Cause.source


def _is_new_running_text(dataset: str, cell: Mapping[str, Any]) -> bool:
    """Tell whether a cell is running text that the database did not hold before."""
    return cell["from"] is None and cell["field"] in RUNNING_TEXT_FIELDS.get(dataset, ())


def _build_entry(
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


def _text_digest(row: Mapping[str, Any]) -> Any:
    return (row.get("source") or {}).get("sha256")


def changed_cells(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the changed cells of a row as `{"field", "from", "to"}`.

    `source` is not compared: a row that only moved in the text has not changed. A printed cell is
    listed only when its typed field stayed the same.
    """
    typed = {name for name in after if name not in ("source", "printed")}
    differing = {name for name in typed if not render_equal(before.get(name), after[name])}
    for name in after:
        if name in differing:
            yield {"field": name, "from": to_logged_value(before.get(name)), "to": to_logged_value(after[name])}
    old, new = before.get("printed") or {}, after.get("printed") or {}
    for name in new:
        if name not in differing and old.get(name) != new[name]:
            yield {"field": f"printed.{name}", "from": old.get(name), "to": new[name]}


def render_equal(left: Any, right: Any) -> bool:
    """Tell whether two values have the same JSON."""
    return to_json(left) == to_json(right)


def to_logged_value(value: Any) -> Any:
    """Return a value as the log shows it: a text or list longer than MAX_VALUE_LENGTH becomes its SHA-256."""
    text = value if isinstance(value, str) else to_json(value) if isinstance(value, list) else ""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}" if len(text) > MAX_VALUE_LENGTH else value


def to_served_entry(entry: Record) -> Record:
    """Return an entry as `/v1/changes` serves it: decimals are texts with all their printed places.

    Most readers of JSON drop the last zeros of a number, and here the print itself may be what has changed.
    """
    dataset = DATASETS[entry["dataset"]]
    decimals = {spec.name for spec in dataset.fields if spec.kind == "number"}
    cells = [
        {name: format_cell(value) if _is_decimal(value) else value for name, value in cell.items()}
        if cell["field"] in decimals
        else cell
        for cell in entry["changed"]
    ]
    return entry | {"changed": cells}


def _is_decimal(value: Any) -> bool:
    """Tell whether a value is a number. A stored decimal without places is read as an integer."""
    return isinstance(value, int | Decimal)
