"""The commitments of one sentence: which date governs which figure, and which dates stand by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from app.parser.documents.commitment_context import Context
from app.parser.documents.deadlines import Deadline, find_deadlines
from app.parser.documents.quantities import Quantity, find_quantities
from app.parser.documents.vocabulary import MODAL_WORDS, Comparator, compile_any_of

_PRINTED_YEAR = re.compile(r"(?<![\d比较与])((?:19|20)\d{2})年(?!的?(?:基础|水平|基数))")
_MODAL = compile_any_of(MODAL_WORDS)
_DATED_KINDS = ("target", "rate", "amount")
# Ages, terms and frequencies state conditions, not goals.
_CONDITION_UNIT = re.compile(r"[年月日天岁时周期次]")
_REACHES = re.compile(r"达|(?:提[高升]|延长|增[加长]?|缩短)[到至]")
_ENDS_CLAUSE = re.compile(r"[,;:)(、和及]|其中|$")
_MIN_ACTION_LENGTH = 4
# What a clause achieves; a clause without it is part of a list of names.
_RESULT = re.compile(
    r"达标|完善|健全|提[升高]|改善|建[立成设]|完成|实现|形成|消除|解决|巩固|覆盖|转变|增强|优化|推进|推动|开展|实施|得到|进展|齐全"
    r"|构建|明显|显著|基本|全面|有效|加快|达到|降低|减少|清零|启动|投入|出台|制定|具备|满足|进入|取得|规范"
)
_FOR_ALL = re.compile(
    r"所有.{2,30}?(?:确保|均|都|全部|实现|达到|完成)|均[应要须]|全收集|全处理|全达标|全覆盖|须经|确保不|不再出现|一律"
)


@dataclass(frozen=True, slots=True)
class DocumentDates:
    """The dates of a document that complete the dates printed in its sentences."""

    signed_on: date | None
    plan_years: tuple[int, int] | None
    effective_on: date | None
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the provisions above say of the figures of one: that it states a scope, and the bound of a list."""

    in_scope: bool
    bound: Comparator | None


@dataclass(frozen=True, slots=True)
class Commitment:
    """One commitment in a sentence: a figure, a deadline, or both."""

    start: int
    quantity: Quantity | None
    deadline: Deadline | None
    notes: tuple[str, ...] = ()


def names_past_year(sentence: str, dates: DocumentDates) -> bool:
    """Tell whether a sentence without a deadline names a year before the document's: it tells what was."""
    year = dates.signed_on.year if dates.signed_on else None
    return year is not None and any(int(match[1]) < year for match in _PRINTED_YEAR.finditer(sentence))


def find_deadlines_in_context(
    sentence: str, dates: DocumentDates, recurring: bool, context: Context, year: int | None
) -> list[Deadline]:
    """Return the deadlines of a folded sentence; outside a `setting` context only those that a word of duty binds."""
    deadlines = find_deadlines(sentence, dates.signed_on, recurring, year)
    if context == "setting":
        return deadlines
    return [
        deadline
        for deadline in deadlines
        if "前" in sentence[deadline.start : deadline.end]
        or _MODAL.search(enclosing_clause(sentence, deadline.end + 1))
    ]


def find_commitments(
    sentence: str,
    deadlines: list[Deadline],
    goal: Deadline | None,
    dates: DocumentDates,
    context: Context,
    around: Surroundings,
) -> list[Commitment]:
    """Return the commitments of a folded sentence in text order; `goal` is the date of an earlier sentence."""
    found = find_quantities(
        sentence,
        strict=context == "strict",
        in_scope=around.in_scope,
        is_dated=bool(goal or deadlines),
        bound=around.bound,
    )
    quantities = [quantity for quantity in found if not any(_overlaps(quantity, each) for each in deadlines)]
    periods = [quantity for quantity in quantities if quantity.is_period]
    commitments: list[Commitment] = []
    shared = _share_out(sentence, deadlines, quantities)
    used: set[int] = {deadline.start for deadline in deadlines if shared}
    for quantity in quantities:
        if quantity.is_period:
            continue
        deadline = shared.get(quantity.start) or _deadline_of(sentence, quantity, deadlines)
        notes: tuple[str, ...] = ()
        if quantity.kind not in _DATED_KINDS:
            quantity, deadline = _date_bound(sentence, quantity, deadline, goal)
        elif deadline is None and (period := _period_before(quantity, periods, sentence)) is not None:
            used.add(period.start)
            deadline, notes = _deadline_from_plan_years(period, dates)
        elif deadline is None:
            deadline = goal
        if deadline is not None:
            used.add(deadline.start)
        commitments.append(Commitment(quantity.start, quantity, deadline, notes))
    commitments += [_commitment_from_period(period, sentence, dates) for period in periods if period.start not in used]
    commitments += [
        Commitment(deadline.start, None, deadline)
        for deadline in deadlines
        if deadline.start not in used or _has_own_action(sentence, deadline, quantities)
    ]
    for deadline, following in pairwise([*deadlines, None]):
        if deadline is not None and deadline.is_goal:
            commitments += _find_members(sentence, deadline, quantities, following)
    return sorted(commitments, key=lambda commitment: commitment.start)


def _date_bound(
    sentence: str, quantity: Quantity, deadline: Deadline | None, goal: Deadline | None
) -> tuple[Quantity, Deadline | None]:
    """Give a bound its date where it is a goal (到2025年，优良率不低于85%). A condition (3年以上工龄的) has none."""
    if deadline is not None and (deadline.is_span or deadline.start > quantity.start):
        return quantity, deadline
    is_term = _CONDITION_UNIT.search(quantity.unit or "") and not _REACHES.match(sentence, quantity.start)
    is_condition = is_term or not _ENDS_CLAUSE.match(sentence, quantity.end)
    if is_condition or (deadline or goal) is None:
        return quantity, None
    return quantity._replace(kind="target"), deadline or goal


def _deadline_of(sentence: str, quantity: Quantity, deadlines: Sequence[Deadline]) -> Deadline | None:
    """Return the date of a figure: the one in brackets behind it, else the last before it."""
    for deadline in deadlines:
        if deadline.start == quantity.end + 1 and sentence[quantity.end] == "(" and sentence[deadline.end :][:1] == ")":
            return deadline
    return next((each for each in reversed(deadlines) if each.start < quantity.start), None)


def _share_out(sentence: str, deadlines: Sequence[Deadline], quantities: Sequence[Quantity]) -> dict[int, Deadline]:
    """Return the date of each figure where as many dates stand before as many figures: 到2024年、2025年分别…."""
    figures = [quantity for quantity in quantities if not quantity.is_period]
    if len(deadlines) < 2 or len(deadlines) != len(figures) or "分别" not in sentence:
        return {}
    if deadlines[-1].end > figures[0].start:
        return {}
    return {figure.start: deadline for figure, deadline in zip(figures, deadlines, strict=True)}


def _has_own_action(sentence: str, deadline: Deadline, quantities: Sequence[Quantity]) -> bool:
    """Tell whether the clause after a date has no figure, so that the date is a commitment of its own."""
    if not deadline.is_goal:
        return False
    begin = deadline.end + (sentence[deadline.end : deadline.end + 1] in (",", ":"))
    end = sentence.find(",", begin)
    if end < 0 or end - begin < _MIN_ACTION_LENGTH or not _RESULT.search(sentence, begin, end):
        return False
    return not any(quantity.start < end and begin < quantity.end for quantity in quantities)


def _find_members(
    sentence: str, deadline: Deadline, quantities: Sequence[Quantity], following: Deadline | None
) -> Iterator[Commitment]:
    """Yield the later members of a list after one date that bind all of something (…，园区均应建成…)."""
    end = following.start if following else len(sentence)
    begin = sentence.find(",", deadline.end + 1, end) + 1
    while begin:
        stop = sentence.find(",", begin, end)
        clause_end = stop if stop >= 0 else end
        clause = sentence[begin:clause_end]
        if _FOR_ALL.search(clause) and not any(q.start < clause_end and begin < q.end for q in quantities):
            yield Commitment(begin, None, deadline._replace(start=begin, end=begin))
        begin = stop + 1


def _overlaps(quantity: Quantity, deadline: Deadline) -> bool:
    return quantity.start < deadline.end and deadline.start < quantity.end


def _period_before(quantity: Quantity, periods: Sequence[Quantity], sentence: str) -> Quantity | None:
    """Return the period of years that stands before a count in the same clause (三年内完成…41个)."""
    if quantity.kind != "target":
        return None
    before = [period for period in periods if period.end <= quantity.start and period.unit == "年"]
    if not before or "," in sentence[before[-1].end : quantity.start]:
        return None
    return before[-1]


def _deadline_from_plan_years(period: Quantity, dates: DocumentDates) -> tuple[Deadline | None, tuple[str, ...]]:
    years = int(period.value) if period.value is not None else 0
    if dates.plan_years is None or not 0 < years <= 50:
        return None, (f"within {years} years, from a day that the text does not name",)
    first = dates.plan_years[0]
    deadline = Deadline(period.start, period.end, date(first, 1, 1), date(first + years - 1, 12, 31))
    return deadline, (f"{years} years counted from the first year in the plan's title",)


def _commitment_from_period(period: Quantity, sentence: str, dates: DocumentDates) -> Commitment:
    """Build the commitment of a period without a figure.

    A period of validity (有效期, 试行期) takes its dates from the closing article.
    """
    before = sentence[max(0, period.start - 6) : period.start]
    if re.search(r"有效期限?为?$|试行期为?$", before) and dates.expires_on is not None:
        return Commitment(
            period.start, period, Deadline(period.start, period.end, dates.effective_on, dates.expires_on)
        )
    years = dates.plan_years and dates.plan_years[1] - dates.plan_years[0] + 1
    if before.endswith("用") and dates.plan_years and period.value == years:
        deadline, notes = _deadline_from_plan_years(period, dates)
        return Commitment(period.start, period, deadline, notes)
    return Commitment(period.start, period, None)


def enclosing_clause(sentence: str, position: int) -> str:
    """Return the clause around a position, between commas."""
    begin = sentence.rfind(",", 0, position) + 1
    end = sentence.find(",", position)
    return sentence[begin : end if end >= 0 else len(sentence)]
