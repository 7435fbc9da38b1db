"""Find the annexes of a document: the list that names them, where each begins, and its lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.parser.records import Line
from app.parser.text.dates import DATE
from app.parser.text.normalise import (
    fold_width,
    has_heading_mark,
    match_key,
    parse_numeral,
    remove_spaces,
    strip_markup,
)

_LABEL = re.compile(r"附件(\d{1,2}|[一二三四五六七八九十]{1,3})?:?")
_LIST = re.compile(r"附\s?件\s?(\d{1,2})?\s?:\s?(?:(\d{1,2})\s?[.、]\s?)?(?=\S)")
_LIST_NEXT = re.compile(r"(?:附\s?件\s?)?(\d{1,2})\s?[.、:]\s?(?=\S)")
_LABELLED_TITLE = re.compile(r"附件(\d{0,2}):?")
_MAX_HEADING_LENGTH = 120
_MAX_ANNEXES = 60
_MAX_TITLE_LINES = 4


@dataclass(slots=True)
class Annex:
    """One annex: its number (None for an only annex), its title, and its lines with the heading.

    `heading_lines` are the numbers of the lines of label and title.
    """

    number: int | None
    title: str | None
    lines: list[Line] = field(default_factory=list)
    label: str | None = None
    heading_lines: set[int] = field(default_factory=set)

    @property
    def content(self) -> list[Line]:
        """The non-blank lines without label and title."""
        return [line for line in self.lines if line.text.strip() and line.number not in self.heading_lines]


def extract_annex_list(lines: Sequence[Line]) -> tuple[list[Annex], set[int]]:
    """Return the annexes in the list of annexes (`附件：1.… 2.…`) and the numbers of its lines."""
    listed: list[Annex] = []
    list_lines: set[int] = set()
    after_blank = False
    for line in lines:
        text = strip_markup(line.text)
        if len(listed) > _MAX_ANNEXES:
            break
        if not text:
            after_blank = True
            continue
        folded = fold_width(text)
        if not listed:
            match = _LIST.match(folded)
            number = match and (match[1] or match[2])
        else:
            match = _LIST_NEXT.match(folded)
            number = match and match[1]
            if match is None:
                if (
                    after_blank
                    or DATE.search(folded)
                    or _LABEL.fullmatch(match_key(text))
                    or has_heading_mark(line.text)
                ):
                    break
                listed[-1].title = remove_spaces((listed[-1].title or "") + text)
                list_lines.add(line.number)
                continue
        after_blank = False
        if match:
            listed.append(Annex(int(number) if number else None, remove_spaces(text[match.end() :])))
            list_lines.add(line.number)
    return listed, list_lines


@dataclass(slots=True)
class _AnnexHeading:
    """Where an annex begins: its label (附件1), its title, or both. `index` is that of its first line."""

    index: int
    number: int | None
    title: str | None
    lines: set[int]
    is_label: bool

    def is_half_of(self, other: _AnnexHeading) -> bool:
        """Return whether one of the two is a label alone and the other a title alone."""
        return self.is_label != other.is_label and (self.title is None) != (other.title is None)


def find_annex_headings(lines: Sequence[Line], listed: Sequence[Annex], list_lines: set[int]) -> list[_AnnexHeading]:
    """Return the headings of annexes below the list of annexes; a label and the title beside it are one heading."""
    titles = {match_key(annex.title): annex for annex in listed if annex.title}
    headings: list[_AnnexHeading] = []
    last_list_line = max(list_lines, default=0)
    skip = -1
    has_content = True  # whether other lines stand between this line and the last heading
    for index, line in enumerate(lines):
        if index <= skip or not line.text.strip():
            continue
        heading = None
        if len(line.text) <= _MAX_HEADING_LENGTH and line.number > last_list_line and "\t" not in line.text:
            heading = _heading_at(lines, index, titles)
        if heading is None:
            has_content = True
            continue
        skip = max(index, *(at for at in range(index, index + 2 * _MAX_TITLE_LINES) if _is_in(lines, at, heading)))
        if headings and not has_content and heading.is_half_of(headings[-1]):
            previous = headings[-1]
            title, number = previous.title or heading.title, previous.number or heading.number
            headings[-1] = _AnnexHeading(previous.index, number, title, previous.lines | heading.lines, True)
        else:
            headings.append(heading)
        has_content = False
    return headings


def _is_in(lines: Sequence[Line], index: int, heading: _AnnexHeading) -> bool:
    return index < len(lines) and lines[index].number in heading.lines


def _heading_at(lines: Sequence[Line], index: int, titles: dict[str, Annex]) -> _AnnexHeading | None:
    key = match_key(lines[index].text)
    if match := _LABEL.fullmatch(key):
        number = parse_numeral(match[1]) if match[1] else None
        return _AnnexHeading(index, number, None, {lines[index].number}, True)
    if match := _LABELLED_TITLE.match(key):
        annex = titles.get(key[match.end() :])
        return _AnnexHeading(index, annex.number, annex.title, {lines[index].number}, True) if annex else None
    if indexes := _find_listed_title(lines, index, titles):
        annex = titles["".join(match_key(lines[at].text) for at in indexes)]
        return _AnnexHeading(index, annex.number, annex.title, {lines[at].number for at in indexes}, False)
    return None


def _find_listed_title(lines: Sequence[Line], first: int, titles: dict[str, Annex]) -> list[int]:
    """Return the indexes of the lines from `first` on that together are a listed title, else []."""
    start = match_key(lines[first].text)
    if not any(title.startswith(start) for title in titles):
        return []
    indexes: list[int] = []
    joined = ""
    for index in range(first, min(len(lines), first + 2 * _MAX_TITLE_LINES)):
        if not lines[index].text.strip():
            continue
        indexes.append(index)
        joined += match_key(lines[index].text)
        if joined in titles:
            return indexes
    return []


def build_annexes(lines: Sequence[Line], listed: Sequence[Annex], headings: Sequence[_AnnexHeading]) -> list[Annex]:
    """Return the listed annexes and those found in the text, with their lines, by number."""
    annexes = {annex.number: annex for annex in listed}
    for position, heading in enumerate(headings):
        end = headings[position + 1].index if position + 1 < len(headings) else len(lines)
        number = heading.number
        if number is None and number not in annexes and len(headings) == 1 and len(annexes) == 1:
            number = next(iter(annexes))
        annex = annexes.setdefault(number, Annex(number, None))
        annex_lines = lines[heading.index : end]
        annex.lines.extend(annex_lines)
        annex.heading_lines |= heading.lines
        annex.label = annex.label or next(
            (remove_spaces(line.text) for line in annex_lines if _LABEL.fullmatch(match_key(line.text))), None
        )
        title_below = _claim_title_below(annex_lines, annex.heading_lines)
        annex.title = annex.title or heading.title or title_below
    return sorted(annexes.values(), key=lambda annex: annex.number or 0)


def _claim_title_below(lines: Sequence[Line], heading_lines: set[int]) -> str | None:
    """Return the marked heading that follows an annex label, and add its lines to `heading_lines`."""
    title = ""
    for line in lines:
        if not line.text.strip() or line.number in heading_lines:
            continue
        if not has_heading_mark(line.text) or "\t" in line.text:
            break
        title += strip_markup(line.text)
        heading_lines.add(line.number)
    return remove_spaces(title) or None
