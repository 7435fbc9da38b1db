"""The row of a document: identity, type, issuer, dates, pages, annexes, text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from app.parser.documents.effect_period import extract_effect_period
from app.parser.records import Doubt, IssueContext, ParsedRow, ReadResult, Value
from app.parser.structure.annexes import Annex
from app.parser.structure.contents import ContentsEntry
from app.parser.structure.document_layout import DocumentLayout, table_text
from app.parser.structure.sections import Section
from app.parser.structure.unlisted_documents import find_issuer
from app.parser.text.document_numbers import build_document_id, normalise_number, order_issuer, order_serial
from app.parser.text.normalise import match_key, remove_spaces, strip_markup

# The last word of the outer title decides. A notice that issues a plan is a notice; the plan is its annex.
_DOCUMENT_TYPES = {
    "通知": "notice",
    "意见": "opinions",
    "办法": "measures",
    "决定": "decision",
    "公告": "announcement",
    "通告": "public_notice",
    "方案": "plan",
    "规划": "plan",
    "计划": "plan",
    "规定": "provisions",
    "细则": "rules",
    "规则": "rules",
    "条例": "regulations",
    "批复": "reply",
    "函": "letter",
    "令": "order",
    "通报": "circular",
    "决议": "resolution",
    "纪要": "minutes",
    "报告": "report",
    "请示": "request",
    "公报": "bulletin",
    "规程": "rules",
    "预案": "plan",
    "议案": "motion",
}


class DocumentIdentity(NamedTuple):
    """The id of a document, its number in the usual form, its title, and notes on where they come from."""

    id: str
    number: str | None
    title: str
    notes: list[str]


def identify_document(layout: DocumentLayout, entry: ContentsEntry | None) -> DocumentIdentity:
    """Return the identity of a document.

    A number or title that the document itself lacks is taken from the contents list, with a note.
    """
    notes: list[str] = []
    number, title = layout.number, layout.title
    if not title and entry:
        title = entry.title
        notes.append("title taken from the contents list")
    elif entry and match_key(title) != match_key(entry.title):
        notes.append(f"the contents list prints the title as {entry.title}")
    if number is None and entry and entry.document_number:
        number = entry.document_number
        notes.append("number taken from the contents list")
    listed = entry.document_number if entry else None
    if number and listed and match_key(normalise_number(number)) != match_key(normalise_number(listed)):
        notes.append(f"the contents list prints the number as {listed}")
    if number and order_serial(number) and match_key(title).endswith(("令", "公告")):
        number, title = f"{title}{order_serial(number)}", _order_title(layout, entry) or title
        notes = [note for note in notes if not note.startswith("the contents list prints the")]
    if number:
        number = normalise_number(number)
    return DocumentIdentity(build_document_id(number, title, find_issuer(title)), number, title, notes)


def _order_title(layout: DocumentLayout, entry: ContentsEntry | None) -> str | None:
    """Return the title of the regulation that an order or announcement issues.

    It stands in the contents list or else in the order's text.
    """
    if entry and not match_key(entry.title).endswith(("令", "公告")):
        return entry.title
    named = re.search(r"《([^《》]{2,200})》", "\n".join(part.text for part in layout.paragraphs[:2]))
    return remove_spaces(named[1]) if named else None


def classify_document(title: str) -> str:
    """Return the document type by the last word of the title, `other` when that word is not known."""
    folded = re.sub(r"\([^()]*\)$", "", match_key(title))
    return next((name for word, name in _DOCUMENT_TYPES.items() if folded.endswith(word)), "other")


def extract_document(
    section: Section,
    layout: DocumentLayout,
    identity: DocumentIdentity,
    pages: tuple[int | None, int | None],
    context: IssueContext,
) -> ReadResult:
    """Return the row of the document and mark its own lines as read; the extractors of tables mark theirs."""
    document_id, number, title, identity_notes = identity
    entry, notes = section.entry, list(identity_notes)
    body, adoption = build_body(layout), layout.adoption
    promulgated_on = adoption.promulgated_on if layout.signed_on is None else None
    effect = extract_effect_period(body, layout.signed_on, title, promulgated_on)
    effective_on = effect.effective_on or adoption.in_force_on
    notes += effect.notes + replace(adoption, promulgated_on=promulgated_on).describe()
    if layout.signed_on is None and not adoption.adopted_on:
        notes.append("no date of signature found")
    issuer = (order_issuer(number) if number else None) or find_issuer(title) or layout.signer or adoption.adopted_by
    issuer = issuer or _words_before_about(title)
    if layout.signer and issuer and _signer_key(layout.signer) != _signer_key(issuer):
        notes.append(f"signed by {layout.signer}")
    fields: Mapping[str, Value] = {
        "document_number": number,
        "title": title,
        "document_type": classify_document(title),
        "issuer": issuer,
        "section": entry.section if entry else None,
        "signed_on": layout.signed_on,
        "published_on": context.published_on,
        "effective_on": effective_on,
        "expires_on": effect.expires_on,
        "registration_number": layout.registration,
        "is_normative": layout.registration is not None,
        "abstract_zh": None,
        "abstract_en": None,
        "page_from": pages[0],
        "page_to": pages[1],
        "annexes": [_annex_field(annex) for annex in layout.annexes],
        "body": body,
    }
    first, last = section.lines[0].number, _last_printed_line(section)
    row = ParsedRow("documents", document_id, fields, first, last, document_id, notes="; ".join(notes) or None)
    result = ReadResult(rows=[row])
    result.mark_read(layout.own_lines)
    if entry is None:
        result.doubts.append(Doubt(first, title or (number or ""), "a document that the contents list does not name"))
    return result


def _words_before_about(title: str) -> str | None:
    """Return what stands before 关于 in a title, which is an issuer though its last word is not known as one."""
    lead, about, _ = title.partition("关于")
    return re.split(r"转发|批转|印发|公布", lead, maxsplit=1)[0] or None if about else None


def _signer_key(name: str) -> str:
    return re.sub(r"[、,]", "", match_key(name))


def _annex_field(annex: Annex) -> dict[str, Any]:
    return {"number": annex.number, "title": annex.title, "held": bool(annex.content)}


def _last_printed_line(section: Section) -> int:
    return next((line.number for line in reversed(section.lines) if line.text.strip()), section.lines[-1].number)


def build_body(layout: DocumentLayout) -> str:
    """Return the text of the document without markup: one paragraph a line, annexes line by line."""
    parts = [paragraph.text for paragraph in layout.printed]
    for annex in layout.annexes:
        if annex.lines:
            parts += _annex_lines(annex)
    return "\n".join(parts)


def _annex_lines(annex: Annex) -> Sequence[str]:
    """Return the lines of an annex without markup: label, title and content. Table rows keep their empty cells."""
    return [table_text(line) for line in annex.lines if strip_markup(line.text)]
