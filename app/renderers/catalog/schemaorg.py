"""schema.org's `DataCatalog` and `Dataset`, as search engines read them."""

from collections.abc import Iterator
from typing import Any

from app.renderers.catalog.catalogue import Catalogue, DatasetEntry
from app.renderers.catalog.csv_columns import csv_columns
from app.renderers.catalog.statistical_services import statistical_interfaces
from app.renderers.catalog.vocabularies import PLACE
from app.renderers.representations import TABLE_FORMATS


def schema_catalogue(catalogue: Catalogue) -> dict[str, Any]:
    """Return the whole catalogue as a `DataCatalog`."""
    zh, en = catalogue.descriptions()
    return {
        "@context": "https://schema.org/",
        "@type": "DataCatalog",
        "@id": catalogue.url("/catalog"),
        "name": catalogue.title_en,
        "alternateName": catalogue.title_zh,
        "description": f"{en} {zh}",
        "url": catalogue.url("/"),
        "inLanguage": ["zh", "en"],
        "publisher": _organization(catalogue),
        **_licence(catalogue),
        **_dates(catalogue.issued(), catalogue.modified()),
        "dataset": [_schema_dataset(catalogue, entry) for entry in catalogue.entries],
    }


def schema_dataset(catalogue: Catalogue, entry: DatasetEntry) -> dict[str, Any]:
    """Return one dataset as a document of its own."""
    parent = {"@type": "DataCatalog", "@id": catalogue.url("/catalog"), "name": catalogue.title_en}
    return {"@context": "https://schema.org/", **_schema_dataset(catalogue, entry), "includedInDataCatalog": parent}


def _schema_dataset(catalogue: Catalogue, entry: DatasetEntry) -> dict[str, Any]:
    dataset, stats = entry.dataset, entry.stats
    return {
        "@type": "Dataset",
        "@id": catalogue.url(f"/catalog#{dataset.name}"),
        "name": dataset.title_en,
        "alternateName": dataset.title_zh,
        "description": entry.summary,
        "url": catalogue.url(entry.path),
        "identifier": catalogue.url(f"/catalog#{dataset.name}"),
        "keywords": [*dataset.keywords_en, *dataset.keywords_zh],
        "creator": _organization(catalogue),
        "publisher": _organization(catalogue),
        "isAccessibleForFree": True,
        **_licence(catalogue),
        "version": stats.modified or catalogue.revision,
        **_dates(stats.issued, stats.modified),
        "inLanguage": ["zh", "en"],
        **({"temporalCoverage": "/".join(stats.covers)} if stats.covers else {}),
        "spatialCoverage": {
            "@type": "Place",
            "@id": catalogue.url(f"/v1/areas/{PLACE.code}"),
            "name": PLACE.en,
            "alternateName": PLACE.zh,
            "identifier": {"@type": "PropertyValue", "propertyID": "GB/T 2260", "value": PLACE.code},
        },
        "variableMeasured": list(_variables(entry)),
        "distribution": list(_downloads(catalogue, entry)),
    }


def _variables(entry: DatasetEntry) -> Iterator[dict[str, Any]]:
    for column in csv_columns(entry.dataset):
        if "." not in column.name:
            unit = {"unitText": column.unit} if column.unit else {}
            labels = {"alternateName": column.zh, "description": column.en}
            yield {"@type": "PropertyValue", "name": column.name, **labels, **unit}


def _downloads(catalogue: Catalogue, entry: DatasetEntry) -> Iterator[dict[str, Any]]:
    for table_format in TABLE_FORMATS.values():
        file_stats = entry.stats.files.get(table_format.name)
        yield {
            "@type": "DataDownload",
            "name": table_format.title,
            "encodingFormat": table_format.media_type,
            "contentUrl": catalogue.url(f"{entry.path}{table_format.suffix}"),
            **({"contentSize": f"{file_stats.bytes} B", "sha256": file_stats.sha256} if file_stats else {}),
        }
    for interface in statistical_interfaces(entry.dataset):
        names = {"name": interface.title, "encodingFormat": interface.media_type}
        yield {"@type": "DataDownload", **names, "contentUrl": catalogue.url(interface.path)}


def _organization(catalogue: Catalogue) -> dict[str, Any]:
    imprint = catalogue.imprint
    contact = {
        "@type": "ContactPoint",
        "name": imprint.contact,
        **({"email": imprint.email} if imprint.email else {}),
        **({"telephone": imprint.telephone} if imprint.telephone else {}),
    }
    node = catalogue.url("/catalog#publisher")
    return {"@type": "GovernmentOrganization", "@id": node, "name": imprint.publisher, "contactPoint": contact}


def _licence(catalogue: Catalogue) -> dict[str, Any]:
    """Return the licence where there is one, else what is known about the right to use the data."""
    licence = catalogue.licence
    usage = {"usageInfo": {"@type": "CreativeWork", "name": "Licence statement", "text": licence.en}}
    return {**({"license": licence.url} if licence.url else {}), **usage}


def _dates(issued: str | None, modified: str | None) -> dict[str, Any]:
    return {
        **({"datePublished": issued} if issued else {}),
        **({"dateModified": modified} if modified else {}),
    }
