"""The report on a parsed issue: what was read and what was not, for a person who reviews the package.

It names lines of the text and short starts of them, never a masked name, never a sentence.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from app.db.in_memory import scratch
from app.ingest.checks.recount import all_checks
from app.ingest.extract import Extract, package_of
from app.ingest.load import load_package
from app.ingest.package_reader import PackageError
from app.model.rows import Record
from app.parser.records import Doubt

JSON_FILE = "report.json"
MARKDOWN_FILE = "report.md"
LONGEST = 40
MOST_ROWS = 500
"""How many rows a table of the page shows; the JSON file has them all."""
NEW_INDICATOR = "not seen before"
OTHER_NAME = "officially"
"""What the parser's notes say of a place that is printed under another name than the official one."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""The day of a load into a database that is thrown away."""
CHECKED = ("id", "subject", "rule", "declared", "counted", "status", "detail")
Report = dict[str, Any]


def report_on(found: Extract) -> Report:
    """What a reviewer must know of a parsed issue, as JSON values.

    `checks` are counted on the package alone, in a database of its own; `faults` say what a load
    of it would refuse.
    """
    parsed = found.parsed
    checks, faults = _counted(found)
    new = [row for row in found.rows["indicators"] if NEW_INDICATOR in (row["notes"] or "")]
    named = {row["name_zh"] for row in new}
    suspects = set(parsed.suspects)
    names = [each for each in parsed.doubts if each in suspects or OTHER_NAME in each.why]
    doubtful = set(names)
    hidden = {each.line for each in parsed.suspects}  # what may be a private person's name is not copied
    doubts = [each for each in parsed.doubts if each not in doubtful and each.printed not in named]
    return {
        "issue": parsed.issue_id,
        "text": found.digest,
        "encoding": found.encoding,
        "counts": {name: len(rows) for name, rows in found.rows.items()},
        "lines": {
            "nonblank": parsed.nonblank,
            "read": parsed.read,
            "unread": [
                {"line": each.line, "start": "…" if each.line in hidden else each.start[:LONGEST], "why": each.why}
                for each in parsed.unread
            ],
        },
        "checks": [{name: check[name] for name in CHECKED} for check in checks],
        "faults": faults,
        "low_confidence": _doubts(doubts),
        "doubtful_names": _doubts(names),
        "unknown_indicators": [
            {"id": row["id"], "name_zh": row["name_zh"], "line": row["source"]["lines"][0]} for row in new
        ],
        "masked": [{"line": each.line, "why": each.why} for each in parsed.masked],
    }


def _doubts(doubts: Iterable[Doubt]) -> list[dict[str, Any]]:
    return [{"line": each.line, "printed": each.printed[:LONGEST], "why": each.why} for each in doubts]


def _counted(found: Extract) -> tuple[list[Record], list[str]]:
    try:
        with scratch() as connection:
            load_package(connection, package_of(found, EPOCH.date(), with_text=False), EPOCH)
            return all_checks(connection), []
    except PackageError as error:
        return [], [str(fault) for fault in error.faults]


def report_files(report: Report) -> dict[str, str]:
    """The report's two files by their names."""
    text = json.dumps(report, ensure_ascii=False, indent=2, default=_plain) + "\n"
    return {JSON_FILE: text, MARKDOWN_FILE: markdown(report)}


def _plain(value: Any) -> Any:
    return int(value) if value == value.to_integral_value() else float(value)


def markdown(report: Report) -> str:
    """The report as a page."""
    lines, checks = report["lines"], report["checks"]
    share = 100 * lines["read"] / lines["nonblank"] if lines["nonblank"] else 100
    failed = [check for check in checks if check["status"] != "pass"]
    parts = [
        f"# Gazette issue {report['issue']}",
        "",
        f"- {lines['read']} of {lines['nonblank']} non-blank lines read ({_share(share)} %)",
        f"- {len(checks) - len(failed)} of {len(checks)} checks pass, counted on this package alone",
        f"- encoding {report['encoding']}, text {report['text']}",
        "",
        *_table("Rows", ("dataset", "rows"), list(report["counts"].items())),
        *_table("A load would refuse this package", ("fault",), [(fault,) for fault in report["faults"]]),
        *_table("Unread lines", ("line", "start", "why"), _cells(lines["unread"])),
        *_table("Checks that fail", ("check", "what differs"), [(c["subject"], c["detail"] or "") for c in failed]),
        *_table("Cells of low confidence", ("line", "printed", "why"), _cells(report["low_confidence"])),
        *_table("Doubtful names", ("line", "printed", "why"), _cells(report["doubtful_names"])),
        *_table("Indicators not seen before", ("id", "name", "line"), _cells(report["unknown_indicators"])),
        *_table("Names of private persons", ("line", "what was done"), _cells(report["masked"])),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _share(share: float) -> str:
    return f"{share:.0f}" if share == round(share) else f"{min(share, 99.99):.2f}"


def _cells(entries: Iterable[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [tuple(entry.values()) for entry in entries]


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """A titled Markdown table, nothing when it has no rows."""
    if not rows:
        return []
    ruled = [heads, ["---"] * len(heads), *rows[:MOST_ROWS]]
    more = [f"\n{len(rows) - MOST_ROWS} more in {JSON_FILE}"] if len(rows) > MOST_ROWS else []
    return [f"## {title}", "", *(f"| {' | '.join(_cell(cell) for cell in row)} |" for row in ruled), *more, ""]


def _cell(value: Any) -> str:
    return " ".join(str(value).replace("|", "\\|").split())
