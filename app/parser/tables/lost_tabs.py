"""Give tables back the tabs that a copy of the text has lost, or report that they cannot be given back.

Cells may be separated by two or more spaces or by bars. A single space never separates cells, because cells hold
spaces. An empty cell leaves no trace between spaces, so a row with fewer cells than the head is not read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from app.parser.records import Line, UnreadLine
from app.parser.text.normalise import fold_width, has_heading_mark

_GAP = re.compile(r"[ \u3000\u00a0]{2,}")
_BAR = re.compile(r"[ \u3000\u00a0]*[|｜¦│┃][ \u3000\u00a0]*")
_LEADERS = re.compile(r"[….·]{2,}|…|-{3,}|—{3,}")
"""Between title and page of a contents list, which is no table."""
_BARS = ("|", "｜", "¦", "│", "┃")
_TABLE_TAG = re.compile(r"</?t(?:able|head|body|r|d|h)\b", re.IGNORECASE)
_PART = re.compile(r"#[^#\s]")
_BORDER = re.compile(r"[\s|｜¦│┃+─━—\-=┌┬┐├┼┤└┴┘_:]*")
_SENTENCE = re.compile(r"[。；;？！：:，]$|[。；].*[。；]")
_NUMBER = re.compile(r"[-+±]?\d[\d,]*(?:\.\d+)?%?")
_HAN = re.compile(r"[一-龥]")
HEAD_WORDS: tuple[tuple[str, str], ...] = (
    (r"序号|编号|项次", "序号"),
    (r"(?:指标|项目|单位|企业|断面|村|河道|产品|地区|片区|行业|文件)(?:名称)?", "项目名称"),
    (r"(?:计量)?单位|数量|金额|标准|面积|户数|人数|比例", "计量单位"),
    (r"(?:实施|完成|改造|建设)?(?:年份|时间|时限|期限|进度)", "完成时限"),
    (r"(?:责任|牵头|配合|实施)(?:单位|部门|主体)|责任人|联系人", "责任单位"),
    (r"(?:\d{1,2}月|当月|本月|本期|累计|同比|增速|增长|绝对额|绝对值).{0,8}", "同比±%"),
    (r"备注|说明|内容|类别|类型|等级|所属.{1,4}|所在.{1,4}|(?:县|市|区|街道|乡镇|行政村).{0,6}", "备注"),
)
"""Words of a table's head, each with an example."""
_HEAD_WORD = re.compile("|".join(pattern for pattern, _ in HEAD_WORDS))
_MIN_COLUMNS = 3
_MIN_ROWS = 3
_MAX_LINE_LENGTH = 1500
_MAX_TORN_LENGTH = 160
_MAX_SUBTOTAL_LENGTH = 60
_MAX_LINES_BETWEEN = 2
_LINES_ABOVE = 3
_HEAD_LINES = 3
_MAX_EXCERPT = 40
_TORN = "a row of a table whose cells only single spaces separate"
_NO_HEAD = "a table whose head has another number of cells than its rows"
_SHORT = "a row of a table without tabs that has another number of cells than the head"

IsHead = Callable[[Sequence[Line]], bool]
"""Tells whether the head of a known table stands in these lines, whose cells tabs separate."""


def restore_tabs(lines: Sequence[Line], is_head: IsHead) -> tuple[list[Line], list[UnreadLine]]:
    """Return the lines with tabs between the cells of tables that lost them, and what is left out as unread lines.

    Lines that cannot be cut into cells are blanked, so that they do not become running text.
    """
    restorer = _Restorer(lines, is_head)
    restorer.run()
    return restorer.lines, restorer.unread


class _Restorer:
    def __init__(self, lines: Sequence[Line], is_head: IsHead) -> None:
        self.lines = list(lines)
        self.unread: list[UnreadLine] = []
        self._is_head = is_head
        self._printed = [index for index, line in enumerate(lines) if line.text.strip()]

    def run(self) -> None:
        """Look at each line once, block by block."""
        at = 0
        while at < len(self._printed):
            line = self.lines[self._printed[at]]
            if "\t" in line.text:
                at = self._follow_table(at + 1, line.text.count("\t") + 1)
            elif cells := _cells(line):
                at = self._read_block(at, cells)
            else:
                at = self._read_torn(at)

    def _line(self, at: int) -> Line:
        return self.lines[self._printed[at]]

    def _read_block(self, begin: int, first: list[str]) -> int:
        """Read a run of lines with cells from `begin` on, and return where it ends."""
        rows = [first]
        has_bars, has_border = _has_bars(self._line(begin)), self._line(begin).text.lstrip().startswith(_BARS)
        while begin + len(rows) < len(self._printed):
            line = self._line(begin + len(rows))
            if _has_bars(line) != has_bars or not (cells := _cells(line, in_table=True, has_border=has_border)):
                break
            rows.append(cells)
        end = begin + len(rows)
        if not self._is_table(begin, rows):
            return end if len(rows) > 1 else self._read_torn(begin)
        columns = len(first)
        usual = Counter(map(len, rows[1:])).most_common(1)[0][0] if rows[1:] else columns
        if usual != columns and not has_bars and len(rows) > 1:
            for at in range(begin, end):
                self._leave(at, _NO_HEAD)
            return self._follow_table(end, 0)
        for at, cells in zip(range(begin, end), rows, strict=True):
            if not (has_bars and _BORDER.fullmatch(self._line(at).text)):
                self._put(at, cells, 0 if has_bars else columns)
        return self._follow_table(end, columns)

    def _follow_table(self, at: int, columns: int) -> int:
        """Read the lines right below a table's row: rows whose separators are others; return where they end.

        `columns` is the number of cells of the table, 0 when it is not known.
        """
        while at < len(self._printed) and self._is_adjacent(at):
            line = self._line(at)
            cells = _cells(line, in_table=True)
            if columns >= _MIN_COLUMNS and (
                len(cells) == columns or (len(cells) >= _MIN_COLUMNS and _has_number(cells))
            ):
                self._put(at, cells, columns)
            elif _is_torn_row(line) and (not columns or abs(len(line.text.split()) - columns) <= 1):
                self._leave(at, _TORN)
            elif not self._is_subtotal(at, columns):
                break
            at += 1
        return at

    def _is_subtotal(self, at: int, columns: int) -> bool:
        """Tell whether a line without cells stands between rows: one of the same table follows within two lines."""
        if columns < _MIN_COLUMNS or _cells(self._line(at), in_table=True) or "\t" in self._line(at).text:
            return False
        following = range(at + 1, min(at + 1 + _MAX_LINES_BETWEEN, len(self._printed)))
        return len(self._line(at).text) <= _MAX_SUBTOTAL_LENGTH and any(
            self._is_adjacent(each) and len(_cells(self._line(each), in_table=True)) == columns for each in following
        )

    def _is_adjacent(self, at: int) -> bool:
        """Tell whether at most one blank line stands above a line."""
        return at > 0 and self._printed[at] - self._printed[at - 1] <= 2

    def _read_torn(self, begin: int) -> int:
        """Read a table whose cells single spaces separate, and return where it ends: `begin + 1` without one."""
        head = self._line(begin)
        words = head.text.split()
        if len(words) < _MIN_COLUMNS or len(head.text) > _MAX_TORN_LENGTH or _SENTENCE.search(head.text):
            return begin + 1
        may_be_head = not has_heading_mark(head.text) and _HAN.search(head.text) is not None and not _has_bars(head)
        is_known = may_be_head and self._is_known_head(begin, [words])
        torn, end = [begin], begin + 1
        between = 0
        while end < len(self._printed) and between <= _MAX_LINES_BETWEEN:
            if _is_torn_row(self._line(end)) or (is_known and self._is_row_below(end)):
                torn.append(end)
                between = 0
            elif has_heading_mark(self._line(end).text) or "\t" in self._line(end).text:
                break
            else:
                between += 1  # a subtotal, or the end of the table
            end += 1
        has_head = is_known or (may_be_head and _count_head_words(words) >= 2)
        if not (has_head and len(torn) > 1) and not (_is_torn_row(head) and len(torn) >= _MIN_ROWS):
            return begin + 1
        for at in torn:
            self._leave(at, _TORN)
        return torn[-1] + 1

    def _is_row_below(self, at: int) -> bool:
        """Tell whether a line right below the rows under a known head has several words."""
        text = self._line(at).text
        is_row = "\t" not in text and len(text.split()) > 1 and not _TABLE_TAG.search(text)
        return is_row and self._is_adjacent(at) and not has_heading_mark(text) and not _has_bars(self._line(at))

    def _is_table(self, begin: int, rows: Sequence[Sequence[str]]) -> bool:
        """Tell whether lines with cells are a table and not names, headings or a signature set with spaces."""
        first = rows[0]
        if len(first) >= _MIN_COLUMNS and len(rows) > 1 and _count_head_words(first) >= 2:
            return True
        usual, count = Counter(map(len, rows)).most_common(1)[0]
        numeric = sum(map(_has_number, rows))
        is_numeric = len(rows) >= _MIN_ROWS and usual >= _MIN_COLUMNS and 5 * min(count, numeric) >= 3 * len(rows)
        return is_numeric or (len(first) >= _MIN_COLUMNS and self._is_known_head(begin, rows))

    def _is_known_head(self, begin: int, rows: Sequence[Sequence[str]]) -> bool:
        above = [self._line(at) for at in range(max(begin - _LINES_ABOVE, 0), begin)]
        head = [
            Line(self._line(begin + offset).number, "\t".join(cells)) for offset, cells in enumerate(rows[:_HEAD_LINES])
        ]
        return self._is_head([*(line for line in above if "\t" not in line.text), *head])

    def _put(self, at: int, cells: Sequence[str], columns: int) -> None:
        """Put a row with tabs in the place of its line; one that has not as many cells as `columns` is left out."""
        if columns and len(cells) != columns:
            self._leave(at, _SHORT)
        else:
            self.lines[self._printed[at]] = Line(self._line(at).number, "\t".join(cells))

    def _leave(self, at: int, reason: str) -> None:
        line = self._line(at)
        self.lines[self._printed[at]] = Line(line.number, "")
        self.unread.append(UnreadLine(line.number, line.text.strip()[:_MAX_EXCERPT], reason))


def _cells(line: Line, *, in_table: bool = False, has_border: bool = True) -> list[str]:
    """Return the cells of a line that bars or wide gaps separate; [] for other lines and those that the grid reads.

    Below the head of a table, cells may hold sentences, and `#` may stand before a part of the item above. In a table
    without a border, a bar at the end of a line stands beside an empty cell.
    """
    text = line.text.strip(" \u3000\u00a0")
    if (
        "\t" in text
        or _TABLE_TAG.search(text)
        or (_LEADERS.search(text) and not in_table)
        or (has_heading_mark(text) and not (in_table and _PART.match(text)))
    ):
        return []
    if has_border and text.startswith("|") and text.count("|") > 2:
        return []  # Markdown
    bars = len(_BAR.findall(text))
    if bars >= _MIN_COLUMNS - 1 or (in_table and bars):
        if _BORDER.fullmatch(text) and not in_table:
            return []
        cells = _BAR.split(text)
        return cells[has_border and text[:1] in _BARS : len(cells) - (has_border and text[-1:] in _BARS)]
    cells = _GAP.split(text) if in_table or len(text) <= _MAX_LINE_LENGTH else []
    return cells if len(cells) > 1 and (in_table or not _SENTENCE.search(text)) else []


def _has_bars(line: Line) -> bool:
    return _BAR.search(line.text) is not None


def _has_number(cells: Sequence[str]) -> bool:
    return any(_NUMBER.fullmatch(fold_width(cell)) for cell in cells)


def _is_torn_row(line: Line) -> bool:
    """Tell whether a line looks like a row whose cells single spaces separate: words and a number, no sentence."""
    text = line.text.strip()
    words = [word for word in text.split() if word not in _BARS]
    return (
        "\t" not in text
        and len(words) >= _MIN_COLUMNS
        and len(text) <= _MAX_TORN_LENGTH
        and not has_heading_mark(text)
        and _TABLE_TAG.search(text) is None
        and not text.startswith("|")
        and _SENTENCE.search(text) is None
        and _LEADERS.search(text) is None
        and _HAN.search(text) is not None
        and _has_number(words)
    )


def _count_head_words(cells: Sequence[str]) -> int:
    return sum(_HEAD_WORD.fullmatch(fold_width(cell).replace(" ", "")) is not None for cell in cells)
