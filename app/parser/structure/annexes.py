"""Find the annexes of a document: the list that names them, where each begins, and its lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from app.parser.records import Line
from app.parser.tables.grid import is_table_line
from app.parser.text.dates import DATE
from app.parser.text.normalise import (
    fold_width,
    has_heading_mark,
    match_key,
    parse_numeral,
    remove_spaces,
    strip_markup,
)
from app.parser.text.numbering import find_marker

_HAN = "[一二三四五六七八九十]{1,3}"
_LABEL = re.compile(rf"附件(\d{{1,2}}|{_HAN})?[:.]?|附:")
# 附件：甲清单, 附件：1.甲清单, 附件1：甲清单, 附件1.甲清单, 附件一、甲清单, 附：甲清单
_LIST = re.compile(
    rf"附\s?(?:件\s?)?(?:(\d{{1,2}})\s?[:.]|({_HAN})\s?[:、.]|:)\s?(?:(\d{{1,2}})\s?[.、]\s?)?(?=[^\s])(?!附\s?件)"
)
_LIST_ALONE = re.compile(r"附\s?件?\s?:")
_LIST_NEXT = re.compile(rf"(?:附\s?件\s?)?(\d{{1,2}})\s?[.、:]\s?(?=\S)|附\s?件\s?({_HAN})\s?[.、:]\s?(?=\S)")
_LABELLED_TITLE = re.compile(rf"附件(\d{{0,2}}|{_HAN})[:.、]?")
_MAX_HEADING_LENGTH = 120
_MAX_ANNEXES = 60
_MAX_TITLE_LINES = 4
_MAX_TITLE_LENGTH = 40
_MIN_LIKENESS = 0.8
_SENTENCE = re.compile(r"[。；：，;:,!?！？]")
_SIGNER = re.compile(
    r"[^。；：，;:,\d]{2,30}(?:政府|国务院|办公室|办公厅|委员会|总局|局|厅|院|部|会|署|中心|公司|小组|专家组|指挥部)"
)
_COLUMNS = re.compile(r"[^\s]\s{2,}[^\s]")


@dataclass(slots=True)
class Annex:
    """One annex: its number (None for an only annex), its title, and its lines with the heading.

    `heading_lines` are the numbers of the lines of label and title, `listed_at` that of the line in the annex list.
    """

    number: int | None
    title: str | None
    lines: list[Line] = field(default_factory=list)
    label: str | None = None
    heading_lines: set[int] = field(default_factory=set)
    listed_at: int | None = None

    @property
    def content(self) -> list[Line]:
        """The non-blank lines without label and title."""
        return [line for line in self.lines if line.text.strip() and line.number not in self.heading_lines]

    @property
    def prose(self) -> list[Line]:
        """The lines of the content that belong to no table and are no caption beside one."""
        lines = self.content
        is_table = [is_table_line(line) or "</t" in line.text for line in lines]
        is_caption = [not table and _may_be_caption(line.text) for line, table in zip(lines, is_table, strict=True)]
        for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):
            beside_table = False
            for at in order:  # a run of captions that touches a table belongs to it
                if is_caption[at] and beside_table:
                    is_table[at] = True
                beside_table = is_table[at]
        return [line for line, table in zip(lines, is_table, strict=True) if not table]


def _may_be_caption(text: str) -> bool:
    """Return whether a line has no sentence: 单位：元, 鹿城区小计14个."""
    plain = strip_markup(text)
    is_short = len(plain) <= _MAX_TITLE_LENGTH and find_marker(plain) is None
    return (
        is_short
        and not re.search(r"[。；;]", plain)
        and (plain.startswith("单位") or not re.search(r"[，：,:]", plain))
    )


def extract_annex_list(lines: Sequence[Line]) -> tuple[list[Annex], set[int]]:
    """Return the annexes in the list of annexes (`附件：1.… 2.…`) and the numbers of its lines.

    Below the signature, a line such as `附件1：甲清单` that no list and no label follows is the heading of an annex.
    """
    printed = [line for line in lines if line.text.strip()]
    signed_at = next((at for at, line in enumerate(printed) if _is_signature_date(line.text)), len(printed))
    start = next((at for at, line in enumerate(printed) if _opens_list(printed, at, signed_at)), None)
    if start is None:
        return [], set()
    listed, list_lines = _read_list(lines, printed[start].number, _first_signer(printed, signed_at))
    if start > signed_at and len(listed) == 1:
        below = next((line for line in printed if line.number > max(list_lines)), None)
        if below is not None and not _LABEL.fullmatch(match_key(below.text)):
            return [], set()
    return listed, list_lines


def _is_signature_date(text: str) -> bool:
    folded = fold_width(strip_markup(text))
    match = DATE.search(folded) if len(folded) < 60 else None
    return match is not None and match.end() == len(folded)


def _first_signer(lines: Sequence[Line], signed_at: int) -> int | None:
    """Return the number of the line with which the signature begins; None without a signature."""
    if signed_at >= len(lines):
        return None
    first = signed_at
    while first > 0 and _SIGNER.fullmatch(remove_spaces(lines[first - 1].text)):
        first -= 1
    return lines[first].number


def _opens_list(lines: Sequence[Line], at: int, signed_at: int) -> bool:
    """Return whether a list of annexes begins at a line: 附件：甲清单, or 附件： alone above 1.甲清单."""
    folded = fold_width(strip_markup(lines[at].text))
    if not folded.startswith("附"):
        return False
    if _LIST.match(folded):
        return True
    if at >= signed_at or at + 1 >= len(lines) or not _LIST_ALONE.fullmatch(folded):
        return False
    first = _LIST_NEXT.match(fold_width(strip_markup(lines[at + 1].text)))
    return first is not None and first[1] == "1"


def _read_list(lines: Sequence[Line], first: int, signature: int | None) -> tuple[list[Annex], set[int]]:
    """Return the annexes of the list that begins at the line number `first`, and the numbers of its lines.

    The list ends before the line number `signature`.
    """
    listed: list[Annex] = []
    list_lines: set[int] = set()
    after_blank = False
    for line in lines:
        if line.number < first:
            continue
        if signature is not None and first < signature <= line.number:
            break
        text = strip_markup(line.text)
        if len(listed) > _MAX_ANNEXES:
            break
        if not text:
            after_blank = True
            continue
        folded = fold_width(text)
        if not list_lines and _LIST_ALONE.fullmatch(folded):
            list_lines.add(line.number)
            after_blank = False
            continue
        match = _LIST_NEXT.match(folded) if listed or list_lines else _LIST.match(folded)
        if match is None:
            is_label = _LABEL.fullmatch(match_key(text)) or has_heading_mark(line.text)
            is_text = "。" in folded or find_marker(text) or DATE.search(folded)
            if after_blank or is_label or is_text or not listed:
                break
            listed[-1].title = remove_spaces((listed[-1].title or "") + text)
        else:
            figure = next((group for group in match.groups() if group), None)
            title = _strip_title(text[match.end() :])
            listed.append(Annex(parse_numeral(figure) if figure else None, title, listed_at=line.number))
        after_blank = False
        list_lines.add(line.number)
    return listed, list_lines


def _strip_title(text: str) -> str:
    """Return the title of a listed annex, without the stop that ends its item."""
    return re.sub(r"[;；。]$", "", remove_spaces(text))


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
        return _labelled_heading(lines, index, match, titles)
    if indexes := _find_listed_title(lines, index, titles):
        annex = titles["".join(match_key(lines[at].text) for at in indexes)]
        return _AnnexHeading(index, annex.number, annex.title, {lines[at].number for at in indexes}, False)
    return None


def _labelled_heading(
    lines: Sequence[Line], index: int, match: re.Match[str], titles: dict[str, Annex]
) -> _AnnexHeading | None:
    """Return the heading in a line that holds label and title: 附件1：甲清单.

    The title is listed, or the line has a number and a stop behind it and does not read like a sentence.
    """
    line = lines[index]
    title = match_key(line.text)[match.end() :]
    if annex := titles.get(title):
        return _AnnexHeading(index, annex.number, annex.title, {line.number}, True)
    number = parse_numeral(match[1]) if match[1] else None
    is_title = match[0][-1] in ":.、" and 2 <= len(title) <= _MAX_TITLE_LENGTH and not _SENTENCE.search(title)
    if not is_title or (number is None and match[0][-1] != ":"):
        return None
    by_number = next((annex for annex in titles.values() if annex.number == number), None)
    printed = re.sub(r"^附\s?件\s?[^:：.、]{0,4}\s?[:：.、]\s?", "", strip_markup(line.text))
    return _AnnexHeading(index, number, by_number.title if by_number else remove_spaces(printed), {line.number}, True)


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
        has_title = heading.title is not None
        title_below = None if has_title else _claim_title_below(annex_lines, annex.heading_lines, annex.title)
        annex.title = annex.title or heading.title or title_below
    found = [annex for annex in annexes.values() if annex.title or annex.content]
    return sorted(found, key=lambda annex: annex.number or 0)


def _claim_title_below(lines: Sequence[Line], heading_lines: set[int], listed: str | None) -> str | None:
    """Return the title that follows an annex label, and add its lines to `heading_lines`.

    It is marked as a heading, or like the title in the list of annexes, or a short line above what is clearly text.
    """
    below = [line for line in lines if line.text.strip() and line.number not in heading_lines]
    title: list[Line] = []
    for line in below:
        if not has_heading_mark(line.text) or "\t" in line.text:
            break
        title.append(line)
    title = title or _like_listed(below, listed) or _short_lines(below)
    heading_lines.update(line.number for line in title)
    return remove_spaces("".join(strip_markup(line.text) for line in title)) or None


def _like_listed(lines: Sequence[Line], listed: str | None) -> list[Line]:
    """Return the first lines that together are the listed title, which may be printed in other words."""
    if not listed:
        return []
    key, joined, best = match_key(listed), "", (0.0, 0)
    for count, line in enumerate(lines[:_MAX_TITLE_LINES], 1):
        if not _is_short_line(line.text):
            break
        joined += match_key(line.text)
        likeness = SequenceMatcher(None, joined, key, autojunk=False).ratio()
        best = max(best, (likeness, count))
    return list(lines[: best[1]]) if best[0] >= _MIN_LIKENESS else []


def _short_lines(lines: Sequence[Line]) -> list[Line]:
    """Return the one or two short lines at the top that stand above a sentence, a numbered item or a table."""
    for count in (1, 2):
        if len(lines) <= count or not _is_short_line(lines[count - 1].text):
            return []
        below = strip_markup(lines[count].text)
        is_text = (
            _SENTENCE.search(below) or find_marker(below) or "\t" in lines[count].text or "<t" in lines[count].text
        )
        if is_text:
            return list(lines[:count])
    return []


def _is_short_line(text: str) -> bool:
    plain = strip_markup(text)
    return (
        0 < len(plain) <= _MAX_TITLE_LENGTH
        and "\t" not in text
        and "<t" not in text
        and not _SENTENCE.search(plain)
        and not _COLUMNS.search(plain)
        and find_marker(plain) is None
        and not DATE.search(fold_width(plain))
    )
