"""Table Schemas and Data Packages (Frictionless, version 2)."""

from collections.abc import Sequence
from typing import Any

from app.model.cells import format_cell
from app.model.dataset import SOURCE_MEMBERS, Dataset
from app.renderers.catalog.catalogue import PROVENANCE, Catalogue, DatasetEntry
from app.renderers.catalog.csv_columns import FORMULA_ESCAPE_NOTE, CsvColumn, csv_columns
from app.renderers.representations import TABLE_FORMATS

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
LIST_ITEM_TYPES = {"list": "string", "integers": "integer"}
"""The types of list items, by the kinds whose items are joined in one cell."""


def package_resource(dataset: Dataset, path: str, columns: Sequence[str]) -> dict[str, Any]:
    """Return a resource with the Table Schema of a reviewable package: types and constraints of cells."""
    return {
        "name": dataset.name,
        "title": dataset.title_en,
        "path": path,
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [schema_field(dataset, column) for column in columns],
            "primaryKey": ["id"],
            "missingValues": [""],
        },
    }


def schema_field(dataset: Dataset, column: str) -> dict[str, Any]:
    """Return a Table Schema field."""
    spec = dataset.fields_by_name.get(column)
    if spec is None:
        kind = SOURCE_MEMBERS.get(column.removeprefix("source."), "string")
        return {"name": column, "type": SCHEMA_TYPES[kind]}
    field: dict[str, Any] = {"name": column, "type": SCHEMA_TYPES[spec.kind], "title": spec.info.label_en}
    constraints: dict[str, Any] = {}
    if not spec.nullable and spec.kind not in ("list", "objects"):
        constraints["required"] = True
    if spec.info.enum:
        constraints["enum"] = [format_cell(member.value) for member in spec.info.enum]
    return field | ({"constraints": constraints} if constraints else {})


def data_package(catalogue: Catalogue) -> dict[str, Any]:
    """Return the package of all datasets as the service serves them."""
    licence = catalogue.licence
    licences = {"licenses": [{"path": licence.url, "title": licence.en}]} if licence.url else {}
    created = catalogue.modified()
    return {
        "$schema": f"{PROFILES}/datapackage.json",
        "name": "gazette",
        "id": catalogue.url("/datapackage.json"),
        "title": catalogue.choose(catalogue.title_zh, catalogue.title_en, catalogue.title_en),
        "description": _package_description(catalogue),
        "version": catalogue.revision,
        **({"created": f"{created}T00:00:00+08:00"} if created else {}),
        "homepage": catalogue.url("/"),
        "contributors": [_publisher(catalogue)],
        **licences,
        "resources": [_csv_resource(catalogue, entry) for entry in catalogue.entries],
    }


def _package_description(catalogue: Catalogue) -> str:
    licence, (zh, en) = catalogue.licence, PROVENANCE
    english = f"{en} Licence: {licence.en} {FORMULA_ESCAPE_NOTE.en}"
    return catalogue.choose(
        f"{zh}许可：{licence.zh}{FORMULA_ESCAPE_NOTE.zh}", english, f"{catalogue.title_zh}. {english}"
    )


def _publisher(catalogue: Catalogue) -> dict[str, Any]:
    imprint = catalogue.imprint
    email = {"email": imprint.email} if imprint.email else {}
    return {"title": imprint.contact, "organization": imprint.publisher, **email, "roles": ["publisher"]}


def _csv_resource(catalogue: Catalogue, entry: DatasetEntry) -> dict[str, Any]:
    """Return one dataset's CSV. Without a public base its path is relative, as the standard requires."""
    dataset, file_stats = entry.dataset, entry.stats.files.get("csv")
    path = f"{entry.path}{TABLE_FORMATS['csv'].suffix}"
    return {
        "name": dataset.name,
        "title": catalogue.choose(dataset.title_zh, dataset.title_en, dataset.title_en),
        "description": catalogue.choose(
            dataset.description_zh,
            dataset.description_en,
            f"{dataset.title_zh}：{dataset.description_zh} {dataset.description_en}",
        ),
        "path": catalogue.link(path) if catalogue.base else path.removeprefix("/"),
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **({"bytes": file_stats.bytes, "hash": f"sha256:{file_stats.sha256}"} if file_stats else {}),
        "schema": _table_schema(catalogue, dataset),
    }


def _table_schema(catalogue: Catalogue, dataset: Dataset) -> dict[str, Any]:
    """Return the full Table Schema: types, enumerations with labels, units, keys."""
    columns = list(csv_columns(dataset))
    keys = [_foreign_key(column.name, column.references) for column in columns if column.references]
    return {
        "$schema": f"{PROFILES}/tableschema.json",
        "fields": [_full_field(catalogue, dataset, column) for column in columns],
        "primaryKey": ["id"],
        **({"foreignKeys": keys} if keys else {}),
        "missingValues": [""],
    }


def _foreign_key(column: str, dataset: str) -> dict[str, Any]:
    return {"fields": [column], "reference": {"resource": dataset, "fields": ["id"]}}


def _full_field(catalogue: Catalogue, dataset: Dataset, column: CsvColumn) -> dict[str, Any]:
    field = schema_field(dataset, column.name)
    if column.kind in LIST_ITEM_TYPES:
        field |= {"type": "list", "delimiter": ";", "itemType": LIST_ITEM_TYPES[column.kind]}
    field["title"] = catalogue.choose(column.zh, column.en, column.en)
    unit = f", {column.unit}" if column.unit else ""
    editorial = "; editorial: written by us" if column.editorial else ""
    field["description"] = catalogue.choose(
        f"{column.zh}{f'，{column.unit}' if column.unit else ''}{'；本服务编写' if column.editorial else ''}",
        f"{column.en}{unit}{editorial}",
        f"{column.zh}{unit}{editorial}",
    )
    if column.enum:
        field["categories"] = [
            {"value": member.value, "label": catalogue.choose(member.label_zh, member.label_en, member.label_en)}
            for member in column.enum
        ]
    if column.unit:
        field["unit"] = column.unit
    return field
