"""The report on a parsed issue for the person who reviews the package: what was read and what was not.

It quotes line numbers and the first characters of lines, never a masked name, never a sentence.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from app.db.engine import in_memory_database
from app.ingest.checks.recount import read_checks
from app.ingest.corrections import COLUMNS, CORRECTIONS_FILE
from app.ingest.extract import ExtractedIssue, to_package
from app.ingest.load import load_package
from app.ingest.package_reader import PackageError
from app.model.cells import format_cell
from app.model.rows import Record
from app.parser.records import Doubt

JSON_FILE = "report.json"
MARKDOWN_FILE = "report.md"
MAX_EXCERPT_LENGTH = 40
MAX_TABLE_ROWS = 500
"""Rows of a table in the Markdown report; the JSON report has all of them."""
NEW_INDICATOR_NOTE = "not seen before"
UNOFFICIAL_NAME_NOTE = "officially"
"""Occurs in the parser's note on a place that is printed under a name other than the official one."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of the load into the temporary database; it is not shown anywhere."""
CHECK_FIELDS = ("id", "subject", "rule", "declared", "counted", "status", "detail")
Report = dict[str, Any]


def build_report(issue: ExtractedIssue) -> Report:
    """Return what a reviewer must know of a parsed issue, as JSON values.

    `checks` are counted on this package alone, in a temporary database; `faults` are the reasons for which
    a load would refuse it.
    """
    parsed = issue.parsed
    checks, faults = _count_checks(issue)
    faults = [*(str(each) for each in parsed.contradictions), *faults]
    new = [row for row in issue.rows["indicators"] if NEW_INDICATOR_NOTE in (row["notes"] or "")]
    new_names = {row["name_zh"] for row in new}
    suspects = set(parsed.suspected_names)
    name_doubts = [each for each in parsed.doubts if each in suspects or UNOFFICIAL_NAME_NOTE in each.reason]
    doubtful_names = set(name_doubts)
    hidden_lines = {each.line for each in parsed.suspected_names}  # may contain a private person's name
    doubts = [each for each in parsed.doubts if each not in doubtful_names and each.printed not in new_names]
    return {
        "issue": parsed.issue_id,
        "text": issue.digest,
        "encoding": issue.encoding,
        "counts": {name: len(rows) for name, rows in issue.rows.items()},
        "lines": {
            "nonblank": parsed.nonblank_count,
            "read": parsed.read_count,
            "unread": [
                {
                    "line": each.line,
                    "start": "…" if each.line in hidden_lines else each.start[:MAX_EXCERPT_LENGTH],
                    "why": each.reason,
                }
                for each in parsed.unread
            ],
        },
        "checks": [{name: check[name] for name in CHECK_FIELDS} for check in checks],
        "faults": faults,
        "low_confidence": _doubts(issue, doubts),
        "doubtful_names": _doubts(issue, name_doubts),
        "unknown_indicators": [
            {"id": row["id"], "name_zh": row["name_zh"], "line": row["source"]["lines"][0]} for row in new
        ],
        "masked": [{"line": each.line, "why": each.reason} for each in parsed.masked],
    }


def _doubts(issue: ExtractedIssue, doubts: Iterable[Doubt]) -> list[dict[str, Any]]:
    return [
        {
            "line": each.line,
            "printed": each.printed[:MAX_EXCERPT_LENGTH],
            "why": each.reason,
            "correction": _correction_line(issue, each),
        }
        for each in doubts
    ]


def _correction_line(issue: ExtractedIssue, doubt: Doubt) -> str:
    """Return a line for `corrections.csv` that waits for its new value.

    It names the field that holds what is printed there; else it adds a row for the doubt's lines, under an id and in
    a dataset that the reviewer completes.
    """
    lines = f"{doubt.line};{doubt.line}"
    for name, rows in issue.rows.items():
        for row in rows:
            span = (row.get("source") or {}).get("lines")
            if not span or not span[0] <= doubt.line <= span[1]:
                continue
            for field in (row.get("printed") or {}) or ():
                if doubt.printed and doubt.printed == row["printed"][field] and field in row:
                    return _csv_line(name, row["id"], field, format_cell(row[field]), "", doubt.reason, lines)
            if row["id"] == doubt.printed:  # a passage of a provision
                return _csv_line("commitments", f"{row['id']}.", "id", "", f"{row['id']}.", doubt.reason, lines)
    return _csv_line("", "", "id", "", "", doubt.reason, lines)


def _csv_line(*cells: str) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()


def _count_checks(issue: ExtractedIssue) -> tuple[list[Record], list[str]]:
    try:
        with in_memory_database() as connection:
            package = to_package(issue, EPOCH.date(), with_text=False)
            package.undecided = {}  # reported beside the checks
            load_package(connection, package, EPOCH)
            return read_checks(connection), []
    except PackageError as error:
        return [], [str(fault) for fault in error.faults]


def report_files(report: Report) -> dict[str, str]:
    """Return the report's two files by name."""
    text = json.dumps(report, ensure_ascii=False, indent=2, default=_decimal_to_number) + "\n"
    return {JSON_FILE: text, MARKDOWN_FILE: render_markdown(report)}


def _decimal_to_number(value: Any) -> Any:
    return int(value) if value == value.to_integral_value() else float(value)


def render_markdown(report: Report) -> str:
    """Render the report as Markdown."""
    lines, checks = report["lines"], report["checks"]
    share = 100 * lines["read"] / lines["nonblank"] if lines["nonblank"] else 100
    failed = [check for check in checks if check["status"] != "pass"]
    parts = [
        f"# Gazette issue {report['issue']}",
        "",
        f"- {lines['read']} of {lines['nonblank']} non-blank lines read ({_format_percentage(share)} %)",
        f"- {len(checks) - len(failed)} of {len(checks)} checks pass, counted on this package alone",
        f"- encoding {report['encoding']}, text {report['text']}",
        "",
        *_table("Rows", ("dataset", "rows"), list(report["counts"].items())),
        *_table("A load would refuse this package", ("fault",), [(fault,) for fault in report["faults"]]),
        *_table("Unread lines", ("line", "start", "why"), _cells(lines["unread"])),
        *_table("Checks that fail", ("check", "what differs"), [(c["subject"], c["detail"] or "") for c in failed]),
        *_doubts_table("Cells of low confidence", report["low_confidence"]),
        *_doubts_table("Doubtful names", report["doubtful_names"]),
        *_table("Indicators not seen before", ("id", "name", "line"), _cells(report["unknown_indicators"])),
        *_table("Names of private persons", ("line", "what was done"), _cells(report["masked"])),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _format_percentage(share: float) -> str:
    return f"{share:.0f}" if share == round(share) else f"{min(share, 99.99):.2f}"


def _cells(entries: Iterable[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [tuple(entry.values()) for entry in entries]


def _doubts_table(title: str, doubts: Sequence[dict[str, Any]]) -> list[str]:
    """Return a table of doubts, and below it a line for `corrections.csv` for each."""
    rows = [(each["line"], each["printed"], each["why"]) for each in doubts]
    lines = [each["correction"] for each in doubts[:MAX_TABLE_ROWS]]
    intro = f"Lines for `{CORRECTIONS_FILE}`, to be completed (`{','.join(COLUMNS)}`):"
    block = [intro, "", "```csv", *lines, "```", ""] if lines else []
    return [*_table(title, ("line", "printed", "why"), rows), *block]


def _table(title: str, headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Return the lines of a titled Markdown table; none when it has no rows."""
    if not rows:
        return []
    table_rows = [headers, ["---"] * len(headers), *rows[:MAX_TABLE_ROWS]]
    more = [f"\n{len(rows) - MAX_TABLE_ROWS} more in {JSON_FILE}"] if len(rows) > MAX_TABLE_ROWS else []
    return [f"## {title}", "", *(f"| {' | '.join(_cell(cell) for cell in row)} |" for row in table_rows), *more, ""]


def _cell(value: Any) -> str:
    return " ".join(str(value).replace("|", "\\|").split())
