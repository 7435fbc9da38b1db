"""The imprint: who publishes, edits and prints the gazette, and who receives it, as labels and values.

It stands in the masthead and often again on the last pages, there with the cover's lines, the official English title
and the list of places that receive the gazette.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from app.parser.records import Line
from app.parser.structure.masthead_forms import read_cover_line
from app.parser.text.normalise import fold_width, has_heading_mark, match_key, strip_markup

ImprintItem = dict[str, str | None]
"""`label` as printed, null where none is, and `value`."""

LABELS: tuple[str, ...] = (
    *(
        "主管",
        "主办",
        "承办",
        "承编",
        "协办",
        "编辑",
        "编辑部",
        "编辑部地址",
        "编辑出版",
        "责任编辑",
        "美编",
        "校对",
        "审核",
    ),
    *(
        "主编",
        "副主编",
        "执行主编",
        "主任",
        "副主任",
        "编委",
        "编印",
        "出版",
        "出版日期",
        "印刷日期",
        "编印日期",
        "印刷",
        "印数",
    ),
    *(
        "发行",
        "发行范围",
        "地址",
        "社址",
        "电话",
        "传真",
        "邮编",
        "邮政编码",
        "邮箱",
        "电子邮箱",
        "投稿邮箱",
        "网址",
        "咨询电话",
    ),
    *(
        "联系电话",
        "刊号",
        "国内刊号",
        "国内统一刊号",
        "国际标准刊号",
        "准印证",
        "准印证号",
        "邮发代号",
        "定价",
        "开本",
        "印张",
    ),
)
"""The labels of an imprint. A line that begins with one and a colon is never running text."""

_SUFFIX = r"(?:单位|部门|日期|时间)?"
_KNOWN = "|".join(sorted(LABELS, key=len, reverse=True))
# 主办单位：…
_LABELLED = re.compile(rf"(?:{_KNOWN}){_SUFFIX}:.{{0,80}}")
# 主管：甲  主办：乙 on one line
_NEXT_LABEL = re.compile(rf"(?<=\S)[ \t|;]+(?=(?:{_KNOWN}){_SUFFIX} ?:)")
# 主办 甲
_SPACED_LABEL = re.compile(rf"(?P<label>(?:{_KNOWN}){_SUFFIX})\s+(?P<value>\S.*)")
# 甲主办
_LABEL_AFTER = re.compile(
    r"(?P<value>[一-龥]{4,30}(?:政府|办公[厅室]|编辑部|中心|公司))(?P<label>主管|主办|承办|编印|编辑|出版|印刷)"
)
_LABEL_BEHIND = re.compile(rf"(?:{_LABEL_AFTER.pattern})\s+(?=\S)")
_IS_LABEL = re.compile(rf"(?:{_KNOWN}){_SUFFIX}")
_CONTENTS_HEADING = re.compile(r"(?:本期)?(?:目录|目次|要目)|CONTENTS", re.IGNORECASE)
_LABEL = re.compile(r"([^\s\d:,.。《》]{1,6}(?:\s[^\s\d:]{1,3})?)\s?:\s?")
_UNLABELLED = re.compile(r"[《●○*■◆]|.{0,30}(?:公报|政报|标准文本)$")
_TITLE = re.compile(r"[一-龥]{2,12}人民政府公报|公报")
_ENGLISH = re.compile(r"[A-Za-z][A-Za-z' .,&-]{3,80}")
_INTERNAL = re.compile(r"\(?内部资料.{0,20}|\(?免费赠阅\)?.{0,10}|[●\s]*传达政令.{0,60}")
_COVER = re.compile(r"(?:19|20)\d\d(?:年|\.\d{1,2})?|第\d{1,3}期.{0,20}|\(?总第\d{1,5}期\)?.{0,10}|[-=_*]+")
_RULER = re.compile(r"[-=_*—\s]+")
_RECIPIENTS_LABEL = re.compile(r".{0,24}(?:赠阅|发放|投放|赠送)(?:范围|点|单位|对象):?")
_NAME_IN_LABEL = re.compile(r"《[^《》]{1,30}》")
_MAX_RECIPIENT_LENGTH = 60
_MAX_LINE_LENGTH = 120
_PROSE = re.compile(r".{30,}[。；;]$")
_MIN_PROSE_LENGTH = 100


class _Entry(NamedTuple):
    line: Line
    label: str | None
    value: str
    continues: bool = False


def is_prose(text: str) -> bool:
    """Tell whether a line is running text, which no imprint has."""
    text = strip_markup(text)
    return len(text) > _MIN_PROSE_LENGTH or _PROSE.search(text) is not None


def extract_masthead_items(masthead: Sequence[Line]) -> list[ImprintItem]:
    """Return the masthead as labels and values; a line without a label continues the value before it."""
    items: list[ImprintItem] = []
    for line in masthead:
        text = " ".join(strip_markup(line.text).split())
        if text and not _CONTENTS_HEADING.fullmatch(match_key(text)):
            for part in _split_labels(text):
                _add_part(items, line, part)
    return items


def _add_part(items: list[ImprintItem], line: Line, text: str) -> None:
    label, value = _split_label(text)
    if label and (_IS_LABEL.fullmatch(label) or not _says_which_issue(text)):
        items.append({"label": label, "value": value})
    elif items and items[-1]["value"] == "":
        items[-1]["value"] = text
    elif (
        has_heading_mark(line.text)
        or _UNLABELLED.match(text)
        or not items
        or items[-1]["label"] is None
        or _says_which_issue(text)
    ):
        items.append({"label": None, "value": text})
    else:
        items[-1]["value"] = f"{items[-1]['value']} {text}".strip()


def _says_which_issue(text: str) -> bool:
    read = read_cover_line(text)
    return read.is_pure and any(each.kind in ("number", "serial", "date") for each in read.printed)


def _split_labels(text: str) -> list[str]:
    """Return the parts of a line that holds several labels, or one behind its value (甲市人民政府主办 …)."""
    folded = fold_width(text)
    behind = _LABEL_BEHIND.match(folded)
    cuts = [0, *([behind.end()] if behind else []), *(match.end() for match in _NEXT_LABEL.finditer(folded)), len(text)]
    return [text[begin:end].strip(" \t|;；") for begin, end in pairwise(cuts)]


def _split_label(text: str) -> tuple[str | None, str]:
    folded = fold_width(text)
    if match := _LABEL.match(folded):
        return "".join(text[: match.end(1)].split()), text[match.end() :].strip()
    for pattern in (_SPACED_LABEL, _LABEL_AFTER):
        if match := pattern.fullmatch(folded):
            return text[slice(*match.span("label"))], text[slice(*match.span("value"))].strip()
    return None, text


class BackMatter(NamedTuple):
    """The imprint on the last pages: its items, and the numbers of its lines."""

    items: list[ImprintItem]
    lines: frozenset[int]


def extract_back_items(lines: Iterable[Line]) -> BackMatter:
    """Return the imprint among the lines of the last pages, which also hold photos and features.

    The list of places that receive the gazette is one item under its label. An English title may run over two lines.
    A line that only says again which issue it is is no item: number, serial number and day are fields of the issue.
    """
    items: list[ImprintItem] = []
    reader, numbers, last = ImprintReader(), set[int](), ""
    for line in lines:
        if not line.text.strip() or not reader.accepts(line):
            last = last if not line.text.strip() else ""
            continue
        numbers.add(line.number)
        text = " ".join(strip_markup(line.text).split())
        if not text or _RULER.fullmatch(text) or (reader.kind == "imprint" and _repeats_the_number(text)):
            last = ""
        elif reader.kind == "recipients":
            items[-1]["value"] = f"{items[-1]['value']} {text}".strip()
        elif reader.kind == "recipients_label":
            label = _NAME_IN_LABEL.sub("", text).rstrip(":：") or text
            items.append({"label": label, "value": ""})
        elif reader.kind == last == "english":
            items[-1]["value"] = f"{items[-1]['value']} {text}"
        else:
            items += extract_masthead_items([line])
        last = reader.kind if text else last
    return BackMatter(items, frozenset(numbers))


def _repeats_the_number(text: str) -> bool:
    read = read_cover_line(text)
    return read.is_pure and any(each.kind in ("number", "serial", "year") for each in read.printed)


class ImprintReader:
    """Recognises the lines of the imprint, given one after another; `kind` says what the last accepted line is."""

    def __init__(self) -> None:
        self._in_recipients = False
        self.kind = ""

    def accepts(self, line: Line) -> bool:
        """Tell whether the next line belongs to the imprint.

        The list of places that receive the gazette has no marks of its own. It goes from its label to the next
        heading or labelled line.
        """
        text = strip_markup(line.text)
        folded = match_key(text) if len(text) < _MAX_LINE_LENGTH else ""
        is_english = _ENGLISH.fullmatch(fold_width(text)) is not None
        is_known = (
            is_english
            or any(pattern.fullmatch(folded) for pattern in (_LABELLED, _TITLE, _COVER, _INTERNAL))
            or _says_which_issue(text)
        )
        if _RECIPIENTS_LABEL.fullmatch(_NAME_IN_LABEL.sub("", folded)):
            self._in_recipients = True
            self.kind = "recipients_label"
            return True
        if is_known or has_heading_mark(line.text) or re.match(r"\d{1,2}月\d{1,2}日", folded):
            self._in_recipients = False
            self.kind = "english" if is_english else "imprint"
            return is_known
        self.kind = "recipients"
        return self._in_recipients and len(text) <= _MAX_RECIPIENT_LENGTH
