"""News: the briefs of the issue, and the photo captions and features of its last pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from app.parser.news.imprint import NoteReader
from app.parser.records import Context, Doubt, Line, Reading, Row, Unread, Value
from app.parser.text.normalise import fold, is_marked, key, nonblank, plain, unspaced

_DATE = re.compile(r"(?:((?:19|20)\d\d)\s*年\s*)?(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")
_DATELINE = re.compile(r"(?:(?:19|20)\d\d\s*年\s*)?\d{1,2}\s*月\s*\d{1,2}\s*[日号]")
_SECTION = {"政务简讯", "简讯", "政务动态", "政务要闻"}
_SUBHEADING = re.compile(r"(?:[一二三四五六七八九十]{1,3}|\d{1,2})[、.]|\([一二三四五六七八九十]{1,3}\)")
_FIGURE = re.compile(r"图\s?(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s?[:：、.]?")
_CREDIT = re.compile(r"\(.{1,30}(?:摄|图|供图|摄影|提供)\)|(?:摄影|供图|图)[:/].{1,20}|.{1,20}/摄")
_SENTENCE_ENDS = tuple("。！？!?；;：:”）)…")
_LONGEST_TITLE = 60
_SHORTEST_TITLE = 6


@dataclass(slots=True)
class _Article:
    """One text under way: its kind, title lines, paragraphs and source lines."""

    kind: str
    title: list[str] = field(default_factory=list)
    paragraphs: list[list[str]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    broken: bool = False

    def add(self, line: Line, apart: bool = False) -> None:
        """Add a line of text; one that a page break tore off goes on with the paragraph above."""
        text = plain(line.text)
        torn = self.paragraphs and not apart and not self.broken
        if torn and not self.paragraphs[-1][-1].endswith(_SENTENCE_ENDS):
            self.paragraphs[-1].append(text)
        else:
            self.paragraphs.append([text])
        self.broken = apart
        self.lines.append(line)

    def text(self) -> str:
        """Return the paragraphs, one a line."""
        return "\n".join("".join(parts) for parts in self.paragraphs)


def read_briefs(lines: Sequence[Line], context: Context, start: int) -> Reading:
    """Read the section of news into `briefs` of kind `brief`, ids `2021-05.<start>` and on.

    A brief begins with a heading; its date is the first date of its text, in the issue's year.
    """
    reading, articles = Reading(), list[_Article]()
    rest = nonblank(lines)
    for index, line in enumerate(rest):
        text = plain(line.text)
        below = plain(rest[index + 1].text) if index + 1 < len(rest) else ""
        if not articles and key(text) in _SECTION:
            reading.read.add(line.number)
        elif _is_heading(line, below, articles):
            if not articles or articles[-1].paragraphs:
                articles.append(_Article("brief"))
            articles[-1].title.append(text)
            articles[-1].lines.append(line)
        elif articles:
            articles[-1].add(line, apart=is_marked(line.text))
        else:
            reading.unread.append(Unread(line.number, text[:24], "news without a heading"))
    _add_rows(reading, articles, context, start)
    return reading


def _is_heading(line: Line, below: str, articles: Sequence[_Article]) -> bool:
    """Tell whether a line heads a brief: by its mark, or as a short line above a dateline."""
    text = plain(line.text)
    if _SUBHEADING.match(fold(text[:8])) and articles:
        return False
    if is_marked(line.text):
        return len(text) <= _LONGEST_TITLE
    ended = not articles or (bool(articles[-1].paragraphs) and articles[-1].paragraphs[-1][-1].endswith(_SENTENCE_ENDS))
    short = len(text) <= _LONGEST_TITLE and not text.endswith(_SENTENCE_ENDS) and not _DATELINE.match(fold(text[:16]))
    return short and ended and _DATELINE.match(fold(below[:16])) is not None


def read_back_matter(lines: Sequence[Line], context: Context, start: int) -> Reading:
    """Read the last pages: captioned photos and features into `briefs`, printing notes as read.

    A photo is a line that begins with a date, outside a feature, with its credit line. A feature
    begins with a heading and holds its sections and figure captions. A photo has no title.
    """
    reading, articles, notes = Reading(), list[_Article](), NoteReader()
    before: Line | None = None
    rest = nonblank(lines)
    for index, line in enumerate(rest):
        text = plain(line.text)
        below = plain(rest[index + 1].text) if index + 1 < len(rest) else ""
        current = articles[-1] if articles else None
        adjacent = before is not None and line.number == before.number + 1
        if notes.takes(line):
            reading.read.add(line.number)
            articles.append(_Article("note"))
        elif _heads_feature(line) or (not adjacent and _heads_unmarked_feature(text, below, current)):
            if current is None or current.kind != "feature" or current.paragraphs:
                articles.append(_Article("feature"))
            articles[-1].title.append(text)
            articles[-1].lines.append(line)
        elif current and current.kind == "feature":
            current.add(line, apart=is_marked(line.text) or _FIGURE.match(fold(text[:8])) is not None)
        elif _DATELINE.match(fold(text[:16])):
            articles.append(_Article("photo"))
            articles[-1].add(line)
        elif current and current.kind == "photo" and (adjacent or _CREDIT.fullmatch(fold(text[:60]))):
            current.add(line, apart=_CREDIT.fullmatch(fold(text[:60])) is not None)
        else:
            reading.unread.append(Unread(line.number, text[:24], "neither a note, a photo caption nor a feature"))
        before = line
    _add_rows(reading, [article for article in articles if article.kind != "note"], context, start)
    return reading


def _heads_feature(line: Line) -> bool:
    text = plain(line.text)
    return is_marked(line.text) and len(text) <= _LONGEST_TITLE and not _SUBHEADING.match(fold(text[:8]))


def _heads_unmarked_feature(text: str, below: str, current: _Article | None) -> bool:
    """Tell whether a line without a mark heads a feature: short, no sentence, over a long paragraph."""
    if current is not None and current.kind == "feature":
        return False
    folded = fold(text)
    ended = text.endswith(_SENTENCE_ENDS) and not text.endswith("”")
    short = _SHORTEST_TITLE <= len(text) <= _LONGEST_TITLE and not ended
    return short and len(below) > _LONGEST_TITLE and not _DATELINE.match(folded[:16]) and not _CREDIT.fullmatch(folded)


def _add_rows(reading: Reading, articles: Sequence[_Article], context: Context, start: int) -> None:
    for number, article in enumerate(articles, start):
        text = article.text()
        notes = [] if article.paragraphs else ["a heading without text"]
        day = _first_date(article.paragraphs[0] if article.paragraphs else [], context.published_on)
        if day is None and article.kind != "feature":
            notes.append("no date at the beginning of the text")
        fields: dict[str, Value] = {
            "date": day,
            "title": unspaced(" ".join(article.title)) or None,
            "kind": article.kind,
            "abstract_zh": None,
            "abstract_en": None,
            "text": text or None,
        }
        first, last = article.lines[0].number, article.lines[-1].number
        row_id = f"{context.issue_id}.{number}"
        reading.rows.append(Row("briefs", row_id, fields, first, last, notes="; ".join(notes) or None))
        reading.claim(article.lines)
        reading.doubts += [Doubt(first, (article.title or [text])[0][:24], note) for note in notes]


def _first_date(paragraph: Sequence[str], published_on: date) -> date | None:
    """Return the first date of a paragraph; without a year, the last such day before publication."""
    match = _DATE.search(fold("".join(paragraph)[:2000]))
    if match is None:
        return None
    month, day = int(match[2]), int(match[3])
    try:
        if match[1]:
            return date(int(match[1]), month, day)
        found = date(published_on.year, month, day)
        return found if found <= published_on else date(published_on.year - 1, month, day)
    except ValueError:
        return None
