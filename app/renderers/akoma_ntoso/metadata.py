"""The `meta` element of Akoma Ntoso: identification, publication, life cycle, references, own metadata."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple
from xml.etree import ElementTree as ET

from app.model.rows import Record
from app.renderers.akoma_ntoso.document_rows import DocumentRows
from app.renderers.akoma_ntoso.naming import COUNTRY, LANGUAGE, anchor, work_iri
from app.renderers.akoma_ntoso.references import (
    SERVICE_REFERENCE,
    passive_reference_id,
    write_analysis,
    write_references,
)
from app.renderers.captions import issue_title
from app.renderers.representations import AKOMA_NTOSO
from app.renderers.xml import add_element


def write_meta(doc: ET.Element, rows: DocumentRows, annexes: Sequence[Record]) -> dict[str, str]:
    """Write the whole of `meta` and return the ids of the responsible bodies by name."""
    document, issue = rows.document, rows.issue
    meta = add_element(doc, "meta")
    write_identification(meta, document, "main", document["title"], rows.url)
    if issue:
        number = f"{issue['year']}年第{issue['number']}期"
        title = issue_title(issue)
        add_element(meta, "publication", date=issue["published_on"], name=issue["title"], number=number, showAs=title)
    events = life_cycle_events(rows)
    write_lifecycle(meta, events)
    write_analysis(meta, rows)
    write_temporal_data(meta, events)
    agents = write_references(meta, rows, annexes)
    write_proprietary(meta, rows, annexes)
    return agents


def write_annex_meta(doc: ET.Element, document: Record, component: str, title: str | None) -> None:
    """Write the `meta` of an annex: which component of the document it is."""
    write_identification(add_element(doc, "meta"), document, component, title, None)


def write_identification(
    meta: ET.Element, document: Record, component: str, title: str | None, url: str | None
) -> None:
    """Write work, expression, manifestation, and the URL that serves it."""
    work, signed = work_iri(document), document["signed_on"] or document["published_on"]
    expression = f"{work}/{LANGUAGE}@{signed}"
    author = {"href": "#issuer" if document["issuer"] else "#publisher", "as_": "#author"}
    identification = add_element(meta, "identification", source=SERVICE_REFERENCE)
    level = add_element(identification, "FRBRWork")
    add_element(level, "FRBRthis", value=f"{work}/!{component}")
    add_element(level, "FRBRuri", value=work)
    add_element(level, "FRBRalias", value=title or document["title"], name="title")
    add_element(level, "FRBRalias", value=document["id"], name="id")
    if document["signed_on"]:
        add_element(level, "FRBRdate", date=document["signed_on"], name="signed")
    add_element(level, "FRBRdate", date=document["published_on"], name="published")
    add_element(level, "FRBRauthor", **author)
    add_element(level, "FRBRcountry", value=COUNTRY)
    if document["document_number"]:
        add_element(level, "FRBRnumber", value=document["document_number"])
    if title:
        add_element(level, "FRBRname", value=title)
    add_element(level, "FRBRprescriptive", value="true" if document["is_normative"] else "false")
    level = add_element(identification, "FRBRExpression")
    add_element(level, "FRBRthis", value=f"{expression}/!{component}")
    add_element(level, "FRBRuri", value=expression)
    add_element(level, "FRBRdate", date=signed, name="signed" if document["signed_on"] else "published")
    add_element(level, "FRBRauthor", **author)
    add_element(level, "FRBRauthoritative", value="false")
    add_element(level, "FRBRlanguage", language=LANGUAGE)
    level = add_element(identification, "FRBRManifestation")
    add_element(level, "FRBRthis", value=f"{expression}/!{component}.xml")
    add_element(level, "FRBRuri", value=f"{expression}.xml")
    add_element(level, "FRBRdate", date=document["published_on"], name="published")
    add_element(level, "FRBRauthor", href=SERVICE_REFERENCE, as_="#editor")
    add_element(level, "FRBRformat", value=AKOMA_NTOSO.media_type)
    if url:
        level = add_element(identification, "FRBRItem")
        add_element(level, "FRBRthis", value=url)
        add_element(level, "FRBRuri", value=url)
        add_element(level, "FRBRdate", date=document["published_on"], name="published")
        add_element(level, "FRBRauthor", href=SERVICE_REFERENCE, as_="#editor")


class LifeCycleEvent(NamedTuple):
    """An event in a document's life. `concept` is a key of `CONCEPTS`, `source` refers to who states it."""

    key: str
    day: str
    concept: str
    event_type: str | None = None
    source: str = "#original"


def life_cycle_events(rows: DocumentRows) -> list[LifeCycleEvent]:
    """Return the events in a document's life that are printed or follow from what is printed.

    `expires_on` is the last day in force, so expiry is on the day after. A repeal works from the day on which the first
    repealing document takes effect.
    """
    document, expires = rows.document, rows.document["expires_on"]
    events = [LifeCycleEvent("event_published", document["published_on"], "published")]
    if document["signed_on"]:
        events.append(LifeCycleEvent("event_signed", document["signed_on"], "signed", "generation"))
    else:
        events[0] = events[0]._replace(event_type="generation")
    if document["effective_on"]:
        events.append(LifeCycleEvent("event_force", document["effective_on"], "entryIntoForce"))
    if expires:
        expiry = date.fromisoformat(expires) + timedelta(days=1)
        events.append(LifeCycleEvent("event_expiry", expiry.isoformat(), "expiry", "repeal"))
    repeals = [
        (other["effective_on"], passive_reference_id(row, n))
        for n, (row, other) in enumerate(rows.incoming_relations, 1)
        if row["relation"] == "repeals" and other["effective_on"]
    ]
    if repeals:
        day, key = min(repeals)
        events.append(LifeCycleEvent("event_repeal", day, "repealed", "repeal", f"#{key}"))
    return sorted(events, key=lambda event: (event.day, event.key))


def write_lifecycle(meta: ET.Element, events: Sequence[LifeCycleEvent]) -> None:
    """Write the events in chronological order."""
    lifecycle = add_element(meta, "lifecycle", source=SERVICE_REFERENCE)
    for event in events:
        add_element(
            lifecycle,
            "eventRef",
            eId=event.key,
            date=event.day,
            source=event.source,
            type=event.event_type,
            refersTo=f"#{event.concept}",
        )


def write_temporal_data(meta: ET.Element, events: Sequence[LifeCycleEvent]) -> None:
    """Write the time in force, if its start is known. It ends with the earlier of expiry and repeal."""
    begins = next((event for event in events if event.concept == "entryIntoForce"), None)
    ends = next((event for event in events if event.concept in ("expiry", "repealed")), None)
    if begins:
        group = add_element(add_element(meta, "temporalData", source=SERVICE_REFERENCE), "temporalGroup", eId="tmpg_1")
        end = f"#{ends.key}" if ends else None
        add_element(group, "timeInterval", start=f"#{begins.key}", end=end, refersTo="#inForce")


def write_proprietary(meta: ET.Element, rows: DocumentRows, annexes: Sequence[Record]) -> None:
    """Write what Akoma Ntoso has no element for. An abstract is editorial, never the document's own text."""
    document, source = rows.document, rows.document["source"]
    proprietary = add_element(meta, "proprietary", source=SERVICE_REFERENCE)
    elements = {
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
    add_element(proprietary, "gazette:status", document["status"], on=rows.status_date)
    add_element(proprietary, "gazette:text", "loaded" if document["body"] is not None else "not loaded")
    for name, value in elements.items():
        if value:
            add_element(proprietary, f"gazette:{name}", value)
    for annex in annexes:
        is_held = "true" if annex["held"] else "false"
        add_element(proprietary, "gazette:annex", annex["title"], ref=f"#{anchor(annex['path'])}", held=is_held)
    for language in ("zh", "en"):
        abstract = document[f"abstract_{language}"]
        if abstract:
            add_element(proprietary, "gazette:abstract", abstract, editorial="true", xml__lang=language)
