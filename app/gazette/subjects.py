"""What a figure is about: the short noun phrase beside it, as printed."""

from __future__ import annotations

import re

from app.gazette.quantities import Quantity

_LONGEST = 30
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
    r"(?:力争|争取|稳定|确保|计划|基本|完成|给予|不得|应当?|一般在?|原则上|在|于|为|按照?|以|达到?|突破|超过|等|的|对|共|和|及|将|要|最高|予以|标准为?|控制|计划|[(“])+$"
)
_ACTOR = re.compile(
    r"((?:各|市|县|区|省|有关|相关|迁[入出]地|职能)?[^,。;:、()\d]{1,16}?(?:局|办|办公室|委|委员会|政府|管委会|部门|单位|主体|编办|中心|小组|地))"
    r"(?:应当?|要|须|必须|负责|在|一般|于|向|需)"
)
_STOPS = ",;:。!"
_BY_ITSELF = 4
_LONG_TAIL = 6
_VALIDITY = re.compile(r"有效期限?|试行期")
_PART = re.compile(r"^(?:每|按|享受|给予|可|一次性|最高|分别|按照)")


def figure_subject(printed: str, sentence: str, quantity: Quantity, heading: str | None) -> str | None:
    """Return the phrase that a figure is about, at most some 30 characters of the printed sentence."""
    if match := _VALIDITY.match(sentence, quantity.start):
        own = re.match(r"本[^自,]{2,4}(?=自|有)", sentence)
        return f"{own[0] if own else ''}{match[0]}"
    stops = _STOPS + "、“”" if quantity.is_period or quantity.kind == "threshold" else _STOPS
    begin, end = _clause_start(sentence, quantity.start, stops), _clause_end(sentence, quantity.end, stops)
    head, tail = _clean(printed[begin : quantity.start]), _trim(printed[quantity.end : end]).removeprefix("的")
    if quantity.kind == "deadline":
        subject = head + tail
        subject = subject if len(subject) > 2 else _with_clause_before(printed, sentence, begin, subject)
        return _limited(subject[:_LONGEST], heading)
    if quantity.kind == "threshold":
        return _limited(head if len(head) >= _BY_ITSELF else head + tail, heading)
    if quantity.kind == "target" and quantity.unit != "%" and len(tail) >= 2:
        return _limited(tail if len(tail) >= _LONG_TAIL else head + tail, heading)
    if len(head) < _BY_ITSELF and len(tail) >= 2:
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
    return _limited((f"{actor}{action}" if len(actor) <= 12 else action)[:_LONGEST], None)


def named_body(printed: str, sentence: str, position: int) -> list[str]:
    """Return the body that the clause at a position begins with as its actor."""
    begin = _clause_start(sentence, position)
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
        text = _YEARS.sub("", _trim(_DATE.sub("", text, count=1) if _DATE.match(text) else text))
        text = _FIRST.sub("", text)
    return _trim(_LAST.sub("", text))


def _trim(text: str) -> str:
    return "".join(text.split()).strip('，,；;：:。、“”"□ ')


def _with_clause_before(printed: str, sentence: str, begin: int, text: str) -> str:
    if begin < 2:
        return text
    clause = printed[_clause_start(sentence, begin - 1) : begin - 1]
    # A figure of its own and what follows it belong to another commitment.
    before = _clean(re.sub(r"\d.*", "", clause, flags=re.DOTALL))
    if len(before) < _BY_ITSELF:
        before = _clean(clause)
    if before.endswith(text):
        return before
    return f"{before}{text}" if before and len(before) + len(text) <= _LONGEST + 10 else text


def _limited(text: str, heading: str | None) -> str | None:
    text = _trim(text)
    if text.count("“") != text.count("”"):
        text = text.replace("“", "").replace("”", "")
    if heading and len(text) < _BY_ITSELF:
        text = heading if text in heading else f"{heading}{text}"
    return text[-_LONGEST:] or None
