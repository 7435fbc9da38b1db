"""Split an issue into its sections: masthead, contents list, documents, other sections, back matter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from app.parser.records import Line
from app.parser.structure.adoption import is_adoption_line
from app.parser.structure.contents import Contents, ContentsEntry, find_contents
from app.parser.structure.document_starts import DocumentStart, find_document_starts, is_document
from app.parser.text.normalise import match_key, strip_markup

SectionKind = Literal[
    "masthead", "contents", "document", "briefs", "diary", "catalogue", "statistics", "back", "heading"
]

_HEADINGS: tuple[tuple[SectionKind, re.Pattern[str]], ...] = (
    ("briefs", re.compile(r"(?:政务|政府|工作|时政|要闻)?(?:简讯|要闻|动态)")),
    (
        "diary",
        re.compile(
            r"(?:.{0,24}(?:记事|[大要]事(?:记|纪要|记要))|(?:.{0,20}(?:政府|政务|工作|月份?|市|县|区))?纪事)(?:\(.{1,16}\))?"
        ),
    ),
    ("catalogue", re.compile(r".{0,30}发文目录")),
    ("statistics", re.compile(r".{0,30}(?:统计资料|统计指标|经济指标|统计数据)(?:完成情况)?")),
)
_BACK = re.compile(r".{0,24}赠阅.{0,8}|GAZETTEOF.*|(?:主办|承编):.*")
_AFTER_TABLE = re.compile(r"统计局|^注|说明|来源|备注|制表")
_MAX_HEADING_LENGTH = 60
_NEWS: tuple[SectionKind, ...] = ("briefs", "diary", "catalogue", "statistics", "back")


class Section(NamedTuple):
    """A series of lines of one kind; for a document also the line indexes of its number and title."""

    kind: SectionKind
    lines: list[Line]
    entry: ContentsEntry | None = None
    number_line: int | None = None
    title_lines: tuple[int, ...] = ()


class _SectionStart(NamedTuple):
    at: int
    kind: SectionKind
    entry: ContentsEntry | None = None
    document: DocumentStart | None = None


def split_sections(lines: Sequence[Line]) -> tuple[list[Section], Contents | None]:
    """Return the sections in text order, each line in exactly one of them, and the contents list."""
    contents = find_contents(lines)
    begin = contents.end_index if contents else 0
    documents = find_document_starts(lines, begin, contents.entries if contents else ())
    # Above the first document the imprint looks like back matter.
    text_begins = begin if contents else min((document.start_index for document in documents), default=len(lines))
    starts = _find_headings(lines, begin, text_begins, contents)
    starts += [_SectionStart(document.start_index, "document", document.entry, document) for document in documents]
    starts = _drop_catalogue_numbers(lines, sorted(starts, key=lambda start: start.at))
    starts += _find_back_matter_after_tables(lines, starts)
    first = [_SectionStart(0, "masthead")]
    if contents:
        first.append(_SectionStart(contents.start_index, "contents"))
    return _cut_sections(lines, first + sorted(starts, key=lambda start: start.at)), contents


def _cut_sections(lines: Sequence[Line], starts: Sequence[_SectionStart]) -> list[Section]:
    sections: list[Section] = []
    for position, start in enumerate(starts):
        end = starts[position + 1].at if position + 1 < len(starts) else len(lines)
        if end <= start.at:
            continue
        section_lines = list(lines[start.at : end])
        if sections and start.kind == sections[-1].kind and start.kind not in ("document", "heading"):
            last = sections[-1]
            last.lines.extend(section_lines)
            if last.entry is None and start.entry is not None:
                sections[-1] = last._replace(entry=start.entry)
        else:
            number, title = (start.document.number_line, start.document.title_lines) if start.document else (None, ())
            sections.append(Section(start.kind, section_lines, start.entry, number, title))
    return sections


def find_heading_kind(text: str) -> SectionKind | None:
    """Return the kind of section that a heading opens; None when it opens none."""
    key = match_key(text)
    return next((kind for kind, pattern in _HEADINGS if pattern.fullmatch(key)), None)


def _find_headings(
    lines: Sequence[Line], begin: int, text_begins: int, contents: Contents | None
) -> list[_SectionStart]:
    """Return where sections other than documents begin.

    Back matter begins at or below the line index `text_begins`, or below a heading.
    """
    named: dict[str, tuple[SectionKind, ContentsEntry | None]] = {}
    for entry in contents.entries if contents else ():
        kind = (entry.section and find_heading_kind(entry.section)) or "heading"
        if entry.section:
            named.setdefault(match_key(entry.section), (kind, entry if kind != "heading" else None))
        if not is_document(entry):
            named.setdefault(match_key(entry.title), (find_heading_kind(entry.title) or kind, entry))
    entry_by_kind = {kind: entry for kind, entry in named.values() if entry}
    starts: list[_SectionStart] = []
    in_back = False
    for index in range(begin, len(lines)):
        text = lines[index].text
        if not text.strip() or len(text) > _MAX_HEADING_LENGTH or "\t" in text:
            continue
        key = match_key(text)
        if not in_back and (starts or index >= text_begins) and _BACK.fullmatch(key):
            in_back = True
            starts.append(_SectionStart(index, "back"))
        elif key in named:
            starts.append(_SectionStart(index, *named[key]))
        elif not in_back and (heading_kind := find_heading_kind(text)) and _looks_like_heading(text):
            starts.append(_SectionStart(index, heading_kind, entry_by_kind.get(heading_kind)))
    return starts


def _looks_like_heading(text: str) -> bool:
    return not re.search(r"[，。；：:,;]", text)


def _drop_catalogue_numbers(lines: Sequence[Line], starts: Sequence[_SectionStart]) -> list[_SectionStart]:
    """Return the starts without what only looks like a document inside another section.

    These are the numbers in the catalogue, which no addressee follows, and titles of news that are no head of a
    document: neither an addressee nor the lines of a regulation's adoption follow.
    """
    kept: list[_SectionStart] = []
    for start in starts:
        inside = kept[-1].kind if kept else None
        if start.document and inside in (_NEWS if start.document.is_certain else ("catalogue", "back")):
            below = _text_below(lines, start.document.end_index - 1)
            is_regulation = start.document.is_certain and is_adoption_line(below)
            if not below.endswith((":", "：")) and not is_regulation:
                continue
        kept.append(start)
    return kept


def _text_below(lines: Sequence[Line], index: int) -> str:
    following = (strip_markup(line.text) for line in lines[index + 1 : index + 8])
    return next((text for text in following if text), "")


def _find_back_matter_after_tables(lines: Sequence[Line], starts: Sequence[_SectionStart]) -> list[_SectionStart]:
    """Return the starts of back matter behind the statistics table and its source line."""
    back_starts: list[_SectionStart] = []
    for position, start in enumerate(starts):
        if start.kind != "statistics":
            continue
        end = starts[position + 1].at if position + 1 < len(starts) else len(lines)
        rows = [index for index in range(start.at, end) if "\t" in lines[index].text or "</t" in lines[index].text]
        if not rows:
            continue
        lines_below = [
            index
            for index in range(rows[-1] + 1, end)
            if lines[index].text.strip() and not _AFTER_TABLE.search(lines[index].text)
        ]
        if lines_below:
            back_starts.append(_SectionStart(lines_below[0], "back"))
    return back_starts
