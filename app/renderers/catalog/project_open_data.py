"""`/data.json` after Project Open Data 1.1."""

from collections.abc import Iterator
from typing import Any

from app.renderers.catalog.catalogue import Catalogue, Entry
from app.renderers.catalog.statistical_services import interfaces_of
from app.renderers.catalog.vocabularies import FREQUENCIES, PLACE, THEMES
from app.renderers.tabular.formats import FORMATS

POD = "https://project-open-data.cio.gov/v1.1/schema"
SCHEMA_JSON = "application/schema+json"
EARLIEST = "1970-01-01"
"""When a dataset without rows changed last, which the standard wants to know: what an empty database says, too."""


def data_json(catalogue: Catalogue) -> dict[str, Any]:
    """The catalogue. `bureauCode` and `programCode` name offices of the United States and are left out."""
    return {
        "@context": f"{POD}/catalog.jsonld",
        "@id": catalogue.url("/data.json"),
        "@type": "dcat:Catalog",
        "conformsTo": POD,
        "describedBy": f"{POD}/catalog.json",
        "dataset": [_pod_dataset(catalogue, entry) for entry in catalogue.entries],
    }


def _pod_dataset(catalogue: Catalogue, entry: Entry) -> dict[str, Any]:
    dataset, facts, imprint = entry.dataset, entry.facts, catalogue.imprint
    return {
        "@type": "dcat:Dataset",
        "identifier": catalogue.url(f"/catalog#{dataset.name}"),
        "title": f"{dataset.title_en} · {dataset.title_zh}",
        "description": entry.summary,
        "keyword": [*dataset.keywords_en, *dataset.keywords_zh],
        "modified": facts.modified or EARLIEST,
        **({"issued": facts.issued} if facts.issued else {}),
        "publisher": {"@type": "org:Organization", "name": imprint.publisher},
        "contactPoint": {
            "@type": "vcard:Contact",
            "fn": imprint.contact,
            **({"hasEmail": f"mailto:{imprint.email}"} if imprint.email else {}),
        },
        "accessLevel": "public",
        "rights": catalogue.licence.en[:255],
        **({"license": catalogue.licence.url} if catalogue.licence.url else {}),
        "accrualPeriodicity": FREQUENCIES[dataset.frequency].iso or "irregular",
        **({"temporal": "/".join(facts.covers)} if facts.covers else {}),
        "spatial": f"{PLACE.en}, {PLACE.zh} ({PLACE.code})",
        "theme": [THEMES[dataset.theme].en],
        "language": ["zh", "en"],
        "conformsTo": catalogue.url(f"{entry.path}/queryables"),
        "describedBy": catalogue.url(f"{entry.path}/queryables"),
        "describedByType": SCHEMA_JSON,
        "landingPage": catalogue.url("/"),
        "references": [catalogue.url("/docs")],
        "distribution": list(_pod_distributions(catalogue, entry)),
    }


def _pod_distributions(catalogue: Catalogue, entry: Entry) -> Iterator[dict[str, Any]]:
    kind = {"@type": "dcat:Distribution"}
    yield {**kind, "title": "API", "format": "API", "accessURL": catalogue.url(entry.path)}
    for form in FORMATS.values():
        address = catalogue.url(f"{entry.path}{form.suffix}")
        yield {**kind, "title": form.title, "format": form.title, "mediaType": form.media_type, "downloadURL": address}
    for each in interfaces_of(entry.dataset):
        said = {"title": each.title, "format": each.title, "conformsTo": each.standard}
        yield {**kind, **said, "accessURL": catalogue.url(each.path)}
