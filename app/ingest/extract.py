"""From a gazette's text file to the rows and files of a data package: decode, parse, write."""

import csv
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from app.datasets import DATASETS
from app.ingest.package_reader import PACKAGED, Package, PackageError, PackageFault, read_files
from app.ingest.package_writer import package_files
from app.model.rows import Record, ordered
from app.parser import NotAGazette, Parsed, parse
from app.parser.records import Area, Declared

LARGEST = 256 * 1024 * 1024
NOT_TEXT = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\xd0\xcf\x11\xe0": "an office document",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
}
SAMPLE = 65_536


class Refused(Exception):
    """A file that is no gazette issue; the message says why in one line."""


@dataclass(frozen=True, slots=True)
class Extract:
    """A parsed issue: its rows by dataset, the parser's account, the file's encoding and the text's digest."""

    parsed: Parsed
    rows: Mapping[str, list[Record]]
    encoding: str
    digest: str


def read_text(path: Path) -> tuple[str, str]:
    """The text of a file and its encoding (utf-8, gb18030, utf-16); raises Refused."""
    try:
        if path.stat().st_size > LARGEST:
            raise Refused(f"{path.name} is larger than {LARGEST // 2**20} MiB; an issue is a few hundred kilobytes")
        content = path.read_bytes()
    except OSError as error:
        raise Refused(f"{path.name} cannot be read: {error.strerror}") from None
    for start, kind in NOT_TEXT.items():
        if content.startswith(start):
            raise Refused(f"{path.name} is {kind}, not the issue's text")
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise Refused(f"{path.name} holds a NUL character in line {text.count(chr(10), 0, text.index(chr(0))) + 1}")
        return text, encoding.removesuffix("-sig").removesuffix("-le").removesuffix("-be")
    raise Refused(f"{path.name} is neither UTF-8, UTF-16 nor GB18030 text{_broken(content)}")


def _encodings(content: bytes) -> tuple[str, ...]:
    """The encodings to try. UTF-16 shows by its mark, or by the zero bytes of its line ends."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ("utf-16",)
    sample = content[:SAMPLE]
    if b"\x00" in sample:
        lines = {name: sample.decode(name, "ignore").count("\n") for name in ("utf-16-le", "utf-16-be")}
        likelier = max(lines, key=lambda name: lines[name])
        if lines[likelier]:
            return (likelier,)
    return ("utf-8-sig", "gb18030")


def _broken(content: bytes) -> str:
    """Where a text that is UTF-8 for the greater part stops being it."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        if error.start > len(content) // 2 or line > 1:
            return f"; as UTF-8 it is damaged in line {line}"
    return ""


def digest_of(text: str) -> str:
    """`sha256:` and the digest of a text as UTF-8 with LF line ends: the same in whatever encoding it comes."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}"


def read_areas(path: Path) -> list[Record]:
    """The official list of areas, as the rows of a package's `areas.csv`."""
    with path.open(encoding="utf-8", newline="") as file:
        return [{name: value or None for name, value in row.items()} for row in csv.DictReader(file)]


def official_areas(seed: Path) -> list[Record]:
    """The list of areas that the newest bundled package holds."""
    newest = max(path.parent for path in seed.glob("*/datapackage.json"))
    return read_areas(newest / "areas.csv")


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
    return Extract(parsed, rows, encoding, digest_of(text))


def check_row(issue_id: str, number: int, declared: Declared) -> Record:
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


def files_of(found: Extract, created: date, with_text: bool) -> dict[str, str]:
    """The files of the package that a parsed issue makes."""
    return package_files(created, found.rows, with_text, found.digest)


def package_of(found: Extract, created: date, with_text: bool = True) -> Package:
    """The package that a parsed issue makes; raises PackageError as a written one would, and for a doubled issue."""
    if (line := found.parsed.repeated_at) is not None:
        detail = f"line {line} begins the same issue again; its rows would be loaded twice"
        raise PackageError([PackageFault("the text", None, None, detail)])
    files = {name: text.encode() for name, text in files_of(found, created, with_text).items()}

    def read(name: str) -> bytes:
        if name not in files:
            raise FileNotFoundError(name)
        return files[name]

    return read_files(read)
