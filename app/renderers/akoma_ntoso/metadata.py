"""The `meta` of a document in Akoma Ntoso: identification, publication, life cycle, references, our own facts."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple
from xml.etree import ElementTree as ET

from app.model.rows import Record
from app.renderers.akoma_ntoso.naming import COUNTRY, LANGUAGE, anchor, work_of
from app.renderers.akoma_ntoso.references import SERVICE, passive, write_analysis, write_references
from app.renderers.akoma_ntoso.source import Dossier
from app.renderers.captions import issue_title
from app.renderers.representations import AKOMA_NTOSO
from app.renderers.xml import add


def write_meta(doc: ET.Element, dossier: Dossier, annexes: Sequence[Record]) -> dict[str, str]:
    """The whole of `meta`; answers the identifiers of the bodies responsible, by their names."""
    document, issue = dossier.document, dossier.issue
    meta = add(doc, "meta")
    write_identification(meta, document, "main", document["title"], dossier.address)
    if issue:
        number = f"{issue['year']}年第{issue['number']}期"
        shown = issue_title(issue)
        add(meta, "publication", date=issue["published_on"], name=issue["title"], number=number, showAs=shown)
    events = events_of(dossier)
    write_lifecycle(meta, events)
    write_analysis(meta, dossier)
    write_force(meta, events)
    agents = write_references(meta, dossier, annexes)
    write_own(meta, dossier, annexes)
    return agents


def write_annex_meta(doc: ET.Element, document: Record, component: str, title: str | None) -> None:
    """The `meta` of an annex: which component of the document it is."""
    write_identification(add(doc, "meta"), document, component, title, None)


def write_identification(
    meta: ET.Element, document: Record, component: str, title: str | None, address: str | None
) -> None:
    """Work, expression, manifestation, and the address that serves it."""
    work, signed = work_of(document), document["signed_on"] or document["published_on"]
    expression = f"{work}/{LANGUAGE}@{signed}"
    author = {"href": "#issuer" if document["issuer"] else "#publisher", "as_": "#author"}
    made = add(meta, "identification", source=SERVICE)
    level = add(made, "FRBRWork")
    add(level, "FRBRthis", value=f"{work}/!{component}")
    add(level, "FRBRuri", value=work)
    add(level, "FRBRalias", value=title or document["title"], name="title")
    add(level, "FRBRalias", value=document["id"], name="id")
    if document["signed_on"]:
        add(level, "FRBRdate", date=document["signed_on"], name="signed")
    add(level, "FRBRdate", date=document["published_on"], name="published")
    add(level, "FRBRauthor", **author)
    add(level, "FRBRcountry", value=COUNTRY)
    if document["document_number"]:
        add(level, "FRBRnumber", value=document["document_number"])
    if title:
        add(level, "FRBRname", value=title)
    add(level, "FRBRprescriptive", value="true" if document["is_normative"] else "false")
    level = add(made, "FRBRExpression")
    add(level, "FRBRthis", value=f"{expression}/!{component}")
    add(level, "FRBRuri", value=expression)
    add(level, "FRBRdate", date=signed, name="signed" if document["signed_on"] else "published")
    add(level, "FRBRauthor", **author)
    add(level, "FRBRauthoritative", value="false")
    add(level, "FRBRlanguage", language=LANGUAGE)
    level = add(made, "FRBRManifestation")
    add(level, "FRBRthis", value=f"{expression}/!{component}.xml")
    add(level, "FRBRuri", value=f"{expression}.xml")
    add(level, "FRBRdate", date=document["published_on"], name="published")
    add(level, "FRBRauthor", href=SERVICE, as_="#editor")
    add(level, "FRBRformat", value=AKOMA_NTOSO.media_type)
    if address:
        level = add(made, "FRBRItem")
        add(level, "FRBRthis", value=address)
        add(level, "FRBRuri", value=address)
        add(level, "FRBRdate", date=document["published_on"], name="published")
        add(level, "FRBRauthor", href=SERVICE, as_="#editor")


class Event(NamedTuple):
    """One thing that happened to a document: `what` is a key of `CONCEPTS`, `source` who says so."""

    key: str
    day: str
    what: str
    kind: str | None = None
    source: str = "#original"


def events_of(dossier: Dossier) -> list[Event]:
    """The events in a document's life that are printed or follow from what is printed.

    `expires_on` is the last day in force, so the event is on the day after; a repeal works from the day
    on which the first document that repeals it takes effect.
    """
    document, expires = dossier.document, dossier.document["expires_on"]
    events = [Event("event_published", document["published_on"], "published")]
    if document["signed_on"]:
        events.append(Event("event_signed", document["signed_on"], "signed", "generation"))
    else:
        events[0] = events[0]._replace(kind="generation")
    if document["effective_on"]:
        events.append(Event("event_force", document["effective_on"], "entryIntoForce"))
    if expires:
        ended = date.fromisoformat(expires) + timedelta(days=1)
        events.append(Event("event_expiry", ended.isoformat(), "expiry", "repeal"))
    repeals = [
        (other["effective_on"], passive(row, n))
        for n, (row, other) in enumerate(dossier.incoming, 1)
        if row["relation"] == "repeals" and other["effective_on"]
    ]
    if repeals:
        day, key = min(repeals)
        events.append(Event("event_repeal", day, "repealed", "repeal", f"#{key}"))
    return sorted(events, key=lambda event: (event.day, event.key))


def write_lifecycle(meta: ET.Element, events: Sequence[Event]) -> None:
    """The events, in the order of their days."""
    made = add(meta, "lifecycle", source=SERVICE)
    for each in events:
        add(made, "eventRef", eId=each.key, date=each.day, source=each.source, type=each.kind, refersTo=f"#{each.what}")


def write_force(meta: ET.Element, events: Sequence[Event]) -> None:
    """The time in force, where its beginning is known; it ends with the earlier of expiry and repeal."""
    begins = next((each for each in events if each.what == "entryIntoForce"), None)
    ends = next((each for each in events if each.what in ("expiry", "repealed")), None)
    if begins:
        group = add(add(meta, "temporalData", source=SERVICE), "temporalGroup", eId="tmpg_1")
        end = f"#{ends.key}" if ends else None
        add(group, "timeInterval", start=f"#{begins.key}", end=end, refersTo="#inForce")


def write_own(meta: ET.Element, dossier: Dossier, annexes: Sequence[Record]) -> None:
    """What Akoma Ntoso has no place for; an abstract is editorial and never the document's own text."""
    document, source = dossier.document, dossier.document["source"]
    made = add(meta, "proprietary", source=SERVICE)
    facts = {
        "documentType": document["document_type"],
        "section": document["section"],
        "registrationNumber": document["registration_number"],
        "effectiveOn": document["effective_on"],
        "lastDayInForce": document["expires_on"],
        "pages": "-".join(str(page) for page in (document["page_from"], document["page_to"]) if page),
        "lines": "-".join(map(str, source["lines"] or ())),
        "sha256": source["sha256"],
        "notes": document["notes"],
    }
    add(made, "gazette:status", document["status"], on=dossier.on)
    add(made, "gazette:text", "loaded" if document["body"] is not None else "not loaded")
    for name, value in facts.items():
        if value:
            add(made, f"gazette:{name}", value)
    for annex in annexes:
        held = "true" if annex["held"] else "false"
        add(made, "gazette:annex", annex["title"], ref=f"#{anchor(annex['path'])}", held=held)
    for language in ("zh", "en"):
        abstract = document[f"abstract_{language}"]
        if abstract:
            add(made, "gazette:abstract", abstract, editorial="true", xml__lang=language)
