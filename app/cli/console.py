"""What the commands show on a terminal, in plain lines or as JSON."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from app.ingest.load import Outcome
from app.ingest.parse_report import Report
from app.ingest.row_writer import Progress
from app.model.rows import Record, to_json

LONG = 5000
"""Rows of one dataset that make a load long; shorter ones need no progress in plain lines."""
LONGEST = 60
MARKS = {"added": "+", "changed": "~", "removed": "-"}


@contextmanager
def progress_on(stream: TextIO) -> Iterator[Progress]:
    """A load's progress on a stream: a live display on a terminal, plain lines for long loads elsewhere."""
    if not stream.isatty():
        yield _plain(stream)
        return
    from rich.console import Console
    from rich.progress import Progress as Display

    with Display(console=Console(file=stream), transient=True) as display:
        tasks: dict[str, Any] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = display.add_task(step, total=total or None)
            display.update(tasks[step], completed=done)

        yield show


def _plain(stream: TextIO) -> Progress:
    told: dict[str, int] = {}

    def show(step: str, done: int, total: int) -> None:
        tenth = done * 10 // total if total else 0
        if total >= LONG and told.get(step) != tenth:
            told[step] = tenth
            stream.write(f"{step}: {done} of {total} rows\n")
            stream.flush()

    return show


def outcome_json(outcome: Outcome, dry_run: bool) -> str:
    """What a load did, or would do, for scripts."""
    return to_json(
        {
            "dry_run": dry_run,
            "issues": outcome.issue_ids,
            "added": outcome.added,
            "changed": outcome.changed,
            "moved": outcome.moved,
            "removed": outcome.removed,
            "renamed": outcome.renamed,
            "changes": outcome.log,
            "failed_checks": outcome.failed_checks,
            "revision": outcome.revision or None,
        }
    )


def outcome_lines(outcome: Outcome, dry_run: bool) -> Iterator[str]:
    """What a load did, or in a dry run every change that it would log."""
    sides = (("added", outcome.added), ("changed", outcome.changed), ("removed", outcome.removed))
    for verb, counts in sides:
        for name, number in counts.items():
            yield f"{name}: {number} {verb}"
    if moved := sum(outcome.moved.values()):
        yield f"{moved} rows unchanged but for their place or running text"
    elif not (outcome.added or outcome.changed or outcome.removed):
        yield "nothing changed"
    yield from _renamed_lines(outcome, dry_run)
    if dry_run:
        for entry in outcome.log:
            yield from _entry_lines(entry)
    for failed in outcome.failed_checks:
        yield f"check failed: {failed['subject']}: {failed['detail']}"
    if dry_run:
        yield "dry run: nothing was written"


def _renamed_lines(outcome: Outcome, dry_run: bool) -> Iterator[str]:
    for name, ids in outcome.renamed.items():
        yield f"{name}: {len(ids)} under other ids than in the package, which rows of other issues have"
        if dry_run:
            yield from (f"    {old} → {new}" for old, new in ids.items())


def _entry_lines(entry: Record) -> Iterator[str]:
    yield f"{MARKS[entry['kind']]} {entry['dataset']} {entry['row_id']} ({entry['cause']})"
    for cell in entry["changed"]:
        yield f"    {cell['field']}: {_shown(cell['from'])} → {_shown(cell['to'])}"


def _shown(value: Any) -> str:
    text = to_json(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def report_lines(report: Report, place: str) -> Iterator[str]:
    """A parsed issue in a few lines; the whole report lies in the files."""
    lines, checks = report["lines"], report["checks"]
    failed = [check for check in checks if check["status"] != "pass"]
    yield f"{place}: issue {report['issue']}, {sum(report['counts'].values())} rows"
    yield f"{lines['read']} of {lines['nonblank']} non-blank lines read, {len(lines['unread'])} unread"
    yield f"{len(checks) - len(failed)} of {len(checks)} checks pass"
    if report["encoding"] != "utf-8":
        yield f"the text is encoded as {report['encoding']}"
    for title, entries in (
        ("cells of low confidence", report["low_confidence"]),
        ("doubtful names", report["doubtful_names"]),
        ("indicators not seen before", report["unknown_indicators"]),
        ("private names masked", report["masked"]),
        ("faults for which a load would refuse the package", report["faults"]),
    ):
        if entries:
            yield f"{title}: {len(entries)}"
