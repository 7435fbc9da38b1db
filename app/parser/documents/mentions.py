"""Find where a text names other documents: titles in 《》, numbers, and the short names that stand for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.parser.text.document_numbers import (
    NUMBER,
    ORDER,
    ORDER_WORD_LAST,
    SERIAL_ALONE,
    YEAR_FIRST,
    mentioned_number,
    normalise_number,
)
from app.parser.text.normalise import fold_width, match_key, remove_spaces

_MAX_TITLE_LENGTH = 200
_IN_BRACKETS = (
    rf"{NUMBER.pattern}|{YEAR_FIRST.pattern}|{ORDER.pattern}|{ORDER_WORD_LAST.pattern}|{SERIAL_ALONE.pattern}"
)
# （甲政发〔2021〕8号）, （甲政发〔2021〕8号，以下简称《意见》）
_NUMBER_AFTER = re.compile(rf"\s?[\[(]\s?(?P<number>{_IN_BRACKETS})\s?(?:[,;、][^()]{{0,60}})?[\])]")
_BARE_NUMBER = re.compile(rf"{YEAR_FIRST.pattern}|{NUMBER.pattern}|{ORDER.pattern}")
# An earlier promulgation of the document itself: 1994年1月28日国务院令第142号发布
_PROMULGATION = re.compile(r"\s?(?:发布|公布|第.{1,3}次修[订正]|修[订正])")
# （以下简称《意见》）, （甲政发〔2021〕8号，以下简称“意见”）, （甲政发〔2021〕8号）（以下简称《意见》）
_SHORT_NAME = re.compile(r"\s?\([^《。]{0,80}?[简统]?称为?:?\s?(?:《([^《》]{1,40})》|[\"“'‘]([^\"“”’']{1,40})[\"”’'])")

NO_DOCUMENTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:日|晚|早|时|商|周|学|导)报$|^[^统计]{0,30}(?<!统计)公报$|(?:杂志|周刊|月刊|学报)$"), "临江日报"),
    (re.compile(r"(?:证|执照|证书)$"), "营业执照"),
    (
        re.compile(r"(?:登记|申请|申报|审批|审核|统计|调查|评分|汇总|备案|信息|一览)(?:表|单|卡)$|(?:回执|票据|发票)$"),
        "申请表",
    ),
    (
        re.compile(
            r"(?:通知|决定|告知|承诺|责任|意见|申请|协议|任务|委托|证明|保证|确认|鉴定|授权|裁决|裁定|判决|认定|保函)书$"
        ),
        "责令改正通知书",
    ),
    (re.compile(r"合同(?:文本|范本)?$"), "劳动合同"),
)
"""What stands in 《》 and is no official document, each with an example: newspapers, licences, forms, contracts."""

_KIND = (
    "决定|规划|意见|办法|纲要|方案|通知|条例|计划|规定|细则|规则|预案|目录|清单|标准|报告|公告|通告|批复|函|通报|决议|建议"
    "|指南|导则|章程|制度|措施|要点|请示|规范|通则|名单|安排"
)
_KIND_WORD = "本|该|新|实施|指导|若干|工作|行动|专项|管理|暂行|总体|发展|试点|应急|三年|五年|改革|政策|重点|建设"
SHORT_NAME = re.compile(rf"(?:{_KIND_WORD}){{0,2}}(?:{_KIND})(?:\((?:试行|暂行)\))?")
"""A title that says only of what kind the document is, like 决定 or 实施意见. It names nothing by itself."""


_DOCUMENT_END = re.compile(
    r"(?:法|法典|条例|办法|规定|规范|规则|细则|意见|通知|决定|纲要|规划|方案|计划|目录|名录|清单|标准|准则|守则|章程|公约|条约|协定|协议|安排|报告|请示"
    r"|函|批复|公告|通告|公报|预案|指南|指引|导则|规程|制度|措施|要点|建议|提案|议案|决议|宣言|声明|备忘录|议定书|解释|说明|汇报|条件|要求|通则|大纲|讲话"
    r"|令|命令|议程|宪章|白皮书|政策|程序|机制|体系|名单|倡议|纪要|通报|复函|答复|手册|框架|战略|行动|定额|分类|指标|基准|方法|图|表|书|单|合同|\d{4})$"
)
_MAX_NAME_LENGTH = 10
"""The longest title of a film or book; what is longer is a document though its last word is not known."""


class Mention(NamedTuple):
    """One mention of another document: its span in the text, its title and number as printed.

    `title_end` is where the title ends, before the number in brackets.
    """

    start: int
    end: int
    title: str | None
    number: str | None
    title_end: int


def find_mentions(text: str) -> list[Mention]:
    """Return all mentions in a text: titles, with the number in brackets after them, and bare numbers."""
    folded = fold_width(text)
    found: list[Mention] = []
    taken: list[tuple[int, int]] = []
    for start, end in _find_titles(text):
        number = _NUMBER_AFTER.match(folded, end)
        printed = remove_spaces(text[number.start("number") : number.end("number")]) if number else None
        span = (start, number.end() if number else end)
        taken.append(span)
        title = " ".join(text[start + 1 : end - 1].split())
        if printed or not is_no_document(title):
            found.append(Mention(*span, title, printed, end))
    position = 0
    for match in _BARE_NUMBER.finditer(folded):
        while position < len(taken) and taken[position][1] <= match.start():
            position += 1
        if position < len(taken) and taken[position][0] < match.end():
            continue
        if _PROMULGATION.match(folded, match.end()):
            continue
        number_text = match[0] if match[0][0] in "([" else mentioned_number(match[0])
        start = match.end() - len(number_text)
        found.append(Mention(start, match.end(), None, remove_spaces(text[start : match.end()]), match.end()))
    return sorted(found)


def _find_titles(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of titles in 《》; a title may hold other titles in the same brackets."""
    depth, start = 0, -1
    for match in re.finditer(r"[《》\n]", text):
        if match[0] == "《":
            start = match.start() if depth == 0 else start
            depth += 1
        elif match[0] == "》" and depth:
            depth -= 1
            if depth == 0 and 2 <= match.start() - start - 1 <= _MAX_TITLE_LENGTH:
                yield start, match.end()
        elif match[0] == "\n":
            depth = 0


def mask_mentions(folded: str, mentions: Sequence[Mention]) -> str:
    """Return a text, in half width, with every mention replaced by boxes of the same length."""
    parts, position = [], 0
    for mention in mentions:
        if mention.start < position:
            continue
        parts += [folded[position : mention.start], "□" * (mention.end - mention.start)]
        position = mention.end
    return "".join(parts) + folded[position:]


def is_no_document(title: str) -> bool:
    """Return whether what stands in 《》 is something else than a document, like a newspaper or a form."""
    key = re.sub(r"\([^()]*\)$", "", match_key(title))
    is_name = len(key) <= _MAX_NAME_LENGTH and "关于" not in key and not _DOCUMENT_END.search(key)
    return is_name or any(pattern.search(key) for pattern, _ in NO_DOCUMENTS)


class ShortNames:
    """The short names that a document has given to others so far: 《甲市停车规划》（以下简称《规划》）."""

    def __init__(self) -> None:
        self._meant: dict[str, Mention] = {}

    def learn(self, text: str, mentions: Sequence[Mention]) -> None:
        """Remember the short names that a text gives to its mentions."""
        folded = fold_width(text)
        for mention in mentions:
            if mention.title is None:
                continue
            match = _SHORT_NAME.match(folded, mention.title_end, mention.title_end + 160)
            if match and (short := match_key(match[1] or match[2])) != match_key(mention.title):
                self._meant[short] = mention

    def resolve(self, mention: Mention) -> Mention | None:
        """Return the mention with what its short name stands for; None when that is not known."""
        if mention.title is None:
            return mention
        key = match_key(mention.title)
        if (meant := self._meant.get(key)) and not mention.number:
            return mention._replace(title=meant.title, number=meant.number)
        return None if SHORT_NAME.fullmatch(key) and not mention.number else mention


def usual_number(mention: Mention) -> str | None:
    """Return the number of a mention in its usual form."""
    return normalise_number(mention.number) if mention.number else None
