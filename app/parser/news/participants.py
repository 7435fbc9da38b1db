"""The participants of a diary entry: the officials named at its beginning or in its sentences, each with a title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from app.parser.text.normalise import fold_width
from app.parser.text.person_names import begins_with_surname

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
_NO_SUBJECT = re.compile(r"[以由应受](?!色列)")
"""A sentence that begins so names its people further on (以副厅长林一川为组长的…)."""
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
    if _NO_SUBJECT.match(folded):
        return [], _activity_from(text, 0), True
    while True:
        if person := _name_with_office_at(folded, position):
            found.append(Participant(*person))
            position += sum(map(len, person))
            separator = _SEPARATOR.match(folded, position)
            if separator is None:
                return found, _activity_from(text, position), True
            title, position = "", separator.end()
            continue
        office = _title_at(folded, position)
        if office:
            title, position = office, position + len(office)
        elif not found:
            return [], _activity_from(text, 0), True
        name = _name_at(folded, position, known_names) if title else None
        if name is None and found and folded[position - 1] in ",，" and not begins_with_surname(folded, position):
            # A comma ends the list, or joins the next sentence to it.
            return found, _activity_from(text, position), True
        if name is None:
            # A list without a clear end yields no participants rather than some of them.
            return [], _activity_from(text, 0), False
        found.append(Participant(name, title))
        position += len(name)
        separator = _SEPARATOR.match(folded, position)
        if separator is None:
            return found, _activity_from(text, position), True
        position = separator.end()


def _name_with_office_at(text: str, position: int) -> tuple[str, str] | None:
    """Return the name and the office behind it (林一川市长) that stand at `position`.

    The office must be followed by what ends a name; 区长林一川 is an office before a name.
    """
    surname = begins_with_surname(text, position)
    for size in (2, 1) if surname else ():
        end = position + len(surname or "") + size
        name, office = text[position:end], _OFFICE_BEHIND.match(text, end)
        if office is None or _NOT_NAMES.match(name) or _PLACE_END.search(name):
            continue
        if _STRONG_END.match(text, office.end()) and _name_end(text, office.end()) is None:
            return name, office[0]
    return None


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
    if end := _name_end(text, position):
        return text[position:end]
    match = _NAME.match(text, position)
    if match and not _NOT_NAMES.search(match[1]) and not _LONG_VERB.match(match[1]):
        return match[1]
    return next((name for size in (4, 3, 2) if (name := text[position : position + size]) in known_names), None)


def _activity_from(text: str, position: int) -> str:
    rest = text[position:]
    if position and (verb := _ATTEND.match(rest)):
        rest = rest[verb.end() :]
    elif position:
        rest = rest.removeprefix("等")
    return rest.strip().removesuffix("。").strip()


OFFICES_IN_SENTENCES: tuple[tuple[str, str], ...] = (
    (r"(?:副|代)?(?:省|市|州|区|县|旗|镇|乡)长", "副市长施一炎"),
    (r"(?:副)?书记(?:员)?", "市委书记孙一刚"),
    (
        r"(?:副)?(?:主席|主任|部长|局长|厅长|院长|校长|会长|总裁|议长|秘书长|行长|社长|署长|台长|组长|团长|处长|司长)",
        "省政协副主席李一可",
    ),
    (r"(?:董事长|总经理|副总经理|总监|理事长|检察长|参赞|总领事|大使|首席执行官|院士|教授)", "总领事李二根"),
    (r"(?:政委|司令员|支队长|总队长|指挥|常委|委员|党组成员|巡视员|调研员|总工程师|总经济师)", "市委常委张三生"),
    (r"(?:[省市区县]|党和国家)?领导", "市领导王一廷、刘二伦"),
)
"""Offices before a name within a sentence, each with an example."""
_OFFICE = re.compile("|".join(f"(?:{pattern})" for pattern, _ in OFFICES_IN_SENTENCES))
_OFFICE_BEHIND = re.compile(
    r"(?:常务副|副|代)?(?:省长|市长|州长|区长|县长|镇长|书记|主席|主任|部长|局长|厅长|秘书长|会长|院长|校长|总裁|董事长|总经理|总领事|大使|院士|教授)"
)
_PLACE_END = re.compile(r"[省市州区县旗镇乡村街厅局部院校会副代]$")
_BOUNDARY = re.compile(
    r"[，,。、；;：:（(]$|^$|(?:会见了?|会晤了?|陪同|邀请|接待了?|拜会了?|看望了?|欢迎|与|和|由|同|请|随|向)$"
)
_LONG_VERBS = "|".join(verb for verb in _VERBS.split("|") if len(verb) > 1)
_STRONG_END = re.compile(
    r"[、,，。；;：:（(）)\s]|$|等|先生|女士|同志|一行|率领|带领|讲话|发言|陪同|主持|强调|指出|代表|受邀|专程|亲自|先后|一同|共同|深入|"
    rf"会同|检查|致信|当选|签约|揭牌|颁奖|授牌|宣布|通报|汇报|表示|介绍|来到|前来|{_LONG_VERBS}"
)
_LONG_VERB = re.compile(_LONG_VERBS)
_WEAK_END = re.compile(r"[率赴到在为向与作来以就并对和及带会任的]")
_FOREIGN_NAME = re.compile(
    r"[一-龥]{1,8}(?:[·•・][一-龥]{1,8}?){1,3}(?=[、,，。；;：:）)\s]|$|等|先生|女士|一行|率|为首|率领)"
)
_FOREIGN = re.compile(
    r"(?:日本|韩国|朝鲜|蒙古|越南|老挝|泰国|缅甸|新加坡|马来西亚|印度|美国|加拿大|墨西哥|巴西|英国|法国|德国|意大利|西班牙|葡萄牙|荷兰|比利时|瑞士|瑞典|"
    r"挪威|芬兰|丹麦|波兰|捷克|匈牙利|俄罗斯|乌克兰|希腊|土耳其|以色列|伊朗|埃及|南非|澳大利亚|新西兰)"
)
_NAME_OF_FOREIGNER = re.compile(r"[一-龥]{2,6}?(?=[、,，。；;：:）)\s]|$|等|先生|女士|一行|率领?|为首)")
_NOT_NAMES = re.compile(
    r"单位|会议|办公|常务|方案|高级|成员|常委|党组|全体|和|及|从|应邀|于[今昨当同近前下上]|关于|连续|干部|班子|时任|强调|任[命职期]|项目|安全|全市|相关|包括"
)
_TITLE_START = re.compile(
    r".*(?:[，,。；;：:！!？?“”\s]|会见了?|会晤了?|陪同|邀请|接待了?|拜会了?|看望了?|慰问了?|参加|出席|迎接|欢迎|听取了?|率领|带领|由|以(?!色列)|请|随|受|与|同|向|对|和(?=[省市区县副]))"
)
_LIST = re.compile(r"\s*(?:[、]|和|及)\s*")
_MAX_TITLE_LENGTH = 36
_MAX_NAMES = 30


def find_people(text: str, known: Sequence[Participant]) -> list[Participant]:
    """Return the people whom the sentences name with their titles, in text order, without those in `known`.

    A name follows its office; a title applies to all names listed after it with 、. A name without a surname of the
    common ones is not told from other words and left out.
    """
    folded = fold_width(text)
    found: list[Participant] = []
    names = {person.name for person in known}
    position, foreign = 0, False
    for office in _OFFICE.finditer(folded):
        if office.start() < position:
            continue
        title = _title_before(folded, position, office.end())
        foreign = _FOREIGN.match(title) is not None or (foreign and folded.startswith(("、", "一行、"), position))
        end = _name_end(folded, office.end(), foreign=foreign)
        if end is None and (person := _person_before(folded, position, office.start())):
            if person.name not in names:
                names.add(person.name)
                found.append(person)
            position = office.end()
        if end is None:
            continue
        for begin, position in _listed_names(folded, office.end(), end):
            name = text[begin:position]
            if name not in names:
                names.add(name)
                found.append(Participant(name, title))
    return found


def _person_before(text: str, position: int, office: int) -> Participant | None:
    """Return the person whose name of three characters stands right before an office (会见了林一川董事长)."""
    begin = office - 3
    if begin < position or not _BOUNDARY.search(text[max(begin - 4, position) : begin]):
        return None
    person = _name_with_office_at(text, begin)
    return Participant(*person) if person and len(person[0]) == 3 else None


def _title_before(text: str, position: int, end: int) -> str:
    """Return the title that ends at `end`: joined by 、 to the offices before it, without the verb above."""
    begin = max(position, end - _MAX_TITLE_LENGTH)
    window = text[begin:end]
    start = _TITLE_START.match(window[:-1])
    title = window[start.end() if start else 0 :].lstrip("、和及")
    first, *others = title.split("、")
    while others and not _OFFICE.search(first[-5:]):  # an office and no other words
        first, *others = others
    return "、".join([first, *others])


def _listed_names(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the places of the names in a list that begins with the one from `begin` to `end`."""
    yield begin, end
    for _ in range(_MAX_NAMES):
        separator = _LIST.match(text, end)
        following = _name_end(text, separator.end()) if separator else None
        if separator is None or following is None:
            return
        begin, end = separator.end(), following
        yield begin, end


def _name_end(text: str, begin: int, *, foreign: bool = False) -> int | None:
    """Return where the name that begins at `begin` ends; None when no name stands there.

    The name of a foreigner needs no surname of ours. Of two ends, that before a mark or a word of the office's verbs
    is better than that before a single character.
    """
    match = _FOREIGN_NAME.match(text, begin)
    if match is None and foreign:
        match = _NAME_OF_FOREIGNER.match(text, begin)
    if match:
        return match.end()
    surname = begins_with_surname(text, begin)
    if not surname or _NOT_NAMES.match(text, begin):
        return None
    ends = [begin + len(surname) + size for size in (1, 2)]
    ends = [end for end in ends if re.fullmatch(r"[一-龥]+", text[begin:end])]
    for pattern in (_STRONG_END, _WEAK_END):
        for end in ends:
            if end <= len(text) and pattern.match(text, end):
                return end
    return None
