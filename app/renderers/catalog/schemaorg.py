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
    languages: dict[str, Any] = {"inLanguage": ["zh", "en"] if catalogue.language is None else catalogue.language}
    return {
        "@context": "https://schema.org/",
        "@type": "DataCatalog",
        "@id": catalogue.url("/catalog"),
        **_names(catalogue, catalogue.title_zh, catalogue.title_en),
        "description": catalogue.choose(zh, en, f"{en} {zh}"),
        "url": catalogue.url("/"),
        **languages,
        "publisher": _organization(catalogue),
        **_licence(catalogue),
        **_dates(catalogue.issued(), catalogue.modified()),
        "dataset": [_schema_dataset(catalogue, entry) for entry in catalogue.entries],
    }


def schema_dataset(catalogue: Catalogue, entry: DatasetEntry) -> dict[str, Any]:
    """Return one dataset as a document of its own."""
    title = catalogue.choose(catalogue.title_zh, catalogue.title_en, catalogue.title_en)
    parent = {"@type": "DataCatalog", "@id": catalogue.url("/catalog"), "name": title}
    return {"@context": "https://schema.org/", **_schema_dataset(catalogue, entry), "includedInDataCatalog": parent}


def _schema_dataset(catalogue: Catalogue, entry: DatasetEntry) -> dict[str, Any]:
    dataset, stats, days = entry.dataset, entry.stats, entry.covered_days
    return {
        "@type": "Dataset",
        "@id": catalogue.url(f"/catalog#{dataset.name}"),
        **_names(catalogue, dataset.title_zh, dataset.title_en),
        "description": entry.summary(catalogue.language),
        "url": catalogue.url(entry.path),
        "identifier": catalogue.url(f"/catalog#{dataset.name}"),
        "keywords": catalogue.keywords(dataset),
        "creator": _creators(entry) or _organization(catalogue),
        "publisher": _organization(catalogue),
        "isAccessibleForFree": True,
        **_licence(catalogue),
        "version": stats.modified or catalogue.revision,
        **_dates(stats.issued, stats.modified),
        "inLanguage": ["zh", "en"],
        **({"temporalCoverage": "/".join(days)} if days else {}),
        "spatialCoverage": {
            "@type": "Place",
            "@id": catalogue.url(f"/v1/areas/{PLACE.code}"),
            **_names(catalogue, PLACE.zh, PLACE.en),
            "identifier": {"@type": "PropertyValue", "propertyID": "GB/T 2260", "value": PLACE.code},
        },
        "variableMeasured": list(_variables(catalogue, entry)),
        "distribution": list(_downloads(catalogue, entry)),
        "image": catalogue.url(entry.picture_path),
    }


def _creators(entry: DatasetEntry) -> list[dict[str, Any]]:
    """Return who made the figures of a dataset, where the print says so."""
    return [{"@type": "GovernmentOrganization", "name": name} for name in entry.stats.compiled_by]


def _names(catalogue: Catalogue, zh: str, en: str) -> dict[str, Any]:
    """Return a name, and the other one where the catalogue has both languages."""
    return catalogue.choose({"name": zh}, {"name": en}, {"name": en, "alternateName": zh})


def _variables(catalogue: Catalogue, entry: DatasetEntry) -> Iterator[dict[str, Any]]:
    for column in csv_columns(entry.dataset):
        if "." not in column.name:
            unit = {"unitText": column.unit} if column.unit else {}
            both = {"alternateName": column.zh, "description": column.en}
            labels = catalogue.choose({"description": column.zh}, {"description": column.en}, both)
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
    english = ("Licence statement", licence.en)
    name, text = catalogue.choose(("许可声明", licence.zh), english, english)
    usage = {"usageInfo": {"@type": "CreativeWork", "name": name, "text": text}}
    return {**({"license": licence.url} if licence.url else {}), **usage}


def _dates(issued: str | None, modified: str | None) -> dict[str, Any]:
    return {
        **({"datePublished": issued} if issued else {}),
        **({"dateModified": modified} if modified else {}),
    }
