"""What a document's provisions promise or set: every figure, duty by a date, and period."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.parser.documents.deadlines import Limit, find_limits
from app.parser.documents.document_row import read_force
from app.parser.documents.provision_tree import Provision
from app.parser.documents.quantities import Quantity, find_quantities
from app.parser.documents.subjects import figure_subject, limit_subject, named_body
from app.parser.documents.water_targets import plan_period
from app.parser.records import Row
from app.parser.structure.document_layout import Layout
from app.parser.text.normalise import fold

_SENTENCE = re.compile(r"[^。；;\n！!]{1,2000}")
_NOT_OWN = re.compile(
    r"《[^《》]{2,200}》|[\[(](?:责任单位|牵头单位|配合单位)[^\n]{0,400}$|[\u4e00-\u9fff]{2,6}\[\d{4}\]\d{1,4}号",
    re.MULTILINE,
)
_STRIVE = re.compile(r"力争|争取|鼓励|力求|努力")
_RECURRING = re.compile(r"当年|每年|逐年")
_DUE = ("target", "rate", "amount")


@dataclass(frozen=True, slots=True)
class _Setting:
    """What the sentences of one document are read against."""

    signed_on: date | None
    period: tuple[int, int] | None
    effective_on: date | None
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class _Found:
    """One commitment within its sentence."""

    start: int
    quantity: Quantity | None
    limit: Limit | None
    notes: tuple[str, ...] = ()


def read_commitments(document_id: str, layout: Layout, provisions: Sequence[Provision]) -> list[Row]:
    """Return the commitments of all provisions in text order, ids `<provision>.<n>`.

    A figure takes the date limit before it in its sentence. Years counted from nowhere
    (三年内完成…) start with the first year in the plan's title, and say so in a note; an
    undated figure has null dates. A month without a year is in the year of signature.
    """
    text = "\n".join(provision.text for provision in provisions)
    force = read_force(text, layout.signed_on)
    setting = _Setting(layout.signed_on, plan_period(layout.title), force.effective_on, force.expires_on)
    rows: list[Row] = []
    for provision in provisions:
        text = provision.text
        for number, (sentence, start, found) in enumerate(_in_text(text, setting), 1):
            printed = text[start : start + len(sentence)]
            rows.append(_row(document_id, provision, number, printed, sentence, found))
    return rows


def _in_text(text: str, setting: _Setting) -> Iterator[tuple[str, int, _Found]]:
    """Yield (folded sentence, its start in the text, found) for one provision's text."""
    # A title's or number's own figures promise nothing: blanked, the positions stay.
    folded = _NOT_OWN.sub(lambda match: "□" * len(match[0]), fold(text))
    recurring = _RECURRING.search(folded) is not None
    for match in _SENTENCE.finditer(folded):
        if not re.search(r"[\d一二三四五六七八九十两全]", match[0]):
            continue
        for found in _in_sentence(match[0], setting, recurring):
            yield match[0], match.start(), found


def _in_sentence(sentence: str, setting: _Setting, recurring: bool) -> list[_Found]:
    limits = find_limits(sentence, setting.signed_on, recurring)
    quantities = [q for q in find_quantities(sentence) if not any(_inside(q, limit) for limit in limits)]
    periods = [quantity for quantity in quantities if quantity.is_period]
    found: list[_Found] = []
    used: set[int] = set()
    for quantity in quantities:
        if quantity.is_period:
            continue
        limit = next((limit for limit in reversed(limits) if limit.start < quantity.start), None)
        notes: tuple[str, ...] = ()
        if quantity.kind in _DUE and (period := _period_of(quantity, periods, sentence)) is not None and limit is None:
            used.add(period.start)
            limit, notes = _from_plan(period, setting)
        if limit is not None and quantity.kind in _DUE:
            used.add(limit.start)
        found.append(_Found(quantity.start, quantity, limit if quantity.kind in _DUE else None, notes))
    found += [_validity(period, sentence, setting) for period in periods if period.start not in used]
    found += [_Found(limit.start, None, limit) for limit in limits if limit.start not in used]
    return sorted(found, key=lambda one: one.start)


def _inside(quantity: Quantity, limit: Limit) -> bool:
    return quantity.start < limit.end and limit.start < quantity.end


def _period_of(quantity: Quantity, periods: Sequence[Quantity], sentence: str) -> Quantity | None:
    """Return the period that stands before a count in the same clause (三年内完成…41个)."""
    if quantity.kind != "target":
        return None
    before = [period for period in periods if period.end <= quantity.start and period.unit == "年"]
    if not before or "," in sentence[before[-1].end : quantity.start]:
        return None
    return before[-1]


def _from_plan(period: Quantity, setting: _Setting) -> tuple[Limit | None, tuple[str, ...]]:
    years = int(period.value) if period.value is not None else 0
    if setting.period is None or not 0 < years <= 50:
        return None, (f"within {years} years, from a day that the text does not name",)
    first = setting.period[0]
    limit = Limit(period.start, period.end, date(first, 1, 1), date(first + years - 1, 12, 31))
    return limit, (f"{years} years counted from the first year in the plan's title",)


def _validity(period: Quantity, sentence: str, setting: _Setting) -> _Found:
    """A period that stands alone; one of validity has the days that the closing article gives it."""
    printed = sentence[period.start :]
    if re.match(r"有效期|试行期", printed) and setting.expires_on is not None:
        return _Found(period.start, period, Limit(period.start, period.end, setting.effective_on, setting.expires_on))
    years = setting.period and setting.period[1] - setting.period[0] + 1
    if printed.startswith(("利用", "用")) and setting.period and period.value == years:
        limit, notes = _from_plan(period, setting)
        return _Found(period.start, period, limit, notes)
    return _Found(period.start, period, None)


def _row(document_id: str, provision: Provision, number: int, printed: str, sentence: str, found: _Found) -> Row:
    quantity, limit = found.quantity, found.limit
    if quantity is not None:
        subject = figure_subject(printed, sentence, quantity, provision.heading)
    else:
        subject = limit_subject(printed, sentence, found.start, limit.end if limit else found.start)
    notes = [*found.notes, *(n for n in (quantity and quantity.note, limit and limit.note) if n)]
    end = quantity.end if quantity else limit.end if limit else found.start
    responsible = list(provision.responsible) or named_body(printed, sentence, found.start, end)
    strives = quantity is None or quantity.kind != "threshold"  # a condition is not striven for
    provision_id = f"{document_id}.{provision.path}"
    return Row(
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
            "due_from": limit.due_from if limit else None,
            "due_to": limit.due_to if limit else None,
            "certainty": "strive" if strives and _STRIVE.search(_clause_around(sentence, found.start)) else "firm",
            "responsible": responsible,
        },
        provision.first,
        provision.last,
        document_id,
        notes="; ".join(notes) or None,
    )


def _clause_around(sentence: str, position: int) -> str:
    begin = sentence.rfind(",", 0, position) + 1
    end = sentence.find(",", position)
    return sentence[begin : end if end >= 0 else len(sentence)]
