"""The officials named at the beginning of a diary entry, each with a title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from app.parser.text.normalise import fold

_OFFICES = (
    "市长|副市长|市委书记|市委副书记|市委常委|书记|副书记|秘书长|副秘书长|党组成员|主任|副主任|局长|副局长|区长|县长|"
    "巡视员|调研员|常委|顾问|主席|副主席|部长|副部长|组长|副组长|指挥|总指挥|局领导|厅长|副厅长|委员|会长|院长|总经济师|总工程师"
)
_VERBS = (
    "参加|出席|陪同|主持|会见|会晤|调研|督查|督导|检查|带队|召开|接待|听取|走访|慰问|前往|视察|考察|部署|指导|看望|拜会|接受|列席|组织|"
    "开展|参与|拜访|暗访|察看|研究|接访|约谈|率队|率团|率|赴|到|在|为|向|与|作|宣布|签署|巡查|专题|牵头|下访|宣讲|分别|一行|启动|观看|参观|致辞|讲话|"
    "协调|审议|传达|接听|夜访|夜查|送别|迎接|欢迎"
)
_LONGEST_NAME = re.compile(rf"([一-龥·]{{2,4}}?)(?=\s*(?:[、,，]|和(?=[一-龥])|等|(?:{_VERBS})))")
_TITLE = re.compile(rf"[一-龥]{{0,10}}(?:{_OFFICES})")
_NAME = re.compile(rf"([一-龥·]{{2,4}}?)(?=\s*(?:[、,，]|和(?=[一-龥])|等|(?:{_VERBS})))")
_SEPARATOR = re.compile(r"\s*(?:[、,，]|和)\s*")
_ATTEND = re.compile(r"\s*(?:等)?\s*参加")


class Participant(NamedTuple):
    """An official in a public role."""

    name: str
    title: str


def known_names(texts: Iterable[str]) -> dict[str, str]:
    """Return name to title of the officials that the entries name without doubt."""
    found: dict[str, str] = {}
    for text in texts:
        participants, _, sure = read_participants(text, {})
        if sure:
            found.update((participant.name, participant.title) for participant in participants)
    return found


def read_participants(text: str, known: Mapping[str, str]) -> tuple[list[Participant], str, bool]:
    """Return the participants, the activity, and whether the two were told apart for sure.

    A title carries over to the names listed behind it with 、. Names end before a separator, a
    verb, or where a name of `known` ends. Text that starts without a title names no participants.
    """
    folded = fold(text)
    found: list[Participant] = []
    title, at = "", 0
    while True:
        office = _title_at(folded, at)
        if office:
            title, at = office, at + len(office)
        elif not found:
            return [], _activity(text, 0), True
        name = _name_at(folded, at, known) if title else None
        if name is None:
            # Nothing is half read: a list whose end is not clear names nobody.
            return [], _activity(text, 0), False
        found.append(Participant(name, title))
        at += len(name)
        separator = _SEPARATOR.match(folded, at)
        if separator is None:
            return found, _activity(text, at), True
        at = separator.end()


def _title_at(text: str, at: int) -> str | None:
    """Return the title that starts here, with further ones joined by 、 before the name."""
    title = _one_title(text, at)
    while title:
        separator = _SEPARATOR.match(text, at + len(title))
        further = _one_title(text, separator.end()) if separator else None
        if separator is None or further is None:
            break
        title += separator[0] + further
    return title


def _one_title(text: str, at: int) -> str | None:
    """Return the longest run that ends in an office, before any verb."""
    piece = re.match(r"[一-龥]{0,24}", text[at : at + 24])
    window = piece[0] if piece else ""
    verb = re.search(_VERBS, window)
    match = _TITLE.match(window[: verb.start()] if verb else window)
    return match[0] if match else None


def _name_at(text: str, at: int, known: Mapping[str, str]) -> str | None:
    match = _NAME.match(text, at)
    if match:
        return match[1]
    return next((name for size in (4, 3, 2) if (name := text[at : at + size]) in known), None)


def _activity(text: str, at: int) -> str:
    rest = text[at:]
    if at and (verb := _ATTEND.match(rest)):
        rest = rest[verb.end() :]
    elif at:
        rest = rest.removeprefix("等")
    return rest.strip().removesuffix("。").strip()
