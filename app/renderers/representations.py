"""What each address offers beside JSON: the one table that routes, links, `Accept` and the catalogue read."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.renderers.tabular.formats import FORMATS


@dataclass(frozen=True, slots=True)
class Offer:
    """One representation: the end of its address, and the media type that `Accept` names."""

    name: str
    title: str
    media_type: str
    suffix: str


JSON = "application/json"
FEEDS: Mapping[str, Offer] = {
    offer.name: offer
    for offer in (
        Offer("atom", "Atom feed", "application/atom+xml", ".atom"),
        Offer("feed", "JSON Feed", "application/feed+json", ".feed.json"),
    )
}
"""A page of the question, the newest first, for those who want to be told."""
CITATIONS: Mapping[str, Offer] = {
    offer.name: offer
    for offer in (
        Offer("bib", "BibTeX", "application/x-bibtex", ".bib"),
        Offer("ris", "RIS", "application/x-research-info-systems", ".ris"),
        Offer("csl", "CSL-JSON", "application/vnd.citationstyles.csl+json", ".csl.json"),
    )
}
"""How to cite a row."""
AKOMA_NTOSO = Offer("akn", "Akoma Ntoso 3.0", "application/akn+xml", ".xml")
"""A document as legal XML."""
TABLES: Mapping[str, str] = {"json": JSON, **{form.name: form.media_type for form in FORMATS.values()}}
COLLECTION: Mapping[str, str] = {**TABLES, **{offer.name: offer.media_type for offer in FEEDS.values()}}
"""What a collection answers by `Accept`: media types by name, the preferred first."""
ITEM: Mapping[str, str] = {**TABLES, **{offer.name: offer.media_type for offer in CITATIONS.values()}}
"""What a row answers by `Accept`."""
DOCUMENT: Mapping[str, str] = {**ITEM, AKOMA_NTOSO.name: AKOMA_NTOSO.media_type}
ALL: Mapping[str, str] = {**COLLECTION, **DOCUMENT}
ITEM_SUFFIXES = tuple(
    [form.suffix for form in FORMATS.values()] + [offer.suffix for offer in CITATIONS.values()] + [AKOMA_NTOSO.suffix]
)
"""What the address of a row may end in without its being part of the id."""
