"""Table Schemas and Data Packages (Frictionless, version 2)."""

from collections.abc import Sequence
from typing import Any

from app.model.cells import to_cell
from app.model.dataset import SOURCE, Dataset
from app.renderers.catalog.catalogue import PROVENANCE, Catalogue, Entry
from app.renderers.catalog.csv_columns import GUARD, Column, columns_of
from app.renderers.tabular.formats import FORMATS

PROFILES = "https://datapackage.org/profiles/2.0"
SCHEMA_TYPES = {
    "string": "string",
    "prose": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "month": "yearmonth",
    "list": "string",
    "objects": "array",
    "integers": "string",
}
LISTS = {"list": "string", "integers": "integer"}
"""The kinds of lists whose members are joined in one cell, with the type of a member."""


def describe(dataset: Dataset, path: str, columns: Sequence[str]) -> dict[str, Any]:
    """A resource with the Table Schema that a reviewable package has: types, and what a cell must be."""
    return {
        "name": dataset.name,
        "title": dataset.title_en,
        "path": path,
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [describe_column(dataset, column) for column in columns],
            "primaryKey": ["id"],
            "missingValues": [""],
        },
    }


def describe_column(dataset: Dataset, column: str) -> dict[str, Any]:
    """A Table Schema field."""
    spec = dataset.by_name.get(column)
    if spec is None:
        kind = SOURCE.get(column.removeprefix("source."), "string")
        return {"name": column, "type": SCHEMA_TYPES[kind]}
    described: dict[str, Any] = {"name": column, "type": SCHEMA_TYPES[spec.kind], "title": spec.fact.en}
    constraints: dict[str, Any] = {}
    if not spec.nullable and spec.kind not in ("list", "objects"):
        constraints["required"] = True
    if spec.fact.enum:
        constraints["enum"] = [to_cell(member.value) for member in spec.fact.enum]
    return described | ({"constraints": constraints} if constraints else {})


def data_package(catalogue: Catalogue) -> dict[str, Any]:
    """The package of all datasets, as the service serves them."""
    licence = catalogue.licence
    named = {"licenses": [{"path": licence.url, "title": licence.en}]} if licence.url else {}
    created = catalogue.modified()
    return {
        "$schema": f"{PROFILES}/datapackage.json",
        "name": "gazette",
        "id": catalogue.url("/datapackage.json"),
        "title": catalogue.title_en,
        "description": f"{catalogue.title_zh}. {PROVENANCE[1]} Licence: {licence.en} {GUARD}",
        "version": catalogue.revision,
        **({"created": f"{created}T00:00:00+08:00"} if created else {}),
        "homepage": catalogue.url("/"),
        "contributors": [_publisher(catalogue)],
        **named,
        "resources": [resource(catalogue, entry) for entry in catalogue.entries],
    }


def _publisher(catalogue: Catalogue) -> dict[str, Any]:
    imprint = catalogue.imprint
    email = {"email": imprint.email} if imprint.email else {}
    return {"title": imprint.contact, "organization": imprint.publisher, **email, "roles": ["publisher"]}


def resource(catalogue: Catalogue, entry: Entry) -> dict[str, Any]:
    """One dataset's CSV. Without a public base its path is relative to the package, as the standard wants."""
    dataset, known = entry.dataset, entry.facts.files.get("csv")
    path = f"{entry.path}{FORMATS['csv'].suffix}"
    return {
        "name": dataset.name,
        "title": dataset.title_en,
        "description": f"{dataset.title_zh}：{dataset.description_zh} {dataset.description_en}",
        "path": catalogue.link(path) if catalogue.base else path.removeprefix("/"),
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **({"bytes": known.bytes, "hash": f"sha256:{known.sha256}"} if known else {}),
        "schema": table_schema(dataset),
    }


def table_schema(dataset: Dataset) -> dict[str, Any]:
    """The whole Table Schema: types, enumerations with labels, units, keys."""
    columns = list(columns_of(dataset))
    keys = [_foreign_key(column.name, column.references) for column in columns if column.references]
    return {
        "$schema": f"{PROFILES}/tableschema.json",
        "fields": [_field(dataset, column) for column in columns],
        "primaryKey": ["id"],
        **({"foreignKeys": keys} if keys else {}),
        "missingValues": [""],
    }


def _foreign_key(column: str, dataset: str) -> dict[str, Any]:
    return {"fields": [column], "reference": {"resource": dataset, "fields": ["id"]}}


def _field(dataset: Dataset, column: Column) -> dict[str, Any]:
    described = describe_column(dataset, column.name)
    if column.kind in LISTS:
        described |= {"type": "list", "delimiter": ";", "itemType": LISTS[column.kind]}
    described["title"] = column.en
    unit = f", {column.unit}" if column.unit else ""
    described["description"] = f"{column.zh}{unit}{'; editorial: written by us' if column.editorial else ''}"
    if column.enum:
        described["categories"] = [{"value": member.value, "label": member.label_en} for member in column.enum]
    if column.unit:
        described["unit"] = column.unit
    return described
