"""The imprint on the last pages: publisher, addresses, cover lines, and the places that receive the gazette."""

from __future__ import annotations

import re

from app.parser.records import Line
from app.parser.text.normalise import fold_width, has_heading_mark, match_key, strip_markup

_LABELS = (
    "主办|承编|编辑部?|编辑部地址|地址|电话|传真|邮编|邮政编码|邮箱|电子邮箱|网址|刊号|印刷|主编|副主编|主任|编委|出版|出版日期|"
    "发行|准印证号?|编辑出版|责任编辑|校对|美编|印数|定价|主管|国内刊号|投稿邮箱|咨询电话|联系电话"
)
# 主办单位：…
_LABELLED = re.compile(rf"(?:{_LABELS})(?:单位|部门|日期)?:.{{0,80}}")
_TITLE = re.compile(r"[一-龥]{2,12}人民政府公报|公报")
_ENGLISH = re.compile(r"[A-Za-z][A-Za-z' .,&-]{3,80}")
_COVER = re.compile(r"(?:19|20)\d\d(?:年|\.\d{1,2})?|第\d{1,3}期.{0,20}|\(?总第\d{1,5}期\)?.{0,10}|[-=_*]+")
_INTERNAL = re.compile(r"\(?内部资料.{0,20}|\(?免费赠阅\)?.{0,10}|[●\s]*传达政令.{0,60}")
_RECIPIENTS_LABEL = re.compile(r".{0,24}赠阅(?:范围|点|单位|对象):?")
_MAX_RECIPIENT_LENGTH = 60


class ImprintReader:
    """Recognises the lines of the imprint, given one after another."""

    def __init__(self) -> None:
        self._in_recipients = False

    def accepts(self, line: Line) -> bool:
        """Tell whether the next line belongs to the imprint.

        The list of places that receive the gazette has no marks of its own. It goes from its label to the next
        heading or labelled line.
        """
        text = strip_markup(line.text)
        folded = match_key(text) if len(text) < 120 else ""
        is_known = any(pattern.fullmatch(folded) for pattern in (_LABELLED, _TITLE, _COVER, _INTERNAL)) or bool(
            _ENGLISH.fullmatch(fold_width(text))
        )
        if _RECIPIENTS_LABEL.fullmatch(folded.replace("《", "").replace("》", "")):
            self._in_recipients = True
            return True
        if is_known or has_heading_mark(line.text) or re.match(r"\d{1,2}月\d{1,2}日", folded):
            self._in_recipients = False
            return is_known
        return self._in_recipients and len(text) <= _MAX_RECIPIENT_LENGTH
