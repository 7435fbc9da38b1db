"""`/data.json` after Project Open Data 1.1."""

from collections.abc import Iterator
from typing import Any

from app.renderers.catalog.catalogue import Catalogue, DatasetEntry
from app.renderers.catalog.statistical_services import statistical_interfaces
from app.renderers.catalog.vocabularies import FREQUENCIES, PLACE, THEMES
from app.renderers.representations import PICTURE, TABLE_FORMATS

POD = "https://project-open-data.cio.gov/v1.1/schema"
SCHEMA_JSON = "application/schema+json"
EPOCH = "1970-01-01"
"""The required date of change for a dataset without rows."""


def data_json(catalogue: Catalogue) -> dict[str, Any]:
    """Return the catalogue. `bureauCode` and `programCode` name offices of the United States and are left out."""
    return {
        "@context": f"{POD}/catalog.jsonld",
        "@id": catalogue.url("/data.json"),
        "@type": "dcat:Catalog",
        "conformsTo": POD,
        "describedBy": f"{POD}/catalog.json",
        "dataset": [_pod_dataset(catalogue, entry) for entry in catalogue.entries],
    }


def _pod_dataset(catalogue: Catalogue, entry: DatasetEntry) -> dict[str, Any]:
    dataset, stats, imprint, licence = entry.dataset, entry.stats, catalogue.imprint, catalogue.licence
    theme, days = THEMES[dataset.theme], entry.covered_days
    return {
        "@type": "dcat:Dataset",
        "identifier": catalogue.url(f"/catalog#{dataset.name}"),
        "title": catalogue.choose(dataset.title_zh, dataset.title_en, f"{dataset.title_en} · {dataset.title_zh}"),
        "description": entry.summary(catalogue.language),
        "keyword": catalogue.keywords(dataset),
        "modified": stats.modified or EPOCH,
        **({"issued": stats.issued} if stats.issued else {}),
        "publisher": {"@type": "org:Organization", "name": imprint.publisher},
        "contactPoint": {
            "@type": "vcard:Contact",
            "fn": imprint.contact,
            **({"hasEmail": f"mailto:{imprint.email}"} if imprint.email else {}),
        },
        "accessLevel": "public",
        "rights": catalogue.choose(licence.zh, licence.en, licence.en)[:255],
        **({"license": licence.url} if licence.url else {}),
        "accrualPeriodicity": FREQUENCIES[dataset.frequency].iso or "irregular",
        **({"temporal": "/".join(days)} if days else {}),
        "spatial": f"{catalogue.choose(PLACE.zh, PLACE.en, f'{PLACE.en}, {PLACE.zh}')} ({PLACE.code})",
        "theme": [catalogue.choose(theme.zh, theme.en, theme.en)],
        "language": ["zh", "en"],
        "conformsTo": catalogue.url(f"{entry.path}/queryables"),
        "describedBy": catalogue.url(f"{entry.path}/queryables"),
        "describedByType": SCHEMA_JSON,
        "landingPage": catalogue.url("/"),
        "references": [catalogue.url("/docs")],
        "distribution": list(_pod_distributions(catalogue, entry)),
    }


def _pod_distributions(catalogue: Catalogue, entry: DatasetEntry) -> Iterator[dict[str, Any]]:
    kind = {"@type": "dcat:Distribution"}
    yield {**kind, "title": "API", "format": "API", "accessURL": catalogue.url(entry.path)}
    for table_format in TABLE_FORMATS.values():
        url = catalogue.url(f"{entry.path}{table_format.suffix}")
        yield {
            **kind,
            "title": table_format.title,
            "format": table_format.title,
            "mediaType": table_format.media_type,
            "downloadURL": url,
        }
    picture = {"title": PICTURE.title, "format": PICTURE.title}
    yield {**kind, **picture, "accessURL": catalogue.url(entry.picture_path)}
    for interface in statistical_interfaces(entry.dataset):
        names = {"title": interface.title, "format": interface.title, "conformsTo": interface.standard}
        yield {**kind, **names, "accessURL": catalogue.url(interface.path)}
