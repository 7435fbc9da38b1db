"""Read the head of a statistics table: what each column holds.

A column holds a figure only when all words of its head were understood; any other column is unread, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from app.parser.tables.grid import MAX_COLUMNS, GridRow, clean_cell
from app.parser.tables.statistics_words import AREA_HEAD, NAME_HEAD, NUMBER_HEAD, UNIT_HEAD, HeadWord, Says, read_words
from app.parser.text.figures import parse_growth
from app.parser.text.normalise import match_key
from app.parser.text.places import Places
from app.parser.text.statistical_periods import Period, Span, read_period
from app.parser.text.statistical_units import UNITS

_MAX_HEAD_ROWS = 4
_MAX_HEAD_LENGTH = 60
_BRACKETED = re.compile(r"\(([^()]{1,30})\)")
_INDICATOR_END = re.compile(r"(?:[额值量入出产数资金款]|余额|收入|支出|投资|指数|价格|用电量|增加值|消费品|人口|面积)$")
_MIN_INDICATOR_LENGTH = 4
_INDICATORS = re.compile("指标")
_FIGURE_WORDS = {Says.VALUE, Says.MONTH, Says.ACCUMULATED, Says.PERIOD, Says.STOCK}
_GROWTH_WORDS = {Says.CHANGE, Says.COMPARED, Says.DIFFERENCE}
_WHOLE_CITY = ("全市", "全市合计", "市合计")
_ANY_PERIOD = Period(Span.MONTH, None, 0)
_NOT_UNDERSTOOD = "a head that is not understood"


class Role(Enum):
    """What a column is for."""

    NAME = "name"
    AREA = "area"
    UNIT = "unit"
    NUMBER = "number"
    FIGURE = "figure"
    UNREAD = "unread"


class Column(NamedTuple):
    """One column: its role, and for a figure its measure, area and indicator as printed (None: those of the row).

    `printed` is the text of its head. `reason` says why it is unread. `is_index` marks a figure whose base is 100.
    """

    at: int
    role: Role
    printed: str
    measure: str = ""
    area_id: str | None = None
    indicator: str | None = None
    unit: str | None = None
    is_index: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StatisticsHead:
    """The head of a table: the number of its rows in the grid, its columns, and whether its rows are areas."""

    row_count: int
    columns: Sequence[Column] = field(default_factory=tuple)
    rows_are_areas: bool = False
    period: Period | None = None

    @property
    def figures(self) -> list[Column]:
        """The columns that hold figures."""
        return [column for column in self.columns if column.role is Role.FIGURE]


def begins_statistics_head(rows: Sequence[GridRow], *, in_section: bool) -> bool:
    """Return whether a head begins with the first of these rows, whatever the title of the table says.

    Outside the section of statistics only a head that names indicators, with a unit or two figures, is one.
    """
    head = read_statistics_head(rows, _ANY_PERIOD, Places(()))
    if head is None or in_section:
        return head is not None
    is_named = any(column.role is Role.NAME and _INDICATORS.search(column.printed) for column in head.columns)
    return is_named and (len(head.figures) > 1 or any(column.role is Role.UNIT for column in head.columns))


def read_statistics_head(rows: Sequence[GridRow], period: Period | None, places: Places) -> StatisticsHead | None:
    """Return the head that begins with the first of these rows; None when none does.

    `period` is the period of the table's title. Where the title names none, the head may.
    """
    levels = _head_levels(rows)
    if not levels:
        return None
    width = max(len(level) for level in levels)
    data_width = len(rows[len(levels)].cells) if len(levels) < len(rows) else width
    paths = _column_paths(levels, min(max(width, data_width), MAX_COLUMNS), data_width)
    period = (period if period is not _ANY_PERIOD else None) or _period_of_heads(paths) or period
    reader = _ColumnReader(period, places)
    columns = [reader.read(index, path) for index, path in enumerate(paths)]
    names = [column for column in columns if column.role in (Role.NAME, Role.AREA)]
    head = StatisticsHead(len(levels), columns, bool(names) and names[0].role is Role.AREA, period)
    if len(names) != 1 or not head.figures:
        return None
    return head


def _head_levels(rows: Sequence[GridRow]) -> list[list[str]]:
    """Return the folded texts of the rows of a head: one that names the first column, and those below it."""
    levels: list[list[str]] = []
    for row in rows[:_MAX_HEAD_ROWS]:
        if sum(map(len, row.cells)) > _MAX_HEAD_LENGTH * MAX_COLUMNS:
            break
        keys = [match_key(clean_cell(cell)) for cell in row.cells[:MAX_COLUMNS]]
        has_unit = any(UNIT_HEAD.fullmatch(key) for key in keys[1:3])
        if not levels and keys[:1] == [""] and has_unit and not any(map(_is_name, keys)):
            keys[0] = "指标"  # the head of the first column is left out
        if not levels and not any(NAME_HEAD.fullmatch(key) or AREA_HEAD.fullmatch(key) for key in keys[:3]):
            break
        if levels and not _is_lower_level(keys, levels[0]):
            break
        levels.append(keys)
    return levels


def _is_lower_level(keys: Sequence[str], first: Sequence[str]) -> bool:
    """Return whether a row below a head belongs to it: it names no indicator and holds no figure."""
    filled = [key for key in keys if key]
    if not filled or any(parse_growth(key)[0] is not None for key in filled):
        return False
    words = [read_words(split_unit(key)[0]) is not None for key in keys]
    pairs = zip(keys, first, words, strict=False)
    named = [key for key, above, understood in pairs if _is_name(above) and key not in ("", above) and not understood]
    return not named and any(understood for key, understood in zip(keys, words, strict=True) if key)


def _is_name(key: str) -> bool:
    return NAME_HEAD.fullmatch(key) is not None or AREA_HEAD.fullmatch(key) is not None


def _column_paths(levels: Sequence[Sequence[str]], width: int, data_width: int) -> list[list[str]]:
    """Return the texts above each column, from the top; a merged cell counts for all columns below it."""
    first, *lower = levels
    if lower and len(levels) == 2 and (spread := _spread_merged(first, lower[0], data_width)):
        return spread
    if any(
        _is_fixed(above) and key not in ("", above) for level in lower for above, key in zip(first, level, strict=False)
    ):
        return []
    paths: list[list[str]] = [[] for _ in range(width)]
    for depth, level in enumerate(levels):
        last = ""
        for index in range(width):
            text = level[index] if index < len(level) else ""
            below = any(index < len(each) and each[index] for each in levels[depth + 1 :])
            is_fixed = any(_is_fixed(each[index]) for each in levels if index < len(each))
            last = text or (last if below and not is_fixed else "")
            if last and (not paths[index] or paths[index][-1] != last):
                paths[index].append(last)
    return paths


def _is_fixed(key: str) -> bool:
    return _is_name(key) or UNIT_HEAD.fullmatch(key) is not None or NUMBER_HEAD.fullmatch(key) is not None


def _spread_merged(first: Sequence[str], second: Sequence[str], data_width: int) -> list[list[str]]:
    """Return the paths of a head whose merged cells were printed once: 指标|单位|本月|累计 above
    绝对值|增速|绝对值|增速.

    The result is empty where the cells do not divide evenly among the groups.
    """
    fixed = [key for key in first if _is_fixed(key)]
    groups = [key for key in first if key and not _is_fixed(key)]
    leaves = [key for key in second if key]
    is_merged = len(first) < data_width and all(first) and len(fixed) + len(leaves) == data_width
    if not is_merged or not groups or len(leaves) % len(groups) or list(first) != [*fixed, *groups]:
        return []
    size = len(leaves) // len(groups)
    return [[key] for key in fixed] + [[groups[at // size], leaf] for at, leaf in enumerate(leaves)]


def _period_of_heads(paths: Sequence[Sequence[str]]) -> Period | None:
    """Return the latest period that the heads name, for a table whose title names none."""
    found = [
        period for path in paths for text in path if (period := read_period(text)) and period.span is not Span.YEAR
    ]
    return max(found, key=lambda period: (period.year or 0, period.month), default=None)


def split_unit(key: str) -> tuple[str, str | None]:
    """Return a head without a unit in brackets or behind a comma, and the unit: 总量(亿元) gives 总量 and 亿元."""
    unit: str | None = None
    for match in reversed(list(_BRACKETED.finditer(key))):
        if match[1] in UNITS and match[1] != "%":
            unit = match[1]
            key = key[: match.start()] + key[match.end() :]
    return key, unit


@dataclass(slots=True)
class _Heads:
    """What the texts above one column say: words by level, a unit, an indicator, an area (None: the whole city)."""

    levels: list[list[tuple[HeadWord, str]]] = field(default_factory=list)
    unit: str | None = None
    indicator: str | None = None
    area: str | None = None
    names_area: bool = False


class _ColumnReader:
    """Reads the columns from left to right; growth without a period of its own is that of the figure before it."""

    def __init__(self, period: Period | None, places: Places) -> None:
        self._period = period
        self._places = places
        self._last: tuple[str, str | None, str | None] | None = None
        self._taken: set[tuple[str, str | None, str | None]] = set()
        self._is_blocked = False

    def read(self, index: int, path: Sequence[str]) -> Column:
        """Return what a column holds, by the texts above it."""
        printed = " ".join(path)
        for pattern, role in (
            (NAME_HEAD, Role.NAME),
            (AREA_HEAD, Role.AREA),
            (UNIT_HEAD, Role.UNIT),
            (NUMBER_HEAD, Role.NUMBER),
        ):
            if path and any(pattern.fullmatch(text) for text in path):
                return Column(index, role, printed)
        if not path:
            return Column(index, Role.UNREAD, "", reason="a column without a head")
        column = self._read_figure(index, path)
        if column.reason == _NOT_UNDERSTOOD:
            self._last, self._is_blocked = None, True
        if column.role is Role.FIGURE:
            key = (column.measure, column.area_id, column.indicator)
            if key in self._taken:
                return Column(index, Role.UNREAD, printed, reason="a second column of this meaning")
            self._taken.add(key)
        return column

    def _read_figure(self, index: int, path: Sequence[str]) -> Column:
        printed = " ".join(path)
        heads = self._read_path(path)
        if heads is None:
            return Column(index, Role.UNREAD, printed, reason=_NOT_UNDERSTOOD)
        said = {word.says for level in heads.levels for word, _ in level}
        is_growth = bool(said & _GROWTH_WORDS)
        if reason := self._find_reason(heads, said, is_growth):
            return Column(index, Role.UNREAD, printed, reason=reason)
        base = self._base(heads, is_growth)
        if base is None:
            reason = "a head without a period, in a table whose title names none"
            return Column(index, Role.UNREAD, printed, reason=reason)
        measure, area, indicator = base
        if not is_growth:
            self._last, self._is_blocked = base, False
        is_index = any("100" in text for level in heads.levels for _, text in level)
        measure = f"{measure}_yoy" if is_growth else measure
        return Column(index, Role.FIGURE, printed, measure, area, indicator, heads.unit, is_index)

    def _read_path(self, path: Sequence[str]) -> _Heads | None:
        """Return what the texts above a column say; None when one of them is not understood."""
        heads = _Heads()
        for text in path:
            bare, unit = split_unit(text)
            heads.unit = unit or heads.unit
            county = self._places.find_county(bare)
            words = read_words(bare)
            if bare in _WHOLE_CITY or county is not None:
                heads.area, heads.names_area = county.id if county else None, True
            elif words is not None:
                heads.levels.append(words)
            elif heads.indicator is None and (named := self._split_indicator(bare)) is not None:
                heads.indicator = named[0]
                heads.levels.append(named[1])
            else:
                return None
        return heads

    def _split_indicator(self, text: str) -> tuple[str, list[tuple[HeadWord, str]]] | None:
        """Return an indicator's name in a head and the words behind it: 财政总收入增速 is 财政总收入 and 增速."""
        for end in range(len(text), _MIN_INDICATOR_LENGTH - 1, -1):
            words = read_words(text[end:])
            if words is not None and _INDICATOR_END.search(text[:end].rstrip("(")):
                return text[:end], words
        return None

    def _find_reason(self, heads: _Heads, said: set[Says], is_growth: bool) -> str:
        """Return why a column of these words is not read, "" when it is."""
        words = [found for level in heads.levels for found in level]
        if unread := next((word for word, _ in words if word.says is Says.OTHER), None):
            return unread.reason
        if unread := next((word for word, _ in words if word.says is Says.BEFORE), None):
            return unread.reason
        if Says.PERCENT in said and not said & (_GROWTH_WORDS | {Says.VALUE}):
            return "percent of what is not said"
        if Says.DIFFERENCE in said and not said & {Says.PERCENT, Says.CHANGE}:
            return "a change that is not said to be in percent"
        if not is_growth and not said & _FIGURE_WORDS and heads.indicator is None and not heads.names_area:
            return "a head that says neither a figure nor its growth"
        if is_growth and self._is_blocked and heads.indicator is None and not any(map(self._measure, heads.levels)):
            return "growth of a column that is not understood"
        periods = (read_period(text) for _, text in words)
        is_other = any(period and self._period and not self._is_same(period) for period in periods)
        return "another period than the table's" if is_other else ""

    def _is_same(self, period: Period) -> bool:
        assert self._period is not None
        if period.year is not None and self._period.year is not None and period.year != self._period.year:
            return False
        if period.span is Span.YEAR:
            return True
        return period.span is not Span.OTHER and period.month == self._period.month

    def _base(self, heads: _Heads, is_growth: bool) -> tuple[str, str | None, str | None] | None:
        """Return measure, area and indicator of a column; growth takes what it does not say from the figure before."""
        area, indicator = heads.area, heads.indicator
        last = self._last if is_growth else None
        if last and not heads.names_area and indicator is None:
            area, indicator = last[1], last[2]
        measure = next((found for level in reversed(heads.levels) if (found := self._measure(level))), None)
        if measure is None and last and (area, indicator) == last[1:]:
            measure = last[0]
        measure = measure or self._measure_of_title()
        return (measure, area, indicator) if measure else None

    def _measure(self, level: Sequence[tuple[HeadWord, str]]) -> str | None:
        says = [word.says for word, _ in level]
        if Says.ACCUMULATED in says or Says.STOCK in says:
            return "cumulative"
        if Says.MONTH in says:
            return "value"
        return self._measure_of_title() if Says.PERIOD in says else None

    def _measure_of_title(self) -> str | None:
        if self._period is None:
            return None
        return "value" if self._period.span is Span.MONTH else "cumulative"
