"""A document as `Legislation` of schema.org, for search engines."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.datasets.documents import DocumentStatus
from app.model.rows import Record
from app.renderers.captions import issue_title
from app.renderers.catalog.vocabularies import PLACE
from app.renderers.representations import AKOMA_NTOSO, JSON
from app.renderers.site.addresses import PageAddresses
from app.renderers.site.cells import row_path
from app.renderers.site.document_life import Repeal

LEGAL_FORCE: Mapping[DocumentStatus, str] = {
    DocumentStatus.in_force: "InForce",
    DocumentStatus.not_yet_in_force: "NotInForce",
    DocumentStatus.expired: "NotInForce",
    DocumentStatus.repealed: "NotInForce",
}
"""Values of `LegalForceStatus`. For an unknown status the page makes no claim."""
RELATION_PROPERTIES: Mapping[str, str] = {
    "repeals": "legislationRepeals",
    "amends": "legislationAmends",
    "based_on": "isBasedOn",
    "cites": "citation",
}
"""What a document does with others, as schema.org names it."""


def describe_legislation(
    document: Record,
    issue: Record | None,
    relations: Iterable[Record],
    repeal: Repeal | None,
    addresses: PageAddresses,
) -> dict[str, Any]:
    """Return a document with its status on the day for which it was asked, as JSON-LD."""
    path = row_path("documents", document["id"])
    force = LEGAL_FORCE.get(DocumentStatus.of(document["status"]))
    abstract = document["abstract_zh"] if addresses.language == "zh" else document["abstract_en"]
    described = {
        "@context": "https://schema.org/",
        "@type": "Legislation",
        "@id": addresses.absolute(path, language="zh"),
        "url": addresses.absolute(path),
        "name": document["title"],
        "inLanguage": "zh",
        "legislationIdentifier": document["document_number"],
        "identifier": document["registration_number"],
        "abstract": abstract,
        "legislationDate": document["signed_on"],
        "datePublished": document["published_on"],
        "temporalCoverage": _time_in_force(document, repeal),
        "legislationLegalForce": f"https://schema.org/{force}" if force else None,
        "legislationPassedBy": _organization(document["issuer"]),
        "legislationJurisdiction": _place(),
        "isPartOf": _issue(issue, addresses),
        **_relations(relations, addresses),
        "encoding": [
            _encoding(AKOMA_NTOSO.media_type, addresses.absolute_api(f"/v1{path}{AKOMA_NTOSO.suffix}")),
            _encoding(JSON, addresses.absolute_api(f"/v1{path}")),
        ],
    }
    return {name: value for name, value in described.items() if value not in (None, "", [])}


def _time_in_force(document: Record, repeal: Repeal | None) -> str | None:
    """Return the time in force (ISO 8601), `..` for an end that is not known."""
    if not document["effective_on"]:
        return None
    ends = [day for day in (document["expires_on"], repeal.day if repeal else None) if day]
    return f"{document['effective_on']}/{min(ends, default='..')}"


def _organization(name: str | None) -> dict[str, str] | None:
    return {"@type": "GovernmentOrganization", "name": name} if name else None


def _place() -> dict[str, str]:
    return {"@type": "AdministrativeArea", "name": PLACE.zh, "alternateName": PLACE.en}


def _issue(issue: Record | None, addresses: PageAddresses) -> dict[str, Any] | None:
    if issue is None:
        return None
    return {
        "@type": "PublicationIssue",
        "@id": addresses.absolute(row_path("issues", issue["id"]), language="zh"),
        "name": issue_title(issue),
        "issueNumber": issue["number"],
        "datePublished": issue["published_on"],
    }


def _relations(relations: Iterable[Record], addresses: PageAddresses) -> dict[str, list[dict[str, str]]]:
    described: dict[str, list[dict[str, str]]] = {}
    for row in relations:
        property_name = RELATION_PROPERTIES.get(row["relation"])
        if property_name:
            target = _target(row, addresses)
            members = described.setdefault(property_name, [])
            if target not in members:
                members.append(target)
    return described


def _target(relation: Record, addresses: PageAddresses) -> dict[str, str]:
    target = {
        "@type": "Legislation",
        "@id": addresses.absolute(row_path("documents", relation["target_id"]), language="zh")
        if relation["target_id"]
        else "",
        "name": relation["target_title"],
        "legislationIdentifier": relation["target_number"],
    }
    return {name: value for name, value in target.items() if value}


def _encoding(media_type: str, url: str) -> dict[str, str]:
    return {"@type": "LegislationObject", "encodingFormat": media_type, "contentUrl": url}
