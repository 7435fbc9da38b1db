"""Find documents that neither a number nor the contents list announces, by what stands at their head."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from app.parser.records import Line
from app.parser.structure.adoption import is_adoption_line
from app.parser.structure.near_titles import is_like, is_near
from app.parser.text.dates import is_date_line
from app.parser.text.document_numbers import NUMBER_LINE
from app.parser.text.normalise import fold_width, match_key, strip_markup
from app.parser.text.numbering import ARTICLE, CHAPTER, find_marker

_ISSUER_END = re.compile(
    r"(?:政府|国务院|办公厅|办公室|委员会|人民代表大会|法院|检察院|中心|指挥部|领导小组|局|厅|部|署|院|委|办|公司|银行|中央|工会|联合会|协会|小组|支队|大队|处)$"
)
_ISSUER = re.compile(r"[一-鿿、,()·]{2,120}")
_NO_NAME = re.compile("[省市县区]?政府")
_BEGINNING = re.compile(r"[一-鿿]{2,8}?(?:省|市|县|区|州|政府|国务院|委员会)|国务院")
_GAP = re.compile(r"[^\s]\s{2,}[^\s]")
_MAX_TITLE_LINES = 5
_MAX_LINE_LENGTH = 60
_MAX_ADDRESSEE_LENGTH = 400
_SEARCHED_LINES = 8
_MAX_REMEMBERED = 400
"""The most lines of the document above in which the title of what it issues is looked for."""


class HeadForm(NamedTuple):
    """A form of title: its pattern on the match key, what must stand below it, and an example.

    `below` names checks of `_check`; one of them must hold. With `has_issuer` the title begins with the issuer's name.
    """

    title: re.Pattern[str]
    has_issuer: bool
    below: tuple[str, ...]
    example: str


_WORDS = r"[一-鿿0-9a-zA-Z()\-·、《》〈〉,]"
HEAD_FORMS: tuple[HeadForm, ...] = (
    HeadForm(
        re.compile(
            rf"{_WORDS}{{4,160}}(?:条例|规定|办法|规则|细则|决定|决议|规程|守则|准则|章程)(?:\((?:试行|暂行|草案|修订)\))?"
        ),
        False,
        ("adoption",),
        "临江市护林条例",
    ),
    HeadForm(
        re.compile(rf"{_WORDS}{{4,60}}(?:条例|规定|办法|规则|细则)(?:\((?:试行|暂行|修订)\))?"),
        False,
        ("article",),
        "临江市护林条例",
    ),
    HeadForm(
        re.compile(
            r".{2,160}关于.{2,160}(?:通知|意见|决定|公告|通告|通报|批复|复函|函|决议|命令|办法|规定|报告|令)(?:\([^()]{1,20}\))?"
        ),
        True,
        ("addressee", "adoption", "serial"),
        "临江市人民政府关于加强护林的通知",
    ),
    HeadForm(
        re.compile(r".{2,160}关于.{2,160}(?:决定|公告|通告|命令|决议)"),
        True,
        ("sentence",),
        "临江市人民政府关于禁止采伐的通告",
    ),
    HeadForm(re.compile(r".{2,80}(?:公告|通告)"), True, ("sentence", "addressee", "article"), "临江市人民政府通告"),
    HeadForm(re.compile(r".{2,80}令"), True, ("sentence",), "临江市人民政府令"),
    HeadForm(re.compile(r"(?:(?:19|20)\d{2}年)?[一-鿿]{0,20}工作报告"), False, ("address", "delivery"), "政府工作报告"),
    HeadForm(
        re.compile(rf"关于{_WORDS}{{4,120}}(?:执行情况|草案|情况|预算|计划|工作|决算)的报告"),
        False,
        ("address", "delivery"),
        "关于临江市2020年预算执行情况和2021年预算草案的报告",
    ),
    HeadForm(
        re.compile(r"[一-鿿]{0,12}(?:19|20)\d{2}年[一-鿿]{2,20}统计公报"),
        False,
        ("issuer", "part", "sentence"),
        "临江市2020年国民经济和社会发展统计公报",
    ),
)
"""The forms of title under which a document begins without a number of its own."""

_ADDRESSEE = re.compile(r"[^。;；]{2,400}[:：]$")
_ADDRESS = re.compile(r"(?:各位|同志们|主任|委员|代表)[^。]{0,20}[:：]$")
_DELIVERY = re.compile(r"[—\-(（]{0,3}\s?.{0,40}在.{4,60}会议?上")
_ISSUED = re.compile(r"印发|转发|批转|公布|发布|颁布|颁发|通过|同意|批准|修改|修订|修正|下发")
_GAZETTE = re.compile(r"(?<!统计)公报$|总第?\d{1,6}期")
_REMARK = re.compile(r"\((?:此件|本文|此文|有删减|公开|略|节选)")
_QUOTED = re.compile(r"[《〈]([^《》〈〉]{2,120})[》〉]")
_ISSUING_BEFORE = re.compile(r"(?:印发|转发|公布|发布|颁布|批准|通过)[^，。；]{0,20}$")
_BASIS = re.compile(r"(?:根据|依据|按照|依照|遵照|贯彻|落实|执行|符合)[^，。；]{0,50}$")
_ANNEX_LABEL = re.compile(r"附[件表图录]\d{0,2}:?")


def find_unlisted_title(lines: Sequence[Line], index: int) -> tuple[int, ...]:
    """Return the indexes of the title's lines when a document without a number begins at `index`, else ()."""
    if not _may_begin(lines, index):
        return ()
    title: list[int] = []
    for at in range(index, min(len(lines), index + 2 * _MAX_TITLE_LINES)):
        text = strip_markup(lines[at].text)
        if not text:
            continue
        if len(title) == _MAX_TITLE_LINES or not _is_title_line(lines[at].text, text):
            break
        title.append(at)
        key = match_key("".join(strip_markup(lines[each].text) for each in title))
        below = _texts_below(lines, at)
        if any(_has_form(key, form) and _stands_above(form.below, below) for form in HEAD_FORMS):
            return _drop_lines_above(lines, title)
    return ()


def _drop_lines_above(lines: Sequence[Line], title: Sequence[int]) -> tuple[int, ...]:
    """Return the indexes of a title without lines of the document above that end without a full stop.

    A line below which another line begins with a place or an issuer and is a title by itself does not belong to it,
    unless it names an issuer or says 关于.
    """
    texts = [match_key(lines[at].text) for at in title]
    for drop in range(len(texts) - 1, 0, -1):
        above, rest = texts[:drop], "".join(texts[drop:])
        if any("关于" in text or _ISSUER_END.search(text) for text in above) or not _BEGINNING.match(rest):
            continue
        if any(_has_form(rest, form) for form in HEAD_FORMS):
            return tuple(title[drop:])
    return tuple(title)


def _has_form(key: str, form: HeadForm) -> bool:
    return form.title.fullmatch(key) is not None and (not form.has_issuer or find_issuer(key) is not None)


def find_issuer(title: str) -> str | None:
    """Return the issuer with which a title begins: 甲市人民政府 of 甲市人民政府关于…的通知; None without one."""
    lead = re.split(r"关于|(?:公告|通告|命令|令|工作报告)(?:第.{1,6}号)?$", title, maxsplit=1)[0]
    lead = re.split(r"转发|批转|印发|公布|发布", lead, maxsplit=1)[0]
    # 甲市政府办公室对…建议的答复, but 对外贸易局关于…的通知
    for name in (lead.partition("对")[0], lead):
        if _ISSUER.fullmatch(name) and _ISSUER_END.search(name) and not _NO_NAME.fullmatch(name):
            return name
    return None


def is_remark(text: str) -> bool:
    """Return whether a line is a remark about the print, like （此件公开发布）."""
    folded = fold_width(text).strip()
    return len(folded) < 40 and folded.endswith(")") and _REMARK.match(folded) is not None


def _is_title_line(printed: str, text: str) -> bool:
    if len(text) > _MAX_LINE_LENGTH or "\t" in printed or "<t" in printed or _GAP.search(text):
        return False
    folded = fold_width(text)
    if (
        folded[-1] in "。;:,!?"
        or "。" in folded
        or _REMARK.match(folded)
        or NUMBER_LINE.fullmatch(folded)
        or is_date_line(text)
        or _ANNEX_LABEL.match(match_key(text))
    ):
        return False
    return find_marker(text) is None and not _GAZETTE.search(match_key(text))


def _may_begin(lines: Sequence[Line], index: int) -> bool:
    """Return whether a title may begin here: not in the middle of a sentence, and not as the title of an annex."""
    is_first = True
    for at in range(index - 1, max(-1, index - 3 * _MAX_TITLE_LINES), -1):
        text = strip_markup(lines[at].text)
        if not text:
            continue
        if _ANNEX_LABEL.fullmatch(match_key(text)):
            return False
        if is_first and fold_width(text).endswith((":", ",", "、", "的", "和", "及", "与")):
            return False
        is_first = False
        if not _is_title_line(lines[at].text, text):
            break
    return True


def _texts_below(lines: Sequence[Line], index: int) -> list[str]:
    following = (strip_markup(line.text) for line in lines[index + 1 : index + 1 + 2 * _SEARCHED_LINES])
    return [text for text in following if text][:_SEARCHED_LINES]


def _stands_above(checks: Sequence[str], below: Sequence[str]) -> bool:
    if not below:
        return False
    return any(_check(name, below) for name in checks)


def _check(name: str, below: Sequence[str]) -> bool:
    """Return whether the lines below a title are such as stand at the head of a document."""
    first = fold_width(below[0])
    if name == "adoption":
        return is_adoption_line(below[0])
    if name == "article":
        texts = [text for text in below[:3] if match_key(text) not in ("目录", "目次")]
        marker = find_marker(texts[0]) if texts else None
        return marker is not None and marker.rank in (ARTICLE, CHAPTER) and marker.ordinal == 1
    if name == "addressee":
        return len(first) <= _MAX_ADDRESSEE_LENGTH and _ADDRESSEE.match(first) is not None
    if name == "serial":
        return re.fullmatch(r"\(?第?[0-9一二三四五六七八九十]{1,6}号\)?", first.replace(" ", "")) is not None
    if name == "sentence":
        return len(first) > 20 and "。" in first and find_marker(below[0]) is None
    if name == "address":
        return any(_ADDRESS.search(fold_width(text)) for text in below[:5] if len(text) < 40)
    if name == "delivery":
        return any(_DELIVERY.match(text) for text in below[:3] if len(text) < 100)
    if name == "issuer":
        return find_issuer(match_key(below[0])) is not None
    marker = find_marker(below[0])
    return marker is not None and marker.ordinal == 1


def is_issued_above(lines: Sequence[Line], above: int, title: Sequence[int], own_title: str) -> bool:
    """Return whether the document that begins at the line index `above` issues what has this title.

    It does where its own title or its text names it, where an annex label stands above it, or where it announces an
    annex or a plan and the title says the same in other words.
    """
    key = _issue_key("".join(strip_markup(lines[at].text) for at in title))
    own = _issue_key(own_title)
    if key in own or (_ISSUED.search(own) and is_like(key, _issue_key(issued_part(own)))):
        return True
    for line in lines[above : min(title[0], above + _MAX_REMEMBERED)]:
        text = line.text
        if "《" in text or "附" in text:
            named = [_issue_key(match[1]) for match in _QUOTED.finditer(text) if _is_issuing(text, match)]
            if any(key == name or is_near(key, name) for name in named):
                return True
            if _ANNEX_LABEL.match(match_key(text)) and key in _issue_key(text):
                return True
    return False


def _is_issuing(text: str, match: re.Match[str]) -> bool:
    """Return whether a sentence issues what it names, and does not only name its basis."""
    before = text[max(0, match.start() - 60) : match.start()]
    if _ISSUING_BEFORE.search(before):
        return True
    return not _BASIS.search(before) and _ISSUED.search(text[match.end() : match.end() + 80]) is not None


def _issue_key(title: str) -> str:
    return re.sub(r"[《》〈〉]|\([^()]*\)$", "", match_key(title))


def issued_part(own: str) -> str:
    """Return what a title issues: 甲计划 of 关于印发甲计划的通知, given as match key, or else the whole title."""
    match = re.search(r"(?:印发|转发|批转|公布|发布|颁布|颁发|下发)(.+?)(?:的?(?:通知|函|决定|公告|通告|令))?$", own)
    return match[1] if match else own
