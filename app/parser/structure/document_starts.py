"""Where documents begin: at a number on a line of its own, or at a title that the contents list names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.parser.records import Line
from app.parser.structure.contents import Entry
from app.parser.text.dates import is_date_line
from app.parser.text.document_numbers import NUMBER_LINE, order_serial, registration_number
from app.parser.text.normalise import fold, key, plain

_ISSUER = re.compile(r"(?:政府|办公室|委员会|局|厅|院|部|会|中心|公司|委|办)$")
_TITLE_END = re.compile(
    r"(?:通知|意见|办法|决定|公告|通告|方案|规划|规定|细则|规则|批复|函|通报|决议|命令)(?:\([^()]*\))?$"
)
_NO_TITLE = re.compile(r"附[件表]|.*:|.*总第?\d{1,6}期|.*公报$|(?:19|20)\d{2}(?:[.·]|年第?)\d{1,2}期?$|[●◆■]")
_PASSED_ON = re.compile(r"转发|批转|印发|公布|修改|废止")
_MOST_TITLE_LINES = 6
_MOST_BETWEEN = 4  # lines, most of them blank, between a title and its number
_LONGEST = 160
_LONGEST_NUMBER = 40


class Opening(NamedTuple):
    """The head of a document: line indexes of its first line, its number and its title."""

    at: int
    entry: Entry | None
    number_line: int | None
    title_lines: tuple[int, ...]

    @property
    def end(self) -> int:
        """The index after the last line of the head."""
        return max((self.number_line or 0, *self.title_lines)) + 1


def is_document(entry: Entry) -> bool:
    """Tell whether a contents entry names a document."""
    return entry.document_number is not None or "关于" in entry.title


class _Listed:
    """The documents that the contents list names, by title and by number."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.titles: dict[str, Entry] = {key(entry.title): entry for entry in entries if is_document(entry)}
        self.prefixes = {title[:6] for title in self.titles}
        self._numbers: dict[str, Entry] = {}
        for entry in self.titles.values():
            if entry.document_number:
                self._numbers[key(entry.document_number)] = entry
                if serial := order_serial(entry.document_number):
                    self._numbers.setdefault(serial, entry)

    def entry(self, title: str, number: str) -> Entry | None:
        """The entry of a title and a number as keys; of an order also by title and number together."""
        found = self.titles.get(title) or self._numbers.get(number) or self._numbers.get(title + number)
        return found or self._numbers.get(order_serial(title + number) or "")


def document_openings(lines: Sequence[Line], begin: int, entries: Sequence[Entry]) -> list[Opening]:
    """Find the heads of all documents from the line index `begin` on, in text order."""
    listed = _Listed(entries)
    found: list[Opening] = []
    floor = begin
    for index in range(begin, len(lines)):
        text = lines[index].text
        if not text.strip() or len(text) > _LONGEST or index < floor:
            continue
        if len(text) < _LONGEST_NUMBER and "号" in text and NUMBER_LINE.fullmatch(fold(plain(text))):
            title = _title_of(lines, index, floor, listed.titles)
            entry = listed.entry(_joined(lines, title), key(text))
            start = _with_registration(lines, min((index, *title)), floor)
            if found and found[-1].number_line is None and (entry or title):
                before = found[-1]
                if title and before.at >= start:
                    found.pop()
                elif before.entry is entry and index - before.end < _MOST_BETWEEN:
                    start, title = before.at, before.title_lines
                    found.pop()
            found.append(Opening(start, entry, index, title))
            floor = found[-1].end
        elif key(text)[:6] in listed.prefixes and (below := _listed_title(lines, index, listed.titles)):
            entry = listed.titles[_joined(lines, below)]
            # The regulation below an order bears the order's own title.
            if found and found[-1].entry is entry and found[-1].number_line is not None:
                continue
            start = _with_registration(lines, below[0], floor)
            found.append(Opening(start, entry, None, below))
    return found


def _joined(lines: Sequence[Line], indexes: Sequence[int]) -> str:
    return key("".join(plain(lines[index].text) for index in indexes))


def _title_of(lines: Sequence[Line], number: int, floor: int, listed: Mapping[str, Entry]) -> tuple[int, ...]:
    """Return the indexes of the title's lines: above a number line as a rule, below it in some prints."""
    above = _title_above(lines, number, floor, listed)
    whole = _joined(lines, above)
    if whole in listed or "关于" in whole:
        return above
    return _listed_title(lines, number + 1, listed) or _unlisted_title(lines, number + 1) or above


def _title_above(lines: Sequence[Line], number: int, floor: int, listed: Mapping[str, Entry]) -> tuple[int, ...]:
    title: list[int] = []
    for index in range(number - 1, max(floor, number - 3 * _MOST_TITLE_LINES) - 1, -1):
        text = plain(lines[index].text)
        if not text:
            continue
        if len(title) >= _MOST_TITLE_LINES or _is_no_title(lines[index].text, text):
            break
        whole = _joined(lines, title)
        lead, about, _ = whole.partition("关于")
        begun = about and _ISSUER.search(lead) and not _PASSED_ON.match(whole)
        if whole in listed or begun:
            break
        if "关于" in whole and not _ISSUER.search(text):
            break
        title.insert(0, index)
    return tuple(title)


def _is_no_title(printed: str, text: str) -> bool:
    """Tell whether a line above a number is none of its title: a sentence, table, date, label, the masthead."""
    if text[-1] in "。；：:;，," or "\t" in printed.strip() or "<t" in printed or "</t" in printed:
        return True
    return is_date_line(text) or _NO_TITLE.match(key(text)) is not None or registration_number(text) is not None


def _listed_title(lines: Sequence[Line], first: int, listed: Mapping[str, Entry]) -> tuple[int, ...]:
    """Return the indexes of the lines from `first` on that make up a listed title, if they do."""
    title: list[int] = []
    for index in range(first, min(len(lines), first + 2 * _MOST_TITLE_LINES)):
        if not lines[index].text.strip():
            continue
        title.append(index)
        if _joined(lines, title) in listed:
            return tuple(title)
        if len(title) == _MOST_TITLE_LINES or len(lines[index].text) > _LONGEST:
            break
    return ()


def _unlisted_title(lines: Sequence[Line], first: int) -> tuple[int, ...]:
    """Return the lines from `first` on that read like a title (关于…的通知), if they do."""
    title: list[int] = []
    for index in range(first, min(len(lines), first + 2 * _MOST_TITLE_LINES)):
        text = plain(lines[index].text)
        if not text:
            continue
        if len(title) == _MOST_TITLE_LINES or len(text) > _LONGEST or _is_no_title(lines[index].text, text):
            break
        title.append(index)
        whole = _joined(lines, title)
        if "关于" in whole and _TITLE_END.search(whole):
            return tuple(title)
    return ()


def _with_registration(lines: Sequence[Line], start: int, floor: int) -> int:
    for index in range(start - 1, max(floor, start - 5) - 1, -1):
        text = plain(lines[index].text)
        if text:
            return index if registration_number(text) else start
    return start
