"""Briefs: the news of an issue, and the photo captions and features of its last pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from app.parser.records import Doubt, IssueContext, Line, ParsedRow, ReadResult, UnreadLine, Value
from app.parser.structure.imprint import ImprintReader
from app.parser.text.normalise import (
    fold_width,
    has_heading_mark,
    match_key,
    nonblank_lines,
    remove_spaces,
    strip_markup,
)

_DATE = re.compile(r"(?:((?:19|20)\d\d)\s*年\s*)?(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")
# A line that begins with a date: 5月18日，…
_DATELINE = re.compile(r"(?:(?:19|20)\d\d\s*年\s*)?\d{1,2}\s*月\s*\d{1,2}\s*[日号]")
_SECTION_TITLES = {"政务简讯", "简讯", "政务动态", "政务要闻"}
# 一、, 1., (一)
_SUBHEADING = re.compile(r"(?:[一二三四五六七八九十]{1,3}|\d{1,2})[、.]|\([一二三四五六七八九十]{1,3}\)")
# 图1：…
_FIGURE_CAPTION = re.compile(r"图\s?(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s?[:：、.]?")
# (张三 摄), 摄影：张三
_CREDIT = re.compile(r"\(.{1,30}(?:摄|图|供图|摄影|提供)\)|(?:摄影|供图|图)[:/].{1,20}|.{1,20}/摄")
_SENTENCE_ENDS = tuple("。！？!?；;：:”）)…")
_MAX_TITLE_LENGTH = 60
_MIN_TITLE_LENGTH = 6


@dataclass(slots=True)
class _Article:
    """One text: its kind, title lines, paragraphs and source lines.

    `is_closed` says that the last paragraph is complete, whatever its last character.
    """

    kind: str
    title: list[str] = field(default_factory=list)
    paragraphs: list[list[str]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    is_closed: bool = False

    def add(self, line: Line, apart: bool = False) -> None:
        """Add a line of text, to the paragraph above when a page break split that paragraph.

        With `apart` the line is a paragraph of its own.
        """
        text = strip_markup(line.text)
        may_continue = self.paragraphs and not apart and not self.is_closed
        if may_continue and not self.paragraphs[-1][-1].endswith(_SENTENCE_ENDS):
            self.paragraphs[-1].append(text)
        else:
            self.paragraphs.append([text])
        self.is_closed = apart
        self.lines.append(line)

    def text(self) -> str:
        """Return the paragraphs, one a line."""
        return "\n".join("".join(parts) for parts in self.paragraphs)


def extract_briefs(lines: Sequence[Line], context: IssueContext, start: int) -> ReadResult:
    """Return the news section as `briefs` rows of kind `brief`, with ids from `2021-05.<start>` on.

    A brief begins with a heading. Its date is the first date of its text; without a year, in the issue's year.
    """
    result, articles = ReadResult(), list[_Article]()
    printed = nonblank_lines(lines)
    for index, line in enumerate(printed):
        text = strip_markup(line.text)
        below = strip_markup(printed[index + 1].text) if index + 1 < len(printed) else ""
        if not articles and match_key(text) in _SECTION_TITLES:
            result.read_lines.add(line.number)
        elif _is_heading(line, below, articles):
            if not articles or articles[-1].paragraphs:
                articles.append(_Article("brief"))
            articles[-1].title.append(text)
            articles[-1].lines.append(line)
        elif articles:
            articles[-1].add(line, apart=has_heading_mark(line.text))
        else:
            result.unread.append(UnreadLine(line.number, text[:24], "news without a heading"))
    _add_rows(result, articles, context, start)
    return result


def _is_heading(line: Line, below: str, articles: Sequence[_Article]) -> bool:
    """Tell whether a line is the heading of a brief: it has a heading mark, or is a short line above a dateline."""
    text = strip_markup(line.text)
    if _SUBHEADING.match(fold_width(text[:8])) and articles:
        return False
    if has_heading_mark(line.text):
        return len(text) <= _MAX_TITLE_LENGTH
    text_above_is_complete = not articles or (
        bool(articles[-1].paragraphs) and articles[-1].paragraphs[-1][-1].endswith(_SENTENCE_ENDS)
    )
    is_short = (
        len(text) <= _MAX_TITLE_LENGTH
        and not text.endswith(_SENTENCE_ENDS)
        and not _DATELINE.match(fold_width(text[:16]))
    )
    return is_short and text_above_is_complete and _DATELINE.match(fold_width(below[:16])) is not None


def extract_back_matter(lines: Sequence[Line], context: IssueContext, start: int) -> ReadResult:
    """Return the photos and features of the last pages as `briefs` rows; the imprint is left to the issue's row.

    A photo is a line outside a feature that begins with a date, with its credit line. It has no title.
    A feature begins with a heading and includes its sections and figure captions.
    """
    result, articles, imprint = ReadResult(), list[_Article](), ImprintReader()
    before: Line | None = None
    printed = nonblank_lines(lines)
    for index, line in enumerate(printed):
        text = strip_markup(line.text)
        below = strip_markup(printed[index + 1].text) if index + 1 < len(printed) else ""
        current = articles[-1] if articles else None
        adjacent = before is not None and line.number == before.number + 1
        if imprint.accepts(line):
            articles.append(_Article("imprint"))
        elif _is_marked_heading(line) or (not adjacent and _is_unmarked_feature_heading(text, below, current)):
            if current is None or current.kind != "feature" or current.paragraphs:
                articles.append(_Article("feature"))
            articles[-1].title.append(text)
            articles[-1].lines.append(line)
        elif current and current.kind == "feature":
            is_caption = _FIGURE_CAPTION.match(fold_width(text[:8])) is not None
            current.add(line, apart=has_heading_mark(line.text) or is_caption)
        elif _DATELINE.match(fold_width(text[:16])):
            articles.append(_Article("photo"))
            articles[-1].add(line)
        elif current and current.kind == "photo" and (adjacent or _CREDIT.fullmatch(fold_width(text[:60]))):
            current.add(line, apart=_CREDIT.fullmatch(fold_width(text[:60])) is not None)
        else:
            result.unread.append(UnreadLine(line.number, text[:24], "neither a note, a photo caption nor a feature"))
        before = line
    _add_rows(result, [article for article in articles if article.kind != "imprint"], context, start)
    return result


def _is_marked_heading(line: Line) -> bool:
    text = strip_markup(line.text)
    return (
        has_heading_mark(line.text) and len(text) <= _MAX_TITLE_LENGTH and not _SUBHEADING.match(fold_width(text[:8]))
    )


def _is_unmarked_feature_heading(text: str, below: str, current: _Article | None) -> bool:
    """Tell whether a line without a mark is the heading of a feature: short, no sentence, above a long paragraph."""
    if current is not None and current.kind == "feature":
        return False
    folded = fold_width(text)
    ends_sentence = text.endswith(_SENTENCE_ENDS) and not text.endswith("”")
    is_short = _MIN_TITLE_LENGTH <= len(text) <= _MAX_TITLE_LENGTH and not ends_sentence
    return (
        is_short
        and len(below) > _MAX_TITLE_LENGTH
        and not _DATELINE.match(folded[:16])
        and not _CREDIT.fullmatch(folded)
    )


def _add_rows(result: ReadResult, articles: Sequence[_Article], context: IssueContext, start: int) -> None:
    for number, article in enumerate(articles, start):
        text = article.text()
        notes = [] if article.paragraphs else ["a heading without text"]
        day = _first_date(article.paragraphs[0] if article.paragraphs else [], context.published_on)
        if day is None and article.kind != "feature":
            notes.append("no date at the beginning of the text")
        fields: dict[str, Value] = {
            "date": day,
            "title": remove_spaces(" ".join(article.title)) or None,
            "kind": article.kind,
            "abstract_zh": None,
            "abstract_en": None,
            "text": text or None,
        }
        first, last = article.lines[0].number, article.lines[-1].number
        row_id = f"{context.issue_id}.{number}"
        result.rows.append(ParsedRow("briefs", row_id, fields, first, last, notes="; ".join(notes) or None))
        result.mark_read(article.lines)
        result.doubts += [Doubt(first, (article.title or [text])[0][:24], note) for note in notes]


def _first_date(paragraph: Sequence[str], published_on: date) -> date | None:
    """Return the first date of a paragraph; without a printed year, the last such day up to publication."""
    match = _DATE.search(fold_width("".join(paragraph)[:2000]))
    if match is None:
        return None
    month, day = int(match[2]), int(match[3])
    try:
        if match[1]:
            return date(int(match[1]), month, day)
        this_year = date(published_on.year, month, day)
        return this_year if this_year <= published_on else date(published_on.year - 1, month, day)
    except ValueError:
        return None
