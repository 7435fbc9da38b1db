"""Find where documents begin: at a number on a line of its own, or at a title from the contents list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from app.parser.records import Line
from app.parser.structure.contents import ContentsEntry
from app.parser.structure.near_titles import NearTitles
from app.parser.structure.unlisted_documents import find_unlisted_title, is_issued_above
from app.parser.text.dates import is_date_line
from app.parser.text.document_numbers import NUMBER_LINE, order_serial, registration_number
from app.parser.text.normalise import fold_width, match_key, strip_markup

_ISSUER = re.compile(r"(?:政府|办公室|委员会|局|厅|院|部|会|中心|公司|委|办)$")
_TITLE_END = re.compile(
    r"(?:通知|意见|办法|决定|公告|通告|方案|规划|规定|细则|规则|批复|函|通报|决议|命令)(?:\([^()]*\))?$"
)
# Titles of documents in the contents list that have neither a number nor 关于.
_LISTED_TITLE_END = re.compile(
    r"(?:通知|意见|办法|决定|公告|通告|方案|规划|计划|规定|细则|规则|条例|规程|守则|准则|章程|批复|函|通报|决议|令|预案|纲要|答复|工作报告|的报告|统计公报)"
    r"(?:\([^()]*\))?$"
)
_DOCUMENT_SECTION = re.compile(r"文件|规章|法规|政府令|公告|决定|命令")
_OTHER_SECTION = re.compile(r"简讯|要闻|动态|[记纪]事|解读|统计|资料|任免|目录|讲话")
_OTHER_TITLE = re.compile(r"简讯|[记纪]事|目录$|指标|任免$|要闻|动态|解读|访谈|综述|问答|图解|一览|资料$|讲话$")
_NOT_A_TITLE = re.compile(
    r"附[件表]|.*:|.*总第?\d{1,6}期|.*公报$|(?:19|20)\d{2}(?:[.·]|年第?)\d{1,2}期?$|[●◆■]|\((?:此件|本文|此文|公开|略|有删)"
)
# A line with which a title begins, that has no 关于: 甲市人民政府令, 甲市人民政府对…建议的答复
_FIRST_LINE = re.compile(
    r"(?:中共|中国)?[一-鿿、]{2,30}?(?:人民政府|国务院|办公厅|办公室|委员会)(?:令|公告|通告|[对印转批公发调表批同].*)?"
)
_PASSED_ON = re.compile(r"转发|批转|印发|公布|修改|废止")
_MAX_TITLE_LINES = 6
_MAX_LINES_BETWEEN = 4  # lines, mostly blank, between a title and its number
_MAX_LINE_LENGTH = 160
_MAX_NUMBER_LENGTH = 40


class DocumentStart(NamedTuple):
    """The head of a document: the line indexes of its first line, its number and its title, and its contents entry.

    `is_certain` says that neither a number nor the contents list announces it, but what stands below its title.
    """

    start_index: int
    entry: ContentsEntry | None
    number_line: int | None
    title_lines: tuple[int, ...]
    is_certain: bool = False

    @property
    def end_index(self) -> int:
        """The index behind the last line of the head."""
        return max((self.number_line or 0, *self.title_lines)) + 1


def is_document(entry: ContentsEntry) -> bool:
    """Return whether a contents entry names a document, by its number, its title, or the section that lists it."""
    title, section = match_key(entry.title), match_key(entry.section or "")
    has_document_title = _LISTED_TITLE_END.search(title) is not None
    if entry.document_number is not None or ("关于" in title and has_document_title):
        return True
    if _OTHER_TITLE.search(title) or _OTHER_SECTION.search(section):
        return False
    return "关于" in title or has_document_title or _DOCUMENT_SECTION.search(section) is not None


class _ListedDocuments:
    """The contents entries of documents, by title and by number."""

    def __init__(self, entries: Sequence[ContentsEntry]) -> None:
        self.titles: dict[str, ContentsEntry] = {
            match_key(entry.title): entry for entry in entries if is_document(entry)
        }
        self._near = NearTitles(self.titles)
        self._beginnings = {title[:4] for title in self.titles}
        self._ends = {title[-4:] for title in self.titles}
        self._numbers: dict[str, ContentsEntry] = {}
        for entry in self.titles.values():
            if entry.document_number:
                self._numbers[match_key(entry.document_number)] = entry
                if serial := order_serial(entry.document_number):
                    self._numbers.setdefault(serial, entry)

    def may_hold(self, line: str) -> bool:
        """Return whether a line, given as match key, may be the first line of a listed title."""
        return bool(line) and (line[:4] in self._beginnings or line[-4:] in self._ends)

    def by_title(self, key: str) -> ContentsEntry | None:
        """Return the entry with this title, in which one character may differ."""
        title = self._near.find(key)
        return self.titles[title] if title is not None else None

    def find_entry(self, title: str, number: str) -> ContentsEntry | None:
        """Return the entry with this title or number, given as match keys.

        An order is also found by its title and number joined.
        """
        entry = self.titles.get(title) or self._numbers.get(number) or self._numbers.get(title + number)
        entry = entry or self.by_title(title)
        return entry or self._numbers.get(order_serial(title + number) or "")


def find_document_starts(lines: Sequence[Line], begin: int, entries: Sequence[ContentsEntry]) -> list[DocumentStart]:
    """Return the heads of all documents from the line index `begin` on, in text order."""
    listed = _ListedDocuments(entries)
    starts: list[DocumentStart] = []
    lowest_index = begin
    for index in range(begin, len(lines)):
        text = lines[index].text
        if not text.strip() or len(text) > _MAX_LINE_LENGTH or index < lowest_index:
            continue
        key = match_key(text)
        if len(text) < _MAX_NUMBER_LENGTH and "号" in text and NUMBER_LINE.fullmatch(fold_width(strip_markup(text))):
            start = _start_at_number(lines, index, lowest_index, listed, starts)
        elif listed.may_hold(key) and (title := _find_listed_title(lines, index, listed)):
            entry = listed.by_title(_join_key(lines, title))
            # The regulation below an order has the same title as the order.
            if starts and starts[-1].entry is entry and starts[-1].number_line is not None:
                continue
            if starts and starts[-1].entry is None and _issues(lines, starts[-1], title):
                starts[-1] = starts[-1]._replace(entry=entry)
                continue
            start = DocumentStart(_include_registration(lines, title[0], lowest_index), entry, None, title)
        elif (title := find_unlisted_title(lines, index)) and not (starts and _issues(lines, starts[-1], title)):
            start = DocumentStart(_include_registration(lines, title[0], lowest_index), None, None, title, True)
            lowest_index = start.end_index
        else:
            continue
        starts.append(start)
        if start.number_line is not None:
            lowest_index = start.end_index
    return starts


def _start_at_number(
    lines: Sequence[Line], index: int, lowest_index: int, listed: _ListedDocuments, starts: list[DocumentStart]
) -> DocumentStart:
    """Return the head of the document whose number stands at `index`.

    A head without number that was found directly above it is the same document and leaves `starts`.
    """
    title = _find_title(lines, index, lowest_index, listed)
    entry = listed.find_entry(_join_key(lines, title), match_key(lines[index].text))
    start_index = _include_registration(lines, min((index, *title)), lowest_index)
    if starts and starts[-1].number_line is None:
        previous = starts[-1]
        is_next = index - previous.end_index < _MAX_LINES_BETWEEN
        if title and previous.start_index >= start_index:
            starts.pop()
        elif is_next and (previous.entry is entry if entry or title else previous.is_certain):
            start_index, title = previous.start_index, previous.title_lines
            starts.pop()
    return DocumentStart(start_index, entry, index, title)


def _issues(lines: Sequence[Line], start: DocumentStart, title: Sequence[int]) -> bool:
    own = start.entry.title if start.entry else "".join(strip_markup(lines[at].text) for at in start.title_lines)
    return is_issued_above(lines, start.start_index, title, own)


def _join_key(lines: Sequence[Line], indexes: Sequence[int]) -> str:
    return match_key("".join(strip_markup(lines[index].text) for index in indexes))


def _find_title(lines: Sequence[Line], number: int, lowest_index: int, listed: _ListedDocuments) -> tuple[int, ...]:
    """Return the indexes of the title's lines, which stand above the number line or, in some prints, below it."""
    above = _find_title_above(lines, number, lowest_index, listed)
    title = _join_key(lines, above)
    if title in listed.titles or "关于" in title:
        return above
    return _find_listed_title(lines, number + 1, listed) or _find_unlisted_title(lines, number + 1) or above


def _find_title_above(
    lines: Sequence[Line], number: int, lowest_index: int, listed: _ListedDocuments
) -> tuple[int, ...]:
    title: list[int] = []
    for index in range(number - 1, max(lowest_index, number - 3 * _MAX_TITLE_LINES) - 1, -1):
        text = strip_markup(lines[index].text)
        if not text:
            continue
        if len(title) >= _MAX_TITLE_LINES or _cannot_be_title(lines[index].text, text):
            break
        joined = _join_key(lines, title)
        issuer, about, _ = joined.partition("关于")
        names_issuer = about and _ISSUER.search(issuer) and not _PASSED_ON.match(joined)
        if (
            joined in listed.titles
            or names_issuer
            or ("关于" not in joined and title and _FIRST_LINE.fullmatch(joined))
        ):
            break
        if "关于" in joined and not _ISSUER.search(text):
            break
        title.insert(0, index)
    return tuple(title)


def _cannot_be_title(printed: str, text: str) -> bool:
    """Return whether a line above a number cannot be part of its title, like a sentence, a table or a date."""
    if text[-1] in "。；：:;，," or "\t" in printed.strip() or "<t" in printed or "</t" in printed:
        return True
    return (
        is_date_line(text) or _NOT_A_TITLE.match(match_key(text)) is not None or registration_number(text) is not None
    )


def _find_listed_title(lines: Sequence[Line], first: int, listed: _ListedDocuments) -> tuple[int, ...]:
    """Return the indexes of the lines from `first` on that together are a listed title, else ()."""
    title: list[int] = []
    for index in range(first, min(len(lines), first + 2 * _MAX_TITLE_LINES)):
        if not lines[index].text.strip():
            continue
        title.append(index)
        if listed.by_title(_join_key(lines, title)):
            return tuple(title)
        if len(title) == _MAX_TITLE_LINES or len(lines[index].text) > _MAX_LINE_LENGTH:
            break
    return ()


def _find_unlisted_title(lines: Sequence[Line], first: int) -> tuple[int, ...]:
    """Return the indexes of the lines from `first` on that read like a title (关于…的通知), else ()."""
    title: list[int] = []
    for index in range(first, min(len(lines), first + 2 * _MAX_TITLE_LINES)):
        text = strip_markup(lines[index].text)
        if not text:
            continue
        if len(title) == _MAX_TITLE_LINES or len(text) > _MAX_LINE_LENGTH or _cannot_be_title(lines[index].text, text):
            break
        title.append(index)
        joined = _join_key(lines, title)
        if "关于" in joined and _TITLE_END.search(joined):
            return tuple(title)
    return ()


def _include_registration(lines: Sequence[Line], start: int, lowest_index: int) -> int:
    for index in range(start - 1, max(lowest_index, start - 5) - 1, -1):
        text = strip_markup(lines[index].text)
        if text:
            return index if registration_number(text) else start
    return start
