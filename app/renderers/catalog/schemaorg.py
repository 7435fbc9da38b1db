"""schema.org's `DataCatalog` and `Dataset`, as search engines read them."""

from collections.abc import Iterator
from typing import Any

from app.renderers.catalog.catalogue import Catalogue, Entry
from app.renderers.catalog.csv_columns import columns_of
from app.renderers.catalog.statistical_services import interfaces_of
from app.renderers.catalog.vocabularies import PLACE
from app.renderers.tabular.formats import FORMATS


def schema_catalogue(catalogue: Catalogue) -> dict[str, Any]:
    """The whole as a `DataCatalog`."""
    zh, en = catalogue.about()
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
        **_days(catalogue.issued(), catalogue.modified()),
        "dataset": [_schema_dataset(catalogue, entry) for entry in catalogue.entries],
    }


def schema_dataset(catalogue: Catalogue, entry: Entry) -> dict[str, Any]:
    """One dataset as a document of its own."""
    known = {"@type": "DataCatalog", "@id": catalogue.url("/catalog"), "name": catalogue.title_en}
    return {"@context": "https://schema.org/", **_schema_dataset(catalogue, entry), "includedInDataCatalog": known}


def _schema_dataset(catalogue: Catalogue, entry: Entry) -> dict[str, Any]:
    dataset, facts = entry.dataset, entry.facts
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
        "version": facts.modified or catalogue.revision,
        **_days(facts.issued, facts.modified),
        "inLanguage": ["zh", "en"],
        **({"temporalCoverage": "/".join(facts.covers)} if facts.covers else {}),
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


def _variables(entry: Entry) -> Iterator[dict[str, Any]]:
    for column in columns_of(entry.dataset):
        if "." not in column.name:
            unit = {"unitText": column.unit} if column.unit else {}
            labels = {"alternateName": column.zh, "description": column.en}
            yield {"@type": "PropertyValue", "name": column.name, **labels, **unit}


def _downloads(catalogue: Catalogue, entry: Entry) -> Iterator[dict[str, Any]]:
    for form in FORMATS.values():
        known = entry.facts.files.get(form.name)
        yield {
            "@type": "DataDownload",
            "name": form.title,
            "encodingFormat": form.media_type,
            "contentUrl": catalogue.url(f"{entry.path}{form.suffix}"),
            **({"contentSize": f"{known.bytes} B", "sha256": known.sha256} if known else {}),
        }
    for each in interfaces_of(entry.dataset):
        said = {"name": each.title, "encodingFormat": each.media_type}
        yield {"@type": "DataDownload", **said, "contentUrl": catalogue.url(each.path)}


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
    """A licence where there is one; else what is known of the right to use the data."""
    licence = catalogue.licence
    said = {"usageInfo": {"@type": "CreativeWork", "name": "Licence statement", "text": licence.en}}
    return {**({"license": licence.url} if licence.url else {}), **said}


def _days(issued: str | None, modified: str | None) -> dict[str, Any]:
    return {
        **({"datePublished": issued} if issued else {}),
        **({"dateModified": modified} if modified else {}),
    }
