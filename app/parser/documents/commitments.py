"""The commitments of a document: the figures, deadlines and periods that its provisions promise or set."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.parser.documents.deadlines import Deadline, extract_plan_years, find_deadlines
from app.parser.documents.effect_period import extract_effect_period
from app.parser.documents.provision_tree import Provision
from app.parser.documents.quantities import Quantity, find_quantities
from app.parser.documents.subjects import find_acting_body, find_deadline_subject, find_figure_subject
from app.parser.documents.vocabulary import ENCOURAGING_WORDS, STRIVING_WORDS, compile_any_of
from app.parser.records import ParsedRow
from app.parser.structure.document_layout import DocumentLayout
from app.parser.text.normalise import fold_width

_SENTENCE = re.compile(r"[^。；;\n！!]{1,2000}")
_OTHER_DOCUMENT = re.compile(
    r"《[^《》]{2,200}》|[\[(](?:责任单位|牵头单位|配合单位)[^\n]{0,400}$|[\u4e00-\u9fff]{2,6}\[\d{4}\]\d{1,4}号",
    re.MULTILINE,
)
_STRIVING = compile_any_of((*STRIVING_WORDS, *ENCOURAGING_WORDS))
_RECURRING = re.compile(r"当年|每年|逐年")
_DATED_KINDS = ("target", "rate", "amount")


@dataclass(frozen=True, slots=True)
class _DocumentDates:
    """The dates of a document that complete the dates printed in its sentences."""

    signed_on: date | None
    plan_years: tuple[int, int] | None
    effective_on: date | None
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class _Commitment:
    """One commitment in a sentence: a figure, a deadline, or both."""

    start: int
    quantity: Quantity | None
    deadline: Deadline | None
    notes: tuple[str, ...] = ()


def extract_commitments(document_id: str, layout: DocumentLayout, provisions: Sequence[Provision]) -> list[ParsedRow]:
    """Return the commitments of all provisions in text order, ids `<provision>.<n>`.

    A figure takes the deadline that stands before it in its sentence; without one its dates are null.
    A count of years without a beginning (三年内完成…) starts with the first year in the plan's title,
    and a note says so. A month without a year is in the year of signature.
    """
    text = "\n".join(provision.text for provision in provisions)
    effect = extract_effect_period(text, layout.signed_on)
    dates = _DocumentDates(layout.signed_on, extract_plan_years(layout.title), effect.effective_on, effect.expires_on)
    rows: list[ParsedRow] = []
    for provision in provisions:
        text = provision.text
        for number, (sentence, start, commitment) in enumerate(_find_in_text(text, dates), 1):
            printed = text[start : start + len(sentence)]
            rows.append(_build_row(document_id, provision, number, printed, sentence, commitment))
    return rows


def _find_in_text(text: str, dates: _DocumentDates) -> Iterator[tuple[str, int, _Commitment]]:
    """Yield (folded sentence, start of the sentence in the text, commitment) for the text of one provision."""
    # The figures in titles and numbers of other documents promise nothing. They are blanked so that positions stay.
    folded = _OTHER_DOCUMENT.sub(lambda match: "□" * len(match[0]), fold_width(text))
    recurring = _RECURRING.search(folded) is not None
    for match in _SENTENCE.finditer(folded):
        if not re.search(r"[\d一二三四五六七八九十两全]", match[0]):
            continue
        for commitment in _find_in_sentence(match[0], dates, recurring):
            yield match[0], match.start(), commitment


def _find_in_sentence(sentence: str, dates: _DocumentDates, recurring: bool) -> list[_Commitment]:
    deadlines = find_deadlines(sentence, dates.signed_on, recurring)
    quantities = [q for q in find_quantities(sentence) if not any(_overlaps(q, deadline) for deadline in deadlines)]
    periods = [quantity for quantity in quantities if quantity.is_period]
    commitments: list[_Commitment] = []
    used: set[int] = set()
    for quantity in quantities:
        if quantity.is_period:
            continue
        deadline = next((deadline for deadline in reversed(deadlines) if deadline.start < quantity.start), None)
        notes: tuple[str, ...] = ()
        if quantity.kind not in _DATED_KINDS:
            deadline = None
        elif deadline is None and (period := _period_before(quantity, periods, sentence)) is not None:
            used.add(period.start)
            deadline, notes = _deadline_from_plan_years(period, dates)
        if deadline is not None:
            used.add(deadline.start)
        commitments.append(_Commitment(quantity.start, quantity, deadline, notes))
    commitments += [_commitment_from_period(period, sentence, dates) for period in periods if period.start not in used]
    commitments += [_Commitment(deadline.start, None, deadline) for deadline in deadlines if deadline.start not in used]
    return sorted(commitments, key=lambda commitment: commitment.start)


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
    printed = sentence[period.start :]
    if re.match(r"有效期|试行期", printed) and dates.expires_on is not None:
        return _Commitment(
            period.start, period, Deadline(period.start, period.end, dates.effective_on, dates.expires_on)
        )
    years = dates.plan_years and dates.plan_years[1] - dates.plan_years[0] + 1
    if printed.startswith(("利用", "用")) and dates.plan_years and period.value == years:
        deadline, notes = _deadline_from_plan_years(period, dates)
        return _Commitment(period.start, period, deadline, notes)
    return _Commitment(period.start, period, None)


def _build_row(
    document_id: str, provision: Provision, number: int, printed: str, sentence: str, commitment: _Commitment
) -> ParsedRow:
    quantity, deadline = commitment.quantity, commitment.deadline
    if quantity is not None:
        subject = find_figure_subject(printed, sentence, quantity, provision.heading)
    else:
        subject = find_deadline_subject(
            printed, sentence, commitment.start, deadline.end if deadline else commitment.start
        )
    notes = [*commitment.notes, *(n for n in (quantity and quantity.note, deadline and deadline.note) if n)]
    end = quantity.end if quantity else deadline.end if deadline else commitment.start
    responsible = list(provision.responsible) or find_acting_body(printed, sentence, commitment.start, end)
    # A threshold is a condition, so nobody strives for it.
    is_duty = quantity is None or quantity.kind != "threshold"
    is_striving = is_duty and _STRIVING.search(_enclosing_clause(sentence, commitment.start)) is not None
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


def _enclosing_clause(sentence: str, position: int) -> str:
    begin = sentence.rfind(",", 0, position) + 1
    end = sentence.find(",", position)
    return sentence[begin : end if end >= 0 else len(sentence)]
