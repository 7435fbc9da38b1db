"""The annexes of a document: the list that names them, where each begins, and what it holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.parser.records import Line
from app.parser.text.dates import DATE
from app.parser.text.normalise import fold, is_marked, key, numeral, plain, unspaced

_LABEL = re.compile(r"附件(\d{1,2}|[一二三四五六七八九十]{1,3})?:?")
_LIST = re.compile(r"附\s?件\s?(\d{1,2})?\s?:\s?(?:(\d{1,2})\s?[.、]\s?)?(?=\S)")
_LIST_NEXT = re.compile(r"(?:附\s?件\s?)?(\d{1,2})\s?[.、:]\s?(?=\S)")
_LABELLED_TITLE = re.compile(r"附件(\d{0,2}):?")
_LONGEST_HEAD = 120
_MOST_ANNEXES = 60
_MOST_TITLE_LINES = 4


@dataclass(slots=True)
class Annex:
    """One annex: its number (None when it is the only one), title and lines, heading included."""

    number: int | None
    title: str | None
    lines: list[Line] = field(default_factory=list)
    label: str | None = None
    head: set[int] = field(default_factory=set)

    @property
    def content(self) -> list[Line]:
        """The non-blank lines below label and title."""
        return [line for line in self.lines if line.text.strip() and line.number not in self.head]


def annex_list(lines: Sequence[Line]) -> tuple[list[Annex], set[int]]:
    """Read the list of annexes (`附件：1.… 2.…`) and the line numbers that it takes."""
    listed: list[Annex] = []
    taken: set[int] = set()
    blank = False
    for line in lines:
        text = plain(line.text)
        if len(listed) > _MOST_ANNEXES:
            break
        if not text:
            blank = True
            continue
        folded = fold(text)
        if not listed:
            match = _LIST.match(folded)
            number = match and (match[1] or match[2])
        else:
            match = _LIST_NEXT.match(folded)
            number = match and match[1]
            if match is None:
                if blank or DATE.search(folded) or _LABEL.fullmatch(key(text)) or is_marked(line.text):
                    break
                listed[-1].title = unspaced((listed[-1].title or "") + text)
                taken.add(line.number)
                continue
        blank = False
        if match:
            listed.append(Annex(int(number) if number else None, unspaced(text[match.end() :])))
            taken.add(line.number)
    return listed, taken


@dataclass(slots=True)
class _Head:
    """Where an annex begins: its label (附件1), its title, or both."""

    at: int
    number: int | None
    title: str | None
    lines: set[int]
    is_label: bool

    def is_half_of(self, other: _Head) -> bool:
        """Tell whether one is a bare label and the other a bare title."""
        return self.is_label != other.is_label and (self.title is None) != (other.title is None)


def annex_heads(lines: Sequence[Line], listed: Sequence[Annex], taken: set[int]) -> list[_Head]:
    """Find the annexes' heads below the list of annexes; a label and a title side by side are one."""
    titles = {key(annex.title): annex for annex in listed if annex.title}
    heads: list[_Head] = []
    after = max(taken, default=0)
    skip = -1
    filled = True  # whether a line other than the last head's stands above
    for index, line in enumerate(lines):
        if index <= skip or not line.text.strip():
            continue
        head = None
        if len(line.text) <= _LONGEST_HEAD and line.number > after and "\t" not in line.text:
            head = _head_at(lines, index, titles)
        if head is None:
            filled = True
            continue
        skip = max(index, *(at for at in range(index, index + 2 * _MOST_TITLE_LINES) if _is_in(lines, at, head)))
        if heads and not filled and head.is_half_of(heads[-1]):
            before = heads[-1]
            title, number = before.title or head.title, before.number or head.number
            heads[-1] = _Head(before.at, number, title, before.lines | head.lines, True)
        else:
            heads.append(head)
        filled = False
    return heads


def _is_in(lines: Sequence[Line], at: int, head: _Head) -> bool:
    return at < len(lines) and lines[at].number in head.lines


def _head_at(lines: Sequence[Line], index: int, titles: dict[str, Annex]) -> _Head | None:
    folded = key(lines[index].text)
    if match := _LABEL.fullmatch(folded):
        number = numeral(match[1]) if match[1] else None
        return _Head(index, number, None, {lines[index].number}, True)
    if match := _LABELLED_TITLE.match(folded):
        found = titles.get(folded[match.end() :])
        return _Head(index, found.number, found.title, {lines[index].number}, True) if found else None
    if rows := _listed_title(lines, index, titles):
        found = titles["".join(key(lines[row].text) for row in rows)]
        return _Head(index, found.number, found.title, {lines[row].number for row in rows}, False)
    return None


def _listed_title(lines: Sequence[Line], first: int, titles: dict[str, Annex]) -> list[int]:
    """Return the indexes of the lines from `first` that together are a listed annex title."""
    start = key(lines[first].text)
    if not any(title.startswith(start) for title in titles):
        return []
    rows: list[int] = []
    joined = ""
    for index in range(first, min(len(lines), first + 2 * _MOST_TITLE_LINES)):
        if not lines[index].text.strip():
            continue
        rows.append(index)
        joined += key(lines[index].text)
        if joined in titles:
            return rows
    return []


def held_annexes(lines: Sequence[Line], listed: Sequence[Annex], heads: Sequence[_Head]) -> list[Annex]:
    """Join the listed annexes with those found in the text."""
    annexes = {annex.number: annex for annex in listed}
    for position, head in enumerate(heads):
        end = heads[position + 1].at if position + 1 < len(heads) else len(lines)
        number = head.number
        if number is None and number not in annexes and len(heads) == 1 and len(annexes) == 1:
            number = next(iter(annexes))
        annex = annexes.setdefault(number, Annex(number, None))
        part = lines[head.at : end]
        annex.lines.extend(part)
        annex.head |= head.lines
        annex.label = annex.label or next(
            (unspaced(line.text) for line in part if _LABEL.fullmatch(key(line.text))), None
        )
        below = _title_below(part, annex.head)
        annex.title = annex.title or head.title or below
    return sorted(annexes.values(), key=lambda annex: annex.number or 0)


def _title_below(lines: Sequence[Line], head: set[int]) -> str | None:
    """Return the marked heading that follows an annex label, claiming its lines for the head."""
    title = ""
    for line in lines:
        if not line.text.strip() or line.number in head:
            continue
        if not is_marked(line.text) or "\t" in line.text:
            break
        title += plain(line.text)
        head.add(line.number)
    return unspaced(title) or None
