"""Splitting an issue: masthead, contents list, documents, the other sections, back matter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from app.parser.records import Line
from app.parser.structure.contents import Contents, Entry, read_contents
from app.parser.structure.document_starts import Opening, document_openings, is_document
from app.parser.text.normalise import key, plain

Kind = Literal["masthead", "contents", "document", "briefs", "diary", "catalogue", "statistics", "back", "heading"]

_HEADINGS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("briefs", re.compile(r"(?:政务|政府|工作|时政|要闻)?(?:简讯|要闻|动态)")),
    ("diary", re.compile(r".{0,20}(?:记事|大事记)")),
    ("catalogue", re.compile(r".{0,30}发文目录")),
    ("statistics", re.compile(r".{0,30}(?:统计资料|统计指标|经济指标|统计数据)(?:完成情况)?")),
)
_BACK = re.compile(r".{0,24}赠阅.{0,8}|GAZETTEOF.*|(?:主办|承编):.*")
_AFTER_TABLE = re.compile(r"统计局|^注|说明|来源|备注|制表")
_LONGEST_HEADING = 60


class Section(NamedTuple):
    """A run of lines of one kind; for a document also where its number stands (line index)."""

    kind: Kind
    lines: list[Line]
    entry: Entry | None = None
    number_line: int | None = None
    title_lines: tuple[int, ...] = ()


class _Start(NamedTuple):
    at: int
    kind: Kind
    entry: Entry | None = None
    opening: Opening | None = None


def split_sections(lines: Sequence[Line]) -> tuple[list[Section], Contents | None]:
    """Cut an issue into its sections in text order; every line belongs to exactly one."""
    contents = read_contents(lines)
    begin = contents.end if contents else 0
    openings = document_openings(lines, begin, contents.entries if contents else ())
    # Before the first of them the imprint looks like that of the back matter.
    text_begins = begin if contents else min((opening.at for opening in openings), default=len(lines))
    starts = _headings(lines, begin, text_begins, contents)
    starts += [_Start(opening.at, "document", opening.entry, opening) for opening in openings]
    starts = _without_false(lines, sorted(starts, key=lambda start: start.at))
    starts += _after_tables(lines, starts)
    first = [_Start(0, "masthead")]
    if contents:
        first.append(_Start(contents.start, "contents"))
    return _cut(lines, first + sorted(starts, key=lambda start: start.at)), contents


def _cut(lines: Sequence[Line], starts: Sequence[_Start]) -> list[Section]:
    sections: list[Section] = []
    for position, start in enumerate(starts):
        end = starts[position + 1].at if position + 1 < len(starts) else len(lines)
        if end <= start.at:
            continue
        part = list(lines[start.at : end])
        if sections and start.kind == sections[-1].kind and start.kind not in ("document", "heading"):
            last = sections[-1]
            last.lines.extend(part)
            if last.entry is None and start.entry is not None:
                sections[-1] = last._replace(entry=start.entry)
        else:
            number, title = (start.opening.number_line, start.opening.title_lines) if start.opening else (None, ())
            sections.append(Section(start.kind, part, start.entry, number, title))
    return sections


def kind_of_heading(text: str) -> Kind | None:
    """Return the kind of section that a heading opens, None when it is no such heading."""
    folded = key(text)
    return next((kind for kind, pattern in _HEADINGS if pattern.fullmatch(folded)), None)


def _headings(lines: Sequence[Line], begin: int, text_begins: int, contents: Contents | None) -> list[_Start]:
    """Find the headings of the sections that are no documents; back matter stands below `text_begins` or a heading."""
    named: dict[str, tuple[Kind, Entry | None]] = {}
    for entry in contents.entries if contents else ():
        kind = (entry.section and kind_of_heading(entry.section)) or "heading"
        if entry.section:
            named.setdefault(key(entry.section), (kind, entry if kind != "heading" else None))
        if not is_document(entry):
            named.setdefault(key(entry.title), (kind_of_heading(entry.title) or kind, entry))
    kinds = {kind: entry for kind, entry in named.values() if entry}
    found: list[_Start] = []
    in_back = False
    for index in range(begin, len(lines)):
        text = lines[index].text
        if not text.strip() or len(text) > _LONGEST_HEADING or "\t" in text:
            continue
        folded = key(text)
        if not in_back and (found or index >= text_begins) and _BACK.fullmatch(folded):
            in_back = True
            found.append(_Start(index, "back"))
        elif folded in named:
            found.append(_Start(index, *named[folded]))
        elif not in_back and (known := kind_of_heading(text)) and _like_heading(text):
            found.append(_Start(index, known, kinds.get(known)))
    return found


def _like_heading(text: str) -> bool:
    return not re.search(r"[，。；：:,;]", text)


def _without_false(lines: Sequence[Line], starts: Sequence[_Start]) -> list[_Start]:
    """Drop numbers that only stand in the catalogue of issued documents (no addressee follows)."""
    kept: list[_Start] = []
    for start in starts:
        inside = kept[-1].kind if kept else None
        if start.opening and inside in ("catalogue", "back") and not _addressee_follows(lines, start.opening.end - 1):
            continue
        kept.append(start)
    return kept


def _addressee_follows(lines: Sequence[Line], index: int) -> bool:
    following = (plain(line.text) for line in lines[index + 1 : index + 8])
    return next((text for text in following if text), "").endswith((":", "："))


def _after_tables(lines: Sequence[Line], starts: Sequence[_Start]) -> list[_Start]:
    """Begin the back matter after the statistics table and its source line."""
    found: list[_Start] = []
    for position, start in enumerate(starts):
        if start.kind != "statistics":
            continue
        end = starts[position + 1].at if position + 1 < len(starts) else len(lines)
        rows = [index for index in range(start.at, end) if "\t" in lines[index].text or "</t" in lines[index].text]
        if not rows:
            continue
        ends = [i for i in range(rows[-1] + 1, end) if lines[i].text.strip() and not _AFTER_TABLE.search(lines[i].text)]
        if ends:
            found.append(_Start(ends[0], "back"))
    return found
