"""The commitments of a document: the figures, deadlines and periods that its provisions promise or set."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from app.parser.documents.commitment_context import (
    Context,
    ReportContext,
    context_of_paragraph,
    context_of_provision,
    context_of_title,
    is_bulletin,
    states_scope,
)
from app.parser.documents.deadlines import Deadline, extract_plan_years, find_deadlines
from app.parser.documents.effect_period import extract_effect_period
from app.parser.documents.provision_tree import Provision
from app.parser.documents.quantities import Quantity, bound_of_list, find_quantities, find_unread_bounds
from app.parser.documents.subjects import find_acting_body, find_deadline_subject, find_figure_subject
from app.parser.documents.vocabulary import (
    ENCOURAGING_WORDS,
    MODAL_WORDS,
    PLANNING_WORDS,
    STRIVING_WORDS,
    Comparator,
    compile_any_of,
)
from app.parser.records import Doubt, ParsedRow, ReadResult
from app.parser.structure.document_layout import DocumentLayout
from app.parser.text.normalise import fold_width

_SENTENCE = re.compile(r"[^。；;！!\n]{1,2000}")
_NUMERAL = re.compile(r"[\d一二三四五六七八九十两半全年月季]")
_OTHER_DOCUMENT = re.compile(
    r"《[^《》]{2,200}》|[\[(](?:责任单位|牵头单位|配合单位)[^\n]{0,400}$|[\u4e00-\u9fff]{2,6}\[\d{4}\]\d{1,4}号"
    r"|第[\d零一二三四五六七八九十百千]{1,6}[条款项章节号次届部期批]",
    re.MULTILINE,
)
_STRIVING = compile_any_of((*STRIVING_WORDS, *PLANNING_WORDS, *ENCOURAGING_WORDS))
_OPENS_LIST = re.compile(r"(?:^|[,:])(?:力争|争取|努力)")
_NEW_DUTY = re.compile(r"确保|必须|[12]\d{3}年")
_MILD = compile_any_of(STRIVING_WORDS)
_MODAL = compile_any_of(MODAL_WORDS)
_RECURRING = re.compile(r"当年|每年|逐年")
_TASK_NUMBER = re.compile(r"^\s*\d{1,2}\s?[.、．]")
_DATED_KINDS = ("target", "rate", "amount")
_PRINTED_YEAR = re.compile(r"(?<![\d比较与])((?:19|20)\d{2})年(?!的?(?:基础|水平|基数))")
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
class _DocumentDates:
    """The dates of a document that complete the dates printed in its sentences."""

    signed_on: date | None
    plan_years: tuple[int, int] | None
    effective_on: date | None
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What the provisions above say of the figures of one: that it states a scope, and the bound of a list."""

    in_scope: bool
    bound: Comparator | None


@dataclass(frozen=True, slots=True)
class _Commitment:
    """One commitment in a sentence: a figure, a deadline, or both."""

    start: int
    quantity: Quantity | None
    deadline: Deadline | None
    notes: tuple[str, ...] = ()


def extract_commitments(document_id: str, layout: DocumentLayout, provisions: Sequence[Provision]) -> ReadResult:
    """Return the commitments of all provisions in text order, ids `<provision>.<n>`, and what was not understood.

    A figure takes the deadline that stands before it in its sentence, or the year of a goal that an earlier sentence
    of its paragraph begins with; without one its dates are null. A count of years without a beginning (三年内完成…)
    starts with the first year in the plan's title, and a note says so. A month without a year is in the year of
    signature.
    """
    dates = _dates_of(layout, provisions)
    text = "\n".join(provision.text for provision in provisions)
    report = ReportContext(layout.title)
    of_document = "silent" if is_bulletin(text) and not report.is_report else context_of_title(layout.title)
    is_whole = all(provision.rank.level in ("preamble", "annex") for provision in provisions)
    result = ReadResult()
    for provision in provisions:
        context = context_of_provision(provision, of_document, is_whole=is_whole)
        context = report.follow(fold_width(provision.heading or ""), context) if provision.heading else context
        if context == "silent" and not report.is_report:
            continue
        result.rows += _read_provision(document_id, provision, dates, context, report)
        if context == "setting":
            result.doubts += _find_doubts(document_id, provision)
    return result


def extract_task_commitments(
    document_id: str, layout: DocumentLayout, provisions: Sequence[Provision], rows: Sequence[ParsedRow]
) -> list[ParsedRow]:
    """Return the commitments of the tasks that rows of an annex table hold, as commitments of the annex."""
    dates, report = _dates_of(layout, provisions), ReportContext("")
    annexes = [provision for provision in provisions if provision.rank.level == "annex"]
    found: list[ParsedRow] = []
    for row in rows:
        tasks, bodies = row.fields.get("tasks"), row.fields.get("responsible")
        annex = next((each for each in reversed(annexes) if each.first_line <= row.first_line), None)
        if not isinstance(tasks, list) or annex is None:
            continue
        own = replace(
            annex,
            paragraphs=[_TASK_NUMBER.sub("", str(task)) for task in tasks],
            responsible=[str(body) for body in bodies] if isinstance(bodies, list) else [],
            first_line=row.first_line,
            last_line=row.last_line,
        )
        first = sum(each.id.startswith(f"{document_id}.{annex.path}.") for each in found) + 1
        found += _read_provision(document_id, own, dates, "setting", report, first)
    return found


def _dates_of(layout: DocumentLayout, provisions: Sequence[Provision]) -> _DocumentDates:
    effect = extract_effect_period("\n".join(provision.text for provision in provisions), layout.signed_on)
    plan_years = extract_plan_years(layout.title)
    return _DocumentDates(layout.signed_on, plan_years, effect.effective_on, effect.expires_on)


def _read_provision(
    document_id: str,
    provision: Provision,
    dates: _DocumentDates,
    context: Context,
    report: ReportContext,
    first_number: int = 1,
) -> Iterator[ParsedRow]:
    text = provision.text
    bound = bound_of_list(_fold(provision.parent.text)) if provision.parent else None
    found = _find_in_text(text, dates, context, _Surroundings(states_scope(provision), bound), report)
    for number, (sentence, start, commitment) in enumerate(found, first_number):
        printed = text[start : start + len(sentence)]
        yield _build_row(document_id, provision, number, text[:start], printed, sentence, commitment)


def _fold(text: str) -> str:
    """Fold a text and blank the names of other documents: their figures promise nothing. Positions stay."""
    return _OTHER_DOCUMENT.sub(lambda match: "□" * len(match[0]), fold_width(text))


def _find_doubts(document_id: str, provision: Provision) -> Iterator[Doubt]:
    for match in _SENTENCE.finditer(_fold(provision.text)):
        for phrase in find_unread_bounds(match[0]):
            yield Doubt(
                provision.first_line, f"{document_id}.{provision.path}", f"a figure was not understood: {phrase}"
            )


def _find_in_text(
    text: str, dates: _DocumentDates, context: Context, around: _Surroundings, report: ReportContext
) -> Iterator[tuple[str, int, _Commitment]]:
    """Yield (folded sentence, start of the sentence in the text, commitment) for the text of one provision."""
    folded = _fold(text)
    recurring = _RECURRING.search(folded) is not None
    start = 0
    lead: Deadline | None = None
    for paragraph in folded.split("\n"):
        of_paragraph = report.follow(paragraph, context_of_paragraph(paragraph, context))
        if of_paragraph == "silent":
            start += len(paragraph) + 1
            continue
        goal = lead
        year: int | None = None
        for match in _SENTENCE.finditer(paragraph):
            sentence = match[0]
            if not _NUMERAL.search(sentence):
                continue
            deadlines = _find_deadlines(sentence, dates, recurring, of_paragraph, year)
            of_sentence = "strict" if not deadlines and _names_past_year(sentence, dates) else of_paragraph
            for commitment in _find_in_sentence(sentence, deadlines, goal, dates, of_sentence, around):
                yield sentence, start + match.start(), commitment
            if deadlines:
                goal = deadlines[-1] if deadlines[-1].is_goal else None
                year = deadlines[-1].due_to.year if deadlines[-1].due_to else year
        lead = goal if goal is lead or paragraph.rstrip().endswith(":") else None
        start += len(paragraph) + 1


def _names_past_year(sentence: str, dates: _DocumentDates) -> bool:
    """Tell whether a sentence without a deadline names a year before the document's: it tells what was."""
    year = dates.signed_on.year if dates.signed_on else None
    return year is not None and any(int(match[1]) < year for match in _PRINTED_YEAR.finditer(sentence))


def _find_deadlines(
    sentence: str, dates: _DocumentDates, recurring: bool, context: Context, year: int | None
) -> list[Deadline]:
    deadlines = find_deadlines(sentence, dates.signed_on, recurring, year)
    if context == "setting":
        return deadlines
    return [
        deadline
        for deadline in deadlines
        if "前" in sentence[deadline.start : deadline.end]
        or _MODAL.search(_enclosing_clause(sentence, deadline.end + 1))
    ]


def _find_in_sentence(
    sentence: str,
    deadlines: list[Deadline],
    goal: Deadline | None,
    dates: _DocumentDates,
    context: Context,
    around: _Surroundings,
) -> list[_Commitment]:
    found = find_quantities(
        sentence,
        strict=context == "strict",
        in_scope=around.in_scope,
        is_dated=bool(goal or deadlines),
        bound=around.bound,
    )
    quantities = [quantity for quantity in found if not any(_overlaps(quantity, each) for each in deadlines)]
    periods = [quantity for quantity in quantities if quantity.is_period]
    commitments: list[_Commitment] = []
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
        commitments.append(_Commitment(quantity.start, quantity, deadline, notes))
    commitments += [_commitment_from_period(period, sentence, dates) for period in periods if period.start not in used]
    commitments += [
        _Commitment(deadline.start, None, deadline)
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
) -> Iterator[_Commitment]:
    """Yield the later members of a list after one date that bind all of something (…，园区均应建成…)."""
    end = following.start if following else len(sentence)
    begin = sentence.find(",", deadline.end + 1, end) + 1
    while begin:
        stop = sentence.find(",", begin, end)
        clause_end = stop if stop >= 0 else end
        clause = sentence[begin:clause_end]
        if _FOR_ALL.search(clause) and not any(q.start < clause_end and begin < q.end for q in quantities):
            yield _Commitment(begin, None, deadline._replace(start=begin, end=begin))
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


def _deadline_from_plan_years(period: Quantity, dates: _DocumentDates) -> tuple[Deadline | None, tuple[str, ...]]:
    years = int(period.value) if period.value is not None else 0
    if dates.plan_years is None or not 0 < years <= 50:
        return None, (f"within {years} years, from a day that the text does not name",)
    first = dates.plan_years[0]
    deadline = Deadline(period.start, period.end, date(first, 1, 1), date(first + years - 1, 12, 31))
    return deadline, (f"{years} years counted from the first year in the plan's title",)


def _commitment_from_period(period: Quantity, sentence: str, dates: _DocumentDates) -> _Commitment:
    """Build the commitment of a period without a figure.

    A period of validity (有效期, 试行期) takes its dates from the closing article.
    """
    before = sentence[max(0, period.start - 6) : period.start]
    if re.search(r"有效期限?为?$|试行期为?$", before) and dates.expires_on is not None:
        return _Commitment(
            period.start, period, Deadline(period.start, period.end, dates.effective_on, dates.expires_on)
        )
    years = dates.plan_years and dates.plan_years[1] - dates.plan_years[0] + 1
    if before.endswith("用") and dates.plan_years and period.value == years:
        deadline, notes = _deadline_from_plan_years(period, dates)
        return _Commitment(period.start, period, deadline, notes)
    return _Commitment(period.start, period, None)


def _build_row(
    document_id: str,
    provision: Provision,
    number: int,
    before: str,
    printed: str,
    sentence: str,
    commitment: _Commitment,
) -> ParsedRow:
    quantity, deadline = commitment.quantity, commitment.deadline
    if quantity is not None:
        subject = find_figure_subject(printed, sentence, quantity, provision.heading, before)
    else:
        subject = find_deadline_subject(
            printed, sentence, commitment.start, deadline.end if deadline else commitment.start
        )
    notes = [*commitment.notes, *(n for n in (quantity and quantity.note, deadline and deadline.note) if n)]
    end = quantity.end if quantity else deadline.end if deadline else commitment.start
    responsible = list(provision.responsible) or find_acting_body(printed, sentence, commitment.start, end)
    # A threshold is a condition: one is encouraged to what stands beside it, not to meet it.
    striving = _MILD if quantity is not None and quantity.kind == "threshold" else _STRIVING
    is_striving = striving.search(_governing_words(sentence, commitment.start)) is not None
    provision_id = f"{document_id}.{provision.path}"
    return ParsedRow(
        "commitments",
        f"{provision_id}.{number}",
        {
            "document_id": document_id,
            "provision_id": provision_id,
            "kind": quantity.kind if quantity else "deadline",
            "subject_zh": subject,
            "subject_en": None,
            "comparator": quantity.comparator if quantity else "lte",
            "value": quantity.value if quantity else None,
            "value_to": quantity.value_to if quantity else None,
            "unit": quantity.unit if quantity else None,
            "due_from": deadline.due_from if deadline else None,
            "due_to": deadline.due_to if deadline else None,
            "certainty": "strive" if is_striving else "firm",
            "responsible": responsible,
        },
        provision.first_line,
        provision.last_line,
        document_id,
        notes="; ".join(notes) or None,
    )


def _governing_words(sentence: str, position: int) -> str:
    """Return the clause of a commitment, with the word that opens the list it is in (到2025年，力争甲…，乙…)."""
    opening = next(reversed(list(_OPENS_LIST.finditer(sentence, 0, position))), None)
    is_governed = opening is not None and not _NEW_DUTY.search(sentence, opening.end(), position)
    return (opening[0] if opening is not None and is_governed else "") + _enclosing_clause(sentence, position)


def _enclosing_clause(sentence: str, position: int) -> str:
    begin = sentence.rfind(",", 0, position) + 1
    end = sentence.find(",", position)
    return sentence[begin : end if end >= 0 else len(sentence)]
