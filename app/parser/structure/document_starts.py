"""Find where documents begin: at a number on a line of its own, or at a title from the contents list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.parser.records import Line
from app.parser.structure.contents import ContentsEntry
from app.parser.text.dates import is_date_line
from app.parser.text.document_numbers import NUMBER_LINE, order_serial, registration_number
from app.parser.text.normalise import fold_width, match_key, strip_markup

_ISSUER = re.compile(r"(?:政府|办公室|委员会|局|厅|院|部|会|中心|公司|委|办)$")
_TITLE_END = re.compile(
    r"(?:通知|意见|办法|决定|公告|通告|方案|规划|规定|细则|规则|批复|函|通报|决议|命令)(?:\([^()]*\))?$"
)
_NOT_A_TITLE = re.compile(r"附[件表]|.*:|.*总第?\d{1,6}期|.*公报$|(?:19|20)\d{2}(?:[.·]|年第?)\d{1,2}期?$|[●◆■]")
_PASSED_ON = re.compile(r"转发|批转|印发|公布|修改|废止")
_MAX_TITLE_LINES = 6
_MAX_LINES_BETWEEN = 4  # lines, mostly blank, between a title and its number
_MAX_LINE_LENGTH = 160
_MAX_NUMBER_LENGTH = 40


class DocumentStart(NamedTuple):
    """The head of a document: the line indexes of its first line, its number and its title, and its contents entry."""

    start_index: int
    entry: ContentsEntry | None
    number_line: int | None
    title_lines: tuple[int, ...]

    @property
    def end_index(self) -> int:
        """The index behind the last line of the head."""
        return max((self.number_line or 0, *self.title_lines)) + 1


def is_document(entry: ContentsEntry) -> bool:
    """Return whether a contents entry names a document."""
    return entry.document_number is not None or "关于" in entry.title


class _ListedDocuments:
    """The contents entries of documents, by title and by number."""

    def __init__(self, entries: Sequence[ContentsEntry]) -> None:
        self.titles: dict[str, ContentsEntry] = {
            match_key(entry.title): entry for entry in entries if is_document(entry)
        }
        self.prefixes = {title[:6] for title in self.titles}
        self._numbers: dict[str, ContentsEntry] = {}
        for entry in self.titles.values():
            if entry.document_number:
                self._numbers[match_key(entry.document_number)] = entry
                if serial := order_serial(entry.document_number):
                    self._numbers.setdefault(serial, entry)

    def find_entry(self, title: str, number: str) -> ContentsEntry | None:
        """Return the entry with this title or number, given as match keys.

        An order is also found by its title and number joined.
        """
        entry = self.titles.get(title) or self._numbers.get(number) or self._numbers.get(title + number)
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
        if len(text) < _MAX_NUMBER_LENGTH and "号" in text and NUMBER_LINE.fullmatch(fold_width(strip_markup(text))):
            title = _find_title(lines, index, lowest_index, listed.titles)
            entry = listed.find_entry(_join_key(lines, title), match_key(text))
            start_index = _include_registration(lines, min((index, *title)), lowest_index)
            if starts and starts[-1].number_line is None and (entry or title):
                previous = starts[-1]
                if title and previous.start_index >= start_index:
                    starts.pop()
                elif previous.entry is entry and index - previous.end_index < _MAX_LINES_BETWEEN:
                    start_index, title = previous.start_index, previous.title_lines
                    starts.pop()
            starts.append(DocumentStart(start_index, entry, index, title))
            lowest_index = starts[-1].end_index
        elif match_key(text)[:6] in listed.prefixes and (
            title_indexes := _find_listed_title(lines, index, listed.titles)
        ):
            entry = listed.titles[_join_key(lines, title_indexes)]
            # The regulation below an order has the same title as the order.
            if starts and starts[-1].entry is entry and starts[-1].number_line is not None:
                continue
            start_index = _include_registration(lines, title_indexes[0], lowest_index)
            starts.append(DocumentStart(start_index, entry, None, title_indexes))
    return starts


def _join_key(lines: Sequence[Line], indexes: Sequence[int]) -> str:
    return match_key("".join(strip_markup(lines[index].text) for index in indexes))


def _find_title(
    lines: Sequence[Line], number: int, lowest_index: int, listed: Mapping[str, ContentsEntry]
) -> tuple[int, ...]:
    """Return the indexes of the title's lines, which stand above the number line or, in some prints, below it."""
    above = _find_title_above(lines, number, lowest_index, listed)
    title = _join_key(lines, above)
    if title in listed or "关于" in title:
        return above
    return _find_listed_title(lines, number + 1, listed) or _find_unlisted_title(lines, number + 1) or above


def _find_title_above(
    lines: Sequence[Line], number: int, lowest_index: int, listed: Mapping[str, ContentsEntry]
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
        if joined in listed or names_issuer:
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


def _find_listed_title(lines: Sequence[Line], first: int, listed: Mapping[str, ContentsEntry]) -> tuple[int, ...]:
    """Return the indexes of the lines from `first` on that together are a listed title, else ()."""
    title: list[int] = []
    for index in range(first, min(len(lines), first + 2 * _MAX_TITLE_LINES)):
        if not lines[index].text.strip():
            continue
        title.append(index)
        if _join_key(lines, title) in listed:
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
