"""The subject of a commitment: the short phrase beside a figure or a deadline, as printed."""

from __future__ import annotations

import re

from app.parser.documents.quantities import Quantity
from app.parser.text.normalise import fold_width

_MAX_SUBJECT_LENGTH = 40
_MAX_CLAUSE_LENGTH = 120
# 到2023年6月底前,
_DATE = re.compile(
    r"(?:到|至|截至)?(?:(?:19|20)\d{2}年?(?:[到至-]+(?:19|20)\d{2}年)?)?(?:当年|每年)?(?:\d{1,2}月份?)?(?:\d{1,2}日)?(?:年?底|末)?(?:之?前|以前)?,?"
)
# 力争三年内
_YEARS_AHEAD = re.compile(
    r"^(?:计划|力争|争取|利用|预计)?(?:[一二三四五六七八九十两]{1,3}|\d{1,2})年(?:内|时间)?(?!后)"
)
# Words at the beginning and at the end of a phrase that are no part of the subject.
_LEADING_WORDS = re.compile(
    r"^(?:其中|同时|并且?|且|对|将|要|应(?!用|急|对|届|付)当?|须|但|再|经(?![营济费过常办贸])|或者?|确保|力争|争取|计划|各地(?!区)要?于?|于|按照?|以|完成|给予|实现|在|一般在"
    r"|原则上|建成(?!区)|每[月年](?=享受))+"
)
_TRAILING_WORDS = re.compile(
    r"(?:[由从](?:每[人户年月])*|[分各]别(?:给予|奖励)?|(?<![人户平日年月场])均|总体|约|过(?=$)|总共|每[年月日周]|每季度?|至少|最[长高多低少短迟大小]|不得|力争|争取|稳定|确保|计划|基本|完成|给予|不得|应当?|一般在?|原则上|在|于|为|按照?|以|达到?|突破|超过|不低于?|不少于?|不高于?|等|的|对|共|和|及|将|要|最高|予以|标准为?|控制|计划|[(“])+$"
)
# 市水利局应…
_ACTOR = re.compile(
    r"((?:各|市|县|区|省|有关|相关|迁[入出]地|职能)?(?:\([^()]{1,9}\)|[^,。;:、()\d]){1,16}?(?:局|办|办公室|委|委员会|政府|管委会|部门|单位|主体|编办|中心|小组|地))"
    r"(?:应当?|要|须|必须|负责|在|一般|于|向|需)"
)
_WEAK_ACTION = re.compile(r"(?:持续|不断|继续|进一步)?(?:巩固|加强|推进|深化|强化|完善|优化)")
_RESULT = re.compile(r"消除|完成|实现|建成|达到|清零|形成|建立")
_HAS_TIME = re.compile(r"\d|年|月|[一二三四五六七八九十两]")
_STOPS = ",;:。!"
_MAX_CLAUSES_SEARCHED = 4
_MIN_SUBJECT_LENGTH = 4
_MIN_TAIL_LENGTH = 6
# 获得…称号的
_ATTAINED = re.compile(r"(?:获得|取得|达到|具有|具备|评为)$")
_PAYMENT = re.compile(r"(?:给予)?(?:补助|补贴|奖励|资助|贴息|报销|减免|返还|补偿)|归[^,;。]{1,8}")
_MEANS = re.compile(r"通过|采取|采用|按照?|围绕|以|根据")
_ENDS_IN_FIGURE = re.compile(r"\d\D{0,6}$")
_VALIDITY = re.compile(r"(?P<validity>有效期限?|试行期)[限为是]?$")
_ENDS_IN_START = re.compile(r"(?:之日起|之日后|[后起]|之内)$")
_SHARE_OF = re.compile(r"given as the share of (?P<who>.+)")
_USING = re.compile(r"(?:利用|用|经过|通过)$")
_FIGURE_BEFORE_JOINT = re.compile(r"(?:分别|均)?(?:达到|达|为|增长|下降)?\d[\d.,]*\s?[%％]?[^\d,，]{0,4}?[和、及与或]$")
_FURTHER_FIGURES = re.compile(r"^(?:[、和及]\d[\d.,]*[^、和及\d]{1,4}?(?=[、和及奖补资]))+")
_JOINED_FIGURE = re.compile(r"[、和及与]\d.*$", re.DOTALL)
_BRACKET_WITH_FIGURE = re.compile(r"[(（][^()（）]*\d[^()（）]*[)）]")
_AFTER_FIGURE = re.compile(r".*\d[^、和及与\d]*[、和及与](?!\d)", re.DOTALL)
# 异地安置三年内回迁、就地安置四年内回迁
_PERIODS_IN_LIST = re.compile(
    r"[\d一二三四五六七八九十]个?(?:年|月|日|天|工作日)内[^,;。、]*、[^,;。、]*[\d一二三四五六七八九十]个?(?:年|月|日|天|工作日)内"
)
_OPEN_BRACKET = re.compile(r"[(（][^()（）]*$")
# 违反…规定，擅自砍伐树木的，由…责令改正
_FINE_AFTER = re.compile(r"[^,;。]{0,4}?(?:罚款|的罚金)")
_VIOLATION = re.compile(r"(?:^|[,。;:，；：\n])(?P<act>[^,。;:，；：\n]{2,60}?)的[,，]")
_AGGRAVATED = re.compile(r"情节|逾期|拒不|造成|有下列|没有违法所得|后果|再次")
_GENERAL_ACT = re.compile(r"违反|情节|逾期|拒不|造成|有下列|没有违法所得|有违法所得|后果|再次")
_SANCTION_FOR = re.compile(
    r"(?:对|对于)(?P<who>单位|个人|法人|其他组织|[^,;。]{2,20}?(?:人员|负责人|责任人))[^,;。]{0,2}?并?处"
)
# A phrase that begins with one of these needs the clause before it.
_INCOMPLETE_START = re.compile(r"^(?:每|按|享受|给予|可|一次性|最高|分别|按照)")


def find_figure_subject(
    printed: str, sentence: str, quantity: Quantity, heading: str | None, before: str = ""
) -> str | None:
    """Return the phrase that a figure is about, about 40 characters of the printed sentence at most.

    `sentence` is the folded form of `printed`, so positions are the same in both. `before` is what the provision
    prints before it: it names the act for which 情节严重的 sets a fine.
    """
    if match := _VALIDITY.search(sentence, max(0, quantity.start - 6), quantity.start):
        own = re.match(r"本[^自,]{2,4}(?=自|有)", sentence)
        return f"{own[0] if own else ''}{match['validity']}"
    if share := _SHARE_OF.search(quantity.note or ""):
        return f"{share['who']}占比"
    if _FINE_AFTER.match(sentence, quantity.end) and (
        violation := _find_violation(printed, sentence, quantity.start, before)
    ):
        return violation
    stops = _STOPS + "“”" if quantity.is_period or quantity.kind == "threshold" else _STOPS
    if (quantity.unit or "").endswith("岁") or (quantity.is_period and _PERIODS_IN_LIST.search(sentence)):
        stops += "、"
    begin, end = _clause_start(sentence, quantity.start, stops), _clause_end(sentence, quantity.end, stops)
    head = _strip_head(printed[begin : quantity.start], quantity.is_period)
    tail = _strip_behind_figure(printed[quantity.end : end])
    if quantity.kind == "deadline":
        subject = _subject_of_period(printed, sentence, begin, end, head, tail.removeprefix("时间"))
    elif quantity.kind == "threshold":
        is_attained = _ATTAINED.search(head) and len(tail) >= 2
        subject = tail.partition("的")[0] if is_attained else head if len(head) >= _MIN_SUBJECT_LENGTH else head + tail
    elif quantity.kind == "target" and quantity.unit != "%" and len(tail) >= 2 and tail[0] not in "(（":
        subject = tail if len(tail) >= _MIN_TAIL_LENGTH else head + tail
    else:
        subject = _subject_before(printed, sentence, quantity, begin, head, tail)
    if not subject and not heading:  # 储存6个月以内的，不超过0.1%
        subject = _strip_punctuation(printed[_clause_start(sentence, begin - 1) : max(0, begin - 1)])
    return _finish_subject(subject, heading)


def _strip_head(text: str, is_period: bool) -> str:
    """Return the words before a figure without other figures and what is no part of the subject."""
    text = _BRACKET_WITH_FIGURE.sub("", text)
    while match := _FIGURE_BEFORE_JOINT.search(text):  # 分别给予100万元、30万元、
        text = text[: match.start()]
    if (own := _AFTER_FIGURE.match(text)) and len(text) - own.end() >= 2:  # 新增线路10条、候车亭60座
        text = text[own.end() :]
    return _strip_lead_and_tail(_USING.sub("", text) if is_period else text)


def _strip_behind_figure(text: str) -> str:
    """Return the words behind a figure, without further figures and brackets that do not close."""
    text = _OPEN_BRACKET.sub("", _FURTHER_FIGURES.sub("", _strip_tail(text)))
    text = _JOINED_FIGURE.sub("", _BRACKET_WITH_FIGURE.sub("", text))
    figure = re.search(r"\d", text)
    if figure is None or figure.start() < _MIN_SUBJECT_LENGTH:
        return text
    return _TRAILING_WORDS.sub("", text[: figure.start()])


def _subject_of_period(printed: str, sentence: str, begin: int, end: int, head: str, tail: str) -> str:
    """Return what must be done within a period: the words around it, or the action in the clause that follows."""
    subject = head + tail
    if len(subject) <= 2 or (not tail and _ENDS_IN_START.search(head)):
        action = _action_after_period(printed, sentence, end)
        subject = action or _prepend_previous_clause(printed, sentence, begin, subject)
    return _truncate_end(subject)


def _subject_before(printed: str, sentence: str, quantity: Quantity, begin: int, head: str, tail: str) -> str:
    """Return what a rate or an amount is for: the words before it, with the clause before where they need it."""
    tail = re.sub(r"[(（][^()（）]*[)）]$", "", tail)
    if (len(head) < _MIN_SUBJECT_LENGTH and len(tail) >= 2) or (quantity.kind == "rate" and _PAYMENT.fullmatch(tail)):
        head += tail
    if _INCOMPLETE_START.match(_strip_punctuation(printed[begin : quantity.start])) or len(head) < _MIN_SUBJECT_LENGTH:
        head = _prepend_previous_clause(printed, sentence, begin, head)
    return head


def _find_violation(printed: str, sentence: str, position: int, before: str) -> str | None:
    """Return what a fine is for: the act that the sentence describes before 的，由…处, and whom it concerns."""
    found = list(_VIOLATION.finditer(sentence, 0, position))
    acts = [match for match in found if not match["act"].startswith("违反")] or found
    if not acts:
        return None
    act = _strip_punctuation(printed[acts[-1].start("act") : acts[-1].end("act")])
    if _AGGRAVATED.match(act):
        earlier = [match["act"] for match in _VIOLATION.finditer(before) if not _GENERAL_ACT.match(match["act"])]
        act = f"{_strip_punctuation(earlier[-1])}，{act}" if earlier else act
    who = None
    for match in _SANCTION_FOR.finditer(sentence, acts[-1].end(), position):
        who = printed[match.start("who") : match.end("who")]
    return _finish_subject(f"{act}（{who}）" if who else act, None)


def find_deadline_subject(printed: str, sentence: str, start: int, end: int) -> str | None:
    """Return what must be done by a date: the words after the date, with the actor before it."""
    begin = _clause_start(sentence, start)
    after = end + 1 if sentence[end : end + 1] in (",", ":") else end
    stop = _clause_end(sentence, after)
    if _WEAK_ACTION.match(sentence, after) and sentence[stop : stop + 1] == ",":
        further = _clause_end(sentence, stop + 1)
        if _RESULT.search(sentence[stop + 1 : further]):  # 持续巩固治水成果, 彻底消除…断面
            after, stop = stop + 1, further
    action = _strip_punctuation(printed[after:stop])
    actor = _strip_lead_and_tail(printed[begin:start])
    return _finish_subject(_truncate_end(f"{actor}{action}" if len(actor) <= 12 else action), None)


def find_acting_body(printed: str, sentence: str, start: int, end: int) -> list[str]:
    """Return the body that must act, the actor of the clause of the commitment at `start` to `end`.

    A date that is a clause of its own (11月15日前，甲局…) takes the actor after it. A clause without an actor
    takes the actor of the nearest clause before it. The list is empty when there is none.
    """
    begin = _clause_start(sentence, start)
    match = _ACTOR.match(sentence, begin)
    if match is None and sentence[end : end + 1] == ",":
        match = _ACTOR.match(sentence, end + 1)
    for _ in range(_MAX_CLAUSES_SEARCHED):
        if match is not None or begin < 2:
            break
        begin = _clause_start(sentence, begin - 1)
        match = _ACTOR.match(sentence, begin)
    return [printed[match.start(1) : match.end(1)].strip()] if match else []


def _is_stop(sentence: str, index: int, stops: str) -> bool:
    """Tell whether a clause ends at this character. The colon of a ratio (5:5) does not end one."""
    if sentence[index] == ":" and sentence[index - 1 : index].isdigit() and sentence[index + 1 : index + 2].isdigit():
        return False
    return sentence[index] in stops


def _clause_start(sentence: str, position: int, stops: str = _STOPS) -> int:
    """Return where the clause around a position begins; punctuation in brackets does not end a clause."""
    depth = 0
    floor = max(0, position - _MAX_CLAUSE_LENGTH)
    for index in range(position - 1, floor - 1, -1):
        depth += (sentence[index] == ")") - (sentence[index] == "(")
        if depth < 0 or (depth == 0 and _is_stop(sentence, index, stops)):
            return index + 1
    return floor


def _clause_end(sentence: str, position: int, stops: str = _STOPS) -> int:
    depth = 0
    ceiling = min(len(sentence), position + _MAX_CLAUSE_LENGTH)
    for index in range(position, ceiling):
        depth += (sentence[index] == "(") - (sentence[index] == ")")
        if depth < 0 or (depth == 0 and _is_stop(sentence, index, stops)):
            return index
    return ceiling


def _strip_lead_and_tail(text: str) -> str:
    text = _strip_punctuation(text)
    for _ in range(2):
        text = _strip_punctuation(_strip_prefix(_DATE, text))
        text = _LEADING_WORDS.sub("", _strip_prefix(_YEARS_AHEAD, text))
    return _strip_punctuation(_TRAILING_WORDS.sub("", text))


def _strip_prefix(pattern: re.Pattern[str], text: str) -> str:
    """Cut off what a pattern matches at the beginning of the folded text."""
    match = pattern.match(fold_width(text))
    return text[match.end() :] if match and _HAS_TIME.search(fold_width(match[0])) else text


def _strip_tail(text: str) -> str:
    """Strip what follows a figure; a list of further figures keeps the comma before it."""
    stripped = "".join(text.split())
    return stripped if re.match(r"[、和及]\d", stripped) else _strip_punctuation(stripped).removeprefix("的")


def _strip_punctuation(text: str) -> str:
    return "".join(text.split()).strip('，,；;：:。、“”"□ ')


def _prepend_previous_clause(printed: str, sentence: str, begin: int, text: str) -> str:
    if begin < 2:
        return text
    clause = printed[_clause_start(sentence, begin - 1) : begin - 1]
    # A figure in that clause, and what follows the figure, belong to another commitment.
    before = _strip_lead_and_tail(re.sub(r"\d.*", "", clause, flags=re.DOTALL))
    if len(before) < _MIN_SUBJECT_LENGTH and not _ENDS_IN_FIGURE.search(clause):
        before = _strip_lead_and_tail(clause)
    if before.endswith(text):
        return before
    return f"{before}{text}" if before and len(before) + len(text) <= _MAX_SUBJECT_LENGTH + 10 else text


def _action_after_period(printed: str, sentence: str, end: int) -> str:
    """Return what must be done, from the clauses after one that is only a period, without clauses of means."""
    for _ in range(_MAX_CLAUSES_SEARCHED):
        if sentence[end : end + 1] != ",":
            break
        begin, end = end + 1, _clause_end(sentence, end + 1)
        if not _MEANS.match(sentence, begin):
            return _strip_lead_and_tail(printed[begin:end])
    return ""


def _truncate_end(text: str) -> str:
    """Cut a long phrase to the maximum length, with … at its end."""
    return text if len(text) <= _MAX_SUBJECT_LENGTH else text[: _MAX_SUBJECT_LENGTH - 1] + "…"


def _finish_subject(text: str, heading: str | None) -> str | None:
    """Complete a short phrase with the heading of its provision, and cut a long one at its beginning."""
    text = _strip_punctuation(text)
    if text.count("“") != text.count("”"):
        text = text.replace("“", "").replace("”", "")
    if heading and len(text) < _MIN_SUBJECT_LENGTH:
        text = heading if text in heading else f"{heading}{text}"
    return (text if len(text) <= _MAX_SUBJECT_LENGTH else "…" + text[1 - _MAX_SUBJECT_LENGTH :]) or None
