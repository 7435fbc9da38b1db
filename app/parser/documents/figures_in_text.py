"""Figures of a sentence: every number with a unit, its range and its comparator, whatever it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from app.parser.documents import vocabulary as words
from app.parser.documents.units import (
    CLASSIFIERS,
    LATIN_UNITS,
    PER_UNITS,
    SIZES_BEFORE,
    UnitClass,
    alternatives,
    units_of,
)
from app.parser.documents.vocabulary import Comparator, ComparatorWord, any_of
from app.parser.text.numerals import ARABIC, HAN, SCALES, parse_number, scale_value, split_scale

_SCALE = any_of(SCALES)
_CLASSES: tuple[UnitClass, ...] = ("percent", "money", "age", "period", "measure", "count")
_UNIT = "|".join(f"(?P<{name}>{units_of(name)})" for name in _CLASSES)
_PER = alternatives(PER_UNITS)
_NUMBER = re.compile(
    rf"(?P<share>[百千万]分之)?(?:(?<![A-Za-z\d.第/])(?P<arabic>{ARABIC})(?!(?!{LATIN_UNITS})[B-Za-z]|[\d/]|A(?!级?以上)|\.\d)"
    rf"|(?<![第同统唯专某随其])(?P<han>{HAN}))"
)
_UNIT_AFTER = re.compile(
    rf"\s?(?P<about>余|多|几)?(?P<scale>{_SCALE})??\s?(?:{_UNIT})(?P<more>余|多)?"
    rf"(?P<bracket>\((?:次|件|套|辆|人|户|台|处|个|宗)\))?(?P<per>(?:(?:/|·|每)(?:{_PER})){{1,2}})?"
)
_RANGE_TO = re.compile(r"\s?(?:[-~]+|至|到)\s?")
# 压缩至70、40、30个工作日: numbers that share one unit
_NUMBERS_BEFORE_UNIT = re.compile(r"(?:(?:、|和|及|与)\d{1,6}(?:\.\d{1,4})?)+")
_NUMBER_AFTER_DASH = re.compile(r"\s?[-~]+\s?[\d.]+")
_ABOVE_TO = re.compile(
    r"(?:及|含|\(含\))?以上(?:、|,|至|到|且|并)?(?:不超过|不满|不足)?(?=[百千万]分之|\d|[一二三四五六七八九十两百])"
)
_BELOW = re.compile(r"(?:及|含|\(含\))?(?:以下|以内|之内)")
_REMARK = re.compile(r"\((?!含)[^()]{0,40}\)(?=以上|以下|以内|之内|及以)")
_SUFFIX = re.compile(rf"(?P<suffix>{any_of(sorted((w.word for w in words.FIGURE_SUFFIXES), key=len, reverse=True))})")
_PREFIX = re.compile(
    rf"(?:最[长高多低少短迟大小])?(?P<prefix>{any_of(words.FIGURE_PREFIXES)})(?:人民币|为|到|至|约|的|可达|可)?\s?(?:每[{_PER}]{{1,3}})?$"
)
# 容积率不低于1.5: a ratio has no unit
_PLAIN_NUMBER_BEFORE = re.compile(
    rf"(?:率|系数|指数|比|值|密度|坡度)(?:{any_of(words.FIGURE_PREFIXES)})(?:人民币|为|到|至|约|的)?$"
)
_FRACTION = re.compile(r"(?P<below>[二三四五六七八九十]|十[一二三四五六七八九])分之(?P<above>[一二三四五六七八九])")
_HALF = re.compile(r"(?P<more>过)?(?:一半|半数)(?!径)")
# 半年, 一年半, 一个半月
_HALF_PERIOD = re.compile(
    r"(?:(?P<whole>[一两二三四五六七八九])(?P<unit_before>年|天|小时)半"
    r"|(?P<whole_of>[一两二三四五六七八九])?(?P<counter>个)?半(?P<unit>年|个月|月|天|小时|个小时))(?![以]?[来多])"
)
# 每5年修订1次, 每年召开两次, 每季度至少1次, 两个月安排一次
_FREQUENCY = re.compile(
    r"(?P<each>每(?:个|一)?)?(?P<number>\d{1,3}|[一二三四五六七八九十两]{1,3}|半)?(?P<period>个月|个季度|个工作日|年度?|月|季度?|周|星期"
    r"|日|天|学期|学年|小时)(?![度底初末前])(?P<gap>[^,;:。\d]{0,24}?)(?P<count>\d{1,3}(?:[-~至到]\d{1,3})?|[一二三四五六七八九十两]{1,3}(?:至[一二三四五六七八九十两])?)"
    r"(?P<unit>次|回|遍|轮)(?![性数])(?P<suffix>以上|以下|以内)?"
)
_EACH_PERIOD = re.compile(
    r"每(?:人每|户每|生每|村每|只享受)?(?P<each>年|月|季度|周|日|天|学期|学年)(?:至少|不少于|不得少于|不超过)?\s?$"
)
_EACH_SIZE = re.compile(rf"每({alternatives(SIZES_BEFORE)})$")
_CLAUSE_MARKS = ",;:。"
_MAX_CLAUSE_LENGTH = 60
_FREQUENCY_BOUNDS = re.compile(
    rf"(?:(?P<least>{words.NEGATED_LESS}|至少)|(?P<most>{words.NEGATED_MORE}|最多|至多|只|仅))[^,;。]{{0,12}}$"
)
_BOUND_BEFORE = re.compile(
    rf"(?:(?P<most>{any_of(words.UPPER_BOUNDS_BEFORE)})|(?P<least>{any_of(words.LOWER_BOUNDS_BEFORE)}))[^\d]{{0,26}}$"
    rf"|(?:(?P<weak_most>{any_of(words.WEAK_UPPER_BOUNDS_BEFORE)})|(?P<weak_least>{any_of(words.WEAK_LOWER_BOUNDS_BEFORE)}))"
    r"[^\d一二三四五六七八九十百千万]{1,26}的$"
)
_MAX_PREFIX_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit in a folded sentence.

    `start` and `end` include the words of comparison; `number_start` is where the number begins. `bound` says that
    such words stand beside it. `approximate` marks 余 and 多. `value` and `value_to` are in the printed `unit`.
    """

    start: int
    number_start: int
    end: int
    unit_class: UnitClass
    comparator: Comparator
    value: Decimal
    value_to: Decimal | None
    unit: str
    bound: bool = False
    han: bool = False
    approximate: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Number:
    """A number as it stands before its unit."""

    start: int
    end: int
    value: Decimal
    scale: str
    share: str
    han: bool


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit behind a number, with the scale before it."""

    end: int
    unit_class: UnitClass
    name: str
    scale: str
    approximate: bool


def find_figures(sentence: str) -> list[Figure]:
    """Return the figures of a folded sentence in text order. They do not overlap."""
    found: list[Figure] = []
    for figure in (*_find_frequencies(sentence), *_find_fractions(sentence)):
        if not _is_taken(found, figure.number_start, figure.end):
            found.append(figure)
    special = list(found)
    last_end = 0
    for match in _NUMBER.finditer(sentence):
        if match.start() < last_end or _is_taken(special, *match.span()):
            continue
        plain = _read_figure(sentence, match)
        if plain is not None and not _is_taken(special, plain.number_start, plain.end):
            found.append(plain)
            last_end = plain.end
        elif plain is None and (upper := _NUMBER_AFTER_DASH.match(sentence, match.end())):
            last_end = upper.end()  # 5-3个 is no range, and 3个 is not all of it
    return sorted(found, key=lambda figure: figure.start)


def _is_taken(found: list[Figure], start: int, end: int) -> bool:
    return any(figure.number_start < end and start < figure.end for figure in found)


def clause_before(sentence: str, position: int) -> str:
    """Return the clause before a position, at most its last 60 characters."""
    before = sentence[max(0, position - _MAX_CLAUSE_LENGTH) : position]
    return before[max(before.rfind(mark) for mark in _CLAUSE_MARKS) + 1 :]


def _read_number(match: re.Match[str]) -> _Number | None:
    text, han = (match["arabic"], False) if match["arabic"] else (match["han"], True)
    scale = ""
    if han and not match["share"]:
        text, scale = split_scale(text)
    value = parse_number(text)
    return None if value is None else _Number(match.start(), match.end(), value, scale, match["share"] or "", han)


def _read_unit(sentence: str, number: _Number) -> _Unit | None:
    if number.share:
        unit = {"百分之": "%", "千分之": "‰", "万分之": "‱"}[number.share]
        return _Unit(number.end, "percent", unit, "", approximate=False)
    match = _UNIT_AFTER.match(sentence, number.end)
    if match is None or (number.han and match["scale"]):
        return None
    unit_class = next(name for name in _CLASSES if match[name])
    name = match[unit_class] + (match["bracket"] or "") + (match["per"] or "").replace("每", "/")
    if unit_class == "count" and match[unit_class] in CLASSIFIERS:
        name = "个"
    scale = match["scale"] or number.scale
    return _Unit(match.end(), unit_class, name, scale, approximate=bool(match["about"] or match["more"]))


def _read_measure(sentence: str, match: re.Match[str]) -> tuple[_Number | None, _Unit | None]:
    """Return a number and its unit, None for each that is none."""
    number = _read_number(match)
    unit = _read_unit(sentence, number) if number else None
    if unit is None and (match["han"] or "")[1:].endswith("千"):  # 三十千克: 千 belongs to the unit
        value = parse_number(match["han"][:-1]) or Decimal(0)
        number = _Number(match.start(), match.end() - 1, value, "", "", han=True)
        unit = _read_unit(sentence, number)
    if unit is None and number is not None and (chain := _NUMBERS_BEFORE_UNIT.match(sentence, number.end)):
        shared = _read_unit(sentence, replace(number, end=chain.end()))
        unit = replace(shared, end=number.end) if shared else None
    return number, unit


def _read_figure(sentence: str, match: re.Match[str]) -> Figure | None:
    number, unit = _read_measure(sentence, match)
    if number is None:
        return None
    upper = _read_upper_end(sentence, unit.end if unit else number.end)
    if upper is not None:
        return _build_range(sentence, number, unit, *upper)
    if unit is None:
        window = sentence[max(0, number.start - 20) : number.start]
        is_plain = not (number.han or number.scale) and _PLAIN_NUMBER_BEFORE.search(window)
        unit = _Unit(number.end, "measure", "", "", approximate=False) if is_plain else None
    if unit is None or (unit.name == "年" and 1900 <= number.value <= 2100):
        return None
    return _build_bound(sentence, number, unit)


def _read_upper_end(sentence: str, end: int) -> tuple[_Number, _Unit] | None:
    """Return the upper end of a range that goes on at a position: -24岁, 至12个月, 以上五千元以下."""
    joint = _RANGE_TO.match(sentence, end) or _ABOVE_TO.match(sentence, end)
    following = _NUMBER.match(sentence, joint.end()) if joint else None
    number, unit = _read_measure(sentence, following) if following else (None, None)
    if joint is None or number is None or unit is None:
        return None
    if "以上" in joint[0]:
        below = _BELOW.match(sentence, unit.end)
        if below is None and not joint[0].endswith(("不超过", "不满", "不足")):
            return None
        unit = replace(unit, end=below.end() if below else unit.end)
    return number, unit


def _build_range(sentence: str, low: _Number, low_unit: _Unit | None, high: _Number, high_unit: _Unit) -> Figure | None:
    if low_unit is not None and (low_unit.unit_class, low_unit.name) != (high_unit.unit_class, high_unit.name):
        return None
    low_scale = low_unit.scale if low_unit else (low.scale or high_unit.scale)
    value, value_to, unit = low.value, high.value, high_unit.scale + high_unit.name
    if low_scale != high_unit.scale:
        value, value_to, unit = value * scale_value(low_scale), value_to * scale_value(high_unit.scale), high_unit.name
    if high_unit.name == "‱":
        value, value_to, unit = value / 100, value_to / 100, "%"
    if value >= value_to or (high_unit.name == "年" and value >= 1900):
        return None
    per, end = _period_of(sentence, low.start, high_unit), high_unit.end
    suffix = _SUFFIX.match(sentence, end)
    end = suffix.end() if suffix else end
    approximate = high_unit.approximate
    return Figure(
        low.start,
        low.start,
        end,
        high_unit.unit_class,
        "range",
        value,
        value_to,
        unit + per,
        True,
        low.han,
        approximate,
    )


def _build_bound(sentence: str, number: _Number, unit: _Unit) -> Figure:
    remark = _REMARK.match(sentence, unit.end)
    suffix = _SUFFIX.match(sentence, remark.end() if remark else unit.end)
    window = max(0, number.start - _MAX_PREFIX_LENGTH)
    prefix = _PREFIX.search(sentence[window : number.start])
    entries = [
        entry
        for found, table in ((prefix, words.FIGURE_PREFIXES), (suffix, words.FIGURE_SUFFIXES))
        if found is not None and (entry := _entry_of(found[1], table))
    ]
    comparator: Comparator = "eq"
    about = any(entry.word in ("左右", "上下") for entry in entries)
    bounds = {entry.comparator for entry in entries if entry.comparator}
    if prefix and len(bounds) == 2:  # 至少两年内
        strong = re.match("不|至少|最", prefix[1]) is not None
        entries = entries[:1] if strong else entries[1:]
        bounds = {entry.comparator for entry in entries if entry.comparator}
    if bounds and not about:
        comparator = "lte" if "lte" in bounds else "gte"
    elif about and prefix and prefix[1].startswith(("不", "控制")):
        comparator = next(iter(bounds)) if bounds else "eq"
    elif not entries and (before := _BOUND_BEFORE.search(clause_before(sentence, number.start))):
        comparator, bounds = ("gte", {"gte"}) if before["least"] or before["weak_least"] else ("lte", {"lte"})
    if unit.name == "%" and number.value == 100 and comparator == "gte":
        comparator = "eq"  # no more is possible
    bound_note = "the bound itself is excluded" if any(entry.excluded for entry in entries) and not about else None
    value, name = number.value, unit.scale + unit.name
    if unit.name == "‱":
        value, name = value / 100, "%"
    start = window + prefix.start() if prefix else number.start
    per = _period_of(sentence, number.start, unit) or _period_of(sentence, start, unit)
    return Figure(
        start,
        number.start,
        suffix.end() if suffix else unit.end,
        unit.unit_class,
        comparator,
        value,
        None,
        name + per,
        bool(bounds) or about,
        number.han,
        unit.approximate,
        tuple(note for note in (bound_note, _classifier_note(sentence, number.start, unit)) if note),
    )


def _classifier_note(sentence: str, start: int, unit: _Unit) -> str | None:
    is_classifier = unit.name == "个" and sentence[unit.end - 1] in CLASSIFIERS
    return f"printed as {sentence[start : unit.end]}" if is_classifier else None


def _entry_of(text: str, table: tuple[ComparatorWord, ...]) -> ComparatorWord | None:
    return next((entry for entry in table if re.fullmatch(entry.word, text)), None)


def _period_of(sentence: str, start: int, unit: _Unit) -> str:
    """Return the period that a figure counts for, as a part of its unit: 每年至少1个月 is 1 个月/年."""
    if unit.unit_class not in ("period", "count", "measure") or "/" in unit.name:
        return ""
    if size := _EACH_SIZE.search(sentence[max(0, start - 4) : start]):
        return f"/{size[1]}"
    each = _EACH_PERIOD.search(sentence[max(0, start - _MAX_PREFIX_LENGTH) : start])
    return f"/{each['each'].replace('天', '日')}" if each else ""


def _find_frequencies(sentence: str) -> Iterator[Figure]:
    for match in _FREQUENCY.finditer(sentence):
        if not match["each"] and (match["number"] is None or len(match["gap"]) > 6):
            continue
        low, _, high = re.sub(r"[-~至到]", "-", match["count"]).partition("-")
        value, value_to = parse_number(low), parse_number(high) if high else None
        many = None if match["number"] in (None, "半") else parse_number(match["number"])
        if value is None or (match["number"] not in (None, "半") and many is None):
            continue
        period = re.sub(r"(?<=年)度$", "", match["period"])
        if match["number"] == "半":
            period = f"半{period}"
        elif many is not None and many != 1:
            period = f"{many}{period}"
        else:
            period = period.removeprefix("个")
        comparator: Comparator = "range" if value_to else "eq"
        bound = _FREQUENCY_BOUNDS.search(sentence[max(0, match.start() - 4) : match.start("count")])
        if bound and not value_to:
            comparator = "gte" if bound["least"] else "lte"
        elif match["suffix"]:
            comparator = "gte" if match["suffix"] == "以上" else "lte"
        yield Figure(
            match.start(), match.start(), match.end(), "frequency", comparator, value, value_to,
            f"{match['unit']}/{period}", True,
        )  # fmt: skip


def _find_fractions(sentence: str) -> Iterator[Figure]:
    for match in _FRACTION.finditer(sentence):
        above, below = parse_number(match["above"]), parse_number(match["below"])
        if above is None or not below or (above * 100 / below) % Decimal("0.01") or above >= below:
            continue
        percent = (above * 100 / below).normalize()
        percent = percent.quantize(Decimal(1)) if percent == percent.to_integral_value() else percent
        yield _percent_in_words(sentence, match.start(), match.end(), percent)
    for match in _HALF.finditer(sentence):
        half = _percent_in_words(sentence, match.end() - 2, match.end(), Decimal(50))
        if match["more"] and not half.bound:
            half = replace(half, comparator="gte", bound=True, notes=("the bound itself is excluded", *half.notes))
        yield half
    for match in _HALF_PERIOD.finditer(sentence):
        whole = parse_number(match["whole"] or match["whole_of"] or "零") or Decimal(0)
        unit = match["unit_before"] or match["unit"].replace("个月", "月").replace("月", "个月")
        figure = _build_bound(
            sentence,
            _Number(match.start(), match.end(), whole + Decimal("0.5"), "", "", han=True),
            _Unit(match.end(), "period", unit, "", approximate=False),
        )
        yield replace(figure, notes=(*figure.notes, f"printed as {match[0]}"))


def _percent_in_words(sentence: str, start: int, end: int, percent: Decimal) -> Figure:
    figure = _build_bound(
        sentence, _Number(start, end, percent, "", "", han=True), _Unit(end, "percent", "%", "", approximate=False)
    )
    return replace(figure, notes=(*figure.notes, f"printed as {sentence[start:end]}"))
