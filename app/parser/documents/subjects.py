"""What a figure is about: the short noun phrase beside it, as printed."""

from __future__ import annotations

import re

from app.parser.documents.quantities import Quantity
from app.parser.text.normalise import fold

_LONGEST = 40
_LONGEST_CLAUSE = 120
_DATE = re.compile(
    r"(?:到|至|截至)?(?:(?:19|20)\d{2}年?(?:[到至-]+(?:19|20)\d{2}年)?)?(?:当年|每年)?(?:\d{1,2}月份?)?(?:\d{1,2}日)?(?:年?底|末)?(?:之?前|以前)?,?"
)
_YEARS = re.compile(r"^(?:计划|力争|争取|利用|预计)?(?:[一二三四五六七八九十两]{1,3}|\d{1,2})年(?:内|时间)?(?!后)")
_FIRST = re.compile(
    r"^(?:其中|同时|并且?|且|对|将|要|应当?|须|确保|力争|争取|计划|各地要?于?|于|按照?|以|完成|给予|实现|在|一般在"
    r"|原则上|建成|每[月年](?=享受))+"
)
_LAST = re.compile(
    r"(?:力争|争取|稳定|确保|计划|基本|完成|给予|不得|应当?|一般在?|原则上|在|于|为|按照?|以|达到?|突破|超过|不低于?|不少于?|不高于?|等|的|对|共|和|及|将|要|最高|予以|标准为?|控制|计划|[(“])+$"
)
_ACTOR = re.compile(
    r"((?:各|市|县|区|省|有关|相关|迁[入出]地|职能)?(?:\([^()]{1,9}\)|[^,。;:、()\d]){1,16}?(?:局|办|办公室|委|委员会|政府|管委会|部门|单位|主体|编办|中心|小组|地))"
    r"(?:应当?|要|须|必须|负责|在|一般|于|向|需)"
)
_STOPS = ",;:。!"
_CLAUSES_AROUND = 4
_BY_ITSELF = 4
_LONG_TAIL = 6
_HELD = re.compile(r"(?:获得|取得|达到|具有|具备|评为)$")
_OBJECT = re.compile(r"(?:给予)?(?:补助|补贴|奖励|资助|贴息|报销|减免|返还|补偿)|归[^,;。]{1,8}")
_MEANS = re.compile(r"通过|采取|采用|按照?|围绕|以|根据")
_ENDS_IN_FIGURE = re.compile(r"\d\D{0,6}$")
_VALIDITY = re.compile(r"有效期限?|试行期")
_PART = re.compile(r"^(?:每|按|享受|给予|可|一次性|最高|分别|按照)")


def figure_subject(printed: str, sentence: str, quantity: Quantity, heading: str | None) -> str | None:
    """Return the phrase that a figure is about, at most some 40 characters of the printed sentence."""
    if match := _VALIDITY.match(sentence, quantity.start):
        own = re.match(r"本[^自,]{2,4}(?=自|有)", sentence)
        return f"{own[0] if own else ''}{match[0]}"
    stops = _STOPS + "、“”" if quantity.is_period or quantity.kind == "threshold" else _STOPS
    begin, end = _clause_start(sentence, quantity.start, stops), _clause_end(sentence, quantity.end, stops)
    head, tail = _clean(printed[begin : quantity.start]), _trim(printed[quantity.end : end]).removeprefix("的")
    if quantity.kind == "deadline":
        subject = head + tail
        if len(subject) <= 2:
            ahead = _action_after(printed, sentence, end)
            subject = ahead or _with_clause_before(printed, sentence, begin, subject)
        return _limited(_cut(subject), heading)
    if quantity.kind == "threshold":
        if _HELD.search(head) and len(tail) >= 2:
            return _limited(tail.partition("的")[0], heading)
        return _limited(head if len(head) >= _BY_ITSELF else head + tail, heading)
    if quantity.kind == "target" and quantity.unit != "%" and len(tail) >= 2:
        return _limited(tail if len(tail) >= _LONG_TAIL else head + tail, heading)
    tail = re.sub(r"[(（][^()（）]*[)）]$", "", tail)
    if (len(head) < _BY_ITSELF and len(tail) >= 2) or (quantity.kind == "rate" and _OBJECT.fullmatch(tail)):
        head += tail
    if _PART.match(_trim(printed[begin : quantity.start])) or len(head) < _BY_ITSELF:
        head = _with_clause_before(printed, sentence, begin, head)
    return _limited(head, heading)


def limit_subject(printed: str, sentence: str, start: int, end: int) -> str | None:
    """Return what is to be done by a date: the words after it, with the actor before it."""
    begin = _clause_start(sentence, start)
    after = end + 1 if sentence[end : end + 1] in (",", ":") else end
    stop = _clause_end(sentence, after)
    action = _trim(printed[after:stop])
    actor = _clean(printed[begin:start])
    return _limited(_cut(f"{actor}{action}" if len(actor) <= 12 else action), None)


def named_body(printed: str, sentence: str, start: int, end: int) -> list[str]:
    """Return the body that must act by what stands from `start` to `end`: the actor of that clause.

    A date that is a clause of its own (11月15日前，甲局…) takes the actor after it; a clause without
    an actor takes that of the last clause before it in the sentence that has one.
    """
    begin = _clause_start(sentence, start)
    match = _ACTOR.match(sentence, begin)
    if match is None and sentence[end : end + 1] == ",":
        match = _ACTOR.match(sentence, end + 1)
    for _ in range(_CLAUSES_AROUND):
        if match is not None or begin < 2:
            break
        begin = _clause_start(sentence, begin - 1)
        match = _ACTOR.match(sentence, begin)
    return [printed[match.start(1) : match.end(1)].strip()] if match else []


def _is_stop(sentence: str, index: int, stops: str) -> bool:
    """Tell whether a clause ends at this character; the colon of a ratio (5:5) is none."""
    if sentence[index] == ":" and sentence[index - 1 : index].isdigit() and sentence[index + 1 : index + 2].isdigit():
        return False
    return sentence[index] in stops


def _clause_start(sentence: str, position: int, stops: str = _STOPS) -> int:
    """Return where the clause begins that holds a position; punctuation in brackets does not count."""
    depth = 0
    floor = max(0, position - _LONGEST_CLAUSE)
    for index in range(position - 1, floor - 1, -1):
        depth += (sentence[index] == ")") - (sentence[index] == "(")
        if depth < 0 or (depth == 0 and _is_stop(sentence, index, stops)):
            return index + 1
    return floor


def _clause_end(sentence: str, position: int, stops: str = _STOPS) -> int:
    depth = 0
    ceiling = min(len(sentence), position + _LONGEST_CLAUSE)
    for index in range(position, ceiling):
        depth += (sentence[index] == "(") - (sentence[index] == ")")
        if depth < 0 or (depth == 0 and _is_stop(sentence, index, stops)):
            return index
    return ceiling


def _clean(text: str) -> str:
    text = _trim(text)
    for _ in range(2):
        text = _trim(_without_first(_DATE, text))
        text = _FIRST.sub("", _without_first(_YEARS, text))
    return _trim(_LAST.sub("", text))


def _without_first(pattern: re.Pattern[str], text: str) -> str:
    """Cut what a pattern finds at the beginning, whatever the width of its figures."""
    match = pattern.match(fold(text))
    return text[match.end() :] if match else text


def _trim(text: str) -> str:
    return "".join(text.split()).strip('，,；;：:。、“”"□ ')


def _with_clause_before(printed: str, sentence: str, begin: int, text: str) -> str:
    if begin < 2:
        return text
    clause = printed[_clause_start(sentence, begin - 1) : begin - 1]
    # A figure of its own and what follows it belong to another commitment.
    before = _clean(re.sub(r"\d.*", "", clause, flags=re.DOTALL))
    if len(before) < _BY_ITSELF and not _ENDS_IN_FIGURE.search(clause):
        before = _clean(clause)
    if before.endswith(text):
        return before
    return f"{before}{text}" if before and len(before) + len(text) <= _LONGEST + 10 else text


def _action_after(printed: str, sentence: str, end: int) -> str:
    """Return what is to be done, from the clauses after one that is a period only; not by what means."""
    for _ in range(_CLAUSES_AROUND):
        if sentence[end : end + 1] != ",":
            break
        begin, end = end + 1, _clause_end(sentence, end + 1)
        if not _MEANS.match(sentence, begin):
            return _clean(printed[begin:end])
    return ""


def _cut(text: str) -> str:
    """Return a long phrase as far as it may go, with a mark where it was cut."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _limited(text: str, heading: str | None) -> str | None:
    text = _trim(text)
    if text.count("“") != text.count("”"):
        text = text.replace("“", "").replace("”", "")
    if heading and len(text) < _BY_ITSELF:
        text = heading if text in heading else f"{heading}{text}"
    return (text if len(text) <= _LONGEST else "…" + text[1 - _LONGEST :]) or None
