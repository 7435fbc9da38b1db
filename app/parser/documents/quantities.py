"""Quantities: the figures that a sentence promises or sets, with comparator, value and unit."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal, NamedTuple

from app.parser.documents import vocabulary as words
from app.parser.documents.vocabulary import Comparator, any_of, compile_any_of
from app.parser.text.normalise import parse_numeral

QuantityKind = Literal["target", "amount", "rate", "deadline", "threshold"]

_NUMBER = r"\d{1,12}(?:\.\d{1,6})?"
_HAN_NUMBER = r"[一二三四五六七八九十百两]{1,3}"
_PREFIX = rf"(?P<prefix>{any_of(words.FIGURE_PREFIXES)})?\s?"
_SUFFIX = rf"(?:\((?P<remark>[^()]{{0,40}})\))?(?P<suffix>{any_of(words.FIGURE_SUFFIXES)})?"
_FIGURE = rf"(?P<value>{_NUMBER})(?:\s?[-~至到]+\s?(?P<to>{_NUMBER}))?"
# 不低于30%, 10%-15%, 5个百分点
_PERCENTAGE = re.compile(
    rf"{_PREFIX}(?P<value>{_NUMBER})(?:%?\s?[-~至到]+\s?(?P<to>{_NUMBER}))?\s?(?P<unit>%|个百分点){_SUFFIX}"
)
# 不超过500万元, 300元/月
_MONEY = re.compile(rf"{_PREFIX}{_FIGURE}\s?(?P<unit>{words.MONEY_UNIT})(?P<per>/[月年人亩平方米]{{1,3}})?{_SUFFIX}")
# 7:3的比例
_RATIO = re.compile(r"(?P<first>\d{1,3})\s?:\s?(?P<second>\d{1,3})(?:的)?(?P<word>比例)")
# (甲区占比7), after a ratio
_SHARE_OF = re.compile(r"[^,;。()]{0,20}\((?P<who>[^()\d]{2,12}?)占比?(?P<part>\d{1,3})\)")
# 全额补助, 全部返还
_FULL_SHARE = re.compile(r"全额(?=补助|补贴|资助|返还|补偿|报销|减免|保障)|全部(?=归|返还|划转|补助|减免)")
# 年满60周岁, 16岁以下
_AGE = re.compile(
    rf"(?P<prefix>{any_of(words.AGE_PREFIXES)})?(?P<value>\d{{1,3}})\s?(?P<unit>周?岁)"
    rf"(?P<suffix>{any_of(words.AGE_SUFFIXES)})?"
)
# 10个工作日内, 有效期3年
_PERIOD = re.compile(
    rf"(?P<prefix>{any_of(words.PERIOD_PREFIXES)})?\s?(?P<value>\d{{1,3}}|{_HAN_NUMBER})\s?"
    rf"(?P<unit>{any_of(words.PERIOD_UNITS)})(?P<suffix>{any_of(words.PERIOD_SUFFIXES)})?(?!度|级|代|来|月|\d)"
)
# 建成20个, 1万平方米以上
_COUNT = re.compile(rf"{_PREFIX}{_FIGURE}\s?(?:余)?(?P<unit>{any_of(words.COUNT_UNITS)}){_SUFFIX}")
# 配备一名
_HAN_COUNT = re.compile(
    rf"(?:{any_of(words.HAN_COUNT_VERBS)})(?P<value>[一两二三四五六七八九十])(?P<unit>{any_of(words.HAN_COUNT_UNITS)})"
)

_COMPARATORS = {
    word.word: word.comparator
    for table in (
        words.FIGURE_PREFIXES,
        words.FIGURE_SUFFIXES,
        words.AGE_PREFIXES,
        words.AGE_SUFFIXES,
        words.PERIOD_PREFIXES,
        words.PERIOD_SUFFIXES,
    )
    for word in table
}
_BOUND_BEFORE = re.compile(
    rf"(?:{any_of(words.UPPER_BOUNDS_BEFORE)}|(?P<least>{any_of(words.LOWER_BOUNDS_BEFORE)}))[^\d]{{0,12}}$"
)
_HAN_CHARACTER = re.compile(r"[\u4e00-\u9fff]")
_RATE = compile_any_of(words.RATE_WORDS)
_PAYMENT = compile_any_of(words.PAYMENT_WORDS)
_PAID_EACH = re.compile(r"每(?:人每)?(?P<each>[月年日天])[^,;:。\d]{0,16}$")
_DUTY = compile_any_of(words.DUTY_VERBS)
_DUTY_AFTER = re.compile(rf"[^,。;]{{0,14}}?(?:{any_of(words.DUTY_VERBS_AFTER)})")
_ACHIEVEMENT = compile_any_of(words.ACHIEVEMENT_VERBS)
_PAST_YEAR = compile_any_of(words.PAST_YEAR_WORDS)
_BACKGROUND_BEFORE = re.compile(rf"(?:{any_of(words.BACKGROUND_WORDS_BEFORE)})$")
_BACKGROUND_AFTER = re.compile(r"[^,。;]{0,6}(?:作为|范围)")
_SCOPE_AFTER = re.compile(r"[^,。;]{0,6}(?:作为|列为|纳入)[^,。;]{0,10}(?:范围|对象|任务|计划|名单)")
_PAST_PERIOD = re.compile(rf"(?:{any_of(words.PAST_PERIOD_WORDS)})$")


class Quantity(NamedTuple):
    """One figure: its span in the sentence, its kind and comparator, and its value in the printed unit.

    `value_to` is the upper end of a range. `is_period` marks a duration (10个工作日内).
    """

    start: int
    end: int
    kind: QuantityKind
    comparator: Comparator
    value: Decimal | None
    value_to: Decimal | None
    unit: str | None
    note: str | None = None
    is_period: bool = False


def find_quantities(sentence: str) -> list[Quantity]:
    """Return the figures of a folded sentence that promise or set something, in text order.

    Figures that describe the present state (an area, a number of households) are left out.
    """
    found: list[Quantity] = []
    for find in (
        _find_percentages,
        _find_amounts,
        _find_ratios,
        _find_full_shares,
        _find_ages,
        _find_periods,
        _find_counts,
    ):
        taken = sorted((quantity.start, quantity.end) for quantity in found)
        found += [quantity for quantity in find(sentence) if not _overlaps(taken, quantity)]
    return sorted(found)


def _overlaps(taken: list[tuple[int, int]], quantity: Quantity) -> bool:
    return any(start < quantity.end and quantity.start < end for start, end in taken[-200:])


def _clause_before(sentence: str, position: int) -> str:
    """Return the clause before a position, at most its last 60 characters."""
    before = sentence[max(0, position - 60) : position]
    return before[max(before.rfind(mark) for mark in ",;:。") + 1 :]


def _comparator(match: re.Match[str]) -> Comparator:
    """Return the comparator of a figure: by the words beside it, else by words before it in its clause."""
    if near := _comparator_in_match(match):
        return near
    bound = _BOUND_BEFORE.search(_clause_before(match.string, match.start()))
    return "eq" if bound is None else "gte" if bound["least"] else "lte"


def _comparator_in_match(match: re.Match[str]) -> Comparator | None:
    groups = match.groupdict()
    if groups.get("to"):
        return "range"
    bounds = {_COMPARATORS.get(groups.get(name) or "") for name in ("prefix", "suffix")}
    return "lte" if "lte" in bounds else "gte" if "gte" in bounds else None


def _parse_value(text: str | None) -> Decimal | None:
    if text is None:
        return None
    if text[0].isdigit():
        return Decimal(text)
    number = parse_numeral(text)
    return None if number is None else Decimal(number)


def _build_quantity(match: re.Match[str], kind: QuantityKind, note: str | None = None) -> Quantity:
    groups = match.groupdict()
    value, value_to = _parse_value(groups["value"]), _parse_value(groups.get("to"))
    unit = match["unit"] + (groups.get("per") or "")
    if unit in words.CLASSIFIERS:
        unit, note = "个", f"printed as {match[0]}"
    return Quantity(match.start(), match.end(), kind, _comparator(match), value, value_to, unit, note)


def _find_percentages(sentence: str) -> list[Quantity]:
    found = []
    for match in _PERCENTAGE.finditer(sentence):
        context = _clause_before(sentence, match.start()) + sentence[match.end() : match.end() + 8]
        if _PAST_YEAR.search(context) and not _DUTY.search(context):
            continue
        quantity = _build_quantity(match, "rate" if _RATE.search(context) else "target")
        # Nothing is more than the whole, so 达100% means exactly 100 %.
        is_whole = quantity.value == 100 and quantity.unit == "%" and quantity.comparator == "gte"
        found.append(quantity._replace(comparator="eq") if is_whole and not match["suffix"] else quantity)
    return found


def _qualifies_noun(sentence: str, match: re.Match[str]) -> bool:
    """Tell whether a figure such as 100万元以上 qualifies the noun after it, and so is a threshold."""
    return bool(match["suffix"]) and _HAN_CHARACTER.match(sentence, match.end()) is not None


def _find_amounts(sentence: str) -> list[Quantity]:
    found: list[Quantity] = []
    for match in _MONEY.finditer(sentence):
        clause, before = _clause_before(sentence, match.start()), sentence[: match.start()][-3:]
        if _qualifies_noun(sentence, match):
            found.append(_build_quantity(match, "threshold"))
        elif _PAYMENT.search(clause + sentence[match.start() : match.end() + 8]):
            found.append(_with_payment_period(_build_quantity(match, "amount"), clause))
        elif (match["prefix"] or _DUTY.search(clause)) and not _BACKGROUND_BEFORE.search(before):
            found.append(_build_quantity(match, "target"))
    return found


def _with_payment_period(amount: Quantity, clause: str) -> Quantity:
    """Add the period of payment to the unit of an amount: 每月…500元 is 500 元/月."""
    each = _PAID_EACH.search(clause)
    if each is None or amount.unit is None or "/" in amount.unit:
        return amount
    return amount._replace(unit=f"{amount.unit}/{each['each'].replace('天', '日')}")


def _find_ratios(sentence: str) -> list[Quantity]:
    """Return ratios as percentages: the share of the side that the text names (甲占比7), else of the first side."""
    found = []
    for match in _RATIO.finditer(sentence):
        first, second = int(match["first"]), int(match["second"])
        if first + second:
            named = _SHARE_OF.match(sentence, match.end())
            who = named["who"] if named and int(named["part"]) in (first, second) else None
            part = int(named["part"]) if named and who else first
            share = (Decimal(100) * part / (first + second)).quantize(Decimal("0.01")).normalize()
            share = share.quantize(Decimal(1)) if share == share.to_integral_value() else share
            note = f"ratio {first}:{second}, given as " + (f"the share of {who}" if who else "the first part's share")
            found.append(Quantity(match.start(), match.end(), "rate", "eq", share, None, "%", note))
    return found


def _find_full_shares(sentence: str) -> list[Quantity]:
    return [
        Quantity(match.start(), match.end(), "rate", "eq", Decimal(100), None, "%", f"printed as {match[0]}")
        for match in _FULL_SHARE.finditer(sentence)
    ]


def _find_ages(sentence: str) -> list[Quantity]:
    return [
        Quantity(
            match.start(),
            match.end(),
            "threshold",
            _comparator(match),
            Decimal(match["value"]),
            None,
            match["unit"],
        )
        for match in _AGE.finditer(sentence)
    ]


def _find_periods(sentence: str) -> list[Quantity]:
    """Return the periods of action (`10个工作日内`), of duration (`不少于7天`) and of validity (`有效期3年`)."""
    found = []
    for match in _PERIOD.finditer(sentence):
        before = sentence[max(0, match.start() - 2) : match.start()]
        is_action = _ACHIEVEMENT.match(sentence[match.end() : match.end() + 2]) is not None
        if not (match["prefix"] or match["suffix"] or is_action) or _PAST_PERIOD.search(before):
            continue
        if match["unit"] == "日" and not (match["prefix"] or match["suffix"]):
            continue
        quantity = _build_quantity(match, "deadline")
        if is_action and not match["suffix"]:
            quantity = quantity._replace(comparator="lte")
        found.append(quantity._replace(is_period=True))
    return found


def _find_counts(sentence: str) -> list[Quantity]:
    found: list[Quantity] = [_build_quantity(match, "target") for match in _HAN_COUNT.finditer(sentence)]
    for match in _COUNT.finditer(sentence):
        before = sentence[max(0, match.start() - 3) : match.start()]
        after = sentence[match.end() : match.end() + 20]
        if _SCOPE_AFTER.match(after) and "余" not in match[0]:
            found.append(_build_quantity(match, "target"))
            continue
        if _BACKGROUND_BEFORE.search(before) or _BACKGROUND_AFTER.match(after) or "余" in match[0]:
            continue
        if _qualifies_noun(sentence, match) or match["unit"].startswith("A"):
            found.append(_build_quantity(match, "threshold"))
        elif match["prefix"] or _DUTY.search(_clause_before(sentence, match.start())[-24:]) or _DUTY_AFTER.match(after):
            found.append(_build_quantity(match, "target"))
    return found
