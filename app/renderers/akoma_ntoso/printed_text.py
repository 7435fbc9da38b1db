"""The parts of a document's running text that no provision holds: signature, title of the issued plan, annex lines."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from app.model.rows import Record
from app.parser.text.dates import DATE, find_date
from app.parser.text.normalise import fold_width, match_key

MAX_SIGNERS = 6
MAX_SIGNER_LENGTH = 40
MAX_TITLE_LINES = 4
SENTENCE = re.compile(r"[。；：，;:,]")
REMARK = re.compile(r"\((?:此件|本文|此文|公开|略|节选|有删)[^()]*\)")
CONTENTS_LIST = ("目录", "目次")


@dataclass(frozen=True, slots=True)
class Conclusions:
    """The signature below a document's text: the lines of signers and date, and a remark below them."""

    signers: Sequence[str]
    date_line: str
    remarks: Sequence[str]


@dataclass(slots=True)
class PrintedText:
    """The lines of a running text by what they are. Everything is empty while the text is not loaded."""

    lines: Sequence[str] = ()
    conclusions: Conclusions | None = None
    plan_title: Sequence[str] = ()
    plan_title_after: int = 0
    """How many paragraphs of the preamble stand above the title of the plan."""
    annexes: dict[str, Sequence[str]] = field(default_factory=dict)
    """The lines of each annex below its heading, by its path."""
    elsewhere: Set[int] = frozenset()
    """The indexes of the lines that belong to signature, plan title or annexes."""


def read_printed_text(document: Record, annexes: Sequence[Record], preamble: Sequence[str]) -> PrintedText:
    """Return the parts of a document's text; `annexes` have their `path`, `preamble` are the preamble's paragraphs."""
    if not document["body"]:
        return PrintedText()
    lines: list[str] = document["body"].split("\n")
    result = PrintedText(lines)
    starts = find_annexes(lines, annexes)
    end_of_text = min((start for start, _, _ in starts.values()), default=len(lines))
    taken: set[int] = set(range(end_of_text, len(lines)))
    result.annexes = {path: lines[first:end] for path, (_, first, end) in starts.items()}
    signed_at = find_signature(lines[:end_of_text], document["signed_on"])
    if signed_at is not None:
        signers = find_signers(lines, signed_at, preamble)
        below = range(signed_at + 1, min(signed_at + 3, end_of_text))
        remarks = [at for at in below if REMARK.fullmatch(fold_width(lines[at]).strip())]
        result.conclusions = Conclusions([lines[at] for at in signers], lines[signed_at], [lines[at] for at in remarks])
        title = find_plan_title(lines[:end_of_text], max([signed_at, *remarks]) + 1, preamble)
        result.plan_title = [lines[at] for at in title]
        result.plan_title_after = sum(text in preamble for text in lines[:signed_at]) if title else 0
        taken |= {signed_at, *signers, *remarks, *title}
    result.elsewhere = taken
    return result


def find_signature(lines: Sequence[str], signed_on: str | None) -> int | None:
    """Return the index of the line that ends with the day of signature."""
    if signed_on is None:
        return None
    for at, line in enumerate(lines):
        folded = fold_width(line).strip(" ()")
        match = DATE.search(folded) if len(folded) < 60 else None
        if match and match.end() == len(folded) and str(find_date(folded)) == signed_on:
            return at
    return None


def find_signers(lines: Sequence[str], signed_at: int, preamble: Sequence[str]) -> list[int]:
    """Return the indexes of the lines of signers above a date that stands alone."""
    folded = fold_width(lines[signed_at]).strip(" ()")
    if not DATE.fullmatch(folded):
        return []  # the signer stands in the line of the date
    signers: list[int] = []
    for at in range(signed_at - 1, max(-1, signed_at - 1 - MAX_SIGNERS), -1):
        line = lines[at]
        if len(line) > MAX_SIGNER_LENGTH or SENTENCE.search(line) or re.search(r"\d", line) or line in preamble:
            break
        signers.insert(0, at)
    return signers


def find_plan_title(lines: Sequence[str], first: int, preamble: Sequence[str]) -> list[int]:
    """Return the indexes of the title of the plan that a notice issues: between its signature and the plan's text."""
    title: list[int] = []
    for at in range(first, min(len(lines), first + MAX_TITLE_LINES)):
        line = lines[at]
        is_text = line in preamble or SENTENCE.search(line) or "\t" in line or len(line) > 2 * MAX_SIGNER_LENGTH
        if (
            is_text
            or match_key(line) in CONTENTS_LIST
            or re.match(r"\s*(?:第?[一二三四五六七八九十1-9]{1,3}[章条、. ])", line)
        ):
            break
        title.append(at)
    return title


def find_annexes(lines: Sequence[str], annexes: Sequence[Record]) -> dict[str, tuple[int, int, int]]:
    """Return where annexes stand, by path: the indexes of heading, first line below it, and end.

    An annex begins at its label (附件1) or its title on a line of its own. Where one is not found, none is.
    """
    found: dict[str, tuple[int, int]] = {}
    cursor = 0
    for annex in annexes:
        title, label = match_key(annex["title"] or ""), f"附件{annex['number'] or ''}"
        names = {label, f"{label}:", *([title, f"{label}:{title}", f"{label}{title}"] if title else [])}
        start = next((at for at in range(cursor, len(lines)) if match_key(lines[at]) in names), None)
        if start is None:
            continue
        first = start + 1
        while first < len(lines) and is_heading_line(match_key(lines[first]), names, title):
            first += 1
        found[annex["path"]] = (start, first)
        cursor = first
    starts = sorted(start for start, _ in found.values())
    ends = dict(zip(starts, [*starts, len(lines)][1:], strict=True))
    return {path: (start, first, ends[start]) for path, (start, first) in found.items()}


def is_heading_line(key: str, names: Set[str], title: str) -> bool:
    """Return whether a line continues the heading of an annex: its label, or the title or a part of it."""
    return key in names or (len(key) >= 4 and key in title)
