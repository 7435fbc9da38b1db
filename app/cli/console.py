"""What the commands print, as plain lines or as JSON, and the progress they show on a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

from app.ingest.acknowledgements import is_new_failure
from app.ingest.load import Outcome
from app.ingest.parse_report import Report
from app.ingest.row_writer import ProgressCallback
from app.model.rows import Record, to_json

MIN_ROWS_FOR_PROGRESS = 5000
"""Rows of one dataset from which progress is printed when the output is not a terminal."""
UNCOUNTED_STEPS = ("download",)
"""Steps that count something else than rows."""
MAX_VALUE_LENGTH = 60
MARKS = {"added": "+", "changed": "~", "removed": "-"}


@contextmanager
def show_progress(stream: TextIO) -> Iterator[ProgressCallback]:
    """Show a load's progress on a stream: a live display on a terminal, plain lines for long loads elsewhere."""
    if not stream.isatty():
        yield _plain_progress(stream)
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


def _plain_progress(stream: TextIO) -> ProgressCallback:
    printed_tenths: dict[str, int] = {}

    def show(step: str, done: int, total: int) -> None:
        tenth = done * 10 // total if total else 0
        if total >= MIN_ROWS_FOR_PROGRESS and step not in UNCOUNTED_STEPS and printed_tenths.get(step) != tenth:
            printed_tenths[step] = tenth
            with suppress(OSError):  # a load does not fail because nobody reads its progress
                stream.write(f"{step}: {done} of {total} rows\n")
                stream.flush()

    return show


def outcome_record(outcome: Outcome, dry_run: bool, source: str, refused: bool = False) -> Record:
    """Return what a load changed as JSON values; of a dry run or a refused source, what it would have changed."""
    losses = outcome.losses
    return {
        "source": source,
        "dry_run": dry_run,
        "refused": refused,
        "issues": outcome.issue_ids,
        "added": outcome.added,
        "changed": outcome.changed,
        "moved": outcome.relocated,
        "removed": outcome.removed,
        "renamed": outcome.renamed,
        "lost": {
            "re_extraction": losses.re_extraction,
            "rows": [each._asdict() for each in losses.rows],
            "checks": [each._asdict() for each in losses.checks],
            "facts": [each._asdict() for each in losses.facts],
            "documents": [each._asdict() for each in losses.shared],
        },
        "changes": outcome.log,
        "failed_checks": outcome.failed_checks,
        "revision": outcome.revision or None,
    }


def outcome_lines(outcome: Outcome, dry_run: bool) -> Iterator[str]:
    """Yield what a load changed, and in a dry run every change that it would log."""
    sides = (("added", outcome.added), ("changed", outcome.changed), ("removed", outcome.removed))
    for verb, counts in sides:
        for name, number in counts.items():
            yield f"{name}: {number} {verb}"
    if moved := sum(outcome.relocated.values()):
        yield f"{moved} rows unchanged but for their place or running text"
    elif not (outcome.added or outcome.changed or outcome.removed):
        yield "nothing changed"
    yield from _renamed_lines(outcome, dry_run)
    kind = "re-extraction" if outcome.losses.re_extraction else "loss"
    yield from (f"{kind}: {loss}" for loss in outcome.losses.lines())
    if dry_run:
        for entry in outcome.log:
            yield from _entry_lines(entry)
    for failed in filter(is_new_failure, outcome.failed_checks):
        yield f"check failed: {failed['subject']}: {failed['detail']}"
    if dry_run:
        yield "dry run: nothing was written"


def _renamed_lines(outcome: Outcome, dry_run: bool) -> Iterator[str]:
    for name, ids in outcome.renamed.items():
        yield f"{name}: {len(ids)} with new ids, because rows of other issues have those of the package"
        if dry_run:
            yield from (f"    {old} → {new}" for old, new in ids.items())


def _entry_lines(entry: Record) -> Iterator[str]:
    yield f"{MARKS[entry['kind']]} {entry['dataset']} {entry['row_id']} ({entry['cause']})"
    for cell in entry["changed"]:
        yield f"    {cell['field']}: {_format_value(cell['from'])} → {_format_value(cell['to'])}"


def _format_value(value: Any) -> str:
    text = to_json(value)
    return text if len(text) <= MAX_VALUE_LENGTH else f"{text[: MAX_VALUE_LENGTH - 1]}…"


def report_lines(report: Report, place: str) -> Iterator[str]:
    """Yield the summary of a parsed issue; the report itself is in the files."""
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
