"""Quantities: the figures that a sentence promises or sets, with kind, comparator, value and unit.

A figure that describes (an area, the households of a village, last year's growth) sets nothing and is left out.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Literal, NamedTuple

from app.parser.documents import vocabulary as words
from app.parser.documents.figures_in_text import Figure, clause_before, find_figures
from app.parser.documents.units import SIZES_BEFORE, alternatives
from app.parser.documents.vocabulary import Comparator, any_of, compile_any_of

QuantityKind = Literal["target", "amount", "rate", "deadline", "threshold"]

# 7:3的比例
_RATIO = re.compile(r"(?P<first>\d{1,3})\s?:\s?(?P<second>\d{1,3})(?:的)?(?P<word>比例)")
# (甲区占比7), after a ratio
_SHARE_OF = re.compile(r"[^,;。()]{0,20}\((?P<who>[^()\d]{2,12}?)占比?(?P<part>\d{1,3})\)")
# 全额补助, 全部返还
_FULL_SHARE = re.compile(r"全额(?=补助|补贴|资助|返还|补偿|报销|减免|保障)|全部(?=归|返还|划转|补助|减免)")
_HAN_COUNT_VERB = re.compile(rf"(?:{any_of(words.HAN_COUNT_VERBS)})$")
_FINE_AFTER = re.compile(r"的?(?:罚款|奖励|补助|补贴|资助)")
_HAN_CHARACTER = re.compile(r"[\u4e00-\u9fff]")
_RATE = compile_any_of(words.RATE_WORDS)
_PAYMENT = compile_any_of(words.PAYMENT_WORDS)
_PAID_EACH = re.compile(
    rf"(?:每(?:人每|户每|生每)?(?P<each>[月年日天])|(?P<size>每(?:{alternatives(SIZES_BEFORE)}))(?:每(?P<day>[月年日天]))?)"
    r"[^,;:。\d]{0,16}$"
)
_DUTY = compile_any_of(words.DUTY_VERBS)
_DUTY_AFTER = re.compile(rf"[^,。;]{{0,14}}?(?:{any_of(words.DUTY_VERBS_AFTER)})")
_ACHIEVEMENT = compile_any_of(words.ACHIEVEMENT_VERBS)
_MODAL = compile_any_of(words.MODAL_WORDS)
_PAST = compile_any_of(words.PAST_WORDS)
_COMPARED = compile_any_of(words.COMPARISON_WORDS)
_PAST_YEARS = re.compile(r"(?:近|过去|最近)[一二三四五六七八九十两几\d]{1,3}年(?:来|间|里)")
# 由16%降至13%: what was before the change
_FROM_BEFORE = re.compile(r"[由从][^,;。]{0,16}$")
_CHANGED_AFTER = re.compile(
    r"[^,;。]{0,6}?(?:提[高升]|[下调]?降低?|调[整高低]|增加?|放宽|扩大|缩[短减]|压[缩减]|减少?|变更|改)[到至为成]"
)
_CHANGE_BETWEEN = re.compile(_CHANGED_AFTER.pattern + r"(?:每[^,;。\d]{1,3})?")
_PAST_VERB = re.compile(
    r"已(?!满|办理|取得|经.{0,8}的|连续|缴|参加|婚|建|购|享受|投|列入|改造)|(?:完成|建成|实现|达到|发生|造成|增长|下降|取得)了"
)
_BACKGROUND_BEFORE = re.compile(rf"(?:{any_of(words.BACKGROUND_WORDS_BEFORE)})$")
_WEAK_BACKGROUND_BEFORE = re.compile(rf"(?:{any_of(words.WEAK_BACKGROUND_WORDS_BEFORE)})$")
_PER_HEAD = re.compile(r"每[千万百](?:名|个)?(?:常住)?(?:人口|人|户)[^,;。]{0,16}$")
_BACKGROUND_AFTER = re.compile(r"[^,。;]{0,6}(?:作为|范围)|(?:部门|单位)(?:和[^,。;]{1,6})?组成")
_SCOPE_AFTER = re.compile(r"[^,。;]{0,6}(?:作为|列为|纳入)[^,。;]{0,10}(?:范围|对象|任务|计划|名单)")
_ENUMERATED_BEFORE = re.compile(r"、[^,;。、]{1,14}?$")
_TERM_BEFORE = re.compile(
    rf"(?:{any_of(words.TERM_WORDS)})(?:一般|原则上|统一|均)?(?:为|是|限为|不变|可|在|到|至|满|达|期|限)?$"
)
_NAME_AFTER = compile_any_of(words.NAMES_AFTER_PERIODS)
_OF_MONTHS = re.compile(r"(?:按照?|相当于|给予|发放|不超过|补贴|补助|提供)$")
_PAST_SPAN = re.compile(r"(?:近|过去|最近|前)$")
_DAYS_BEFORE = re.compile(r"(?:之?前)(?!提下)")
_ALLOTTED = re.compile(r"按照?$")
_SANCTION_BEFORE = re.compile(r"(?:暂停|暂扣|吊扣|停业|停产|停办|停止)[^,;。\d]{0,6}$")
_SANCTION_AFTER = re.compile(r"(?:以下)?(?:行政)?拘留")
_DURATION = re.compile(r"时间|期限?$|期间|公示|公告|延长")
_ROUND = re.compile(r"一(?:个)?(?:周期|轮|届|次|换)")
_QUOTED = re.compile(r"“[^“”]{1,10}”")
_GENERIC = re.compile(rf"(?:{any_of(words.GENERIC_HAN_COUNTS)})")
_JOINED = re.compile(
    r"[^,;。]{0,24}(?:和|及|以及|、|与|或)[^,;。\d]{0,14}$|[^,;。\d]{0,14},其中[^,;。\d]{0,14}$"
    r"|[^,;。\d]{0,24}[,、][^,;。\d]{1,20}$"
)
_CONDITION_AFTER = re.compile(r"[^,;。]{0,40}?(?:的[,;:。)]|的$|者)")


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


def find_quantities(
    sentence: str,
    *,
    strict: bool = False,
    in_scope: bool = False,
    is_dated: bool = False,
    bound: Comparator | None = None,
) -> list[Quantity]:
    """Return the figures of a folded sentence that promise or set something, in text order.

    In a `strict` context (a preamble, a report, a reply) a figure counts only in a clause with a word of duty. Where
    a plan states its scope (`in_scope`), its counts and areas are set, too, but not those in brackets. After the date
    of a goal (`is_dated`) every count is set. `bound` is what the words before a list say of its figures (载质量不得
    超过下列规定：…).
    """
    found = [*_find_ratios(sentence), *_find_full_shares(sentence)]
    quoted = [match.span() for match in _QUOTED.finditer(sentence)]
    previous: Figure | None = None
    previous_counts = False
    for figure in find_figures(sentence):
        if any(start <= figure.number_start < end for start, end in quoted) or _overlaps(found, figure):
            continue
        is_name = figure.han and figure.unit_class == "count"  # 三轮车
        if bound is not None and not figure.bound and not is_name:
            figure = replace(figure, comparator=bound, bound=True)
        joined = (
            previous_counts
            and previous is not None
            and previous.unit_class == figure.unit_class
            and _JOINED.fullmatch(sentence[previous.end : figure.number_start]) is not None
        )
        quantity = None
        if not _is_reported(sentence, figure, strict):
            if previous is not None and _CHANGE_BETWEEN.fullmatch(sentence[previous.end : figure.number_start]):
                figure = replace(figure, comparator="eq", bound=False, unit=_unit_after_change(previous, figure))
            is_shared = joined and previous and "," not in sentence[previous.end : figure.number_start]
            if is_shared and previous and not figure.bound and previous.comparator in ("gte", "lte"):
                figure = replace(figure, comparator=previous.comparator, bound=True)  # 分别达到65%和55%
            quantity = _to_quantity(sentence, figure, joined)
            if quantity is None and (in_scope or is_dated):
                quantity = _from_scope(sentence, figure, in_scope)
        if quantity is not None:
            found.append(quantity)
        previous, previous_counts = figure, quantity is not None
    return sorted(found)


def _from_scope(sentence: str, figure: Figure, in_scope: bool) -> Quantity | None:
    """Return a count or an area that needs no verb, because a plan states its scope or its goals for a day."""
    before = sentence[: figure.start]
    if not in_scope and _is_background(before[-12:], clause_before(sentence, figure.number_start), figure):
        return None
    if figure.unit_class not in ("count", "measure") or figure.han or before.count("(") > before.count(")"):
        return None
    quantity = _build(figure, "target")
    return quantity._replace(note="printed as 约") if before.endswith("约") else quantity


def _unit_after_change(before: Figure, figure: Figure) -> str:
    """Return the unit of a new value, which may be printed with the old one only: 由每亩300元提高到350元."""
    return before.unit if before.unit.partition("/")[0] == figure.unit else figure.unit


def _overlaps(found: list[Quantity], figure: Figure) -> bool:
    return any(quantity.start < figure.end and figure.number_start < quantity.end for quantity in found)


def _is_reported(sentence: str, figure: Figure, strict: bool) -> bool:
    """Tell whether a figure describes what is or was, so that nothing is set by it."""
    clause = clause_before(sentence, figure.start)
    after = sentence[figure.end : figure.end + 44]
    if figure.approximate:
        return True
    if strict and not (_MODAL.search(clause) and not _PAST.search(clause)):
        return True
    if _PAST_YEARS.search(sentence, 0, figure.start):
        return True
    if _COMPARED.search(clause) and not figure.bound:
        return True
    if _FROM_BEFORE.search(clause) and _CHANGED_AFTER.match(after):
        return True
    if _PAST.search(clause) or re.match(r"[^,;。]{0,8}(?:以来|受到)", after):
        # 已连续居住满5年的: a condition may tell what was.
        return not (figure.bound and _CONDITION_AFTER.match(after))
    if _PAST_VERB.search(clause):
        return not (figure.bound and _CONDITION_AFTER.match(after))
    return False


def _to_quantity(sentence: str, figure: Figure, joined: bool) -> Quantity | None:
    match figure.unit_class:
        case "percent":
            return _from_percentage(sentence, figure)
        case "money":
            return _from_money(sentence, figure)
        case "age":
            return _build(figure, "threshold")
        case "period":
            return _from_period(sentence, figure)
        case "frequency":
            return _build(figure, "threshold")
        case "measure":
            return _from_measure(sentence, figure, joined)
        case "count":
            return _from_count(sentence, figure, joined)


def _build(figure: Figure, kind: QuantityKind, *, is_period: bool = False) -> Quantity:
    note = "; ".join(figure.notes) or None
    unit = figure.unit or None
    return Quantity(
        figure.start, figure.end, kind, figure.comparator, figure.value, figure.value_to, unit, note, is_period
    )


def _qualifies_noun(sentence: str, figure: Figure) -> bool:
    """Tell whether a bounded figure states which things are meant: 年产值500万元以上的企业."""
    if figure.comparator == "eq" or not figure.bound:
        return False
    after = sentence[figure.end : figure.end + 2]
    return (
        after.startswith("的")
        and _HAN_CHARACTER.match(after[1:]) is not None
        and not _DUTY_AFTER.match(sentence[figure.end : figure.end + 20])
    )


def _from_percentage(sentence: str, figure: Figure) -> Quantity | None:
    clause = clause_before(sentence, figure.number_start)
    after = sentence[figure.end : figure.end + 10]
    if _RATE.search(clause + after):
        return _build(figure, "rate")
    if _DUTY.search(clause) or _DUTY_AFTER.match(after):
        return _build(figure, "target")
    return _build(figure, "threshold" if figure.bound else "target")


def _from_money(sentence: str, figure: Figure) -> Quantity | None:
    clause, before = clause_before(sentence, figure.start), sentence[: figure.start][-3:]
    if _qualifies_noun(sentence, figure) and not _FINE_AFTER.match(sentence, figure.end):
        kind: QuantityKind = "threshold"
    elif _PAYMENT.search(clause + sentence[figure.start : figure.end + 8]):
        kind = "amount"
    elif _is_background(before, clause, figure):
        return None
    elif _DUTY.search(clause):
        kind = "target"
    else:
        kind = "threshold" if figure.bound else "amount"
    return _with_payment_period(_build(figure, kind), clause)


def _is_background(before: str, clause: str, figure: Figure) -> bool:
    """Tell whether the words before a figure say that it describes what is there."""
    if figure.bound:
        return False
    is_weak = _WEAK_BACKGROUND_BEFORE.search(before) is not None
    return _BACKGROUND_BEFORE.search(before) is not None or (is_weak and not _DUTY.search(clause))


def _with_payment_period(amount: Quantity, clause: str) -> Quantity:
    """Add the size and the period of payment to the unit of an amount: 每月…500元 is 500 元/月."""
    each = _PAID_EACH.search(clause)
    if each is None or amount.unit is None:
        return amount
    if each["size"]:
        day = f"·{each['day'].replace('天', '日')}" if each["day"] else ""
        return amount if "/" in amount.unit else amount._replace(unit=f"{amount.unit}/{each['size'][1:]}{day}")
    period = each["each"].replace("天", "日")
    return amount._replace(unit=f"{amount.unit}·{period}" if "/" in amount.unit else f"{amount.unit}/{period}")


def _from_period(sentence: str, figure: Figure) -> Quantity | None:
    """Return a term: of an action (10个工作日内), of duration (不少于7天), of validity, or of a condition (3年以上)."""
    before = sentence[max(0, figure.start - 8) : figure.start]
    after = sentence[figure.end : figure.end + 14]
    if before.endswith("提前") and figure.unit != "年":
        return _counted_back(figure, figure.end)
    if _PAST_SPAN.search(before):
        return _from_period_after(before, after, sentence, figure)
    if _DAYS_BEFORE.match(after) and figure.unit != "年" and not re.search(r"每[月年季周]|[次当本上]月$", before):
        return _counted_back(figure, figure.end + 1)
    if re.search(r"第$|(?<!每)[年月]$|\d$", before) or (not figure.bound and _NAME_AFTER.match(after)):
        return None
    if sentence[figure.number_start : figure.end].endswith("内"):
        is_condition = after.startswith("的") and figure.comparator == "range"
        return _build(figure, "threshold" if is_condition else "deadline", is_period=True)
    if figure.bound and not _ROUND.match(after):
        is_duration = _DURATION.search(clause_before(sentence, figure.start)[-10:]) is not None
        return _build(figure, "deadline" if is_duration else "threshold", is_period=is_duration)
    return _from_plain_period(before, after, figure)


def _counted_back(figure: Figure, end: int) -> Quantity:
    """Return the term before an event: 届满七日前 is seven days or more before it."""
    quantity = _build(figure, "deadline", is_period=True)
    return quantity._replace(end=end, comparator="gte", note="counted back from an event")


def _from_period_after(before: str, after: str, sentence: str, figure: Figure) -> Quantity | None:
    """Return a period behind 近 or 前: 届满前三个月内 and 近三年内无… set something, 近三年 tells what was."""
    within = sentence[figure.number_start : figure.end].endswith("内")
    if re.search(r"(?:[届期到]满|[届到]期|[期满]的?)前$", before):
        return _build(figure, "deadline", is_period=True) if within else _counted_back(figure, figure.end)
    is_condition = re.match(r"[^,;。]{0,4}(?:无|未|没有|不)", after) or (within and re.match(r"[^,;。]{2,}", after))
    return _build(figure, "threshold") if is_condition else None


def _from_plain_period(before: str, after: str, figure: Figure) -> Quantity | None:
    """Return a period without a word of comparison: 为期三年, 一年一次, 3年完成, 按6个月的…."""
    if _ROUND.match(after):
        return _build(figure, "deadline", is_period=True)
    if _ACHIEVEMENT.match(after):
        return _build(figure, "deadline", is_period=True)._replace(comparator="lte")
    if _OF_MONTHS.search(before) and after.startswith("的"):
        return _build(figure, "amount")
    if _SANCTION_BEFORE.search(before) or _SANCTION_AFTER.match(after):
        return _build(figure, "deadline", is_period=True)
    if figure.unit == "日" and not figure.han:
        return None
    if _TERM_BEFORE.search(before) and not re.match(r"[月日\d]", after):
        return _build(figure, "deadline", is_period=True)
    return None


def _from_measure(sentence: str, figure: Figure, joined: bool) -> Quantity | None:
    before = sentence[max(0, figure.start - 3) : figure.start]
    after = sentence[figure.end : figure.end + 20]
    clause = clause_before(sentence, figure.number_start)[-30:]
    if (figure.bound and not _DUTY.search(clause)) or _ALLOTTED.search(clause):
        return _build(figure, "threshold")
    if _is_background(before, clause, figure):
        return None
    if _qualifies_noun(sentence, figure):
        return _build(figure, "threshold")
    if joined or figure.bound or _DUTY.search(clause) or _DUTY_AFTER.match(after):
        return _build(figure, "target")
    return None


def _from_count(sentence: str, figure: Figure, joined: bool) -> Quantity | None:
    before = sentence[max(0, figure.start - 12) : figure.start]
    after = sentence[figure.end : figure.end + 20]
    printed = sentence[figure.number_start : figure.end]
    if figure.han:
        return _from_han_count(before, printed, figure)
    if _SCOPE_AFTER.match(after):
        return _build(figure, "target")
    if _BACKGROUND_AFTER.match(after):
        return None
    if figure.unit.startswith("A") or _qualifies_noun(sentence, figure):
        return _build(figure, "threshold")
    clause = clause_before(sentence, figure.number_start)[-30:]
    has_duty = _DUTY.search(clause) is not None or _PER_HEAD.search(clause) is not None
    if _is_background(before, clause, figure):
        return None
    if figure.bound:
        return _build(figure, "target" if has_duty or figure.comparator == "eq" else "threshold")
    if (
        _ENUMERATED_BEFORE.search(before)
        and not joined
        and not (before.endswith("等") and has_duty)
        and not _DUTY.search(before.rpartition("、")[2])
    ):
        return _build(figure, "target") if _DUTY_AFTER.match(after) else None
    if joined or has_duty or _DUTY_AFTER.match(after):
        return _build(figure, "target")
    return None


def _from_han_count(before: str, printed: str, figure: Figure) -> Quantity | None:
    """Return a count in Chinese numerals. Most mean no more than a, some or several (一个平台, 两个以上部门)."""
    if figure.bound and not _GENERIC.match(printed):
        return _build(figure, "threshold")
    if figure.bound and figure.start < figure.number_start:  # 至少一所
        return _build(figure, "target")
    if figure.unit in words.HAN_COUNT_UNITS and _HAN_COUNT_VERB.search(before):
        return _build(figure, "target") if not printed.startswith("一个") else None
    return None


def _find_ratios(sentence: str) -> list[Quantity]:
    """Return ratios as percentages: the share of the side that the text names (甲占比7), else of the first side."""
    found = []
    for match in _RATIO.finditer(sentence):
        first, second = int(match["first"]), int(match["second"])
        if first + second:
            named = _SHARE_OF.match(sentence, match.end())
            who = named["who"] if named and int(named["part"]) in (first, second) else None
            part = int(named["part"]) if named and who else first
            share = Decimal(100) * part / (first + second)
            if share % Decimal("0.01"):  # no exact decimal
                continue
            share = share.quantize(Decimal(1)) if share == share.to_integral_value() else share.normalize()
            note = f"ratio {first}:{second}, given as " + (f"the share of {who}" if who else "the first part's share")
            found.append(Quantity(match.start(), match.end(), "rate", "eq", share, None, "%", note))
    return found


def _find_full_shares(sentence: str) -> list[Quantity]:
    return [
        Quantity(match.start(), match.end(), "rate", "eq", Decimal(100), None, "%", f"printed as {match[0]}")
        for match in _FULL_SHARE.finditer(sentence)
    ]
