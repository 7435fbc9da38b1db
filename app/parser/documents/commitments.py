"""The commitments of a document: the figures, deadlines and periods that its provisions promise or set."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.parser.documents.bounds_in_text import bound_of_list, find_unread_bounds
from app.parser.documents.commitment_context import (
    Context,
    ReportContext,
    context_of_paragraph,
    context_of_provision,
    context_of_title,
    is_bulletin,
    states_scope,
)
from app.parser.documents.deadlines import Deadline, extract_plan_years
from app.parser.documents.effect_period import extract_effect_period
from app.parser.documents.provision_tree import Provision
from app.parser.documents.sentence_commitments import (
    Commitment,
    DocumentDates,
    Surroundings,
    enclosing_clause,
    find_commitments,
    find_deadlines_in_context,
    names_past_year,
)
from app.parser.documents.subjects import find_acting_body, find_deadline_subject, find_figure_subject
from app.parser.documents.vocabulary import (
    ENCOURAGING_WORDS,
    PLANNING_WORDS,
    STRIVING_WORDS,
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
_RECURRING = re.compile(r"当年|每年|逐年")
_TASK_NUMBER = re.compile(r"^\s*\d{1,2}\s?[.、．]")


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


def _dates_of(layout: DocumentLayout, provisions: Sequence[Provision]) -> DocumentDates:
    effect = extract_effect_period("\n".join(provision.text for provision in provisions), layout.signed_on)
    plan_years = extract_plan_years(layout.title)
    return DocumentDates(layout.signed_on, plan_years, effect.effective_on, effect.expires_on)


def _read_provision(
    document_id: str,
    provision: Provision,
    dates: DocumentDates,
    context: Context,
    report: ReportContext,
    first_number: int = 1,
) -> Iterator[ParsedRow]:
    text = provision.text
    bound = bound_of_list(_fold(provision.parent.text)) if provision.parent else None
    found = _find_in_text(text, dates, context, Surroundings(states_scope(provision), bound), report)
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
    text: str, dates: DocumentDates, context: Context, around: Surroundings, report: ReportContext
) -> Iterator[tuple[str, int, Commitment]]:
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
            deadlines = find_deadlines_in_context(sentence, dates, recurring, of_paragraph, year)
            of_sentence = "strict" if not deadlines and names_past_year(sentence, dates) else of_paragraph
            for commitment in find_commitments(sentence, deadlines, goal, dates, of_sentence, around):
                yield sentence, start + match.start(), commitment
            if deadlines:
                goal = deadlines[-1] if deadlines[-1].is_goal else None
                year = deadlines[-1].due_to.year if deadlines[-1].due_to else year
        lead = goal if goal is lead or paragraph.rstrip().endswith(":") else None
        start += len(paragraph) + 1


def _build_row(
    document_id: str,
    provision: Provision,
    number: int,
    before: str,
    printed: str,
    sentence: str,
    commitment: Commitment,
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
    return (opening[0] if opening is not None and is_governed else "") + enclosing_clause(sentence, position)
