"""The participants of a diary entry: the officials named position its beginning, each with a title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from app.parser.text.normalise import fold_width

_OFFICES = (
    "市长|副市长|市委书记|市委副书记|市委常委|书记|副书记|秘书长|副秘书长|党组成员|主任|副主任|局长|副局长|区长|县长|"
    "巡视员|调研员|常委|顾问|主席|副主席|部长|副部长|组长|副组长|指挥|总指挥|局领导|厅长|副厅长|委员|会长|院长|总经济师|总工程师"
)
_VERBS = (
    "参加|出席|陪同|主持|会见|会晤|调研|督查|督导|检查|带队|召开|接待|听取|走访|慰问|前往|视察|考察|部署|指导|看望|拜会|接受|列席|组织|"
    "开展|参与|拜访|暗访|察看|研究|接访|约谈|率队|率团|率|赴|到|在|为|向|与|作|宣布|签署|巡查|专题|牵头|下访|宣讲|分别|一行|启动|观看|参观|致辞|讲话|"
    "协调|审议|传达|接听|夜访|夜查|送别|迎接|欢迎"
)
_TITLE = re.compile(rf"[一-龥]{{0,10}}(?:{_OFFICES})")
_NAME = re.compile(rf"([一-龥·]{{2,4}}?)(?=\s*(?:[、,，]|和(?=[一-龥])|等|(?:{_VERBS})))")
_SEPARATOR = re.compile(r"\s*(?:[、,，]|和)\s*")
_ATTEND = re.compile(r"\s*(?:等)?\s*参加")


class Participant(NamedTuple):
    """An official in a public role."""

    name: str
    title: str


def collect_known_names(texts: Iterable[str]) -> dict[str, str]:
    """Return the titles of the officials that the entries name with certainty, by name."""
    found: dict[str, str] = {}
    for text in texts:
        participants, _, is_certain = extract_participants(text, {})
        if is_certain:
            found.update((participant.name, participant.title) for participant in participants)
    return found


def extract_participants(text: str, known_names: Mapping[str, str]) -> tuple[list[Participant], str, bool]:
    """Return the participants, the activity, and whether the two could be separated with certainty.

    A title applies to all names listed after it with 、. A name ends before a separator or a verb, or where a
    name of `known_names` ends. A text that does not begin with a title names no participants.
    """
    folded = fold_width(text)
    found: list[Participant] = []
    title, position = "", 0
    while True:
        office = _title_at(folded, position)
        if office:
            title, position = office, position + len(office)
        elif not found:
            return [], _activity_from(text, 0), True
        name = _name_at(folded, position, known_names) if title else None
        if name is None:
            # A list without a clear end yields no participants rather than some of them.
            return [], _activity_from(text, 0), False
        found.append(Participant(name, title))
        position += len(name)
        separator = _SEPARATOR.match(folded, position)
        if separator is None:
            return found, _activity_from(text, position), True
        position = separator.end()


def _title_at(text: str, position: int) -> str | None:
    """Return the title that begins at `position`, with further titles joined to it by 、."""
    title = _single_title_at(text, position)
    while title:
        separator = _SEPARATOR.match(text, position + len(title))
        further = _single_title_at(text, separator.end()) if separator else None
        if separator is None or further is None:
            break
        title += separator[0] + further
    return title


def _single_title_at(text: str, position: int) -> str | None:
    """Return the longest run of characters that ends in an office and stands before any verb."""
    characters = re.match(r"[一-龥]{0,24}", text[position : position + 24])
    window = characters[0] if characters else ""
    verb = re.search(_VERBS, window)
    match = _TITLE.match(window[: verb.start()] if verb else window)
    return match[0] if match else None


def _name_at(text: str, position: int, known_names: Mapping[str, str]) -> str | None:
    match = _NAME.match(text, position)
    if match:
        return match[1]
    return next((name for size in (4, 3, 2) if (name := text[position : position + size]) in known_names), None)


def _activity_from(text: str, position: int) -> str:
    rest = text[position:]
    if position and (verb := _ATTEND.match(rest)):
        rest = rest[verb.end() :]
    elif position:
        rest = rest.removeprefix("等")
    return rest.strip().removesuffix("。").strip()
