"""The row of a document: type, issuer, dates, pages, annexes, text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from app.parser.records import Context, Doubt, Reading, Row, Value
from app.parser.structure.annexes import Annex
from app.parser.structure.contents import Entry
from app.parser.structure.document_layout import Layout
from app.parser.structure.sections import Section
from app.parser.text.dates import DATE, last_day_of_term, to_date
from app.parser.text.document_numbers import document_id, normal_number, order_giver, order_serial
from app.parser.text.normalise import fold, key, numeral, plain, unspaced

# By the last word of the outer title: what a notice issues is its annex, the document is the notice.
_TYPES = {
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
}
_FIGURE = r"[0-9零一二三四五六七八九十两]{1,3}"
_EFFECTIVE = re.compile(rf"[自从](?:{DATE.pattern})起?(?:正式)?(?:施行|执行|实施|生效|试行)")
_FROM_ISSUE = re.compile(
    rf"自(?:印发|公布|发布|发文|下发|签发)之日起?(?:满?({_FIGURE})(日|天|个月)后)?(?:正式)?(?:施行|执行|实施|生效|试行)"
)
_TERM = re.compile(rf"(?:有效期|试行期|实施期限?|施行期限?)(?:限)?为?({_FIGURE})(年|个月)")
_UNTIL = re.compile(rf"有效期(?:限)?(?:截)?[至到](?:{DATE.pattern})")


class Identity(NamedTuple):
    """What a document is called: id, number in its usual print, title, remarks."""

    id: str
    number: str | None
    title: str
    notes: list[str]


class Force(NamedTuple):
    """When a document works, and how that is known."""

    effective_on: date | None
    expires_on: date | None
    notes: list[str]


def identify(layout: Layout, entry: Entry | None) -> Identity:
    """Name a document; a number or title that its own lines lack is that of the contents list, with a note."""
    notes: list[str] = []
    number, title = layout.number, layout.title
    if not title and entry:
        title = entry.title
        notes.append("title taken from the contents list")
    elif entry and key(title) != key(entry.title):
        notes.append(f"the contents list prints the title as {entry.title}")
    if number is None and entry and entry.document_number:
        number = entry.document_number
        notes.append("number taken from the contents list")
    listed = entry.document_number if entry else None
    if number and listed and key(normal_number(number)) != key(normal_number(listed)):
        notes.append(f"the contents list prints the number as {listed}")
    if number and order_serial(number) and key(title).endswith("令"):
        number, title = f"{title}{order_serial(number)}", _title_of_order(layout, entry) or title
        notes = [note for note in notes if not note.startswith("the contents list prints the")]
    if number:
        number = normal_number(number)
    return Identity(document_id(number, title, _issuer_in(title)), number, title, notes)


def _title_of_order(layout: Layout, entry: Entry | None) -> str | None:
    """Return the title of the regulation that an order issues: as the contents list or the order's text names it."""
    if entry and not key(entry.title).endswith("令"):
        return entry.title
    named = re.search(r"《([^《》]{2,200})》", "\n".join(part.text for part in layout.paragraphs[:2]))
    return unspaced(named[1]) if named else None


def document_type(title: str) -> str:
    """Return the type by the last word of the title, `other` when it is none of the known ones."""
    folded = re.sub(r"\([^()]*\)$", "", key(title))
    return next((name for word, name in _TYPES.items() if folded.endswith(word)), "other")


def _issuer_in(title: str) -> str | None:
    lead, found, _ = title.partition("关于")
    lead = re.split(r"转发|批转|印发|公布", lead, maxsplit=1)[0]
    return lead or None if found else None


def read_force(text: str, signed_on: date | None) -> Force:
    """Read the day of effect and the last day in force from a document's whole text.

    Source of the rule: the closing article (自…起施行，有效期…年). A document in force from
    its day of issue takes the signature's date, with a note.
    """
    folded = re.sub(r"\s+", "", fold(text))
    notes: list[str] = []
    effective: date | None = None
    if match := _EFFECTIVE.search(folded):
        effective = to_date(*match.groups())
        if effective is None:
            notes.append("the printed day of effect is no date")
    elif match := _FROM_ISSUE.search(folded):
        effective = signed_on
        if signed_on is not None and match[2] and match[2] != "个月":
            days = numeral(match[1])
            effective = signed_on + timedelta(days=days) if days is not None else None
        elif match[2]:
            effective = None
        if effective is not None:
            notes.append("effective_on is derived: in force from the day of issue, taken as the day of signature")
    expires = _expiry(folded, effective)
    return Force(effective, expires, notes)


def _expiry(folded: str, effective: date | None) -> date | None:
    if match := _UNTIL.search(folded):
        return to_date(*match.groups())
    match = _TERM.search(folded)
    count = numeral(match[1]) if match else None
    if match is None or count is None or effective is None:
        return None
    return last_day_of_term(effective, **({"years": count} if match[2] == "年" else {"months": count}))


def read_document(
    section: Section,
    layout: Layout,
    identity: Identity,
    pages: tuple[int | None, int | None],
    context: Context,
) -> Reading:
    """Return the document's row and claim its own lines (those of table annexes are their readers')."""
    identifier, number, title, found = identity
    entry, notes = section.entry, list(found)
    body = body_text(layout)
    force = read_force(body, layout.signed_on)
    notes += force.notes
    if layout.signed_on is None:
        notes.append("no date of signature found")
    issuer = (order_giver(number) if number else None) or _issuer_in(title) or layout.signer
    if layout.signer and issuer and key(layout.signer) != key(issuer):
        notes.append(f"signed by {layout.signer}")
    fields: Mapping[str, Value] = {
        "document_number": number,
        "title": title,
        "document_type": document_type(title),
        "issuer": issuer,
        "section": entry.section if entry else None,
        "signed_on": layout.signed_on,
        "published_on": context.published_on,
        "effective_on": force.effective_on,
        "expires_on": force.expires_on,
        "registration_number": layout.registration,
        "is_normative": layout.registration is not None,
        "abstract_zh": None,
        "abstract_en": None,
        "page_from": pages[0],
        "page_to": pages[1],
        "annexes": [_annex_field(annex) for annex in layout.annexes],
        "body": body,
    }
    first, last = section.lines[0].number, _last_line(section)
    row = Row("documents", identifier, fields, first, last, identifier, notes="; ".join(notes) or None)
    reading = Reading(rows=[row])
    reading.claim(layout.own_lines)
    if entry is None:
        reading.doubts.append(Doubt(first, title or (number or ""), "a document that the contents list does not name"))
    return reading


def _annex_field(annex: Annex) -> dict[str, Any]:
    return {"number": annex.number, "title": annex.title, "held": bool(annex.content)}


def _last_line(section: Section) -> int:
    return next((line.number for line in reversed(section.lines) if line.text.strip()), section.lines[-1].number)


def body_text(layout: Layout) -> str:
    """Return the document's text without marks: paragraphs joined, annex tables line by line."""
    parts = [paragraph.text for paragraph in layout.printed]
    for annex in layout.annexes:
        if annex.lines:
            parts += annex_text(annex)
    return "\n".join(parts)


def annex_text(annex: Annex) -> Sequence[str]:
    """Return an annex's lines without marks: label, title and content."""
    return [text for line in annex.lines if (text := plain(line.text))]
