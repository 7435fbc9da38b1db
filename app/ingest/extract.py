"""Turn a gazette's text file into the rows and files of a data package: decode it, parse it, build the rows."""

import csv
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from app.datasets import DATASETS
from app.ingest.input_files import InputFileError, read_input_file
from app.ingest.package_reader import DESCRIPTOR, PACKAGED_DATASETS, Package, PackageError, PackageFault, read_files
from app.ingest.package_writer import build_package_files
from app.model.rows import Record, in_field_order
from app.model.text_rules import REPLACEMENT, replace_forbidden_characters
from app.parser import NotAGazetteError, ParsedIssue, parse
from app.parser.records import Area, DeclaredCount, Doubt
from app.parser.structure.issue_identity import NO_DECISIONS, IssueDecisions

MAX_TEXT_BYTES = 16 * 2**20
"""The most bytes of the text of one issue, which has a few hundred kilobytes. The parser bounds lines as well."""
BINARY_SIGNATURES = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\xd0\xcf\x11\xe0": "an office document",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
}
MARKUP = re.compile(r"\s*<(?:!doctype\b|html\b|\?xml\b)", re.IGNORECASE)
"""How a page or another XML file begins. Its tags would stand in the rows."""
SAMPLE_BYTES = 65_536
DAMAGE_NOTE = "the text has control characters here, shown as \ufffd"


class NotAnIssueError(Exception):
    """A file that is not a gazette issue; the message says why in one line."""


@dataclass(frozen=True, slots=True)
class ExtractedIssue:
    """A parsed issue: the parser's result, its rows by dataset, the file's encoding and the text's digest."""

    parsed: ParsedIssue
    rows: Mapping[str, list[Record]]
    encoding: str
    digest: str


def read_text(path: Path) -> tuple[str, str]:
    """Return the text of a file and its encoding (utf-8, gb18030, utf-16).

    Raises NotAnIssueError when the file cannot be read or is not text.
    """
    try:
        content = read_input_file(path, MAX_TEXT_BYTES)
    except FileNotFoundError as error:
        raise NotAnIssueError(f"{path.name} cannot be read: {error.strerror}") from None
    except InputFileError as error:
        raise NotAnIssueError(f"{path.name} {error}") from None
    for start, kind in BINARY_SIGNATURES.items():
        if content.startswith(start):
            raise NotAnIssueError(f"{path.name} is {kind}, not the issue's text")
    for encoding in _candidate_encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise NotAnIssueError(
                f"{path.name} contains a NUL character in line {text.count(chr(10), 0, text.index(chr(0))) + 1}"
            )
        if MARKUP.match(text):
            raise NotAnIssueError(f"{path.name} is an HTML or XML file and no gazette issue")
        return text, encoding.removesuffix("-sig").removesuffix("-le").removesuffix("-be")
    raise NotAnIssueError(f"{path.name} is neither UTF-8, UTF-16 nor GB18030 text{_describe_damage(content)}")


def _candidate_encodings(content: bytes) -> tuple[str, ...]:
    """Return the encodings to try. UTF-16 is recognised by its byte order mark or the zero bytes of its line ends."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ("utf-16",)
    sample = content[:SAMPLE_BYTES]
    if b"\x00" in sample:
        lines = {name: sample.decode(name, "ignore").count("\n") for name in ("utf-16-le", "utf-16-be")}
        encoding = max(lines, key=lambda name: lines[name])
        if lines[encoding]:
            return (encoding,)
    return ("utf-8-sig", "gb18030")


def _describe_damage(content: bytes) -> str:
    """Return where the first invalid byte of a text that is mostly UTF-8 stands, as the end of a message."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        if error.start > len(content) // 2 or line > 1:
            return f"; read as UTF-8, line {line} is damaged"
    return ""


def text_digest(text: str) -> str:
    """Return `sha256:` and the digest of a text as UTF-8 with LF line ends, whatever the file's encoding."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}"


def read_areas(path: Path) -> list[Record]:
    """Read the official list of areas from a package's `areas.csv`."""
    with path.open(encoding="utf-8", newline="") as file:
        return [{name: value or None for name, value in row.items()} for row in csv.DictReader(file)]


def read_official_areas(seed: Path) -> list[Record]:
    """Read the list of areas of the newest bundled package."""
    newest = max(path.parent for path in seed.glob(f"*/{DESCRIPTOR}"))
    return read_areas(newest / "areas.csv")


def extract_issue(
    path: Path, areas: Iterable[Mapping[str, Any]], decisions: IssueDecisions = NO_DECISIONS
) -> ExtractedIssue:
    """Parse a file; `decisions` say which issue it is where its head and back cover disagree or say nothing.

    Raises NotAnIssueError when it is not a gazette issue or does not say which.
    """
    text, encoding = read_text(path)
    official = list(areas)
    known = [Area(str(a["id"]), str(a["name_zh"]), str(a["level"]), a.get("parent_id")) for a in official]
    try:
        parsed = parse(text, known, decisions)
    except NotAGazetteError as error:
        raise NotAnIssueError(f"{path.name} is refused: {error}") from None
    rows: dict[str, list[Record]] = {name: [] for name in PACKAGED_DATASETS}
    for name, parsed_rows in parsed.rows.items():
        rows[name] = [in_field_order(DATASETS[name], _mark_damage(row, parsed.doubts)) for row in parsed_rows]
    rows["areas"] = [in_field_order(DATASETS["areas"], {**area, "source": None}) for area in official]
    rows["checks"] = [
        _mark_damage(build_check_row(parsed.issue_id, n, declared, source), parsed.doubts)
        for n, (declared, source) in enumerate(zip(parsed.declared, parsed.declared_sources, strict=True), start=1)
    ]
    return ExtractedIssue(parsed, rows, encoding, text_digest(text))


def _mark_damage(row: Record, doubts: list[Doubt]) -> Record:
    """Return a row with U+FFFD in place of characters that no text may have; its notes and a doubt say so."""
    marked: Record = {name: _replace_forbidden(value) for name, value in row.items()}
    if marked == row:
        return row
    doubts.append(Doubt(row["source"]["lines"][0], REPLACEMENT, DAMAGE_NOTE))
    return marked | {"notes": "; ".join(part for part in (marked["notes"], DAMAGE_NOTE) if part)}


def _replace_forbidden(value: Any) -> Any:
    if isinstance(value, str):
        return replace_forbidden_characters(value)
    if isinstance(value, Mapping):
        return {name: _replace_forbidden(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_replace_forbidden(member) for member in value]
    return value


def build_check_row(issue_id: str, number: int, declared: DeclaredCount, source: Mapping[str, Any]) -> Record:
    """Build the row of `checks` for a number that the gazette declares; it is counted later."""
    return in_field_order(
        DATASETS["checks"],
        {
            "id": f"{issue_id}.{number}",
            "subject": declared.subject,
            "rule": declared.rule,
            "declared": declared.number,
            "source": source,
        },
    )


def to_package_files(issue: ExtractedIssue, created: date, with_text: bool) -> dict[str, str]:
    """Return the files of an issue's package by name."""
    undecided = {each.option: str(each) for each in issue.parsed.contradictions}
    return build_package_files(created, issue.rows, with_text, issue.digest, undecided)


def to_package(issue: ExtractedIssue, created: date, with_text: bool = True) -> Package:
    """Return an issue's package.

    Raises PackageError as reading a written package does, and when the text contains the issue twice.
    """
    if (line := issue.parsed.repeated_at_line) is not None:
        detail = f"line {line} starts the same issue again; its rows would be loaded twice"
        raise PackageError([PackageFault("the text", None, None, detail)])
    files = {name: text.encode() for name, text in to_package_files(issue, created, with_text).items()}

    def read(name: str) -> bytes:
        if name not in files:
            raise FileNotFoundError(name)
        return files[name]

    return read_files(read)
