"""Find the places of a text that say which issue it is: head, back cover, imprint and running heads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.parser.records import Line
from app.parser.structure.masthead_forms import CoverLine, Printed, read_cover_line
from app.parser.text.normalise import match_key
from app.parser.text.page_furniture import find_running_heads

_HEAD_ENDS = re.compile(
    r"(?:…|\.{4}|·{3}|-{3}).{0,8}$|^(?:本期)?(?:目录|目次|要目)"
    r"|^\(?[一-龥]{2,12}[\[(](?:19|20)[0-9]{2}[\])]第?[0-9]{1,5}号"
)
"""The first line below the masthead: the contents list, or the number of a document."""
_MAY_BE_PURE = re.compile(
    r"(?=.*[0-9０-９零一二三四五六七八九十〇○刊报日])"
    r"(?:.*(?:公\s?报|政\s?报|公\s?告|政务通报).*"
    r"|[^一-龥]*(?:[零一二三四五六七八九十百千年月日号期第总增刊合半双旬周季卷累计出版发行编印刷制辑时间星共页本国内外统邮代创于不定公开注意保存"
    r"部资料免费赠阅目录次要价元册份上下午至和到度每逢准字京津沪][^一-龥]*)*)"
)
"""Which lines below the head are looked at: most have words that no form of a cover has."""
_MAX_HEAD_LINES = 120
_MAX_LINE_LENGTH = 120
MAX_COVER_LINES = 8
"""How many lines apart the number, the year, the serial number and the day of one cover stand at most."""
_MAX_STATEMENTS = 60
"""How many statements one cover has at most."""


class Said(NamedTuple):
    """One statement about the issue, and its line."""

    line: int
    printed: Printed


@dataclass(slots=True)
class Cover:
    """What one cover, masthead, imprint or running head says about the issue."""

    said: list[Said] = field(default_factory=list)
    is_running_head: bool = False

    def of(self, *kinds: str) -> list[Said]:
        """Return the statements of these kinds, in the order of the text."""
        return [each for each in self.said if each.printed.kind in kinds]

    @property
    def is_anchored(self) -> bool:
        """Whether the lines are about the issue and not running text: they have a serial number or a dated label."""
        return bool(self.of("serial")) or any(each.printed.is_publication for each in self.of("date", "day"))


def read_covers(lines: Sequence[Line]) -> Iterator[Cover]:
    """Yield the head, then the other places of the text that say which issue it is."""
    reader = _CoverReader()
    running_heads = find_running_heads(lines)
    for index, line in enumerate(lines):
        if line.text and not line.text.isspace():
            reader.read(line, is_running_head=index in running_heads)
    yield from reader.covers()


class _CoverReader:
    """Collects what the lines say about the issue, given one after another."""

    def __init__(self) -> None:
        self._head = Cover()
        self._others: list[Cover] = []
        self._title: str | None = None
        self._in_head = True
        self._lines_seen = 0
        self._last_line = -MAX_COVER_LINES
        self._label_above: str | None = None

    def read(self, line: Line, *, is_running_head: bool) -> None:
        """Read the next line that is not blank."""
        self._lines_seen += 1
        # The line that ends the head may itself be of it (目录 2021年第5期).
        in_head = self._in_head
        self._in_head = in_head and self._lines_seen <= _MAX_HEAD_LINES and not _ends_head(line.text)
        may_say = len(line.text) <= _MAX_LINE_LENGTH and (
            in_head or is_running_head or _MAY_BE_PURE.fullmatch(line.text)
        )
        read = read_cover_line(line.text) if may_say else CoverLine((), False)
        said = [Said(line.number, each) for each in _with_label(read, self._label_above)]
        self._label_above = read.pending_label
        if is_running_head:
            self._others.append(Cover([each for each in said if each.printed.kind in _OF_RUNNING_HEADS], True))
        elif in_head:
            self._head.said += [each for each in said if read.is_pure or _is_explicit(each.printed)]
            titles = (each.printed.text for each in said if each.printed.kind == "title")
            self._title = self._title or next(titles, None)
        elif said and read.is_pure:
            self._add_to_cover(line.number, said)

    def _add_to_cover(self, number: int, said: list[Said]) -> None:
        is_apart = number - self._last_line > MAX_COVER_LINES
        current = self._others[-1] if self._others else None
        if is_apart or current is None or current.is_running_head or len(current.said) > _MAX_STATEMENTS:
            current = Cover()
            self._others.append(current)
        current.said += said
        self._last_line = number

    def covers(self) -> Iterator[Cover]:
        """Yield what is about the issue; what the running text mentions is not."""
        if self._head.of("number", "serial", "title", "supplement", "combined", "month"):
            yield self._head
        for cover in self._others:
            has_title = any(each.printed.text == self._title for each in cover.of("title"))
            if cover.is_running_head or cover.is_anchored or (has_title and cover.of("number")):
                yield cover


_OF_RUNNING_HEADS = ("number", "serial", "year")


def _ends_head(text: str) -> bool:
    return len(text) > _MAX_LINE_LENGTH or _HEAD_ENDS.search(match_key(text)) is not None


def _with_label(read: CoverLine, label_above: str | None) -> Iterator[Printed]:
    """Yield what a line says; a day without a word takes that of the line above (出版日期：)."""
    for each in read.printed:
        takes = label_above and each.kind in ("date", "day") and not each.label
        yield each._replace(label=label_above) if takes else each


def _is_explicit(printed: Printed) -> bool:
    """Tell whether a statement is about the issue even in a line that says other things."""
    if printed.kind in ("date", "day", "month"):
        return printed.label is not None
    is_number = printed.kind == "number" and bool(printed.year) and "期" in printed.text
    return printed.kind in ("serial", "title") or is_number
