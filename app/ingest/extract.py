"""From a gazette's text file to a reviewable data package: decode, parse, count, report."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from app.datasets import DATASETS
from app.formats.rows import Record, ordered
from app.gazette import NotAGazette, Parsed, parse
from app.gazette.records import Area
from app.ingest.package import PACKAGED, write_package

LARGEST = 256 * 1024 * 1024
NOT_TEXT = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\xd0\xcf\x11\xe0": "an office document",
}


class Refused(Exception):
    """A file that is no gazette issue; the message says why in one line."""


@dataclass(frozen=True, slots=True)
class Extract:
    """A parsed issue: its rows by dataset, the parser's account, and in which encoding the file was."""

    parsed: Parsed
    rows: Mapping[str, list[Record]]
    encoding: str


def read_text(path: Path) -> tuple[str, str]:
    """The text of a file and its encoding, UTF-8 or GB18030; raises Refused."""
    try:
        if path.stat().st_size > LARGEST:
            raise Refused(f"{path.name} is larger than {LARGEST // 2**20} MiB; an issue is a few hundred kilobytes")
        content = path.read_bytes()
    except OSError as error:
        raise Refused(f"{path.name} cannot be read: {error.strerror}") from None
    for start, kind in NOT_TEXT.items():
        if content.startswith(start):
            raise Refused(f"{path.name} is {kind}, not the issue's text")
    for encoding in ("utf-8-sig", "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "gb18030"):
        try:
            return content.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise Refused(f"{path.name} is neither UTF-8 nor GB18030 text")


def read_areas(path: Path) -> list[Record]:
    """The official list of areas, as the rows of a package's `areas.csv`."""
    with path.open(encoding="utf-8", newline="") as file:
        return [{name: value or None for name, value in row.items()} for row in csv.DictReader(file)]


def extract(path: Path, areas: Iterable[Mapping[str, Any]]) -> Extract:
    """Parse a file; raises Refused when it is no gazette issue."""
    text, encoding = read_text(path)
    official = list(areas)
    known = [Area(str(a["id"]), str(a["name_zh"]), str(a["level"]), a.get("parent_id")) for a in official]
    try:
        parsed = parse(text, known)
    except NotAGazette as error:
        raise Refused(f"{path.name} is refused: {error}") from None
    rows: dict[str, list[Record]] = {name: [] for name in PACKAGED}
    for name, found in parsed.rows.items():
        rows[name] = [ordered(DATASETS[name], row) for row in found]
    rows["areas"] = [ordered(DATASETS["areas"], {**area, "source": None}) for area in official]
    rows["checks"] = [check_row(parsed.issue_id, n, declared) for n, declared in enumerate(parsed.declared, start=1)]
    return Extract(parsed, rows, encoding)


def check_row(issue_id: str, number: int, declared: Any) -> Record:
    """A declared number as a row of `checks`, not yet counted."""
    return ordered(
        DATASETS["checks"],
        {
            "id": f"{issue_id}.{number}",
            "subject": declared.subject,
            "rule": declared.rule,
            "declared": declared.declared,
            "source": {"issue_id": issue_id, "lines": [declared.line, declared.line]},
        },
    )


def write_extract(found: Extract, directory: Path, created: date, with_text: bool) -> None:
    """Write the package; corrections that lie in the directory stay."""
    write_package(directory, created, found.rows, with_text)
