"""Mask private persons: the name of a resident, owner, party, patient or beneficiary becomes surname and 某某.

The masked form is `X村林某某户`. Officials in their public role keep their names. A name is masked where the words
around it prove that it is a private person's, never because it is spelled like one. The whole text is masked before
anything else reads it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from app.parser.records import Doubt, Line
from app.parser.text.person_names import Name, looks_like_a_name, read_name
from app.parser.text.private_numbers import mask_private_numbers
from app.parser.text.private_roles import CELL_HEADS, DIRECT, LOOSE, MONEY, OFFICE_HEADS, PERSONAL_HEADS

_MASK = "某某"
_REASON = "a private person's name, masked"
_SURE_LEAD = re.compile(
    r"(?:\*{0,2}[（(][^（）()]{0,12}[）)])?\*{0,2}(?:姓名|名称|名字|名单)?(?:[是为]?\s?[:：]\*{0,2}|姓名|名叫)\s{0,2}"
)
_LEAD = re.compile(r"(?:代表|名叫|本人)?(?:[是为系]|户主)?\s?[（(“\"]?")
_SPACED_NAME = re.compile(r"([\u4e00-\u9fff])\s([\u4e00-\u9fff])\s([\u4e00-\u9fff])(?![\u4e00-\u9fff])")
_ROLE_BEHIND = re.compile(rf"\s?[（(](?={DIRECT.pattern})(?![^（）()]{{0,12}}[:：])")
_HOUSE = re.compile(
    r"[（(]?(?:等\s?\d{0,3}\s?)?(?:户(?![籍口数均型主内外表用])|住宅|房屋|民房|老宅|[宅家](?=[\t，,。；;、）)]|$))"
)
_OF_HOUSEHOLD = re.compile(r"[（(]?(?:等\s?\d{0,3}\s?)?户")
_PLACE_BEFORE = re.compile(r"[道村社区居里弄巷组号庄屯湾寨苑园坊街路队院楼幢室乡镇\t:：、，,；;。（(|>]\s?$|^$")
_VILLAGE_BEFORE = re.compile(r"[村组社弄号室队]\s?$")
_PLACE_ENDING = frozenset("村岙宅庄垟屿浦埠堡寨湾坑坪塘墩埭浃底前后边口头桥下上里店街市山岭洋园")
_MONEY = re.compile(
    rf"(?P<role>\s?[（(](?:{DIRECT.pattern})[）)])?(?:的)?(?P<money>{'|'.join(pattern for pattern, _ in MONEY)})"
)
_PAID = re.compile(
    r"(?:发放|支付|给予|发给|补发|申领|领取|资助|救助|补助|赔偿|关于|支出|给|付|为|对|向|[\t，,。；;、：:（(\s])$|^$"
)
_VISITED = re.compile(
    r"(?:慰问|看望|探望|走访|帮扶|资助|救助|结对|帮助)了?(?=[\u4e00-\u9fff]{2,4}(?:老人|同学|一家|家庭|夫妇|家[，,。；;、]|等\d{1,3}[户名]))"
)
_SOME_HOUSEHOLDS = re.compile(
    r"等\s?\d{1,4}\s?[户名位]?(?=[^，,。；;]{0,6}(?:居民|村民|农户|业主|住户|患者|群众|困难|学生|家庭|残疾人|低保))"
)
_NUMBER_BEHIND = re.compile(
    r"\s?[（(,，]\s?(?:公民)?(?:居民)?身份(?:证|号)|[，,（(]\s?[男女]\s?[，,、][^。；;\n]{0,60}?(?:身份证|住址|户籍|现住|家住)"
)
_IS_A = re.compile(r"系(?=[^，,。；;]{0,12}(?:居民|村民|业主|农民|患者|残疾人|低保户|人士))")
_SUES = re.compile(r"诉(?![求讼说称苦])(?=[^，,。；;]{2,24}(?:纠纷|一案|案))")
_FOR_A_PARTY = re.compile(
    r"(?:当事人|原告|被告|上诉人|申请人|第三人|被处罚人|被执行人)[^。\n]{0,80}?(?:法定代表人|负责人|经营者|投资人|委托代理人)\s?[:：]\s?"
)
_NAME_HEAD = re.compile(r"姓\s?名")
_CELL_HEAD = re.compile("|".join(pattern for pattern, _ in CELL_HEADS))
_PERSONAL_HEAD = re.compile("|".join(pattern for pattern, _ in PERSONAL_HEADS))
_LINE_OF_NAME = re.compile(r"姓名\s?[:：]\s?(?=[^\n]{0,80}(?:身份证|家庭住址|住址|户籍))")
_SEPARATOR = re.compile(r"(\t|\||</?t[dhr]\b[^<>]{0,200}>)", re.IGNORECASE)
_OFFICE_BEFORE = re.compile(r"(?:长|书记|主任|主席|委员|同志|主编|编辑|编委|代表|[:：]|[、 　])\s*$")
_MENTION_BEFORE = re.compile(r"(?:[^\u4e00-\u9fff、 　:：]|后|由|向|对|与|和|及|给|将|被|经|因|但|而|称)$|^$")
_JOINT = re.compile(r"\s?(?:、|和|及|与|以及)\s?")
_JOINT_IN_LIST = re.compile(r"\s?(?:、|和|及|与|以及)\s?|\s{1,4}")
_REACH = 10  # lines below a masked name in which it is masked again
_MAX_LIST = 60  # names in one list
_SUSPECT_CELL = re.compile(r"(?<![\w])([\u4e00-\u9fff]{3})(?=户|\s*\t\s*住房)")

Span = tuple[int, int, str]
Boundary = Callable[[str], bool]


class _Masker:
    """Masks one text and remembers the names found, so that their next mentions are masked too."""

    def __init__(self) -> None:
        self.masked: list[Doubt] = []
        self._recent: dict[str, tuple[int, str]] = {}
        self._person_columns: list[int] = []

    def mask_line(self, line: Line) -> Line:
        """Return the line with every name and number masked that is proved to be a private person's."""
        spans = [*self._find_cells(line.text), *_find_names(line.text)]
        text = line.text
        spans = _join(spans)
        spans = _join([*spans, *self._find_mentions(line, spans)])
        for start, end, surname in reversed(spans):
            text = f"{text[:start]}{surname}{_MASK}{text[end:]}"
        for start, end, surname in spans:
            self.masked.append(Doubt(line.number, surname + _MASK, _REASON))
            name = "".join(line.text[start:end].split())
            if len(name) > 2:
                self._recent[name] = (line.number, surname)
        text, numbers = mask_private_numbers(text, has_person=bool(spans))
        self.masked += [Doubt(line.number, printed, f"{what} of a private person, masked") for printed, what in numbers]
        return line if text == line.text else Line(line.number, text)

    def _find_cells(self, text: str) -> Iterator[Span]:
        """Yield the names below a head of private persons (户主, 业主 …) in a row of cells."""
        if "\t" not in text and "|" not in text and "<t" not in text:
            if text.strip():  # a line with text ends the table above it
                self._person_columns = []
            return
        parts = _SEPARATOR.split(text)
        cells, at = [], 0
        for index, part in enumerate(parts):
            if index % 2 == 0:
                cells.append((at, part))
            at += len(part)
        heads = [("".join(cell.split()), index) for index, (_, cell) in enumerate(cells)]
        columns = [index for head, index in heads if _CELL_HEAD.fullmatch(head)]
        if not columns and any(_PERSONAL_HEAD.fullmatch(head) for head, _ in heads):
            is_office = any(OFFICE_HEADS.search(head) for head, _ in heads)
            columns = [index for head, index in heads if _NAME_HEAD.fullmatch(head) and not is_office]
        if columns:
            self._person_columns = columns
            return
        for index in self._person_columns:
            if index < len(cells):
                start, cell = cells[index]
                yield from _find_cell_names(cell, start)

    def _find_mentions(self, line: Line, spans: Sequence[Span]) -> Iterator[Span]:
        """Yield the next mentions of masked names: in the same line or a few lines below, said of a person."""
        recent = [item for item in self._recent.items() if line.number - item[1][0] <= _REACH][-_MAX_LIST:]
        self._recent = dict(recent)
        known = {name: surname for name, (_, surname) in recent}
        known |= {line.text[start:end]: surname for start, end, surname in spans[-_MAX_LIST:] if end - start > 2}
        if not known or line.text.lstrip().startswith("#"):
            return
        pattern = re.compile("|".join(re.escape(name) for name in sorted(known, key=len, reverse=True)))
        taken = {start for start, _, _ in spans}
        for match in pattern.finditer(line.text):
            before = line.text[max(0, match.start() - 4) : match.start()]
            if match.start() in taken:
                continue
            if _OFFICE_BEFORE.search(before):
                reason = "left: like a masked name, but in office"
                self.masked.append(Doubt(line.number, known[match[0]] + _MASK, reason))
            elif _MENTION_BEFORE.search(before):
                name = read_name(line.text, match.start())
                if name and name.end == match.end():
                    yield match.start(), match.end(), name.surname


def _find_cell_names(cell: str, start: int) -> Iterator[Span]:
    """Yield the names that fill a cell: one, or several between marks."""
    for part in re.finditer(r"[^、，,;；/\s（）()][^、，,;；/（）()]*", cell):
        text = part[0].rstrip()
        bare = re.sub(r"\s", "", text).removesuffix("户")
        name = read_name(bare, 0, is_proved=True)
        if name and name.end == len(bare):
            end = len(text) - (1 if text.endswith("户") else 0)
            yield start + part.start(), start + part.start() + end, name.surname


def _find_names(text: str) -> Iterator[Span]:
    """Yield the names in running text that the words around them prove to be private."""
    found: list[Span] = []
    for role, is_loose in ((DIRECT, False), (LOOSE, True)):
        for match in role.finditer(text):
            found += _read_behind_role(text, match.end(), is_loose)
    for cue, is_boundary in _CUES_BEHIND:
        for match in cue.finditer(text):
            found += _read_before(text, match.start(), is_boundary)
    for cue, is_proved in _CUES_BEFORE:
        for match in cue.finditer(text):
            found += _read_list(text, match.end(), is_proved=is_proved)
    found += _find_of_houses(text)
    for start, _, _ in found:
        yield from _read_list_before(text, start)
    yield from found


def _read_behind_role(text: str, at: int, is_loose: bool) -> list[Span]:
    if sure := _SURE_LEAD.match(text, at):
        spaced = _SPACED_NAME.match(text, sure.end())
        if spaced and read_name("".join(spaced.groups()), 0, is_proved=True):
            return [(spaced.start(), spaced.end(), spaced[1])]
        return _read_list(text, sure.end(), is_proved=True)
    lead = _LEAD.match(text, at)
    start = lead.end() if lead else at
    if is_loose and lead and lead[0].strip()[:1] in ("为", "是", "系"):
        return []
    name = read_name(text, start)
    if name is None or (is_loose and not _is_usual(text, start, name)):
        return []
    return _read_list(text, start, is_proved=False)


def _is_usual(text: str, start: int, name: Name) -> bool:
    return looks_like_a_name(text[start : name.end]) or _VERB_BEHIND.match(text, name.end) is not None


_VERB_BEHIND = re.compile(r"等(?!级)|夫妇|一家|家中|反映|确诊|因病|受伤|死亡|[（(][男女]|[，,][男女][，,]|[户]")


def _read_list(text: str, at: int, *, is_proved: bool) -> list[Span]:
    """Return the name that begins at `at` and those that follow it in a list."""
    found: list[Span] = []
    name = read_name(text, at, is_proved=is_proved)
    while name and len(found) < _MAX_LIST:
        found.append((at, name.end, name.surname))
        joint = (_JOINT_IN_LIST if is_proved else _JOINT).match(text, name.end)
        if joint is None:
            break
        at = joint.end()
        name = read_name(text, at)
    return found


def _read_list_before(text: str, start: int) -> list[Span]:
    """Return the names that stand before the one at `start` in a list."""
    found: list[Span] = []
    while start > 2 and text[start - 1] in "、和及与" and len(found) < _MAX_LIST:
        before = _read_before(text, start - 1, _is_list_start)
        if not before:
            break
        found += before
        start = before[0][0]
    return found


def _is_list_start(before: str) -> bool:
    return _PLACE_BEFORE.search(before) is not None or _PAID.search(before) is not None or before[-1:] in "、和及与户"


def _is_paid(before: str) -> bool:
    return _PAID.search(before) is not None


def _is_open(before: str) -> bool:
    return not before[-1:] or not _is_han(before[-1])


def _read_before(text: str, end: int, is_boundary: Boundary) -> list[Span]:
    """Return the name that ends at `end`, where what stands before it is a boundary."""
    if foreign := _FOREIGN_BEFORE.search(text, max(0, end - _LONGEST_NAME), end):
        return [(foreign.start(), end, text[foreign.start()])] if _is_open(text[: foreign.start()][-1:]) else []
    for length in (3, 4, 2):
        start = end - length
        if start < 0 or not is_boundary(text[max(0, start - 4) : start]):
            continue
        name = _name_at(text, start, end)
        if name and (length > 2 or len(name.surname) == 1):
            return [(start, end, name.surname)]
    return []


def _name_at(text: str, start: int, end: int) -> Name | None:
    """Return the name of exactly this span, as if the text ended behind it."""
    name = read_name(text[start:end], 0)
    return name if name and name.end == end - start else None


_FOREIGN_BEFORE = re.compile(r"[\u4e00-\u9fff]{1,7}(?:[·•・‧∙][\u4e00-\u9fff]{1,7}){1,3}$")
_LONGEST_NAME = 24
_CUES_BEHIND: tuple[tuple[re.Pattern[str], Boundary], ...] = (
    (_ROLE_BEHIND, _is_open),
    (_MONEY, _is_paid),
    (_SOME_HOUSEHOLDS, _is_list_start),
    (_NUMBER_BEHIND, _is_open),
    (_SUES, _is_open),
    (_IS_A, _is_open),
)
"""What stands behind the name of a private person, and what may stand before the name."""
_CUES_BEFORE: tuple[tuple[re.Pattern[str], bool], ...] = (
    (_VISITED, False),
    (_SUES, False),
    (_LINE_OF_NAME, True),
    (_FOR_A_PARTY, False),
)
"""What stands before the name of a private person, and whether nothing but a name can follow."""


def _find_of_houses(text: str) -> Iterator[Span]:
    """Yield names before 户, and usual names before 房屋, 住宅 or 民房: villages stand there too."""
    for match in _HOUSE.finditer(text):
        is_household = _OF_HOUSEHOLD.match(text, match.start()) is not None
        for length in (3, 2, 4):
            start = match.start() - length
            if start < 0:
                continue
            candidate, before = text[start : match.start()], text[max(0, start - 4) : start]
            at_start = "\t" in text and not before.strip()
            if length == 2 and not (is_household and _VILLAGE_BEFORE.search(before)):
                continue
            if not (_PLACE_BEFORE.search(before) or at_start or (is_household and _is_cell(text, start, match.end()))):
                continue
            is_usual = looks_like_a_name(candidate) and candidate[-1] not in _PLACE_ENDING
            name = _name_at(text, start, match.start())
            if name and (is_household or is_usual):
                yield start, match.start(), name.surname
                break


def _is_cell(text: str, start: int, end: int) -> bool:
    """Return whether a household ends its cell and begins behind the name of a place in it."""
    return "\t" in text and text[end : end + 1] in ("\t", "") and start > 0 and _is_han(text[start - 1])


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _join(spans: Sequence[Span]) -> list[Span]:
    """Return the spans in text order, of those that overlap the longest."""
    joined: list[Span] = []
    for span in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if not joined or span[0] >= joined[-1][1]:
            joined.append(span)
        elif span[1] - span[0] > joined[-1][1] - joined[-1][0]:
            joined[-1] = span
    return joined


def mask_private_names(lines: Sequence[Line]) -> tuple[list[Line], list[Doubt], list[Doubt]]:
    """Return the masked lines, the masked places, and the places that look like a private person's name.

    The masked places say where and how, never the name. The last list holds what is not proved and was left as
    printed, with the surname only.
    """
    masker = _Masker()
    result = [masker.mask_line(line) for line in lines]
    return result, masker.masked, [doubt for line in result for doubt in _find_suspects(line)]


def _find_suspects(line: Line) -> list[Doubt]:
    candidates = [line.text[match.end() : match.end() + 3] for match in DIRECT.finditer(line.text)]
    candidates += [match[1] for match in _SUSPECT_CELL.finditer(line.text)]
    reason = "looks like a private person's name; left as printed"
    return [Doubt(line.number, f"{name[0]}…", reason) for name in candidates if looks_like_a_name(name)]
